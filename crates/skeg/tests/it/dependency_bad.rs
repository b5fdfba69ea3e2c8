//! `skeg dependency` with bad input: a clear error, and nothing is half done.

use skeg_test_support::{ChartBuilder, FakeRegistry, Fault, TestContext};

use crate::support::{context_with, demo, publish};

const LOCK: &str = "dependencies: []\ndigest: sha256:old\ngenerated: \"2020-01-01T00:00:00Z\"\n";

fn published() -> (FakeRegistry, TestContext) {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    publish(&registry, "charts/demo", "1.3.0");
    let context = context_with(&registry);
    (registry, context)
}

/// Runs a command that must fail with `expected` in its words, and leave the chart as it was.
#[track_caller]
fn check(context: &TestContext, command: &str, expected: &str) {
    let state = |context: &TestContext| {
        let files = context.files().into_iter();
        files.map(|file| (context.read(&file), file)).collect::<Vec<_>>()
    };
    let before = state(context);
    let output = context
        .command(["dependency", command, "shop", "--plain-http"])
        .run()
        .failure();
    assert!(output.stderr().contains(expected), "{}", output.stderr());
    assert_eq!(output.stdout(), "");
    assert!(state(context) == before, "{:?}", context.files());
    assert!(!context.path("shop/charts").exists() || before.iter().any(|(_, file)| file.contains("charts/")));
}

/// The same for a chart with one dependency.
#[track_caller]
fn check_one(name: &str, range: &str, repository: &str, expected: &str) {
    let (registry, context) = published();
    let repository = repository.replace("$R", &registry.oci("charts"));
    let shop = ChartBuilder::new("shop", "1.0.0").dependency(name, range, &repository);
    shop.write_dir(context.work());
    check(&context, "update", expected);
}

#[test]
fn dependencies_that_are_none() {
    check_one(
        "demo",
        ">99",
        "$R",
        "hint: the highest versions of demo are 1.3.0, 1.2.3",
    );
    check_one(
        "demo",
        ">99",
        "$R",
        "Error: can't get a valid version for 1 subchart(s): \"demo\"",
    );
    check_one("demo", "", "$R", "improper constraint: \"\"");
    check_one("demo", "9.9.9", "$R", "charts/demo:9.9.9: not found");
    check_one(
        "demo",
        "1.2.3+x",
        "$R",
        "hint: there is 1.2.3, another build of that version",
    );
    check_one("nosuch", "^1", "$R", "no such repository");
    check_one("demo", "^1", "$R/demo", "in Chart.yaml");
    check_one("demo", "^1", "oci://", "should be `oci://HOST/PATH`");
    check_one("demo", "^1", "stable", "no repository definition for stable.");
    check_one(
        "demo",
        "^1",
        "@stable",
        "no repository definition for @stable. Please add them via 'helm repo add'",
    );
    check_one(
        "demo",
        "^1",
        "file://../nosuch",
        "Error: directory nosuch not found",
    );
    check_one(
        "demo",
        "^1",
        "file://.",
        "Error: dependency \"demo\" is the chart itself",
    );
    check_one("inner", "*", "", "Error: directory shop/charts/inner not found");
}

#[test]
fn an_odd_repository_is_understood() {
    let (registry, context) = published();
    let repository = format!("{}/", registry.oci("charts"));
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("demo", "^1", &repository);
    shop.write_dir(context.work());
    context
        .command(["dependency", "update", "shop", "--plain-http"])
        .run()
        .success();
}

#[test]
fn one_of_two_cannot_be_fetched() {
    let (registry, context) = published();
    let other = ChartBuilder::new("other", "1.0.0");
    crate::support::publish_as(&registry, "charts/other", "1.0.0", &other);
    let repository = registry.oci("charts");
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("demo", "^1", &repository);
    shop.dependency("other", "^1", &repository)
        .write_dir(context.work());
    context.write("shop/charts/demo-1.2.3.tgz", demo("1.2.3").archive().bytes());
    context.write("shop/Chart.lock", LOCK);
    registry.add_fault(Fault::status(404).on("GET", "/charts/other/blobs/"));
    check(&context, "update", "Error: ");
}

#[test]
fn charts_that_is_no_directory() {
    let (registry, context) = published();
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("demo", "^1", &registry.oci("charts"));
    shop.write_dir(context.work());
    context.write("shop/charts", "a file");
    let output = context
        .command(["dependency", "update", "shop", "--plain-http"])
        .run()
        .failure();
    assert!(
        output.stderr().contains("\"shop/charts\" is not a directory"),
        "{}",
        output.stderr()
    );
}

