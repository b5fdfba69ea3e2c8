//! Results as JSON and YAML.

use serde_json::Value;
use skeg_test_support::{CommandOutput, FakeRegistry, TestContext, skeg_snapshot};

use crate::support::{context, context_with, demo, publish, without_sizes, write_archive, write_directory};

#[track_caller]
fn run(context: &TestContext, arguments: &[&str]) -> CommandOutput {
    context.run(arguments)
}

#[test]
fn a_push() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry)
        .with_filter("\"size\": \\d+", "\"size\": [SIZE]")
        .with_filter("size: \\d+", "size: [SIZE]");
    write_archive(&context, "1.2.3+b.1");
    let push = [
        "push",
        "demo-1.2.3+b.1.tgz",
        &registry.oci("charts"),
        "--plain-http",
        "--tag",
        "latest",
    ];
    skeg_snapshot!(context.command(push).arg("-o").arg("json"), @r#"
    {
      "ref": "oci://[REGISTRY]/charts/demo:1.2.3_b.1",
      "repository": "oci://[REGISTRY]/charts/demo",
      "tag": "1.2.3_b.1",
      "digest": "[DIGEST]",
      "mediaType": "application/vnd.oci.image.manifest.v1+json",
      "size": [SIZE],
      "status": "pushed",
      "tags": [
        "1.2.3_b.1",
        "latest"
      ]
    }
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(push).arg("--output=yaml"), @"
    digest: [DIGEST]
    mediaType: application/vnd.oci.image.manifest.v1+json
    ref: oci://[REGISTRY]/charts/demo:1.2.3_b.1
    repository: oci://[REGISTRY]/charts/demo
    size: [SIZE]
    status: unchanged
    tag: 1.2.3_b.1
    tags:
    - 1.2.3_b.1
    - latest
    [exit status: 0]
    ");
}

#[test]
fn the_digest_of_a_push_is_that_in_the_registry() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let before = publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    let push = |arguments: &[&str]| -> Value {
        let first = [
            "push",
            "demo-1.2.3.tgz",
            &registry.oci("charts"),
            "--plain-http",
            "-o",
            "json",
        ];
        let output = context.command(first.iter().chain(arguments)).run().success();
        serde_json::from_slice(output.stdout_bytes()).unwrap()
    };
    let kept = push(&["--if-absent"]);
    assert_eq!(
        (kept["status"].as_str(), kept["digest"].as_str()),
        (Some("exists"), Some(before.as_str()))
    );
    let dry = push(&["--dry-run"]);
    assert_eq!(dry["status"], "dry-run");
    let pushed = push(&[]);
    assert_eq!(pushed["status"], "pushed");
    assert_eq!(pushed["digest"], dry["digest"]);
    assert_eq!(
        pushed["digest"].as_str(),
        registry.resolve("charts/demo", "1.2.3").as_deref()
    );
    assert_eq!(push(&[])["status"], "unchanged");
}

#[test]
fn several_results_are_a_list() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    write_archive(&context, "1.2.4");
    let remote = registry.oci("charts");
    let output = run(
        &context,
        &[
            "push",
            "demo-1.2.3.tgz",
            "demo-1.2.4.tgz",
            &remote,
            "--plain-http",
            "-o",
            "json",
        ],
    );
    let reports: Value = serde_json::from_slice(output.success().stdout_bytes()).unwrap();
    assert_eq!(reports[1]["tag"], "1.2.4");
    let references = [
        registry.oci("charts/demo:1.2.3"),
        registry.oci("charts/demo:1.2.4"),
    ];
    let output = run(
        &context,
        &[
            "pull",
            &references[0],
            &references[1],
            "--plain-http",
            "-o",
            "json",
        ],
    );
    let reports: Value = serde_json::from_slice(output.success().stdout_bytes()).unwrap();
    assert_eq!(reports[1]["version"], "1.2.4");
}

#[test]
fn a_list_with_failures_has_the_rest() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    let references = [
        registry.oci("charts/demo:9.9.9"),
        registry.oci("charts/demo:1.2.3"),
    ];
    let output = run(
        &context,
        &[
            "pull",
            &references[0],
            &references[1],
            "--plain-http",
            "-o",
            "json",
        ],
    );
    let reports: Value = serde_json::from_slice(output.failure().stdout_bytes()).unwrap();
    assert_eq!(reports[0]["version"], "1.2.3");
    write_directory(&context, "1.2.3");
    let output = run(&context, &["package", "demo", "nosuch", "-o", "json"]);
    let reports: Value = serde_json::from_slice(output.failure().stdout_bytes()).unwrap();
    assert_eq!(reports[0]["name"], "demo");
}

