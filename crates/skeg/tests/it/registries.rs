//! What is configured for registries: mirrors, other names, certificates, helpers, and `skeg config show`.

use skeg_test_support::{CredentialHelper, FakeRegistry, Fault, TestContext, skeg_snapshot};

use crate::support::{context, context_with, publish};

/// A context in which `text` is the configuration of registries.
fn configured(text: &str) -> TestContext {
    let context = context();
    let path = context.write("registries.toml", text);
    context.with_env("SKEG_REGISTRIES", path)
}

/// Two loopback registries: an origin that has a chart, and a mirror of it.
fn origin_and_mirror() -> (FakeRegistry, FakeRegistry, TestContext) {
    let (origin, mirror) = (FakeRegistry::start(), FakeRegistry::start());
    publish(&origin, "charts/demo", "1.2.3");
    let context = configured(&format!(
        "[[registry]]\nprefix = \"{}/charts\"\nmirrors = [{{ location = \"{}/copies\" }}]\n",
        origin.host(),
        mirror.host()
    ));
    let context = context
        .with_literal(origin.host(), "[ORIGIN]")
        .with_literal(mirror.host(), "[MIRROR]");
    (origin, mirror, context)
}

/// It must not be passed over: what is meant is never asked elsewhere.
#[test]
fn a_location_that_is_no_repository_is_an_error() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let host = registry.host();
    for setting in [
        "location = \"other.example\"",
        "mirrors = [{ location = \"other.example\" }]",
    ] {
        let context = configured(&format!(
            "[[registry]]\nprefix = \"{host}/charts/demo\"\n{setting}\n"
        ));
        let reference = registry.oci("charts/demo:1.2.3");
        let target = registry.oci("charts/other");
        context.write("sbom.json", "{}");
        context.write(
            "sync.yaml",
            format!(
                "charts:\n- source: {}\n  destination: {target}\n",
                registry.oci("charts/demo")
            ),
        );
        for line in [
            format!("pull {reference}"),
            format!("tags {}", registry.oci("charts/demo")),
            format!("copy {reference} {target}"),
            format!("copy {target}:1.2.3 {}", registry.oci("charts/demo")),
            format!("delete {reference} --yes"),
            format!("attach {reference} sbom.json --type a/b"),
            "sync sync.yaml".to_owned(),
        ] {
            let output = context.run(line.split(' ')).failure();
            let expected = format!(
                "a location of `{host}/charts/demo` is `other.example` alone, which names no repository: "
            );
            assert!(output.stderr().contains(&expected), "{line}: {output}");
            assert!(output.stderr().contains("registries.toml:1"), "{line}: {output}");
            assert!(
                output
                    .stderr()
                    .contains("`location = \"other.example/charts/demo\"`"),
                "{line}: {output}"
            );
        }
        assert!(registry.requests().is_empty(), "{}", registry.requests());
    }
    // Below a prefix it is one.
    let context = configured(&format!(
        "[[registry]]\nprefix = \"alias.example/x\"\nlocation = \"{host}\"\n"
    ));
    context
        .run(["pull", "oci://alias.example/x/charts/demo:1.2.3", "--plain-http"])
        .success();
}

#[test]
fn a_mirror_is_read_first() {
    let (origin, mirror, context) = origin_and_mirror();
    publish(&mirror, "copies/demo", "1.2.3");
    origin.clear_requests();
    let reference = origin.oci("charts/demo");
    context
        .run(["pull", &reference, "--version", "1.2.3", "--plain-http"])
        .success();
    assert_eq!(context.files(), ["demo-1.2.3.tgz", "registries.toml"]);
    assert_eq!(origin.requests().len(), 0, "{}", origin.requests());
    assert_eq!(mirror.requests().len(), 2, "{}", mirror.requests());
}

