//! `skeg push`.

use skeg_test_support::{
    ChartBuilder, FakeRegistry, Fault, Filters, TestContext, sha256_digest, skeg_snapshot,
};

use crate::support::{
    CONFIG, CONTENT, PROVENANCE, context, context_with, demo, without_sizes, write_archive, write_directory,
};

/// The manifest that was pushed.
pub(crate) fn manifest(registry: &FakeRegistry, repository: &str, tag: &str) -> serde_json::Value {
    let (_, bytes) = registry.manifest(repository, tag).expect("because it was pushed");
    serde_json::from_slice(&bytes).expect("because a manifest is JSON")
}

/// Pushes `demo-1.2.3.tgz` with further arguments.
pub(crate) fn push(
    context: &TestContext,
    registry: &FakeRegistry,
    arguments: &[&str],
) -> skeg_test_support::TestCommand {
    let first = ["push", "demo-1.2.3.tgz", &registry.oci("charts"), "--plain-http"];
    context.command(first.iter().chain(arguments))
}

#[test]
fn an_archive_goes_as_it_is() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let archive = write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &[]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    let layer = manifest(&registry, "charts/demo", "1.2.3")["layers"][0].clone();
    assert_eq!(layer["mediaType"], CONTENT);
    assert_eq!(layer["digest"], sha256_digest(&context.read(archive)));
    assert_eq!(registry.open_uploads(), 0);
}

#[test]
fn the_manifest_has_exactly_the_fields_of_helm() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    demo("1.2.3")
        .yaml("home: https://example.com\nsources: [https://example.com/git]\nmaintainers:\n- name: Ada\n  email: ada@example.com\nannotations:\n  team: <web>\n")
        .write_archive(context.work());
    push(&context, &registry, &[]).run().success();
    let (media_type, bytes) = registry.manifest("charts/demo", "1.2.3").unwrap();
    assert_eq!(media_type, "application/vnd.oci.image.manifest.v1+json");
    let text = String::from_utf8_lossy(&bytes).replace(",\"", ",\n\"");
    let pretty = Filters::standard()
        .pattern(r#""size":\d+"#, r#""size":[SIZE]"#)
        .apply(&text);
    insta::assert_snapshot!(pretty, @r#"
    {"schemaVersion":2,
    "config":{"mediaType":"application/vnd.cncf.helm.config.v1+json",
    "digest":"[DIGEST]",
    "size":[SIZE]},
    "layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip",
    "digest":"[DIGEST]",
    "size":[SIZE]}],
    "annotations":{"org.opencontainers.image.authors":"Ada (ada@example.com)",
    "org.opencontainers.image.created":"[TIME]",
    "org.opencontainers.image.description":"A chart to test with",
    "org.opencontainers.image.source":"https://example.com/git",
    "org.opencontainers.image.title":"demo",
    "org.opencontainers.image.url":"https://example.com",
    "org.opencontainers.image.version":"1.2.3",
    "team":"\u003cweb\u003e"}}
    "#);
}

#[test]
fn the_config_is_the_json_of_the_chart() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    push(&context, &registry, &[]).run().success();
    let manifest = manifest(&registry, "charts/demo", "1.2.3");
    assert_eq!(manifest["config"]["mediaType"], CONFIG);
    let config = registry
        .blob("charts/demo", manifest["config"]["digest"].as_str().unwrap())
        .unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&config), @r#"{"name":"demo","version":"1.2.3","description":"A chart to test with","apiVersion":"v2","appVersion":"7.1"}"#);
}

#[test]
fn the_same_archive_has_the_same_digest_everywhere() {
    let (one, two) = (FakeRegistry::start(), FakeRegistry::start());
    let context = context();
    write_archive(&context, "1.2.3");
    let first = push(&context, &one, &["-o", "json"]).run().success();
    let second = push(&context, &two, &["-o", "json"])
        .env("TZ", "Asia/Tokyo")
        .run()
        .success();
    let digest = |output: &skeg_test_support::CommandOutput| {
        let report: serde_json::Value = serde_json::from_slice(output.stdout_bytes()).unwrap();
        report["digest"].as_str().unwrap().to_owned()
    };
    assert_eq!(digest(&first), digest(&second));
    let dry = push(&context, &one, &["-o", "json", "--dry-run"]).run().success();
    assert_eq!(digest(&first), digest(&dry));
}

#[test]
fn a_directory_is_packaged_on_the_way() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_directory(&context, "1.2.3");
    let files = context.files();
    let command = context.command(["push", "demo", &registry.oci("charts"), "--plain-http"]);
    skeg_snapshot!(command, @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(context.files(), files, "nothing is left beside the directory");
    assert_eq!(registry.tags("charts/demo"), ["1.2.3"]);
}

