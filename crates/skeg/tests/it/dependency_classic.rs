//! `skeg dependency` with charts of classic repositories.

use skeg_test_support::{
    Authorization, ChartBuilder, CommandOutput, FakeRegistry, Fault, TestContext, sha256_digest,
    skeg_snapshot,
};

use crate::classic_repository::{Repository, digits};
use crate::support::publish;

/// A repository with a few versions of two charts.
fn published() -> (Repository, TestContext) {
    let repository = Repository::start();
    let entries = repository.entries(&[
        ("demo", "1.2.3"),
        ("demo", "1.10.0"),
        ("demo", "2.0.0-rc.1"),
        ("other", "0.1.0"),
    ]);
    repository.index(&entries);
    let context = crate::support::context().with_literal(repository.server.base_url(), "[SERVER]");
    (repository, context)
}

fn shop(context: &TestContext, dependencies: &[(&str, &str, &str)]) {
    let chart = ChartBuilder::new("shop", "1.0.0");
    let add = |chart: ChartBuilder, (name, range, address): &(&str, &str, &str)| {
        chart.dependency(name, range, address)
    };
    dependencies.iter().fold(chart, add).write_dir(context.work());
}

fn run(context: &TestContext, words: &str) -> CommandOutput {
    context.command(words.split(' ')).run()
}

fn archives(context: &TestContext) -> Vec<String> {
    let files = context.files().into_iter();
    files
        .filter_map(|file| Some(file.strip_prefix("shop/charts/")?.to_owned()))
        .filter(|file| !file.is_empty())
        .collect()
}

fn lock(context: &TestContext) -> String {
    String::from_utf8_lossy(&context.read("shop/Chart.lock")).into_owned()
}

