//! `skeg push`.

use skeg_test_support::{
    ChartBuilder, FakeRegistry, Fault, Filters, LocationStyle, TestContext, sha256_digest, skeg_snapshot,
};

use crate::support::{
    CONFIG, CONTENT, PROVENANCE, context, context_with, demo, publish, without_sizes, write_archive,
    write_directory,
};

fn manifest(registry: &FakeRegistry, repository: &str, tag: &str) -> serde_json::Value {
    let (_, bytes) = registry.manifest(repository, tag).expect("because it was pushed");
    serde_json::from_slice(&bytes).expect("because a manifest is JSON")
}

fn push(
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

#[test]
fn more_tags_can_be_given() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &["--tag", "latest", "--tag", "1,1.2"]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(registry.tags("charts/demo"), ["1", "1.2", "1.2.3", "latest"]);
    let digests = ["1", "1.2", "1.2.3", "latest"].map(|tag| registry.resolve("charts/demo", tag));
    assert!(digests.iter().all(|digest| *digest == digests[0]));
}

#[test]
fn a_tag_that_is_none_is_an_error() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &["--tag", "no good"]), @r#"
    ----- stderr -----
    Error: invalid tag "no good"
    [exit status: 1]
    "#);
    assert!(registry.requests().is_empty());
}

#[test]
fn a_dry_run_asks_nothing() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(push(&context, &registry, &["--dry-run"]), @"
    Would push: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert!(registry.requests().is_empty());
}

#[test]
fn moving_a_tag_is_told() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    skeg_snapshot!(push(&context, &registry, &[]), @r#"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    level=WARN msg="[REGISTRY]/charts/demo:1.2.3 was [DIGEST] and is [DIGEST] now; `--no-overwrite` refuses that"
    [exit status: 0]
    "#);
    skeg_snapshot!(push(&context, &registry, &[]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn moving_a_tag_can_be_refused() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let before = publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    skeg_snapshot!(push(&context, &registry, &["--no-overwrite"]), @"
    ----- stderr -----
    Error: tag 1.2.3 exists already with digest [DIGEST]; the chart to push has [DIGEST]
    hint: raise the chart's version, or leave `--no-overwrite` out
    [exit status: 1]
    ");
    assert_eq!(registry.resolve("charts/demo", "1.2.3"), Some(before));
    assert_eq!(registry.requests().count("PUT", ""), 0);
}

#[test]
fn the_same_chart_again_is_no_overwrite() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    push(&context, &registry, &["--no-overwrite"]).run().success();
    skeg_snapshot!(push(&context, &registry, &["--no-overwrite"]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    skeg_snapshot!(push(&context, &registry, &["--if-absent"]), @"
    Pushed: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn a_version_that_is_there_can_be_left_alone() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let before = publish(&registry, "charts/demo", "1.2.3");
    demo("1.2.3").file("more.txt", "x").write_archive(context.work());
    skeg_snapshot!(push(&context, &registry, &["--if-absent"]), @"
    Exists: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    [REGISTRY]/charts/demo:1.2.3 exists already as [DIGEST] and was left alone
    [exit status: 0]
    ");
    assert_eq!(registry.resolve("charts/demo", "1.2.3"), Some(before));
}

#[test]
fn the_time_of_creation_can_be_given() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    let created = |value: &str| {
        push(&context, &registry, &["--created", value]).run().success();
        manifest(&registry, "charts/demo", "1.2.3")["annotations"]["org.opencontainers.image.created"].clone()
    };
    assert_eq!(created("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00Z");
    assert_eq!(created("2026-01-31T12:00:00+02:00"), "2026-01-31T10:00:00Z");
    assert_eq!(created("1700000000"), "2023-11-14T22:13:20Z");
}

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
    skeg_snapshot!(push("https://h/charts"), @r#"
    ----- stderr -----
    Error: scheme "https" not supported
    hint: registries are named by `oci://HOST/PATH`; classic chart repositories are not supported yet
    [exit status: 1]
    "#);
    skeg_snapshot!(push("h/charts"), @r#"
    ----- stderr -----
    Error: scheme prefix missing from remote (e.g. "oci://")
    hint: write `oci://HOST/PATH` for a registry, or `oci-layout://DIR` for a directory
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