#[test]
fn what_a_mirror_does_not_have_comes_from_the_origin() {
    let (origin, mirror, context) = origin_and_mirror();
    let reference = origin.oci("charts/demo");
    skeg_snapshot!(context.command(["pull", &reference, "--version", "1.2.3", "--plain-http"]), @"
    Pulled: [ORIGIN]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert!(!mirror.requests().is_empty(), "{}", mirror.requests());
}

#[test]
fn a_broken_mirror_is_told_and_passed_over() {
    let (origin, mirror, context) = origin_and_mirror();
    mirror.add_fault(Fault::status(403));
    publish(&mirror, "copies/demo", "1.2.3");
    let reference = origin.oci("charts/demo");
    let output = context
        .run(["pull", &reference, "--version", "1.2.3", "--plain-http"])
        .success();
    let stderr = output.stderr();
    assert!(
        stderr.contains("mirror `[MIRROR]/copies/demo` failed") || stderr.contains("copies/demo` failed"),
        "{stderr}"
    );
}

#[test]
fn why_a_mirror_cannot_be_reached_is_told() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = configured(&format!(
        "[[registry]]\nprefix = \"{}\"\nmirrors = [{{ location = \"127.0.0.1:1\" }}]\n",
        registry.host()
    ));
    let output = context
        .run(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
        .success();
    let stderr = output.stderr();
    assert!(stderr.contains(": connection refused"), "{stderr}");
}

#[test]
fn a_search_lists_what_is_in_the_other_place() {
    let registry = FakeRegistry::start();
    publish(&registry, "real/demo", "1.2.3");
    publish(&registry, "other/demo", "1.2.3");
    publish(&registry, "really/demo", "1.2.3");
    let check = |prefix: &str, place: &str, expected: &str| {
        let context = configured(&format!(
            "[[registry]]\nprefix = \"{prefix}\"\nlocation = \"{}/real\"\n",
            registry.host()
        ));
        let output = context.run(["search", place, "--plain-http"]).success();
        let lines: Vec<_> = output.stdout().lines().skip(1).map(str::to_owned).collect();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with(&format!("{expected}\t")), "{lines:?}");
    };
    check(
        "charts.example",
        "oci://charts.example",
        "oci://charts.example/demo",
    );
    check(
        "charts.example/a",
        "oci://charts.example/a",
        "oci://charts.example/a/demo",
    );
    check(
        "charts.example/a",
        "oci://charts.example/a/demo",
        "oci://charts.example/a/demo",
    );
}

#[test]
fn a_push_goes_to_the_origin() {
    let (origin, mirror, context) = origin_and_mirror();
    let archive = crate::support::write_archive(&context, "1.2.4");
    context
        .run(["push", &archive, &origin.oci("charts"), "--plain-http"])
        .success();
    assert_eq!(origin.tags("charts/demo"), ["1.2.3", "1.2.4"]);
    assert_eq!(mirror.requests().len(), 0, "{}", mirror.requests());
}