#[test]
fn an_index_is_asked_for_once_and_archives_are_pinned() {
    let (repository, context) = published();
    let url = repository.url();
    shop(&context, &[("demo", "^1", &url), ("other", "*", &url)]);
    skeg_snapshot!(context.command(["dependency", "update", "shop"]), @r#"
    Getting updates for unmanaged Helm repositories...
    ...Successfully got an update from the "[SERVER]/charts" chart repository
    Saving 2 charts
    Downloading demo from repo [SERVER]/charts
    Downloading other from repo [SERVER]/charts
    Deleting outdated charts
    [exit status: 0]
    "#);
    assert_eq!(archives(&context), ["demo-1.10.0.tgz", "other-0.1.0.tgz"]);
    let digest = sha256_digest(&context.read("shop/charts/demo-1.10.0.tgz"));
    assert!(
        lock(&context).contains(&format!("- archiveDigest: {digest}\n  name: demo\n")),
        "{}",
        lock(&context)
    );
    let first = repository.requests(0);
    assert_eq!(first.len(), 3, "{first:?}");
    assert_eq!(first[0], "GET /charts/index.yaml 200");

    skeg_snapshot!(context.command(["dependency", "update", "shop"]), @r#"
    Getting updates for unmanaged Helm repositories...
    ...Successfully got an update from the "[SERVER]/charts" chart repository
    Saving 2 charts
    Already downloaded demo from repo [SERVER]/charts
    Already downloaded other from repo [SERVER]/charts
    Deleting outdated charts
    [exit status: 0]
    "#);
    assert_eq!(repository.requests(3), ["GET /charts/index.yaml 304"]);
    run(&context, "dependency build shop").success();
    assert_eq!(repository.requests(4), [""; 0]);

    // What is locked is in the cached index: nothing but the archive is asked for.
    fs_err::remove_file(context.path("shop/charts/demo-1.10.0.tgz")).unwrap();
    run(&context, "dependency build shop --no-cache").success();
    assert_eq!(repository.requests(4), ["GET /charts/demo-1.10.0.tgz 200"]);
    fs_err::remove_file(context.path("shop/charts/demo-1.10.0.tgz")).unwrap();
    run(&context, "dependency build shop --offline").success();
    assert_eq!(repository.requests(5), [""; 0]);
    assert_eq!(archives(&context), ["demo-1.10.0.tgz", "other-0.1.0.tgz"]);
}

#[test]
fn repositories_are_named_as_in_helm() {
    let (repository, context) = published();
    let url = repository.url();
    run(&context, &format!("repo add local {url}")).success();
    shop(
        &context,
        &[("demo", "~1.2", "@local"), ("other", "0.1.0", "alias:local")],
    );
    skeg_snapshot!(context.command(["dependency", "update", "shop"]), @r#"
    Hang tight while we grab the latest from your chart repositories...
    ...Successfully got an update from the "local" chart repository
    Update Complete. ⎈Happy Helming!⎈
    Saving 2 charts
    Downloading demo from repo [SERVER]/charts
    Downloading other from repo [SERVER]/charts
    Deleting outdated charts
    [exit status: 0]
    "#);
    assert!(lock(&context).contains(&format!("name: demo\n  repository: {url}\n  version: 1.2.3\n")));
    run(&context, "dependency build shop").success();
    skeg_snapshot!(context.command(["dependency", "outdated", "shop"]), @"
    NAME	CURRENT	WANTED	LATEST	RANGE	REPOSITORY
    demo	1.2.3  	1.2.3 	1.10.0	~1.2 	[SERVER]/charts
    [exit status: 0]
    ");
    // An address with a slash at its end is the same repository.
    shop(&context, &[("demo", "~1.2", &format!("{url}/"))]);
    let output = run(&context, "dependency update shop").success();
    assert!(
        output
            .stdout()
            .contains("an update from the \"local\" chart repository"),
        "{}",
        output.stdout()
    );
}

#[test]
fn names_of_paths_in_registries_are_repositories_too() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = crate::support::context_with(&registry);
    run(&context, &format!("repo add reg {}", registry.oci("charts"))).success();
    shop(&context, &[("demo", "^1", "@reg")]);
    run(&context, "dependency update shop --plain-http").success();
    assert_eq!(archives(&context), ["demo-1.2.3.tgz"]);
    assert!(
        lock(&context).contains(&format!("repository: {}\n", registry.oci("charts"))),
        "{}",
        lock(&context)
    );
}

/// Removes an archive from `charts/`.
fn lose(context: &TestContext, archive: &str) {
    let path = context.path(format!("shop/charts/{archive}"));
    fs_err::remove_file(path).expect("because it is there");
}

#[test]
fn a_changed_archive_is_an_error_until_it_is_locked_anew() {
    let (repository, context) = published();
    let url = repository.url();
    shop(&context, &[("demo", "^1", &url)]);
    run(&context, "dependency update shop").success();
    let before = lock(&context);
    let other = ChartBuilder::new("demo", "1.10.0")
        .file("new", "new")
        .archive()
        .bytes();
    let digest = sha256_digest(&other);
    repository.page("/charts/demo-1.10.0.tgz", other);
    lose(&context, "demo-1.10.0.tgz");
    // The index in the cache is of before.
    let output = run(&context, "dependency build shop --no-cache").failure();
    assert!(output.stderr().contains(&format!(
        "the archive has the digest {digest}, but the index says"
    )));
    assert_eq!((lock(&context), archives(&context)), (before.clone(), Vec::new()));

    let digits = digest.trim_start_matches("sha256:");
    repository.index(&format!(
        "  demo:\n  - {{name: demo, version: 1.10.0, urls: [demo-1.10.0.tgz], digest: {digits}}}\n"
    ));
    let output = run(&context, "dependency update shop").success();
    let expected = "the archive of demo 1.10.0 was changed: its digest was sha256:";
    assert!(output.stderr().contains(expected), "{}", output.stderr());
    assert!(lock(&context).contains(&digest));

    // Who has the lock file of before is told.
    context.write("shop/Chart.lock", &before);
    let output = run(&context, "dependency build shop").failure();
    let expected = format!("the archive of demo 1.10.0 was changed: its digest is {digest}, but sha256:");
    assert!(output.stderr().contains(&expected), "{}", output.stderr());
    assert!(
        output.stderr().contains("hint: if the new content is fine"),
        "{}",
        output.stderr()
    );
}

#[test]
fn an_index_without_digests_is_checked_by_what_is_locked() {
    let (repository, context) = published();
    shop(&context, &[("demo", "1.2.3", &repository.url())]);
    run(&context, "dependency update shop").success();
    let other = ChartBuilder::new("demo", "1.2.3")
        .file("x", "x")
        .archive()
        .bytes();
    repository.page("/charts/demo-1.2.3.tgz", other);
    repository.index("  demo:\n  - {name: demo, version: 1.2.3, urls: [demo-1.2.3.tgz]}\n");
    lose(&context, "demo-1.2.3.tgz");
    // With a name the repository has another index in the cache.
    run(&context, &format!("repo add local {}", repository.url())).success();
    let output = run(&context, "dependency build shop --no-cache").failure();
    let expected = "the archive of demo 1.2.3 was changed: its digest is sha256:";
    assert!(output.stderr().contains(expected), "{}", output.stderr());
    assert_eq!(archives(&context), [""; 0]);
}

#[test]
fn archives_keep_the_names_that_they_have_in_their_repository() {
    let repository = Repository::start();
    let archive = ChartBuilder::new("demo", "1.0.0").archive().bytes();
    let digest = digits(&archive);
    repository.page("/charts/files/release-one.tgz", archive);
    let bare = ChartBuilder::new("demo", "1.0.0")
        .file("bare", "")
        .archive()
        .bytes();
    let bare_digest = digits(&bare);
    repository.page("/charts/files/bare", bare);
    let entries = format!(
        "  demo:\n  - {{name: demo, version: 1.0.0, urls: [files/release-one.tgz], digest: {digest}}}\n  bare:\n  - {{name: demo, version: 1.0.0, urls: ['files/bare'], digest: {bare_digest}}}\n"
    );
    repository.index(&entries);
    let context = crate::support::context().with_literal(repository.server.base_url(), "[SERVER]");
    shop(&context, &[("demo", "1.0.0", &repository.url())]);
    run(&context, "dependency update shop").success();
    assert_eq!(archives(&context), ["release-one.tgz"]);
    let before = repository.requests(0).len();
    run(&context, "dependency build shop").success();
    assert_eq!(repository.requests(before), [""; 0]);
    shop(&context, &[("bare", "1.0.0", &repository.url())]);
    run(&context, "dependency update shop").success();
    assert_eq!(archives(&context), ["demo-1.0.0.tgz"]);
}

#[test]
fn logins_stay_with_their_repository() {
    let foreign = Repository::start();
    let archive = ChartBuilder::new("demo", "1.0.0").archive().bytes();
    let digest = digits(&archive);
    foreign.page("/charts/demo-1.0.0.tgz", archive);
    let repository = Repository::start();
    let entry = format!(
        "  demo:\n  - {{name: demo, version: 1.0.0, urls: ['{}/demo-1.0.0.tgz'], digest: {digest}}}\n",
        foreign.url()
    );
    repository.index(&entry);
    let context = crate::support::context();
    let url = repository.url();
    run(
        &context,
        &format!("repo add local {url} --username ada --password secret-word"),
    )
    .success();
    shop(&context, &[("demo", "^1", &url)]);
    run(&context, "dependency update shop").success();
    let sent = |repository: &Repository| {
        let log = repository.server.requests();
        let with_login = log
            .iter()
            .filter(|request| request.authorization != Authorization::None);
        with_login.count()
    };
    assert!(sent(&repository) > 0);
    assert_eq!(sent(&foreign), 0);
}

#[test]
fn entries_may_be_in_a_registry() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let repository = Repository::start();
    repository.index(&format!(
        "  demo:\n  - {{name: demo, version: 1.2.3, urls: ['{}']}}\n",
        registry.oci("charts/demo:1.2.3")
    ));
    let context = crate::support::context_with(&registry);
    shop(&context, &[("demo", "^1", &repository.url())]);
    run(&context, "dependency update shop --plain-http").success();
    assert_eq!(archives(&context), ["demo-1.2.3.tgz"]);
    assert!(lock(&context).contains("  digest: sha256:"), "{}", lock(&context));
    registry.clear_requests();
    run(&context, "dependency build shop --plain-http").success();
    assert_eq!(registry.requests().len(), 0);
}

#[track_caller]
fn check_bad(dependency: (&str, &str, &str), flags: &str, expected: &str) {
    let (repository, context) = published();
    repository.page("/page/index.yaml", "<html><body>Welcome</body></html>");
    repository.page("/bytes/index.yaml", *b"apiVersion: v1\nentries: \xff\xfe");
    repository.page("/empty/index.yaml", "apiVersion: v1\nentries: {}\n");
    repository.page(
        "/broken/index.yaml",
        "apiVersion: v1\nentries:\n  demo:\n  - {name: demo, version: one, urls: [a.tgz]}\n  - {name: demo, version: 1.0.0}\n",
    );
    let (name, range, address) = dependency;
    let address = address.replace("$S", repository.server.base_url());
    shop(&context, &[(name, range, &address)]);
    let output = run(&context, &format!("dependency update shop{flags}")).failure();
    assert!(output.filtered().contains(expected), "{}", output.filtered());
    assert!(!context.path("shop/charts").exists() && !context.path("shop/Chart.lock").exists());
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_half_done() {
    check_bad(
        ("demo", "^1", "$S/nowhere"),
        "",
        "looks like \"[SERVER]/nowhere\" is not a valid chart repository",
    );
    check_bad(("demo", "^1", "$S/nowhere"), "", "404");
    check_bad(
        ("demo", "^1", "$S/page"),
        "",
        "hint: what is there is no `index.yaml`",
    );
    check_bad(("demo", "^1", "$S/bytes"), "", "not a valid chart repository");
    check_bad(
        ("demo", "^1", "$S/empty"),
        "",
        "demo chart not found in repo [SERVER]/empty",
    );
    check_bad(
        ("demo", "^1", "$S/broken"),
        "",
        "demo chart not found in repo [SERVER]/broken",
    );
    check_bad(
        ("demo", "^1", "$S/broken"),
        "",
        "skipping loading invalid entry for chart",
    );
}

#[test]
fn what_is_missing_is_said_and_nothing_is_half_done() {
    check_bad(
        ("demo", ">9", "$S/charts"),
        "",
        "hint: the highest versions of demo are 2.0.0-rc.1, 1.10.0, 1.2.3",
    );
    check_bad(
        ("nosuch", "^1", "$S/charts"),
        "",
        "nosuch chart not found in repo [SERVER]/charts",
    );
    check_bad(
        ("demo", "^1", "$S/charts/demo"),
        "",
        "not a valid chart repository",
    );
    check_bad(
        ("demo", "^1", "$S/charts"),
        " --skip-refresh",
        "no cached repository for helm-manager-",
    );
    check_bad(
        ("demo", "^1", "$S/charts"),
        " --offline",
        "hint: leave `--skip-refresh` and `--offline` out",
    );
    check_bad(
        ("demo", "^1", "@nobody"),
        "",
        "no repository definition for @nobody. Please add them via 'helm repo add'",
    );
    check_bad(
        ("demo", "^1", "alias:nobody"),
        "",
        "hint: run `skeg repo add nobody URL`",
    );
    check_bad(
        ("demo", "^1", "s3://bucket/charts"),
        "",
        "no repository definition for s3://bucket/charts",
    );
}

#[test]
fn a_repository_that_is_away_is_used_as_it_is_cached() {
    let (repository, context) = published();
    let url = repository.url();
    shop(&context, &[("demo", "^1", &url)]);
    run(&context, "dependency update shop").success();
    repository
        .server
        .add_fault(Fault::error(404, "GONE", "gone").on("GET", "/charts/index.yaml"));
    let output = run(&context, "dependency update shop").success();
    let expected =
        format!("...Unable to get an update from the \"{url}\" chart repository:\n\tfailed to fetch");
    assert!(output.stdout().contains(&expected), "{}", output.stdout());
    let expected = format!("the index of {url} is used as it is in the cache: failed to fetch");
    assert!(output.stderr().contains(&expected), "{}", output.stderr());
}

#[test]
fn a_login_is_not_for_the_dependencies_of_dependencies() {
    use skeg_test_support::{Authorization, ChartBuilder, PlainReply, PlainServer};
    let server = || PlainServer::fixed(PlainReply::new(404));
    let (one, other) = (server(), server());
    let context = crate::support::context();
    let inner = ChartBuilder::new("inner", "1.0.0").dependency("x", "*", other.base_url());
    inner.write_dir(context.work());
    let shop = ChartBuilder::new("shop", "1.0.0").dependency("inner", "*", "file://../inner");
    shop.dependency("y", "*", one.base_url())
        .write_dir(context.work());
    let login = ["--username", "u", "--password", "p"];
    let command = [&["dependency", "update", "shop", "--recursive"][..], &login].concat();
    context.run(command).failure();
    assert!(!other.requests().is_empty());
    let is_open = |request: &skeg_test_support::RequestRecord| request.authorization == Authorization::None;
    assert!(other.requests().iter().all(is_open));
}
