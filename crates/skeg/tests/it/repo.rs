//! Classic repositories: `repo`, `search repo`, and the charts in them.

use skeg_test_support::{
    Authorization, FakeRegistry, PlainReply, PlainServer, TestContext, sha256_digest, skeg_snapshot,
};

use crate::support::{context_with, demo, publish};

const TAG: &str = "\"one\"";

fn archive(version: &str) -> Vec<u8> {
    demo(version).archive().bytes()
}

fn digits(bytes: &[u8]) -> String {
    sha256_digest(bytes).trim_start_matches("sha256:").to_owned()
}

/// An index of two versions; what is between `<` and `>` in the addresses is written as it is.
fn index(first: &str, digest: &str) -> String {
    format!(
        "apiVersion: v1\nentries:\n  demo:\n  - apiVersion: v2\n    name: demo\n    version: 1.2.3\n    appVersion: \"1.16\"\n    \
         description: A demo of things\n    keywords: [web]\n    urls: [{first}]\n    digest: {digest}\n  - name: demo\n    \
         version: 2.0.0-rc.1\n    urls: [demo-2.0.0-rc.1.tgz]\n  - name: demo\n    version: x.y\n"
    )
}

fn server_with(first: &str, digest: &str) -> PlainServer {
    let index = index(first, digest);
    PlainServer::start(move |request| {
        let etag = request
            .headers
            .get("if-none-match")
            .and_then(|value| value.to_str().ok());
        match request.target {
            "/charts/index.yaml" if etag == Some(TAG) => PlainReply::new(304),
            "/charts/index.yaml" => PlainReply::new(200).header("ETag", TAG).body(index.clone()),
            "/charts/demo-1.2.3.tgz" => PlainReply::new(200).body(archive("1.2.3")),
            "/charts/demo-1.2.3.tgz.prov" => PlainReply::new(200).body("signed"),
            "/page/index.yaml" => PlainReply::new(200).body("<html>\n<body>x: y</body></html>"),
            "/closed/index.yaml" => PlainReply::new(401).header("WWW-Authenticate", "Basic realm=\"x\""),
            _ => PlainReply::new(404),
        }
    })
}

fn server() -> PlainServer {
    server_with("demo-1.2.3.tgz", &digits(&archive("1.2.3")))
}

fn context(server: &PlainServer) -> TestContext {
    crate::support::context().with_literal(server.base_url(), "[SERVER]")
}

fn add(context: &TestContext, server: &PlainServer) {
    let url = format!("{}/charts", server.base_url());
    context.run(["repo", "add", "local", &url]).success();
}

#[track_caller]
fn fails(context: &TestContext, arguments: &[&str], expected: &str) {
    let output = context.run(arguments).failure();
    assert!(output.stderr().contains(expected), "{output}");
}

#[test]
fn a_repository_is_added_once() {
    let server = server();
    let context = context(&server);
    let url = format!("{}/charts", server.base_url());
    let run = |arguments: &[&str]| context.run(arguments).success().stdout();
    assert_eq!(
        run(&["repo", "add", "local", &url]),
        "\"local\" has been added to your repositories\n"
    );
    assert_eq!(
        run(&["repo", "add", "local", &url]),
        "\"local\" already exists with the same configuration, skipping\n"
    );
    fails(
        &context,
        &["repo", "add", "local", &format!("{url}/")],
        "repository name (local) already exists, please specify a different name",
    );
    assert_eq!(run(&["repo", "list", "--no-headers"]), format!("local\t{url}\n"));
    assert_eq!(
        run(&["repo", "rm", "local"]),
        "\"local\" has been removed from your repositories\n"
    );
    fails(
        &context,
        &["repo", "update"],
        "no repositories found. You must add one before updating",
    );
}

