//! `skeg dependency`, and `--dependency-update`.

use skeg_test_support::{ChartBuilder, CommandOutput, FakeRegistry, TestContext, skeg_snapshot};

use crate::support::{context_with, publish, publish_as};

fn umbrella(registry: &FakeRegistry, context: &TestContext, ranges: &[(&str, &str)]) {
    let mut chart = ChartBuilder::new("shop", "1.0.0");
    for (name, range) in ranges {
        chart = chart.dependency(name, range, &registry.oci("charts"));
    }
    chart.write_dir(context.work());
}

fn published() -> FakeRegistry {
    let registry = FakeRegistry::start();
    for version in ["1.2.2", "1.2.3", "1.10.0", "2.0.0-rc.1"] {
        publish(&registry, "charts/demo", version);
    }
    for version in ["0.1.0", "0.2.0"] {
        let other = ChartBuilder::new("other", version);
        publish_as(&registry, "charts/other", version, &other);
    }
    registry
}

fn run(context: &TestContext, arguments: &[&str]) -> CommandOutput {
    let command = context.command(["dependency"]);
    let command = arguments
        .iter()
        .fold(command, skeg_test_support::TestCommand::arg);
    command.arg("shop").run()
}

fn update(context: &TestContext) -> CommandOutput {
    run(context, &["update", "--plain-http"])
}

fn archives(context: &TestContext) -> Vec<String> {
    let files = context.files().into_iter();
    files
        .filter_map(|file| Some(file.strip_prefix("shop/charts/")?.to_owned()))
        .collect()
}

fn text(context: &TestContext, file: &str) -> String {
    String::from_utf8_lossy(&context.read(file)).into_owned()
}

#[test]
fn versions_are_chosen_locked_and_fetched() {
    let registry = published();
    let context = context_with(&registry);
    umbrella(&registry, &context, &[("demo", "^1.2"), ("other", "0.1.0")]);
    skeg_snapshot!(context.command(["dependency", "update", "shop", "--plain-http"]), @"
    Saving 2 charts
    Downloading demo from repo oci://[REGISTRY]/charts
    Pulled: [REGISTRY]/charts/demo:1.10.0
    Digest: [DIGEST]
    Downloading other from repo oci://[REGISTRY]/charts
    Pulled: [REGISTRY]/charts/other:0.1.0
    Digest: [DIGEST]
    Deleting outdated charts
    [exit status: 0]
    ");
    assert_eq!(archives(&context), ["demo-1.10.0.tgz", "other-0.1.0.tgz"]);
    let lock = text(&context, "shop/Chart.lock");
    assert!(lock.ends_with("generated: \"2023-11-14T22:13:20Z\"\n"), "{lock}");
    assert_eq!(lock.matches("archiveDigest: sha256:").count(), 2, "{lock}");
}

#[test]
fn what_is_there_and_right_is_not_fetched() {
    let registry = published();
    let context = context_with(&registry);
    umbrella(&registry, &context, &[("demo", "^1.2"), ("other", ">0")]);
    context.write(
        "shop/Chart.yaml",
        text(&context, "shop/Chart.yaml").replace(">0", ">=0"),
    );
    update(&context).success();
    registry.clear_requests();
    update(&context).success();
    assert_eq!(
        registry.requests().count("GET", "/tags/list"),
        2,
        "{}",
        registry.requests()
    );
    assert_eq!(registry.requests().len(), 2, "{}", registry.requests());
    registry.clear_requests();
    skeg_snapshot!(context.command(["dep", "build", "shop"]), @"
    Saving 2 charts
    Already downloaded demo from repo oci://[REGISTRY]/charts
    Already downloaded other from repo oci://[REGISTRY]/charts
    Deleting outdated charts
    [exit status: 0]
    ");
    assert!(registry.requests().is_empty(), "{}", registry.requests());
}

#[test]
fn twenty_charts_take_the_time_of_one() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let names: Vec<String> = (0..20).map(|number| format!("c{number}")).collect();
    for name in &names {
        let chart = ChartBuilder::new(name, "1.0.0");
        publish_as(&registry, &format!("charts/{name}"), "1.0.0", &chart);
    }
    let ranges: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "^1")).collect();
    umbrella(&registry, &context, &ranges);
    registry.clear_requests();
    update(&context).success();
    assert_eq!(registry.requests().len(), 60, "{}", registry.requests());
    registry.clear_requests();
    update(&context).success();
    assert_eq!(registry.requests().len(), 20, "{}", registry.requests());
}

