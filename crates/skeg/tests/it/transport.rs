//! Plain HTTP, TLS, proxies, redirects, and servers that misbehave.

use skeg_test_support::{
    FakeRegistry, Fault, PlainReply, PlainServer, ProxyServer, TestCertificates, TestCommand, TestContext,
    skeg_snapshot,
};

use crate::support::{context, context_with, publish, write_archive};

fn pull(context: &TestContext, registry: &FakeRegistry) -> TestCommand {
    context.command(["pull", &registry.oci("charts/demo:1.2.3")])
}

fn tls() -> FakeRegistry {
    let registry = FakeRegistry::builder().tls().start();
    publish(&registry, "charts/demo", "1.2.3");
    registry
}

#[test]
fn plain_http_on_loopback_needs_no_flag() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry), @r#"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    level=INFO msg="`[REGISTRY]` does not speak TLS, using plain HTTP"
    [exit status: 0]
    "#);
}

#[test]
fn plain_http_to_a_server_with_tls() {
    let registry = tls();
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry).arg("--plain-http"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": client sent an HTTP request to an HTTPS server
    hint: leave `--plain-http` out: the server speaks TLS
    [exit status: 1]
    "#);
}

#[test]
fn a_certificate_that_nobody_knows() {
    let registry = tls();
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "https://[REGISTRY]/v2/charts/demo/manifests/1.2.3": the server's certificate is not accepted: it is signed by an unknown authority: invalid peer certificate: UnknownIssuer
    hint: give the registry's certificate authority by `--ca-file FILE`
    [exit status: 1]
    "#);
    assert!(context.files().is_empty());
}

