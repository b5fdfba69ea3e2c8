//! References: versions, ranges, digests, and layouts on disk.

use serde_json::json;
use skeg_test_support::{FakeRegistry, TestCommand, TestContext, skeg_snapshot};

use crate::support::{
    INDEX, MANIFEST, context, context_with, demo, descriptor, publish, publish_as, write_archive,
    write_directory,
};

fn pull(context: &TestContext, registry: &FakeRegistry, name: &str, arguments: &[&str]) -> TestCommand {
    let reference = registry.oci(&format!("charts/{name}"));
    let command = context.command(["pull", &reference, "--plain-http"]);
    arguments.iter().fold(command, TestCommand::arg)
}

fn registry_with(tags: &[&str]) -> FakeRegistry {
    let registry = FakeRegistry::start();
    for tag in tags {
        let version = tag.trim_start_matches('v').replace('_', "+");
        publish_as(&registry, "charts/demo", tag, &demo(&version));
    }
    registry
}

/// Checks which archive is written for a name and flags, and what is said about the choice.
#[track_caller]
fn check(tags: &[&str], name: &str, arguments: &[&str], file: &str, notes: &str) {
    let registry = registry_with(tags);
    let context = context_with(&registry);
    let output = pull(&context, &registry, name, arguments).run().success();
    assert_eq!(context.files(), [file], "{output}");
    let stderr = output.stderr().replace(registry.host(), "H");
    assert_eq!(stderr.trim_end(), notes);
}

#[test]
fn what_helm_finds_is_found() {
    let tags = ["1.2.2", "1.2.3", "1.3.0-rc.1"];
    check(&tags, "demo", &[], "demo-1.2.3.tgz", "");
    check(&tags, "demo", &["--devel"], "demo-1.3.0-rc.1.tgz", "");
    check(&tags, "demo", &["--version", "1.2.2"], "demo-1.2.2.tgz", "");
    check(&tags, "demo", &["--version", "^1"], "demo-1.2.3.tgz", "");
    check(
        &tags,
        "demo",
        &["--version", ">=1.0.0, <1.2.3"],
        "demo-1.2.2.tgz",
        "",
    );
    check(
        &tags,
        "demo",
        &["--version", "~1.2.0 || ^3"],
        "demo-1.2.3.tgz",
        "",
    );
    check(&tags, "demo", &["--version", "1.2.x"], "demo-1.2.3.tgz", "");
    check(
        &tags,
        "demo",
        &["--version", ">1.2.3-0"],
        "demo-1.3.0-rc.1.tgz",
        "",
    );
    check(&tags, "demo:1.2.2", &[], "demo-1.2.2.tgz", "");
    check(&tags, "demo:1.2.2", &["--version", "1.2.2"], "demo-1.2.2.tgz", "");
    check(&tags, "demo", &["--version", ""], "demo-1.2.3.tgz", "");
}

#[test]
fn other_writings_are_found_and_told() {
    check(
        &["1.2.2", "1.2.3"],
        "demo",
        &["--version", "1.2"],
        "demo-1.2.3.tgz",
        "using tag `1.2.3` of H/charts/demo",
    );
    check(
        &["1.2.3"],
        "demo",
        &["--version", "v1.2.3"],
        "demo-1.2.3.tgz",
        "using tag `1.2.3` of H/charts/demo",
    );
    check(
        &["v1.2.3"],
        "demo",
        &["--version", "1.2.3"],
        "demo-v1.2.3.tgz",
        "using tag `v1.2.3` of H/charts/demo",
    );
    check(
        &["v1.2.3"],
        "demo",
        &["--version", "v1.2.3"],
        "demo-v1.2.3.tgz",
        "",
    );
    check(
        &["v1.2.3"],
        "demo",
        &[],
        "demo-v1.2.3.tgz",
        "using tag `v1.2.3` of H/charts/demo",
    );
    check(
        &["v1.2.3"],
        "demo",
        &["--version", "^1"],
        "demo-v1.2.3.tgz",
        "using tag `v1.2.3` of H/charts/demo",
    );
    check(
        &["1.2.3"],
        "demo:v1.2.3",
        &[],
        "demo-1.2.3.tgz",
        "using tag `1.2.3` of H/charts/demo",
    );
}