#[test]
fn an_index_that_has_not_changed_is_not_sent_again() {
    let server = server();
    let context = context(&server);
    add(&context, &server);
    let output = context.run(["repo", "update"]).success();
    assert_eq!(
        output.stdout(),
        "Hang tight while we grab the latest from your chart repositories...\n\
         ...Successfully got an update from the \"local\" chart repository\nUpdate Complete. ⎈Happy Helming!⎈\n"
    );
    // A rejected entry is told of when an index is read, not when it is known already.
    assert_eq!(output.stderr(), "");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn what_is_no_repository_is_not_added() {
    let server = server();
    let context = context(&server);
    for (path, expected) in [
        ("nix", "404 Not Found"),
        ("page", "mapping values are not allowed in this context"),
        ("closed", "401 Unauthorized"),
    ] {
        let url = format!("{}/{path}", server.base_url());
        fails(
            &context,
            &["repo", "add", "x", &url],
            "is not a valid chart repository or cannot be reached",
        );
        fails(&context, &["repo", "add", "x", &url], expected);
    }
    fails(
        &context,
        &["repo", "add", "x", "ftp://h/x"],
        "could not find protocol handler for: ftp",
    );
    fails(
        &context,
        &["repo", "add", "a/b", server.base_url()],
        "contains '/'",
    );
    assert_eq!(
        context.run(["repo", "list"]).success().stderr(),
        "no repositories to show\n"
    );
}

#[test]
fn charts_are_found_in_cached_indexes() {
    let server = server();
    let context = context(&server);
    add(&context, &server);
    let found = |arguments: &[&str]| {
        let output = context.run([&["search", "repo"], arguments].concat()).success();
        output
            .stdout()
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), ["local/demo 1.2.3"]);
    assert_eq!(found(&["THINGS"]), ["local/demo 1.2.3"]);
    assert_eq!(found(&["web"]), ["local/demo 1.2.3"]);
    assert_eq!(
        found(&["local/d", "-l", "--devel"]),
        ["local/demo 2.0.0-rc.1", "local/demo 1.2.3"]
    );
    assert_eq!(found(&["-r", "^d.mo"]), ["local/demo 1.2.3"]);
    assert_eq!(found(&["nix"]), [""; 0]);
    fails(
        &context,
        &["search", "repo", "nix", "--fail-on-no-result"],
        "no results found",
    );
    fails(
        &context,
        &["search", "repo", "--version", "x.y.z.0"],
        "an invalid version/constraint format",
    );
    let warned = context.run(["search", "repo"]).success();
    assert!(
        warned
            .stderr()
            .contains("skipping loading invalid entry for chart\" name=demo version=x.y"),
        "{warned}"
    );
}

#[test]
fn charts_are_pulled_by_name_address_and_repository() {
    let server = server();
    let context = context(&server);
    add(&context, &server);
    let base = format!("{}/charts", server.base_url());
    let address = format!("{base}/demo-1.2.3.tgz");
    for arguments in [
        &["pull", "local/demo", "--prov"][..],
        &["pull", "local/demo", "--version", "1.2"],
        &["pull", &address],
        &["pull", "demo", "--repo", &base],
    ] {
        context.run(arguments).success();
        assert_eq!(context.read("demo-1.2.3.tgz"), archive("1.2.3"), "{arguments:?}");
        fs_err::remove_file(context.path("demo-1.2.3.tgz")).unwrap();
    }
    assert_eq!(context.read("demo-1.2.3.tgz.prov"), b"signed");
    for arguments in [
        &["show", "chart", "local/demo"][..],
        &["show", "chart", "demo", "--repo", &base],
        &["show", "chart", &address],
    ] {
        assert!(
            context
                .run(arguments)
                .success()
                .stdout()
                .contains("version: 1.2.3")
        );
    }
    context.run(["template", "local/demo"]).success();
    context
        .run(["show", "chart", "local/demo", "--offline"])
        .success();
    fails(
        &context,
        &["pull", "local/demo", "--version", "9"],
        "chart \"demo\" matching 9 not found in local index",
    );
    fails(&context, &["pull", "nix/demo"], "repo nix not found");
}

#[test]
fn an_archive_that_is_not_that_of_the_index_is_not_kept() {
    let server = server_with("demo-1.2.3.tgz", &digits(b"another"));
    let context = context(&server);
    add(&context, &server);
    for arguments in [
        &["pull", "local/demo"][..],
        &["pull", "local/demo", "--untar"],
        &["template", "local/demo"],
    ] {
        fails(&context, arguments, "but the index says sha256:");
    }
    assert_eq!(context.files(), [""; 0]);
}

#[test]
fn logins_go_to_the_host_of_the_repository_alone() {
    let other = server();
    let server = server_with(&format!("{}/charts/demo-1.2.3.tgz", other.base_url()), "");
    let context = context(&server);
    let url = format!("{}/charts", server.base_url());
    let login = ["--username", "ada", "--password", "secret"];
    context
        .run([&["repo", "add", "local", &url][..], &login].concat())
        .success();
    context.run(["pull", "local/demo"]).success();
    context
        .run([&["pull", "demo", "--repo", &url][..], &login].concat())
        .success();
    let sent = |server: &PlainServer| -> Vec<bool> {
        let requests = server.requests();
        requests
            .iter()
            .map(|request| request.authorization != Authorization::None)
            .collect()
    };
    assert_eq!(sent(&server), [true, true]);
    assert_eq!(sent(&other), [false, false]);
    context
        .run(
            [
                &["pull", "demo", "--repo", &url, "--pass-credentials"][..],
                &login,
            ]
            .concat(),
        )
        .success();
    assert_eq!(sent(&other), [false, false, true]);
}

