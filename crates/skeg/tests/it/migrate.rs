//! `skeg migrate`.

use skeg_test_support::{
    Authorization, ChartBuilder, CommandOutput, FakeRegistry, Fault, RequestLog, TestContext, skeg_snapshot,
};

use crate::classic_repository::{Repository, digits};
use crate::support::{context_with, publish_as, wait_until};

/// A repository with two charts, an empty registry, and a place to run in.
fn scene() -> (Repository, FakeRegistry, TestContext) {
    let repository = Repository::start();
    let entries = repository.entries(&[
        ("demo", "1.2.3"),
        ("demo", "1.10.0+b"),
        ("demo", "2.0.0-rc.1"),
        ("other", "0.1.0"),
    ]);
    repository.index(&entries);
    repository.page("/charts/demo-1.2.3.tgz.prov", "signed");
    let registry = FakeRegistry::start();
    let context = context_with(&registry).with_literal(repository.server.base_url(), "[SERVER]");
    (repository, registry, context)
}

fn migrate(scene: &(Repository, FakeRegistry, TestContext), flags: &[&str]) -> CommandOutput {
    let (repository, registry, context) = scene;
    let words = ["migrate", &repository.url(), &registry.oci("new"), "--plain-http"];
    context.command(words.iter().chain(flags)).run()
}

fn tags(registry: &FakeRegistry) -> Vec<String> {
    let repositories = registry.repositories();
    let of = |repository: String| {
        let tags = registry.tags(&repository).into_iter();
        tags.map(move |tag| format!("{repository}:{tag}"))
            .collect::<Vec<_>>()
    };
    repositories.into_iter().flat_map(of).collect()
}