#[test]
fn a_higher_tag_that_is_no_strict_version_is_told() {
    let registry = registry_with(&["1.0.0", "v2.0.0"]);
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry, "demo", &[]), @r#"
    Pulled: [REGISTRY]/charts/demo:1.0.0
    Digest: [DIGEST]
    ----- stderr -----
    level=WARN msg="[REGISTRY]/charts/demo: tag `v2.0.0` is higher than `1.0.0` but not a strict version, so it was passed over; name it to use it"
    [exit status: 0]
    "#);
}

#[test]
fn plus_and_underscore_mean_the_same() {
    for (name, arguments) in [
        ("demo:1.2.4+build.5", &[][..]),
        ("demo:1.2.4_build.5", &[]),
        ("demo", &["--version", "1.2.4+build.5"]),
    ] {
        let registry = registry_with(&["1.2.4_build.5"]);
        let context = context_with(&registry);
        let output = pull(&context, &registry, name, arguments).run().success();
        assert_eq!(context.files(), ["demo-1.2.4+build.5.tgz"], "{output}");
    }
}

#[test]
fn a_tag_that_is_no_version_can_be_named() {
    check(&["1.2.3", "latest"], "demo:latest", &[], "demo-latest.tgz", "");
    check(
        &["1.2.3", "latest"],
        "demo",
        &["--version", "latest"],
        "demo-latest.tgz",
        "",
    );
}

