//! `skeg push`: where to, and registries that are odd or refuse.

use skeg_test_support::{ChartBuilder, FakeRegistry, Fault, LocationStyle, skeg_snapshot};

use crate::push::push;
use crate::support::{context, context_with, demo, publish, write_archive};

#[test]
fn remotes_that_cannot_be_meant() {
    let context = context();
    write_archive(&context, "1.2.3");
    let push = |remote: &str| context.command(["push", "demo-1.2.3.tgz", remote]);
    skeg_snapshot!(push("oci://h/charts:1.2.3"), @"
    ----- stderr -----
    Error: the remote `oci://h/charts:1.2.3` must not have a tag or a digest: name and version come from the chart
    hint: leave the tag out: `oci://HOST/PATH`; give more tags by `--tag`
    [exit status: 1]
    ");
    skeg_snapshot!(push("oci://h/charts/demo:latest"), @"
    ----- stderr -----
    Error: the remote `oci://h/charts/demo:latest` must not have a tag or a digest: name and version come from the chart
    hint: leave the tag out: `oci://HOST/PATH`; give more tags by `--tag`
    [exit status: 1]
    ");
    skeg_snapshot!(push("oci://h/charts@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), @"
    ----- stderr -----
    Error: the remote `oci://h/charts@[DIGEST]` must not have a tag or a digest: name and version come from the chart
    hint: leave the tag out: `oci://HOST/PATH`; give more tags by `--tag`
    [exit status: 1]
    ");
    skeg_snapshot!(push("ftp://h/charts"), @r#"
    ----- stderr -----
    Error: scheme "ftp" not supported
    [exit status: 1]
    "#);
    skeg_snapshot!(push("h/charts"), @r#"
    ----- stderr -----
    Error: scheme prefix missing from remote (e.g. "oci://")
    hint: write `oci://HOST/PATH` for a registry, `oci-layout://DIR` for a directory, or a name that `skeg repo list` shows
    [exit status: 1]
    "#);
    skeg_snapshot!(push("oci://"), @r#"
    ----- stderr -----
    Error: invalid reference: invalid registry ""
    [exit status: 1]
    "#);
    skeg_snapshot!(push("oci://bad host/charts"), @r#"
    ----- stderr -----
    Error: invalid reference: invalid registry "bad host"
    [exit status: 1]
    "#);
    skeg_snapshot!(push("oci://h/Charts"), @r#"
    ----- stderr -----
    Error: invalid reference: invalid repository "Charts"
    [exit status: 1]
    "#);
    skeg_snapshot!(push("oci://h/charts/demo"), @"
    ----- stderr -----
    Error: the remote `oci://h/charts/demo` already ends with the chart's name: the chart would become `oci://h/charts/demo/demo`
    hint: push to `oci://h/charts`, or give `--allow-repeated-name` if that is what you want
    [exit status: 1]
    ");
}

#[test]
fn a_repeated_name_can_be_meant() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let remote = registry.oci("charts/demo");
    let arguments = [
        "push",
        "demo-1.2.3.tgz",
        &remote,
        "--plain-http",
        "--allow-repeated-name",
    ];
    skeg_snapshot!(context.command(arguments), @"
    Pushed: [REGISTRY]/charts/demo/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(registry.repositories(), ["charts/demo/demo"]);
}

#[test]
fn slashes_at_the_end_of_a_remote_and_doubled_ones_do_not_matter() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    for remote in [
        registry.oci("charts/"),
        registry.oci("charts//"),
        registry.oci("/charts"),
    ] {
        context
            .run(["push", "demo-1.2.3.tgz", &remote, "--plain-http"])
            .success();
    }
    assert_eq!(registry.repositories(), ["charts/demo"]);
    context
        .run(["push", "demo-1.2.3.tgz", &registry.oci(""), "--plain-http"])
        .success();
    assert_eq!(registry.repositories(), ["charts/demo", "demo"]);
}

#[test]
fn a_name_that_no_repository_can_have() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    ChartBuilder::new("Demo", "1.2.3").write_archive(context.work());
    let command = context.command(["push", "Demo-1.2.3.tgz", &registry.oci("charts"), "--plain-http"]);
    skeg_snapshot!(command, @r#"
    ----- stderr -----
    Error: invalid reference: invalid repository "charts/Demo"
    [exit status: 1]
    "#);
    assert!(registry.requests().is_empty());
}

#[test]
fn name_and_version_come_from_the_chart_and_not_from_the_file() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    fs_err::rename(context.path("demo-1.2.3.tgz"), context.path("x-9.tgz")).unwrap();
    let command = context.command(["push", "x-9.tgz", &registry.oci("charts"), "--plain-http"]);
    skeg_snapshot!(command, @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn requests_are_few_and_side_by_side() {
    let registry = FakeRegistry::builder()
        .latency(std::time::Duration::from_millis(20))
        .start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    push(&context, &registry, &[]).run().success();
    let first = registry.requests();
    assert!(first.len() <= 8, "{first}");
    assert!(first.sequential_round_trips() <= 4, "{first}");
    registry.clear_requests();
    push(&context, &registry, &[]).run().success();
    let second = registry.requests();
    assert!(second.len() <= 3, "{second}");
    assert!(second.sequential_round_trips() <= 1, "{second}");
}

#[test]
fn odd_upload_locations_are_followed() {
    for style in [
        LocationStyle::Relative,
        LocationStyle::Absolute,
        LocationStyle::PathOnly,
        LocationStyle::QueryOnly,
        LocationStyle::WithState,
    ] {
        let registry = FakeRegistry::builder().location_style(style.clone()).start();
        let context = context_with(&registry);
        write_archive(&context, "1.2.3");
        let output = push(&context, &registry, &[]).run();
        assert_eq!(output.status(), Some(0), "{style:?}: {output}");
        assert_eq!(registry.tags("charts/demo"), ["1.2.3"]);
    }
}

#[test]
fn case_34_a_registry_that_makes_no_repositories() {
    let registry = FakeRegistry::builder().closed_namespace().start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &[]), @r#"
    ----- stderr -----
    Error: cannot push the chart's config: the registry has no such repository: POST "http://[REGISTRY]/v2/charts/demo/blobs/uploads/": response status code 404: name unknown: The repository with name 'charts/demo' does not exist in the registry
    hint: create the repository [REGISTRY]/charts/demo first; this registry does not make one by itself (as ECR)
    [exit status: 1]
    "#);
    registry.create_repository("charts/demo");
    push(&context, &registry, &[]).run().success();
}

#[test]
fn a_registry_that_is_read_only() {
    let registry = FakeRegistry::builder().read_only().start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &[]), @r#"
    ----- stderr -----
    Error: cannot push the chart's config: POST "http://[REGISTRY]/v2/charts/demo/blobs/uploads/": response status code 405: unsupported: the registry is read-only
    hint: the registry takes nothing new: it is set to read only, or mirrors another one, which to write to
    [exit status: 1]
    "#);
}

#[test]
fn case_33_a_registry_whose_tags_cannot_move() {
    let registry = FakeRegistry::builder().immutable_tags().start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    skeg_snapshot!(push(&context, &registry, &[]), @r#"
    ----- stderr -----
    Error: cannot push the manifest as 1.2.3: the registry does not let `1.2.3` be overwritten: PUT "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 400: tag invalid: The image tag '1.2.3' already exists and cannot be overwritten because the tag is immutable
    [exit status: 1]
    "#);
}

#[test]
fn case_27_a_server_error_that_passes_is_tried_again() {
    let registry = FakeRegistry::builder()
        .fault(
            Fault::status(503)
                .once()
                .on("PUT", "/blobs/")
                .header("Retry-After", "0"),
        )
        .start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let output = push(&context, &registry, &[]).run().success();
    assert!(output.stdout().starts_with("Pushed: "), "{output}");
    assert_eq!(output.stderr(), "", "a short pause is not worth a word");
    assert_eq!(
        registry.requests().count("PUT", "/blobs/"),
        3,
        "{}",
        registry.requests()
    );
    assert_eq!(registry.tags("charts/demo"), ["1.2.3"]);
}