#[test]
fn one_chart_under_two_names_is_fetched_once() {
    let registry = published();
    let context = context_with(&registry);
    let repository = registry.oci("charts");
    let lines = format!(
        "dependencies:\n- {{name: demo, alias: a, version: ^1, repository: '{repository}'}}\n- {{name: demo, alias: b, \
         version: 1.x, repository: '{repository}'}}\n"
    );
    ChartBuilder::new("shop", "1.0.0")
        .yaml(&lines)
        .write_dir(context.work());
    registry.clear_requests();
    skeg_snapshot!(context.command(["dep", "up", "shop", "--plain-http"]), @"
    Saving 2 charts
    Downloading demo from repo oci://[REGISTRY]/charts
    Pulled: [REGISTRY]/charts/demo:1.10.0
    Digest: [DIGEST]
    Already downloaded demo from repo oci://[REGISTRY]/charts
    Deleting outdated charts
    [exit status: 0]
    ");
    assert_eq!(registry.requests().len(), 3, "{}", registry.requests());
    assert_eq!(archives(&context), ["demo-1.10.0.tgz"]);
}

#[test]
fn outdated_archives_go_and_other_files_stay() {
    let registry = published();
    let context = context_with(&registry);
    umbrella(&registry, &context, &[("demo", "~1.2")]);
    context.write("shop/charts/README.md", "Mine.");
    for version in ["0.9.0", "1.2.2"] {
        crate::support::demo(version).write_archive(context.path("shop/charts"));
    }
    context.write("shop/charts/README.md", "Mine.");
    context.write(
        "shop/charts/mine/Chart.yaml",
        "apiVersion: v2\nname: mine\nversion: 1.0.0\n",
    );
    let output = update(&context).success();
    assert!(
        output
            .stdout()
            .contains("Could not verify shop/charts/README.md for deletion: "),
        "{}",
        output.stdout()
    );
    assert_eq!(
        archives(&context),
        ["README.md", "demo-1.2.3.tgz", "mine/Chart.yaml"]
    );
}

#[test]
fn charts_on_disk() {
    let context = crate::support::context();
    ChartBuilder::new("local", "0.5.0").write_dir(context.work());
    ChartBuilder::new("inner", "0.1.4").write_dir(context.path("shop/charts"));
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("local", ">=0.1", "file://../local");
    shop.dependency("inner", "0.1.x", "").write_dir(context.work());
    skeg_snapshot!(context.command(["dependency", "update", "shop"]), @"
    Saving 2 charts
    Dependency inner did not declare a repository. Assuming it exists in the charts directory
    Deleting outdated charts
    [exit status: 0]
    ");
    assert_eq!(archives(&context), ["inner/Chart.yaml", "local-0.5.0.tgz"]);
    let before = context.read("shop/Chart.lock");
    run(&context, &["build", "--locked"]).success();
    assert_eq!(context.read("shop/Chart.lock"), before);
    ChartBuilder::new("local", "0.6.0").write_dir(context.work());
    skeg_snapshot!(context.command(["dependency", "build", "shop"]), @"
    ----- stderr -----
    Error: can't get a valid version for dependency local
    hint: 0.5.0 is locked, and the directory has 0.6.0: run `skeg dependency update shop`
    [exit status: 1]
    ");
}

#[test]
fn charts_on_disk_and_theirs() {
    let registry = published();
    let context = context_with(&registry);
    let middle = ChartBuilder::new("middle", "1.0.0").dependency("demo", "~1.2", &registry.oci("charts"));
    middle.write_dir(context.work());
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("middle", "*", "file://../middle");
    shop.write_dir(context.work());
    run(&context, &["update", "--recursive", "--plain-http"]).success();
    assert!(context.path("middle/charts/demo-1.2.3.tgz").is_file());
    skeg_snapshot!(context.command(["dependency", "tree", "shop"]), @"
    shop 1.0.0
    └── middle 1.0.0 [*]
        └── demo 1.2.3 [~1.2]
    [exit status: 0]
    ");
}

#[test]
fn a_tag_that_was_moved() {
    let registry = published();
    let context = context_with(&registry);
    umbrella(&registry, &context, &[("demo", "^1.2")]);
    update(&context).success();
    let other = ChartBuilder::new("demo", "1.10.0").field("description", "Something else");
    publish_as(&registry, "charts/demo", "1.10.0", &other);
    run(&context, &["build", "--plain-http"]).success();
    fs_err::remove_file(context.path("shop/charts/demo-1.10.0.tgz")).unwrap();
    skeg_snapshot!(context.command(["dependency", "build", "shop", "--plain-http"]), @"
    ----- stderr -----
    Error: the tag [REGISTRY]/charts/demo:1.10.0 was moved: it names [DIGEST], but [DIGEST] is locked
    hint: find out who moved the tag, and why: what was locked is not what is there now
    hint: if the new content is fine, lock it with `skeg dependency update --repin`
    [exit status: 1]
    ");
    assert_eq!(archives(&context), [""], "a directory without files");
    let output = run(&context, &["update", "--repin", "--plain-http"]).success();
    assert!(
        output.stderr().contains("was moved: it named sha256:"),
        "{}",
        output.stderr()
    );
    assert_eq!(
        context.read("shop/charts/demo-1.10.0.tgz"),
        other.archive().bytes()
    );
    run(&context, &["build", "--plain-http", "--locked"]).success();
}

#[test]
fn reports() {
    let registry = published();
    let context = context_with(&registry);
    umbrella(&registry, &context, &[("demo", "~1.2"), ("other", "0.1.0")]);
    skeg_snapshot!(context.command(["dependency", "update", "shop", "--plain-http", "-o", "yaml"]), @"
    chart: shop
    dependencies:
    - archiveDigest: [DIGEST]
      digest: [DIGEST]
      name: demo
      path: shop/charts/demo-1.2.3.tgz
      repository: oci://[REGISTRY]/charts
      status: fetched
      version: 1.2.3
    - archiveDigest: [DIGEST]
      digest: [DIGEST]
      name: other
      path: shop/charts/other-0.1.0.tgz
      repository: oci://[REGISTRY]/charts
      status: fetched
      version: 0.1.0
    removed: []
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["dependency", "outdated", "shop", "--plain-http"]), @"
    NAME 	CURRENT	WANTED	LATEST	RANGE	REPOSITORY
    demo 	1.2.3  	1.2.3 	1.10.0	~1.2 	oci://[REGISTRY]/charts
    other	0.1.0  	0.1.0 	0.2.0 	0.1.0	oci://[REGISTRY]/charts
    [exit status: 0]
    ");
    publish(&registry, "charts/demo", "1.2.4");
    run(&context, &["outdated", "--plain-http", "--fail-on-outdated"]).failure();
}

#[test]
fn offline_the_cache_has_it() {
    let registry = published();
    let context = context_with(&registry);
    umbrella(&registry, &context, &[("demo", "1.2.3")]);
    update(&context).success();
    fs_err::remove_dir_all(context.path("shop/charts")).unwrap();
    registry.clear_requests();
    run(&context, &["build", "--offline"]).success();
    assert!(registry.requests().is_empty());
    assert_eq!(archives(&context), ["demo-1.2.3.tgz"]);
}

#[test]
fn other_commands_update_first() {
    let registry = published();
    let context = context_with(&registry);
    umbrella(&registry, &context, &[("demo", "~1.2")]);
    skeg_snapshot!(context.command(["package", "shop", "-u", "--plain-http", "-d", "out"]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    Successfully packaged chart and saved it to: out/shop-1.0.0.tgz
    [exit status: 0]
    ");
    fs_err::remove_dir_all(context.path("shop/charts")).unwrap();
    let template = ["template", "shop", "--dependency-update", "--plain-http"];
    let output = context.command(template).run().success();
    assert!(
        output.stdout().starts_with("---\n# Source: shop/charts/demo/"),
        "{}",
        output.stdout()
    );
    assert!(
        output.stderr().contains("Downloading demo from repo"),
        "{}",
        output.stderr()
    );
    let output = context.command(template).run().success();
    assert_eq!(output.stderr(), "");
}