#[test]
fn a_tag_that_is_not_there() {
    let registry = registry_with(&["1.2.2", "1.2.3", "2.0.0"]);
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.4", &[]), @r#"
    ----- stderr -----
    Error: [REGISTRY]/charts/demo:1.2.4: not found: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.4": response status code 404: manifest unknown
    hint: tags of [REGISTRY]/charts/demo: 2.0.0, 1.2.3, 1.2.2
    [exit status: 1]
    "#);
    skeg_snapshot!(pull(&context, &registry, "demo", &["--version", "9.9.9"]), @r#"
    ----- stderr -----
    Error: [REGISTRY]/charts/demo:9.9.9: not found: GET "http://[REGISTRY]/v2/charts/demo/manifests/9.9.9": response status code 404: manifest unknown
    hint: tags of [REGISTRY]/charts/demo: 2.0.0, 1.2.3, 1.2.2
    [exit status: 1]
    "#);
    skeg_snapshot!(pull(&context, &registry, "demo", &["--version", ">9"]), @"
    ----- stderr -----
    Error: could not locate a version matching provided version string >9
    hint: tags of [REGISTRY]/charts/demo: 2.0.0, 1.2.3, 1.2.2
    [exit status: 1]
    ");
    skeg_snapshot!(pull(&context, &registry, "demo/demo:1.2.3", &[]), @r#"
    ----- stderr -----
    Error: [REGISTRY]/charts/demo/demo:1.2.3: not found: GET "http://[REGISTRY]/v2/charts/demo/demo/manifests/1.2.3": response status code 404: name unknown: repository name not known to registry
    hint: the chart's name stands twice in the path: try `oci://[REGISTRY]/charts/demo`
    [exit status: 1]
    "#);
    skeg_snapshot!(pull(&context, &registry, "nosuch", &[]), @r#"
    ----- stderr -----
    Error: cannot list the versions of oci://[REGISTRY]/charts/nosuch: no such repository: GET "http://[REGISTRY]/v2/charts/nosuch/tags/list": response status code 404: name unknown: repository name not known to registry
    hint: check the path: it must end with the chart's name
    [exit status: 1]
    "#);
    assert!(context.files().is_empty());
}

#[test]
fn a_repository_without_versions() {
    let registry = registry_with(&["latest", "stable"]);
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry, "demo", &[]), @"
    ----- stderr -----
    Error: unable to locate any tags in provided repository: oci://[REGISTRY]/charts/demo
    hint: tags of [REGISTRY]/charts/demo: latest, stable; name one as `:TAG`
    [exit status: 1]
    ");
}

#[test]
fn tag_and_version_must_agree() {
    let registry = registry_with(&["1.2.2", "1.2.3"]);
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["--version", "1.2.2"]), @"
    ----- stderr -----
    Error: chart reference and version mismatch: 1.2.2 is not 1.2.3
    [exit status: 1]
    ");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["--version", "^2"]), @"
    ----- stderr -----
    Error: chart reference and version mismatch: ^2 is not 1.2.3
    [exit status: 1]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn a_range_that_is_none() {
    let registry = registry_with(&["1.2.3"]);
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry, "demo", &["--version", "="]), @r#"
    ----- stderr -----
    Error: improper constraint: "="
    [exit status: 1]
    "#);
    skeg_snapshot!(pull(&context, &registry, "demo", &["--version", ">=1.x.y.z"]), @r#"
    ----- stderr -----
    Error: improper constraint: ">=1.x.y.z"
    [exit status: 1]
    "#);
}

#[test]
fn digests_hold() {
    let registry = registry_with(&["1.2.2", "1.2.3"]);
    let context = context_with(&registry).with_filter("[0-9a-f]{64}", "[HEX]");
    let digest = registry.resolve("charts/demo", "1.2.3").unwrap();
    skeg_snapshot!(pull(&context, &registry, &format!("demo@{digest}"), &[]), @"
    Pulled: [REGISTRY]/charts/demo@[DIGEST]
    Digest: [DIGEST]
    [exit status: 0]
    ");
    skeg_snapshot!(pull(&context, &registry, &format!("demo:1.2.3@{digest}"), &[]), @"
    Pulled: [REGISTRY]/charts/demo@[DIGEST]
    Digest: [DIGEST]
    [exit status: 0]
    ");
    let name = format!("demo@{}.tgz", digest.replace(':', "-"));
    assert_eq!(context.files(), std::slice::from_ref(&name));
    skeg_snapshot!(pull(&context, &registry, &format!("demo:1.2.2@{digest}"), &[]), @"
    ----- stderr -----
    Error: chart reference digest mismatch: [DIGEST] is not [DIGEST]
    [exit status: 1]
    ");
    skeg_snapshot!(pull(&context, &registry, &format!("demo@{digest}"), &["--version", "^2"]), @"
    ----- stderr -----
    Error: chart reference and version mismatch: ^2 is not 1.2.3
    [exit status: 1]
    ");
    let output = pull(
        &context,
        &registry,
        &format!("demo@{digest}"),
        &["--version", "^1"],
    )
    .run();
    assert_eq!(output.status(), Some(0), "{output}");
    assert_eq!(context.files(), [name]);
}

#[test]
fn a_digest_that_is_not_there() {
    let registry = registry_with(&["1.2.3"]);
    let context = context_with(&registry);
    let digest = format!("sha256:{}", "a".repeat(64));
    skeg_snapshot!(pull(&context, &registry, &format!("demo@{digest}"), &[]), @r#"
    ----- stderr -----
    Error: [REGISTRY]/charts/demo@[DIGEST]: not found: GET "http://[REGISTRY]/v2/charts/demo/manifests/[DIGEST]": response status code 404: manifest unknown
    hint: check the path: it must end with the chart's name
    [exit status: 1]
    "#);
    skeg_snapshot!(pull(&context, &registry, &format!("demo:1.2.3@{digest}"), &[]), @"
    ----- stderr -----
    Error: chart reference digest mismatch: [DIGEST] is not [DIGEST]
    [exit status: 1]
    ");
    skeg_snapshot!(pull(&context, &registry, "demo@sha256:abc", &[]), @"
    ----- stderr -----
    Error: invalid reference: invalid digest `sha256:abc`: expected 64 lower-case hexadecimal digits after the colon
    [exit status: 1]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn references_that_are_none() {
    let context = context();
    let pull = |reference: &str| context.command(["pull", reference]);
    skeg_snapshot!(pull("demo"), @"
    ----- stderr -----
    Error: non-absolute URLs should be in form of repo_name/path_to_chart, got: demo
    hint: name a directory, an archive, `REPOSITORY/NAME`, or a chart in a registry as `oci://HOST/PATH/NAME`
    [exit status: 1]
    ");
    skeg_snapshot!(pull("repo/demo"), @"
    ----- stderr -----
    Error: repo repo not found
    hint: add it by `skeg repo add repo URL`; `skeg repo list` shows what there is
    [exit status: 1]
    ");
    skeg_snapshot!(pull("example.com/demo"), @"
    ----- stderr -----
    Error: repo example.com not found
    hint: a chart in a registry is `oci://example.com/demo`
    [exit status: 1]
    ");
    skeg_snapshot!(pull("ftp://example.com/demo"), @r#"
    ----- stderr -----
    Error: scheme "ftp" not supported
    hint: name a chart as `oci://HOST/PATH/NAME`, `https://HOST/PATH/NAME-VERSION.tgz` or `REPOSITORY/NAME`
    [exit status: 1]
    "#);
    skeg_snapshot!(pull("oci://"), @"
    ----- stderr -----
    Error: invalid reference: missing registry or repository
    [exit status: 1]
    ");
    skeg_snapshot!(pull("oci://example.com"), @"
    ----- stderr -----
    Error: invalid reference: missing registry or repository
    [exit status: 1]
    ");
    skeg_snapshot!(pull("oci://example.com/charts/Demo"), @r#"
    ----- stderr -----
    Error: invalid reference: invalid repository "charts/Demo"
    [exit status: 1]
    "#);
    skeg_snapshot!(pull("oci://example.com/charts/demo:a b"), @r#"
    ----- stderr -----
    Error: invalid reference: invalid tag "a b"
    [exit status: 1]
    "#);
    skeg_snapshot!(pull("oci-layout://"), @"
    ----- stderr -----
    Error: `oci-layout://` names no directory of an image layout
    [exit status: 1]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn hosts_may_be_ipv6_addresses() {
    let registry = FakeRegistry::builder().ipv6().start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &[]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn long_lists_of_tags_are_read_to_the_end() {
    let registry = FakeRegistry::builder().tags_page_size(3).start();
    let context = context_with(&registry);
    for minor in 0..10 {
        publish(&registry, "charts/demo", &format!("1.{minor}.0"));
    }
    pull(&context, &registry, "demo", &[]).run().success();
    assert_eq!(context.files(), ["demo-1.9.0.tgz"]);
}

#[test]
fn the_first_chart_of_an_index_is_taken() {
    let registry = registry_with(&["1.2.2", "1.2.3"]);
    let context = context_with(&registry);
    let entry = |tag| {
        let (_, bytes) = registry.manifest("charts/demo", tag).unwrap();
        descriptor(MANIFEST, &bytes)
    };
    let image = json!({"schemaVersion": 2, "config": descriptor("application/vnd.oci.image.config.v1+json", b"{}"), "layers": []});
    registry.put_blob("charts/demo", "{}");
    let image = image.to_string().into_bytes();
    registry.put_manifest("charts/demo", "image", MANIFEST, image.clone());
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor(MANIFEST, &image), entry("1.2.3"), entry("1.2.2")]});
    registry.put_manifest("charts/demo", "both", INDEX, index.to_string().into_bytes());
    skeg_snapshot!(pull(&context, &registry, "demo:both", &[]), @"
    Pulled: [REGISTRY]/charts/demo:both
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(context.read("demo-both.tgz"), demo("1.2.3").archive().bytes());
}

#[test]
fn a_layout_stands_wherever_a_registry_does() {
    let context = context();
    write_archive(&context, "1.2.3");
    skeg_snapshot!(context.command(["push", "demo-1.2.3.tgz", "oci-layout://charts"]), @"
    Pushed: oci-layout://charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["show", "chart", "oci-layout://charts/demo"]), @r#"
    apiVersion: v2
    appVersion: "7.1"
    description: A chart to test with
    name: demo
    version: 1.2.3

    ----- stderr -----
    Pulled: oci-layout://charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    "#);
    fs_err::create_dir(context.path("out")).unwrap();
    skeg_snapshot!(context.command(["pull", "oci-layout://charts/demo", "-d", "out", "--version", "^1"]), @"
    Pulled: oci-layout://charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(context.read("out/demo-1.2.3.tgz"), context.read("demo-1.2.3.tgz"));
    insta::assert_snapshot!(context.files().iter().filter(|file| !file.contains("blobs/")).cloned().collect::<Vec<_>>().join("\n"), @"
    charts/demo/.index.lock
    charts/demo/index.json
    charts/demo/oci-layout
    demo-1.2.3.tgz
    out/demo-1.2.3.tgz
    ");
}

#[test]
fn a_layout_holds_several_versions_and_tags() {
    let context = context();
    for version in ["1.2.3", "1.2.4"] {
        write_archive(&context, version);
        let archive = format!("demo-{version}.tgz");
        context
            .run(["push", &archive, "oci-layout://charts", "--tag", "latest"])
            .success();
    }
    let version = |reference: &str| {
        let output = context.run(["show", "chart", reference]).success().stdout();
        output
            .lines()
            .find(|line| line.starts_with("version"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(version("oci-layout://charts/demo:1.2.3"), "version: 1.2.3");
    assert_eq!(version("oci-layout://charts/demo:latest"), "version: 1.2.4");
    assert_eq!(version("oci-layout://charts/demo"), "version: 1.2.4");
}

#[test]
fn a_layout_may_have_an_absolute_path() {
    let context = context();
    write_archive(&context, "1.2.3");
    let remote = format!("oci-layout://{}", context.path("charts").display());
    skeg_snapshot!(context.command(["push", "demo-1.2.3.tgz", &remote]), @"
    Pushed: oci-layout://[TMP]/work/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert!(context.path("charts/demo/oci-layout").is_file());
}

#[test]
fn a_layout_that_is_not_there() {
    let context = context();
    context.write("charts/other.txt", "");
    skeg_snapshot!(context.command(["pull", "oci-layout://charts/demo"]), @"
    ----- stderr -----
    Error: cannot list the versions of oci-layout://charts/demo: no such repository
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["pull", "oci-layout://charts/demo:1.2.3"]), @"
    ----- stderr -----
    Error: oci-layout://charts/demo:1.2.3: not found
    hint: check the path: it must end with the chart's name
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["show", "all", "oci-layout://nosuch/demo"]), @"
    ----- stderr -----
    Error: cannot list the versions of oci-layout://nosuch/demo: no such repository
    [exit status: 1]
    ");
    assert_eq!(context.files(), ["charts/other.txt"]);
}

#[test]
fn a_layout_has_the_digest_of_the_registry() {
    let registry = FakeRegistry::start();
    let context = context();
    write_directory(&context, "1.2.3");
    let digest = |remote: &str| {
        let output = context
            .run(["push", "demo", remote, "--plain-http"])
            .success()
            .stdout();
        output.lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(digest("oci-layout://charts"), digest(&registry.oci("charts")));
}

#[test]
fn concurrent_pushes_to_a_layout_lose_nothing() {
    let context = context();
    let running: Vec<_> = (0..6)
        .map(|minor| {
            let archive = write_archive(&context, &format!("1.{minor}.0"));
            context.command(["push", &archive, "oci-layout://charts"]).start()
        })
        .collect();
    for command in running {
        command.wait().success();
    }
    let index: serde_json::Value = serde_json::from_slice(&context.read("charts/demo/index.json")).unwrap();
    assert_eq!(index["manifests"].as_array().unwrap().len(), 6, "{index}");
    assert_eq!(index["manifests"][0]["mediaType"], MANIFEST);
}