#[test]
fn every_version_goes_there_and_the_next_run_has_nothing_to_do() {
    let scene = scene();
    let (repository, registry, context) = &scene;
    let words = ["migrate", &repository.url(), &registry.oci("new"), "--plain-http"];
    skeg_snapshot!(context.command(words), @"
    STATUS	CHART	VERSION   	DIGEST
    copied	demo 	2.0.0-rc.1	[DIGEST]
    copied	demo 	1.10.0+b  	[DIGEST]
    copied	demo 	1.2.3     	[DIGEST]
    copied	other	0.1.0     	[DIGEST]
    ----- stderr -----
    4 copied (613 B, 1 with provenance)
    [exit status: 0]
    ");
    assert_eq!(
        tags(registry),
        [
            "new/demo:1.10.0_b",
            "new/demo:1.2.3",
            "new/demo:2.0.0-rc.1",
            "new/other:0.1.0"
        ]
    );
    let sent = repository.requests(0).len();
    registry.clear_requests();
    skeg_snapshot!(context.command(words), @"
    ----- stderr -----
    0 copied (0 B), 4 unchanged
    [exit status: 0]
    ");
    assert_eq!(repository.requests(sent), ["GET /charts/index.yaml 304"]);
    let requests = registry.requests();
    assert!(
        requests.iter().all(|request| request.method == "GET"),
        "{:?}",
        requests.lines()
    );
    // What a push of the same archive makes.
    let manifest = |repository: &str| registry.resolve(repository, "0.1.0").unwrap();
    let archive = ChartBuilder::new("other", "0.1.0").write_archive(context.work());
    context
        .command(["push"])
        .arg(archive)
        .arg(registry.oci("pushed"))
        .arg("--plain-http")
        .run()
        .success();
    assert_eq!(manifest("new/other"), manifest("pushed/other"));
}

#[track_caller]
fn check_selected(flags: &[&str], expected: &[&str]) {
    let scene = scene();
    let flags: Vec<&str> = flags.iter().copied().chain(["--dry-run", "-o", "json"]).collect();
    let output = migrate(&scene, &flags).success();
    let report: serde_json::Value = serde_json::from_str(&output.stdout()).expect("because it is JSON");
    let versions = report["versions"].as_array().into_iter().flatten();
    let versions = versions.map(|one| {
        let text = |field: &str| one[field].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("name"), text("version"))
    });
    assert_eq!(versions.collect::<Vec<_>>(), expected);
    assert_eq!(tags(&scene.1), [""; 0]);
    assert!(scene.1.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn a_selection_goes_there() {
    check_selected(
        &[],
        &["demo 2.0.0-rc.1", "demo 1.10.0+b", "demo 1.2.3", "other 0.1.0"],
    );
    check_selected(&["--include", "o*"], &["other 0.1.0"]);
    check_selected(&["--exclude", "o*", "--latest", "1"], &["demo 1.10.0+b"]);
    check_selected(&["--latest", "1", "--devel"], &["demo 2.0.0-rc.1", "other 0.1.0"]);
    check_selected(&["--version", "<1.5"], &["demo 1.2.3", "other 0.1.0"]);
}

#[track_caller]
fn check_error(output: &CommandOutput, expected: &str) {
    assert!(output.filtered().contains(expected), "{}", output.filtered());
}

#[test]
fn what_fails_does_not_keep_the_others_from_going() {
    let scene = scene();
    let (repository, registry, _) = &scene;
    repository.page(
        "/charts/demo-1.2.3.tgz",
        ChartBuilder::new("demo", "9.9.9").archive().bytes(),
    );
    let output = migrate(&scene, &[]).failure();
    check_error(
        &output,
        "Error: demo 1.2.3: [SERVER]/charts/demo-1.2.3.tgz: the archive has the digest",
    );
    check_error(&output, "3 copied (");
    check_error(&output, "1 failed");
    assert_eq!(tags(registry).len(), 3);
    // Mended, it goes on where it was.
    repository.page(
        "/charts/demo-1.2.3.tgz",
        ChartBuilder::new("demo", "1.2.3").archive().bytes(),
    );
    check_error(&migrate(&scene, &[]).success(), "1 copied (");
    assert_eq!(tags(registry).len(), 4);
}

#[test]
fn other_archives_under_the_same_tag_are_not_replaced_unasked() {
    let scene = scene();
    let (_, registry, _) = &scene;
    let mine = ChartBuilder::new("demo", "1.2.3").file("mine", "mine");
    let digest = publish_as(registry, "new/demo", "1.2.3", &mine);
    for flags in [&[][..], &["--dry-run"]] {
        let output = migrate(&scene, flags).failure();
        check_error(&output, "conflict");
        check_error(&output, "hint: `--overwrite` replaces what is there");
        assert_eq!(registry.resolve("new/demo", "1.2.3").unwrap(), digest);
    }
    let output = migrate(&scene, &["--overwrite", "--dry-run"]).success();
    check_error(&output, "moved");
    assert_eq!(registry.resolve("new/demo", "1.2.3").unwrap(), digest);
    check_error(&migrate(&scene, &["--overwrite"]).success(), "moved");
    assert_ne!(registry.resolve("new/demo", "1.2.3").unwrap(), digest);
}

#[test]
fn a_server_that_falters_is_asked_again() {
    let scene = scene();
    let (repository, registry, _) = &scene;
    repository.server.add_fault(
        Fault::error(503, "BUSY", "busy")
            .on("GET", "/charts/demo-1.2.3.tgz")
            .once(),
    );
    repository
        .server
        .add_fault(Fault::truncate(100).on("GET", "/charts/other-0.1.0.tgz").once());
    migrate(&scene, &[]).success();
    assert_eq!(tags(registry).len(), 4);
}

#[test]
fn entries_in_a_registry_are_copied() {
    let scene = scene();
    let (repository, registry, _) = &scene;
    let digest = publish_as(registry, "old/demo", "1.0.0", &ChartBuilder::new("demo", "1.0.0"));
    let entry = |version: &str, reference: &str| {
        format!(
            "  - {{name: demo, version: {version}, urls: ['{}']}}\n",
            registry.oci(reference)
        )
    };
    repository.index(&format!("  demo:\n{}", entry("1.0.0", "old/demo:1.0.0")));
    migrate(&scene, &[]).success();
    assert_eq!(registry.resolve("new/demo", "1.0.0").unwrap(), digest);
    repository.index(&format!("  demo:\n{}", entry("1.5.0", "old/demo:1.0.0")));
    let output = migrate(&scene, &[]).failure();
    check_error(&output, "is version 1.0.0, and something else by the index");
}

#[test]
fn dependencies_are_rewritten_where_their_charts_are() {
    let scene = scene();
    let (repository, registry, context) = &scene;
    context
        .command(["repo", "add", "old", &repository.url()])
        .run()
        .success();
    let url = repository.url();
    let text = format!(
        "apiVersion: v2\nname: shop # mine\nversion: 1.0.0\ndependencies:\n  # the database\n  - name: demo\n    \
         repository: \"{url}/\" # old\n    version: ~1.2\n  - {{name: other, repository: '@old', version: '*'}}\n  \
         - {{name: demo, alias: next, repository: {url}, version: ^3}}\n"
    );
    context.write("charts/shop/Chart.yaml", &text);
    context.write("charts/shop/Chart.lock", "dependencies: []\n");
    context.write("charts/.git/Chart.yaml", &text);
    let flags = ["--rewrite-dependencies", "charts"];
    let dry = migrate(&scene, &[flags[0], flags[1], "--dry-run"]).success();
    check_error(
        &dry,
        "Would change: charts/shop/Chart.yaml:7: demo: [SERVER]/charts/ -> oci://[REGISTRY]/new",
    );
    assert_eq!(context.read("charts/shop/Chart.yaml"), text.as_bytes());
    let output = migrate(&scene, &flags).success();
    check_error(
        &output,
        "Changed: charts/shop/Chart.yaml:9: other: @old -> oci://[REGISTRY]/new",
    );
    check_error(
        &output,
        "charts/shop/Chart.yaml:10: no version of `demo` in its range was taken",
    );
    check_error(&output, "hint: the lock file of `charts/shop` is of before");
    let new = registry.oci("new");
    let expected = text
        .replace(&format!("\"{url}/\""), &format!("\"{new}\""))
        .replace("'@old'", &format!("'{new}'"));
    assert_eq!(
        String::from_utf8_lossy(&context.read("charts/shop/Chart.yaml")),
        expected
    );
    assert_eq!(context.read("charts/.git/Chart.yaml"), text.as_bytes());
    let anchored = format!("r: &r {url}\ndependencies:\n- {{name: demo, repository: *r, version: '*'}}\n");
    context.write("charts/a/Chart.yaml", &anchored);
    let output = migrate(&scene, &flags).failure();
    check_error(
        &output,
        "Error: charts/a/Chart.yaml: line 3: the dependency is written with anchors",
    );
}

#[test]
fn names_that_no_registry_can_hold_are_left_out() {
    let scene = scene();
    let (repository, registry, _) = &scene;
    let archive = ChartBuilder::new("Demo", "1.0.0").archive().bytes();
    let digest = digits(&archive);
    repository.page("/charts/Demo-1.0.0.tgz", archive);
    let entries = repository.entries(&[("other", "0.1.0")]);
    repository.index(&format!(
        "  Demo:\n  - {{name: Demo, version: 1.0.0, urls: [Demo-1.0.0.tgz], digest: {digest}}}\n{entries}"
    ));
    let output = migrate(&scene, &[]).success();
    check_error(
        &output,
        "Demo 1.0.0 is left out: its name cannot be that of a repository",
    );
    assert_eq!(tags(registry), ["new/other:0.1.0"]);
}

#[track_caller]
fn check_bad(words: &[&str], expected: &str) {
    let (repository, registry, context) = scene();
    repository.page("/page/index.yaml", "<html></html>");
    repository.page("/empty/index.yaml", "apiVersion: v1\nentries: {}\n");
    let replaced = words.iter().map(|word| {
        word.replace("$S", repository.server.base_url())
            .replace("$R", &registry.oci("new"))
    });
    let output = context
        .command(["migrate"].map(str::to_owned).into_iter().chain(replaced))
        .run()
        .failure();
    check_error(&output, expected);
    assert_eq!(tags(&registry), [""; 0]);
}

#[test]
fn what_is_wrong_is_said() {
    check_bad(
        &["nobody", "$R"],
        "Error: repo nobody not found\nhint: add it by `skeg repo add nobody URL`",
    );
    check_bad(
        &["oci://h.example/x", "$R"],
        "hint: take charts from one registry to another by `skeg copy --all`",
    );
    check_bad(&["ftp://h.example/x", "$R"], "is no address of a repository");
    check_bad(&["$S/page", "$R"], "hint: what is there is no `index.yaml`");
    check_bad(&["$S/none", "$R"], "404");
    check_bad(
        &["$S/empty", "$R"],
        "hint: the index of the repository has no charts",
    );
    check_bad(
        &["$S/charts", "$R", "--include", "x*"],
        "hint: look whether `--include`",
    );
    check_bad(
        &["$S/charts", "$R", "--include", "["],
        "`[` is no pattern for names of charts",
    );
    check_bad(&["$S/charts", "$R", "--devel"], "`--devel` is for `--latest`");
    check_bad(
        &["$S/charts", "$R", "--version", "new"],
        "improper constraint: \"new\"",
    );
    check_bad(&["$S/charts", "https://h.example/x"], "Error: ");
    check_bad(
        &["$S/charts", "$R", "--rewrite-dependencies", "nowhere"],
        "`nowhere` is no directory",
    );
}

/// What is done is told, nothing stays behind, and the same command goes on from there.
#[test]
fn a_migration_that_is_stopped_goes_on_when_it_is_run_again() {
    let scene = scene();
    let (repository, registry, context) = &scene;
    registry.add_fault(Fault::no_response_headers().on("PUT", "/manifests/1.2.3"));
    let words = ["migrate", &repository.url(), &registry.oci("new"), "--plain-http"];
    let running = context.command(words).start();
    wait_until(|| tags(registry).len() == 3 && registry.requests().count("PUT", "/manifests/1.2.3") > 0);
    running.interrupt();
    let output = running.wait();
    assert_eq!(output.status(), Some(130), "{output}");
    check_error(&output, "of 4 versions are at their destination, ");
    check_error(&output, "run the same command again");
    registry.clear_faults();
    let sent = repository.requests(0).len();
    context.run(words).success();
    let again = repository.requests(sent);
    assert_eq!(
        again,
        [
            "GET /charts/index.yaml 304",
            "GET /charts/demo-1.2.3.tgz 200",
            "GET /charts/demo-1.2.3.tgz.prov 200"
        ]
    );
}

#[test]
fn the_login_of_a_repository_goes_to_its_host_alone() {
    let foreign = Repository::start();
    let archive = ChartBuilder::new("far", "1.0.0").archive().bytes();
    let digest = digits(&archive);
    foreign.page("/charts/far-1.0.0.tgz", archive);
    let scene = scene();
    let (repository, registry, context) = &scene;
    let near = repository.entries(&[("other", "0.1.0")]);
    let url = foreign.url();
    repository.index(&format!(
        "{near}  far:\n  - {{name: far, version: 1.0.0, urls: ['{url}/far-1.0.0.tgz'], digest: {digest}}}\n"
    ));
    let login = ["--username", "ada", "--password", "secret-word"];
    let add = context.command(["repo", "add", "old", &repository.url()]);
    login
        .into_iter()
        .fold(add, skeg_test_support::TestCommand::arg)
        .run()
        .success();
    let output = context
        .run(["migrate", "old", &registry.oci("new"), "--plain-http"])
        .success();
    assert_eq!(tags(registry), ["new/far:1.0.0", "new/other:0.1.0"]);
    let with_login = |log: RequestLog| {
        let sent = log
            .iter()
            .filter(|request| request.authorization != Authorization::None);
        sent.count()
    };
    assert!(with_login(repository.server.requests()) > 0);
    assert_eq!(with_login(foreign.server.requests()), 0);
    assert_eq!(with_login(registry.requests()), 0);
    assert!(!output.stdout().contains("secret-word") && !output.stderr().contains("secret-word"));
}