#[test]
fn a_pull() {
    let registry = FakeRegistry::start();
    let context = without_sizes(context_with(&registry));
    publish(&registry, "charts/demo", "1.2.3");
    let pull = ["pull", &registry.oci("charts/demo"), "--plain-http"];
    skeg_snapshot!(context.command(pull).arg("-ojson"), @r#"
    {
      "ref": "oci://[REGISTRY]/charts/demo:1.2.3",
      "digest": "[DIGEST]",
      "version": "1.2.3",
      "path": "demo-1.2.3.tgz",
      "size": [SIZE]
    }
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(pull).arg("-o=yaml").arg("--untar"), @"
    digest: [DIGEST]
    path: demo
    ref: oci://[REGISTRY]/charts/demo:1.2.3
    size: [SIZE]
    version: 1.2.3
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(pull).arg("-o").arg("yaml").arg("--prov"), @"
    digest: [DIGEST]
    path: demo-1.2.3.tgz
    ref: oci://[REGISTRY]/charts/demo:1.2.3
    size: [SIZE]
    version: 1.2.3
    ----- stderr -----
    WARNING: Verification not found for oci://[REGISTRY]/charts/demo:1.2.3: manifest does not contain a layer with mediatype application/vnd.cncf.helm.chart.provenance.v1.prov
    [exit status: 0]
    ");
}

#[test]
fn a_pull_by_digest() {
    let registry = FakeRegistry::start();
    let context = without_sizes(context_with(&registry)).with_filter("[0-9a-f]{64}", "[HEX]");
    let digest = publish(&registry, "charts/demo", "1.2.3");
    let pull = [
        "pull",
        &registry.oci(&format!("charts/demo@{digest}")),
        "--plain-http",
        "-o",
        "json",
    ];
    skeg_snapshot!(context.command(pull), @r#"
    {
      "ref": "oci://[REGISTRY]/charts/demo@[DIGEST]",
      "digest": "[DIGEST]",
      "version": "1.2.3",
      "path": "demo@sha256-[HEX].tgz",
      "size": [SIZE]
    }
    [exit status: 0]
    "#);
}

#[test]
fn a_package() {
    let context = without_sizes(context());
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["package", "demo", "-o", "json"]), @r#"
    {
      "name": "demo",
      "version": "1.2.3",
      "path": "[TMP]/work/demo-1.2.3.tgz",
      "size": [SIZE]
    }
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["package", "demo", "-o", "yaml", "-d", "out"]), @"
    name: demo
    path: out/demo-1.2.3.tgz
    size: [SIZE]
    version: 1.2.3
    [exit status: 0]
    ");
}

#[test]
fn a_login_and_a_logout() {
    let registry = FakeRegistry::builder().basic_auth("ada", "secret").start();
    let context = context_with(&registry);
    let login = [
        "registry",
        "login",
        registry.host(),
        "-u",
        "ada",
        "--password-stdin",
        "--plain-http",
    ];
    skeg_snapshot!(context.command(login).arg("-o").arg("json").stdin("secret"), @r#"
    {
      "registry": "[REGISTRY]",
      "username": "ada",
      "config": "[TMP]/home/.config/helm/registry/config.json"
    }
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["registry", "logout", registry.host(), "-o", "json"]), @r#"
    {
      "registry": "[REGISTRY]",
      "removed": true,
      "remaining": []
    }
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["registry", "logout", registry.host(), "-o", "yaml"]), @"
    registry: [REGISTRY]
    remaining: []
    removed: false
    [exit status: 0]
    ");
}

#[test]
fn failures_leave_standard_output_empty() {
    let context = context();
    for arguments in [
        &["push", "nosuch.tgz", "oci://h/x", "-o", "json"][..],
        &["pull", "demo", "-o", "json"],
        &["package", "nosuch", "-o", "yaml"],
        &["show", "chart", "nosuch", "-o", "json"],
    ] {
        let output = context.run(arguments).failure();
        assert_eq!(output.stdout(), "", "{arguments:?}");
        assert!(output.stderr().starts_with("Error: "), "{output}");
    }
}