#[test]
fn a_registry_may_have_another_name() {
    let registry = FakeRegistry::start();
    publish(&registry, "real/demo", "1.2.3");
    let context = configured(&format!(
        "[[registry]]\nprefix = \"charts.example\"\nlocation = \"{}/real\"\n",
        registry.host()
    ));
    skeg_snapshot!(context.command(["pull", "oci://charts.example/demo", "--version", "1.2.3", "--plain-http"]), @"
    Pulled: charts.example/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn a_blocked_registry_is_not_asked() {
    let registry = FakeRegistry::start();
    let context = configured(&format!(
        "[[registry]]\nprefix = \"{}\"\nblocked = true\n",
        registry.host()
    ));
    let output = context
        .run(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
        .failure();
    assert!(output.stderr().contains("is blocked by"), "{}", output.stderr());
    assert_eq!(registry.requests().len(), 0, "{}", registry.requests());
}

#[test]
fn certificates_are_those_of_the_host() {
    let registry = FakeRegistry::builder().mutual_tls().start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    let identity = registry.client_identity();
    context.write("ca.pem", registry.ca_pem());
    context.write("client.pem", identity.certificate);
    context.write("client.key", identity.key);
    let text = format!(
        "[[registry]]\nprefix = \"{}\"\nca-file = \"ca.pem\"\nclient-certificate = \"client.pem\"\nclient-key = \"client.key\"\n",
        registry.host()
    );
    let path = context.write("registries.toml", text);
    let context = context.with_env("SKEG_REGISTRIES", path);
    context
        .run(["pull", &registry.oci("charts/demo:1.2.3")])
        .success();
}

#[test]
fn a_helper_may_be_named_for_one_registry() {
    let registry = FakeRegistry::builder().basic_auth("me", "secret").start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = configured(&format!(
        "[[registry]]\nprefix = \"{}\"\ncredential-helper = \"own\"\n",
        registry.host()
    ));
    let helper = CredentialHelper::new("own")
        .credential(registry.host(), "me", "secret")
        .install(context.bin());
    context
        .run(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
        .success();
    assert!(!helper.calls().is_empty());
}

#[test]
fn what_is_configured_is_shown_with_its_origin() {
    let text = r#"
[[registry]]
prefix = "registry.example/charts"
mirrors = [{ location = "cache.example/charts", digests-only = true }]
requests-per-second = 20

[[registry]]
prefix = "registry.example"
ca-file = "/etc/company.pem"
"#;
    let context = configured(text);
    let containers = context.write(
        "registries.conf",
        "[[registry]]\nprefix = \"*.internal\"\ninsecure = true\n",
    );
    let context = context.with_env("CONTAINERS_REGISTRIES_CONF", containers);
    let root = context.work().display().to_string();
    let context = context.with_literal(&root, "[WORK]");
    skeg_snapshot!(context.command(["config", "show"]), @"
    PLACE                  	SETTING            	VALUE                              	ORIGIN
    registry.example/charts	mirror             	cache.example/charts (digests only)	[WORK]/registries.toml:2
    registry.example/charts	ca-file            	/etc/company.pem                   	[WORK]/registries.toml:7
    registry.example/charts	requests-per-second	20                                 	[WORK]/registries.toml:2
    registry.example       	ca-file            	/etc/company.pem                   	[WORK]/registries.toml:7
    *.internal             	insecure           	true                               	[WORK]/registries.conf:1
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["config", "show", "registry.example/charts/app", "-o", "yaml"]), @r#"
    - place: registry.example/charts/app
      settings:
      - name: mirror
        origin: [WORK]/registries.toml:2
        value: cache.example/charts/app (digests only)
      - name: ca-file
        origin: [WORK]/registries.toml:7
        value: /etc/company.pem
      - name: requests-per-second
        origin: [WORK]/registries.toml:2
        value: "20"
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["config", "show", "other.example"]), @"
    ----- stderr -----
    nothing is set; skeg's own file is [WORK]/registries.toml
    [exit status: 0]
    ");
}

#[test]
fn a_typing_error_stops_the_command() {
    let context = configured("[[registry]]\nprefix = \"a.example\"\nmirror = []\n");
    let root = context.work().display().to_string();
    let context = context.with_literal(&root, "[WORK]");
    skeg_snapshot!(context.command(["config", "show"]), @"
    ----- stderr -----
    Error: [WORK]/registries.toml:3: unknown field `mirror`, expected one of `prefix`, `location`, `mirrors`, `plain-http`, `insecure`, `ca-file`, `client-certificate`, `client-key`, `credential-helper`, `requests-per-second`, `concurrency`, `blocked`
    hint: mend the file, or name another one in `SKEG_REGISTRIES` or `CONTAINERS_REGISTRIES_CONF`
    [exit status: 1]
    ");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let context = context();
    let path = context.path("nowhere.toml");
    let context = context.with_env("SKEG_REGISTRIES", path);
    skeg_snapshot!(context.run(["tags", "oci://registry.example/charts/demo"]), @r"
    ----- stderr -----
    Error: there is no file `[TMP]/work/nowhere.toml`, which `SKEG_REGISTRIES` names
    hint: write the file, or unset the variable
    [exit status: 1]
    ");
}