#[test]
fn case_43_a_certificate_authority_can_be_given() {
    let registry = tls();
    let context = context_with(&registry);
    context.write("ca.pem", registry.ca_pem());
    skeg_snapshot!(pull(&context, &registry).arg("--ca-file=ca.pem"), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn a_certificate_need_not_be_checked() {
    let registry = tls();
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry).arg("--insecure-skip-tls-verify"), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn another_authority_is_not_enough() {
    let registry = tls();
    let context = context_with(&registry);
    context.write("ca.pem", TestCertificates::generate().ca_pem());
    skeg_snapshot!(pull(&context, &registry).arg("--ca-file=ca.pem"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "https://[REGISTRY]/v2/charts/demo/manifests/1.2.3": the server's certificate is not accepted: it is signed by an unknown authority: invalid peer certificate: BadSignature
    hint: give the registry's certificate authority by `--ca-file FILE`
    [exit status: 1]
    "#);
}

#[test]
fn case_42_client_certificates() {
    let registry = FakeRegistry::builder().mutual_tls().start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    let identity = registry.client_identity();
    context.write("ca.pem", registry.ca_pem());
    context.write("client.pem", identity.certificate);
    context.write("client.key", identity.key);
    let with_ca = || pull(&context, &registry).arg("--ca-file=ca.pem");
    let both = with_ca()
        .arg("--cert-file=client.pem")
        .arg("--key-file=client.key");
    skeg_snapshot!(both, @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    skeg_snapshot!(with_ca().arg("--cert-file=client.pem"), @"
    ----- stderr -----
    Error: `--cert-file` and `--key-file` need each other
    [exit status: 1]
    ");
    skeg_snapshot!(with_ca().arg("--key-file=client.key"), @"
    ----- stderr -----
    Error: `--cert-file` and `--key-file` need each other
    [exit status: 1]
    ");
}

#[test]
fn client_certificates_that_are_missing() {
    let registry = FakeRegistry::builder().mutual_tls().start();
    let context = context_with(&registry);
    context.write("ca.pem", registry.ca_pem());
    let output = pull(&context, &registry).arg("--ca-file=ca.pem").run().failure();
    assert!(!output.stderr().contains("again in"), "{output}");
    assert!(
        output
            .stderr()
            .contains("hint: give a client certificate by `--cert-file"),
        "{output}"
    );
}

#[test]
fn all_flags_together() {
    let registry = FakeRegistry::builder()
        .mutual_tls()
        .basic_auth("ada", "secret")
        .start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    let identity = registry.client_identity();
    context.write("ca.pem", registry.ca_pem());
    context.write("client.pem", identity.certificate);
    context.write("client.key", identity.key);
    let all = |command: TestCommand| {
        [
            "--ca-file=ca.pem",
            "--cert-file=client.pem",
            "--key-file=client.key",
            "--insecure-skip-tls-verify",
            "--username=ada",
            "--password=secret",
        ]
        .into_iter()
        .fold(command, TestCommand::arg)
    };
    all(pull(&context, &registry)).run().success();

    let plain = FakeRegistry::builder().basic_auth("ada", "secret").start();
    publish(&plain, "charts/demo", "1.2.3");
    let output = all(pull(&context, &plain)).arg("--plain-http").run().success();
    assert_eq!(output.stderr(), "");
}

#[test]
fn files_of_tls_that_cannot_be_read() {
    let registry = tls();
    let context = context_with(&registry);
    context.write("junk.pem", "junk");
    context.write("ca.pem", registry.ca_pem());
    skeg_snapshot!(pull(&context, &registry).arg("--ca-file=nosuch"), @"
    ----- stderr -----
    Error: cannot read the CA file `nosuch`: No such file or directory
    [exit status: 1]
    ");
    skeg_snapshot!(pull(&context, &registry).arg("--ca-file=junk.pem"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "https://[REGISTRY]/v2/charts/demo/manifests/1.2.3": `junk.pem` holds no usable certificate
    [exit status: 1]
    "#);
    let both = || pull(&context, &registry).arg("--ca-file=ca.pem");
    skeg_snapshot!(both().arg("--cert-file=nosuch").arg("--key-file=nosuch"), @"
    ----- stderr -----
    Error: cannot read the client certificate `nosuch`: No such file or directory
    [exit status: 1]
    ");
    skeg_snapshot!(both().arg("--cert-file=junk.pem").arg("--key-file=junk.pem"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "https://[REGISTRY]/v2/charts/demo/manifests/1.2.3": `junk.pem` holds no usable certificate
    [exit status: 1]
    "#);
    assert!(registry.requests().is_empty());
}

/// Helm 4.3.1: the files are read whatever else is given.
#[test]
fn files_of_tls_are_read_for_plain_http_too() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    pull(&context, &registry)
        .arg("--plain-http")
        .arg("--ca-file=nosuch")
        .run()
        .failure();
}

#[test]
fn logins_take_the_flags_of_tls_too() {
    let registry = FakeRegistry::builder().tls().basic_auth("ada", "secret").start();
    let context = context_with(&registry);
    context.write("ca.pem", registry.ca_pem());
    let login = |flag: &str| {
        let command = context.command([
            "registry",
            "login",
            registry.host(),
            "-u",
            "ada",
            "--password-stdin",
            flag,
        ]);
        command.stdin("secret").run()
    };
    login("--ca-file=ca.pem").success();
    login("--insecure").success();
    skeg_snapshot!(login("--plain-http"), @r#"
    ----- stderr -----
    Error: authenticating to "[REGISTRY]": GET "http://[REGISTRY]/v2/": client sent an HTTP request to an HTTPS server
    hint: leave `--plain-http` out: the server speaks TLS
    [exit status: 1]
    "#);
    skeg_snapshot!(login("--ca-file=nosuch"), @"
    ----- stderr -----
    Error: cannot read the CA file `nosuch`: No such file or directory
    [exit status: 1]
    ");
}

#[test]
fn nobody_listens() {
    let context = context();
    write_archive(&context, "1.2.3");
    let failing = context
        .run(["pull", "oci://127.0.0.1:1/charts/demo:1.2.3"])
        .failure();
    let last: Vec<_> = failing
        .stderr()
        .lines()
        .filter(|line| !line.starts_with("level=WARN"))
        .map(str::to_owned)
        .collect();
    insta::assert_snapshot!(last.join("\n"), @r#"
    Error: cannot read the manifest of 127.0.0.1:1/charts/demo:1.2.3: GET "https://127.0.0.1:1/v2/charts/demo/manifests/1.2.3": connection refused
    hint: is the registry running, and is the port right?
    "#);
    let failing = context
        .run([
            "push",
            "demo-1.2.3.tgz",
            "oci://127.0.0.1:1/charts",
            "--plain-http",
        ])
        .failure();
    assert!(
        failing.stderr().contains("hint: is the registry running"),
        "{failing}"
    );
}

#[test]
fn a_host_that_nobody_knows() {
    let context = context();
    // A label of 64 letters is refused by the resolver itself: no name server is asked.
    let reference = format!("oci://{}.invalid/charts/demo:1.2.3", "a".repeat(64));
    let failing = context.run(["pull", &reference, "--plain-http"]).failure();
    assert!(
        failing.stderr().contains("hint: is the host name right"),
        "{failing}"
    );
}

#[test]
fn case_41_proxies_of_the_environment_are_used() {
    let registry = tls();
    let proxy = ProxyServer::builder()
        .route("registry.example:443", registry.host())
        .start();
    let context = context_with(&registry).with_literal(proxy.url().trim_start_matches("http://"), "[PROXY]");
    context.write("ca.pem", registry.ca_pem());
    for name in ["HTTPS_PROXY", "https_proxy"] {
        let pull = context.command([
            "pull",
            "oci://registry.example/charts/demo:1.2.3",
            "--insecure-skip-tls-verify",
        ]);
        let output = pull.env(name, proxy.url()).run().success();
        assert!(
            output
                .stdout()
                .starts_with("Pulled: registry.example/charts/demo:1.2.3\n"),
            "{output}"
        );
    }
    assert_eq!(proxy.requests().lines()[0], "CONNECT registry.example:443 200");
    let host = format!("{}.example", "a".repeat(64));
    let reference = format!("oci://{host}/charts/demo:1.2.3");
    let past = context.command(["pull", &reference, "--plain-http"]);
    let output = past
        .env("HTTP_PROXY", proxy.url())
        .env("NO_PROXY", ".example")
        .run()
        .failure();
    assert!(
        output.stderr().contains("hint: is the host name right"),
        "{output}"
    );
    let asked = proxy.requests().lines();
    assert!(!asked.iter().any(|line| line.contains(&host)), "{asked:?}");
}

#[test]
fn a_proxy_that_is_not_there() {
    let context = context();
    let pull = context.command(["pull", "oci://registry.example/charts/demo:1.2.3"]);
    let output = pull
        .env("HTTPS_PROXY", "http://me:hidden@127.0.0.1:1")
        .run()
        .failure();
    assert!(output.stderr().contains("hint: check `HTTPS_PROXY`"), "{output}");
    assert!(!output.stderr().contains("hidden"), "{output}");
}

#[test]
fn loopback_is_never_reached_through_a_proxy() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    let command = pull(&context, &registry).arg("--plain-http");
    command
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .run()
        .success();
}

#[test]
fn redirects_to_another_host_lose_the_login() {
    let registry = FakeRegistry::builder()
        .basic_auth("ada", "secret")
        .redirect_blobs_to_store()
        .start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    let command = pull(&context, &registry).arg("--plain-http");
    command
        .arg("--username=ada")
        .arg("--password=secret")
        .run()
        .success();
    assert_eq!(registry.blob_store_requests().len(), 1);
}

#[test]
fn redirects_without_an_end() {
    let registry = FakeRegistry::builder()
        .fault(Fault::redirect_loop().on("GET", "/manifests/"))
        .start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry).arg("--plain-http"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3?hop=REDACTED": stopped after 10 redirects
    [exit status: 1]
    "#);
}

#[test]
fn case_39_a_server_that_is_no_registry() {
    let server = PlainServer::fixed(
        PlainReply::new(200)
            .header("content-type", "text/html")
            .body("<html>Hello</html>"),
    );
    let context = context().with_literal(server.host(), "[SERVER]");
    let reference = format!("oci://{}/charts/demo:1.2.3", server.host());
    skeg_snapshot!(context.command(["pull", &reference, "--plain-http"]), @"
    ----- stderr -----
    Error: cannot read the manifest of [SERVER]/charts/demo:1.2.3: the answer for `1.2.3` is `text/html`, not a manifest
    [exit status: 1]
    ");
    let portal = PlainServer::captive_portal();
    let context = context.with_literal(portal.host(), "[PORTAL]");
    let reference = format!("oci://{}/charts/demo:1.2.3", portal.host());
    skeg_snapshot!(context.command(["pull", &reference, "--plain-http"]), @"
    ----- stderr -----
    Error: cannot read the manifest of [PORTAL]/charts/demo:1.2.3: the answer for `1.2.3` is `text/html`, not a manifest
    [exit status: 1]
    ");
}

#[test]
fn errors_of_the_server_are_told_in_its_words() {
    let registry = FakeRegistry::builder()
        .fault(Fault::error(403, "DENIED", "your trial is over").on("GET", "/manifests/"))
        .start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry).arg("--plain-http"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 403: denied: your trial is over
    hint: the login to [REGISTRY] may not do this: ask for the right, or log in as another user
    [exit status: 1]
    "#);
    registry.clear_faults();
    registry.add_fault(Fault::error(429, "TOOMANYREQUESTS", "pull limit reached").header("Retry-After", "0"));
    let output = pull(&context, &registry).arg("--plain-http").run().failure();
    let error = output
        .stderr()
        .lines()
        .filter(|line| !line.starts_with("level="))
        .collect::<Vec<_>>()
        .join("\n");
    insta::assert_snapshot!(error.replace(registry.host(), "[REGISTRY]"), @r#"
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 429: toomanyrequests: pull limit reached
    hint: the registry limits requests: wait a while, or log in to be allowed more
    "#);
}

#[test]
fn control_characters_of_a_server_do_not_reach_the_terminal() {
    let registry = FakeRegistry::builder()
        .fault(Fault::error(403, "DENIED", "\u{1b}[2J\u{7}no\nway").on("GET", "/manifests/"))
        .start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    let output = pull(&context, &registry).arg("--plain-http").run().failure();
    assert!(!output.stderr().contains(['\u{1b}', '\u{7}']), "{output}");
}

#[test]
fn http_2_is_spoken() {
    let registry = FakeRegistry::builder().tls().http2().start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    context.write("ca.pem", registry.ca_pem());
    pull(&context, &registry).arg("--ca-file=ca.pem").run().success();
}

#[test]
fn case_37_a_silent_server_is_given_up_after_the_time_that_is_given() {
    let registry = FakeRegistry::builder()
        .fault(Fault::no_response_headers().on_target("/manifests/"))
        .start();
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry).arg("--plain-http").arg("--timeout=200ms"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": no response within 0.2 seconds
    hint: the registry or the network is at fault; the same command can be run again safely
    [exit status: 1]
    "#);
    assert_eq!(registry.requests().len(), 1);
}