#[cfg(unix)]
#[test]
fn a_lock_file_that_is_a_link() {
    let (registry, context) = published();
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("demo", "^1", &registry.oci("charts"));
    shop.write_dir(context.work());
    context.write("elsewhere", LOCK);
    fs_err::os::unix::fs::symlink("../elsewhere", context.path("shop/Chart.lock")).unwrap();
    check(
        &context,
        "update",
        "Error: the Chart.lock file is a symlink to \"../elsewhere\"",
    );
}

#[track_caller]
fn check_lock(lock: &str, expected: &str) {
    let (registry, context) = published();
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("demo", "^1", &registry.oci("charts"));
    shop.write_dir(context.work());
    context.write("shop/Chart.lock", lock);
    check(&context, "build", expected);
}

#[test]
fn lock_files_that_are_none() {
    check_lock(
        LOCK,
        "Error: the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml).",
    );
    check_lock("", "is out of sync");
    check_lock(
        "<<<<<<< HEAD\ndigest: a\n=======\n",
        "Error: cannot load Chart.lock: error converting YAML to JSON",
    );
    check_lock(
        "dependencies: [{name: a, digest: x}]",
        "hint: if `Chart.lock` was merged badly, remove it",
    );
}

#[test]
fn a_lock_file_is_asked_for() {
    let (registry, context) = published();
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("demo", "^1", &registry.oci("charts"));
    shop.write_dir(context.work());
    let build = ["dependency", "build", "shop", "--plain-http", "--locked"];
    let output = context.command(build).run().failure();
    assert!(
        output
            .stderr()
            .contains("Error: there is no lock file (Chart.lock) in shop\n"),
        "{}",
        output.stderr()
    );
    context
        .command(["dependency", "update", "shop", "--plain-http"])
        .run()
        .success();
    let lock = String::from_utf8(context.read("shop/Chart.lock")).unwrap();
    let lines = lock
        .lines()
        .filter(|line| !line.contains("igest: sha256") || line.starts_with("digest:"));
    let lock: String = lines
        .map(|line| line.replace("  name:", "- name:") + "\n")
        .collect();
    context.write("shop/Chart.lock", lock);
    context
        .command(["dependency", "build", "shop", "--plain-http"])
        .run()
        .success();
    let output = context.command(build).run().failure();
    assert!(
        output
            .stderr()
            .contains("has no digests, which `--locked` asks for"),
        "{}",
        output.stderr()
    );
}

#[test]
fn circles() {
    let context = crate::support::context();
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("other", "*", "file://../other");
    shop.write_dir(context.work());
    let other = ChartBuilder::new("other", "1.0.0").dependency("shop", "*", "file://../shop");
    other.write_dir(context.work());
    let output = context
        .command(["dependency", "update", "shop", "--recursive"])
        .run()
        .failure();
    assert!(
        output
            .stderr()
            .contains("Error: charts depend on each other in a circle: "),
        "{}",
        output.stderr()
    );
    assert!(!context.path("shop/charts").exists() && !context.path("other/charts").exists());
}

#[test]
fn two_repositories_with_the_same_chart() {
    let (registry, context) = published();
    crate::support::publish_as(
        &registry,
        "else/demo",
        "1.3.0",
        &ChartBuilder::new("demo", "1.3.0"),
    );
    let lines = ["charts", "else"].map(|path| {
        let repository = registry.oci(path);
        format!("- {{name: demo, alias: {path}, version: 1.3.0, repository: '{repository}'}}\n")
    });
    let lines = format!("dependencies:\n{}", lines.concat());
    ChartBuilder::new("shop", "1.0.0")
        .yaml(&lines)
        .write_dir(context.work());
    check(
        &context,
        "update",
        "Error: two dependencies would both be charts/demo-1.3.0.tgz: one from ",
    );
}

#[test]
fn what_comes_is_no_chart() {
    let (registry, context) = published();
    let broken = skeg_test_support::ArchiveBuilder::new().file("demo/values.yaml", "a: 1\n");
    crate::support::publish_archive(&registry, "charts/broken", "1.0.0", broken.bytes());
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("broken", "1.0.0", &registry.oci("charts"));
    shop.write_dir(context.work());
    check(&context, "update", "Chart.yaml");
}

#[test]
fn a_login_is_for_one_registry() {
    let (registry, context) = published();
    let lines = format!(
        "dependencies:\n- {{name: demo, version: ^1, repository: '{}'}}\n- {{name: other, version: ^1, repository: \
         'oci://registry.example/charts'}}\n",
        registry.oci("charts")
    );
    ChartBuilder::new("shop", "1.0.0")
        .yaml(&lines)
        .write_dir(context.work());
    let update = [
        "dependency",
        "update",
        "shop",
        "--username",
        "ada",
        "--password",
        "secret",
    ];
    let output = context.command(update).run().failure();
    assert!(
        output
            .stderr()
            .contains("are for one host, and the dependencies are in"),
        "{}",
        output.stderr()
    );
    assert!(registry.requests().is_empty());
}