#[test]
fn a_directory_gives_the_manifest_of_its_archive() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_directory(&context, "1.2.3");
    context.run(["package", "demo"]).success();
    push(&context, &registry, &[]).run().success();
    let first = registry.resolve("charts/demo", "1.2.3");
    context
        .run(["push", "demo", &registry.oci("charts"), "--plain-http"])
        .success();
    assert_eq!(registry.resolve("charts/demo", "1.2.3"), first);
}

#[test]
fn a_plus_becomes_an_underscore() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3+b.1");
    let command = context.command([
        "push",
        "demo-1.2.3+b.1.tgz",
        &registry.oci("charts"),
        "--plain-http",
    ]);
    skeg_snapshot!(command, @"
    Pushed: [REGISTRY]/charts/demo:1.2.3_b.1
    Digest: [DIGEST]
    [REGISTRY]/charts/demo:1.2.3_b.1 contains an underscore.

    OCI artifact references (e.g. tags) do not support the plus sign (+). To support
    storing semantic versions, Helm adopts the convention of changing plus (+) to
    an underscore (_) in chart version tags when pushing to a registry and back to
    a plus (+) when pulling from a registry.
    [exit status: 0]
    ");
    assert_eq!(registry.tags("charts/demo"), ["1.2.3_b.1"]);
}

#[test]
fn provenance_beside_the_archive_goes_with_it() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    context.write("demo-1.2.3.tgz.prov", "signature");
    push(&context, &registry, &[]).run().success();
    let manifest = manifest(&registry, "charts/demo", "1.2.3");
    assert_eq!(manifest["layers"][0]["mediaType"], CONTENT);
    assert_eq!(manifest["layers"][1]["mediaType"], PROVENANCE);
    assert_eq!(manifest["layers"][1]["digest"], sha256_digest(b"signature"));
}

#[test]
fn several_charts_are_pushed_in_order() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    ChartBuilder::new("other", "0.1.0").write_archive(context.work());
    let remote = registry.oci("charts");
    let command = context.command([
        "push",
        "demo-1.2.3.tgz",
        "other-0.1.0.tgz",
        &remote,
        "--plain-http",
    ]);
    skeg_snapshot!(command, @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    Pushed: [REGISTRY]/charts/other:0.1.0
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(registry.repositories(), ["charts/demo", "charts/other"]);
}

#[test]
fn nothing_is_pushed_unless_every_chart_is_good() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let remote = registry.oci("charts");
    let command = context.command(["push", "demo-1.2.3.tgz", "nosuch.tgz", &remote, "--plain-http"]);
    skeg_snapshot!(command, @"
    ----- stderr -----
    Error: nosuch.tgz: no such file
    [exit status: 1]
    ");
    assert!(registry.requests().is_empty(), "{}", registry.requests());
}

#[test]
fn what_was_pushed_before_a_failure_is_told() {
    let registry = FakeRegistry::builder()
        .fault(Fault::error(403, "DENIED", "not yours").on("PUT", "/charts/other/manifests/"))
        .start();
    let context = without_sizes(context_with(&registry));
    write_archive(&context, "1.2.3");
    ChartBuilder::new("other", "0.1.0").write_archive(context.work());
    let remote = registry.oci("charts");
    let arguments = [
        "push",
        "demo-1.2.3.tgz",
        "other-0.1.0.tgz",
        &remote,
        "--plain-http",
    ];
    skeg_snapshot!(context.command(arguments), @r#"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    Error: cannot push the manifest as 0.1.0: PUT "http://[REGISTRY]/v2/charts/other/manifests/0.1.0": response status code 403: denied: not yours
    hint: the login to [REGISTRY] may not do this: ask for the right, or log in as another user
    [exit status: 1]
    "#);
    skeg_snapshot!(context.command(arguments).arg("-o").arg("json"), @r#"
    [
      {
        "ref": "oci://[REGISTRY]/charts/demo:1.2.3",
        "repository": "oci://[REGISTRY]/charts/demo",
        "tag": "1.2.3",
        "digest": "[DIGEST]",
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "size": [SIZE],
        "status": "unchanged",
        "tags": [
          "1.2.3"
        ]
      }
    ]
    ----- stderr -----
    Error: cannot push the manifest as 0.1.0: PUT "http://[REGISTRY]/v2/charts/other/manifests/0.1.0": response status code 403: denied: not yours
    hint: the login to [REGISTRY] may not do this: ask for the right, or log in as another user
    [exit status: 1]
    "#);
}