#[test]
fn a_path_of_a_registry_can_have_a_name() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    let base = registry.oci("charts");
    context.run(["repo", "add", "oci", &base]).success();
    for arguments in [
        &["pull", "oci/demo", "--plain-http"][..],
        &["pull", "demo", "--repo", &base, "--plain-http"],
    ] {
        assert!(context.run(arguments).success().stdout().starts_with("Pulled: "));
    }
    context.run(["template", "oci/demo", "--plain-http"]).success();
    context.run(["repo", "update"]).success();
    fails(
        &context,
        &["repo", "add", "x", &base, "--username", "a", "--password", "b"],
        "the login of a registry is not kept in the list of repositories",
    );
}

#[test]
fn an_index_can_name_charts_in_registries() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let server = server_with(&registry.oci("charts/demo:1.2.3"), "");
    let context = context_with(&registry);
    add(&context, &server);
    let pulled = context.run(["pull", "local/demo"]).success();
    assert_eq!(pulled.stdout(), "");
    assert_eq!(context.files(), ["demo-1.2.3.tgz"]);
    let moved = server_with(&registry.oci("charts/demo:1.2.3"), &digits(b"another"));
    let url = format!("{}/charts", moved.base_url());
    for arguments in [
        &["pull", "demo", "--repo", &url][..],
        &["template", "demo", "--repo", &url],
    ] {
        fails(&context, arguments, "but the index says sha256:");
    }
}

#[test]
fn a_directory_of_archives_is_indexed() {
    let context = crate::support::context();
    for version in ["1.0.0", "1.10.0+b.1"] {
        context.write(format!("site/demo-{version}.tgz"), archive(version));
    }
    context.write("site/other.tgz", "no chart");
    let epoch = |arguments: &[&str]| {
        let command = context.command(arguments).env("SOURCE_DATE_EPOCH", "1700000000");
        command.run().success();
        String::from_utf8(context.read("site/index.yaml")).unwrap()
    };
    let text = epoch(&["repo", "index", "site", "--url", "https://example.org/charts"]);
    assert!(
        text.contains("https://example.org/charts/demo-1.10.0+b.1.tgz"),
        "{text}"
    );
    assert!(text.contains("created: \"2023-11-14T22:13:20Z\""), "{text}");
    let text = epoch(&["repo", "index", "site", "--url", "oci://example.org/charts"]);
    assert!(
        text.contains("- oci://example.org/charts/demo:1.10.0+b.1"),
        "{text}"
    );
    fs_err::rename(context.path("site/demo-1.0.0.tgz"), context.path("demo.tgz")).unwrap();
    let text = epoch(&["repo", "index", "site", "--merge", "site/index.yaml", "--json"]);
    assert!(text.contains("\"oci://example.org/charts/demo:1.0.0\""), "{text}");
    assert!(text.contains("\"demo-1.10.0+b.1.tgz\""), "{text}");
}

#[test]
fn nothing_is_asked_of_an_empty_list() {
    let context = crate::support::context();
    skeg_snapshot!(context.command(["search", "repo"]), @"
    ----- stderr -----
    Error: no repositories configured
    hint: add one by `skeg repo add NAME URL`; search a registry by `skeg search oci://HOST/PATH`
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["repo", "update"]), @"
    ----- stderr -----
    Error: no repositories found. You must add one before updating
    hint: add one by `skeg repo add NAME URL`
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["repo", "remove", "x"]), @"
    ----- stderr -----
    Error: no repositories configured
    [exit status: 1]
    ");
}

#[test]
fn several_charts_of_one_address_are_looked_for_in_one_index() {
    let server = server();
    let context = context(&server);
    let url = format!("{}/charts", server.base_url());
    let charts = ["pull", "demo", "nosuch", "--repo", &url];
    fails(&context, &charts, "chart \"nosuch\" not found in");
    assert_eq!(server.requests().count("GET", "index.yaml"), 1);
    let output = context
        .run(["pull", "demo", "demo", "-d", ".", "--repo", &url, "-o", "json"])
        .success();
    assert_eq!(output.stdout().matches("demo-1.2.3.tgz").count(), 4, "{output}");
    assert_eq!(server.requests().count("GET", "index.yaml"), 2);
}
