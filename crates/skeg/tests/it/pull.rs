//! `skeg pull`.

use skeg_test_support::{FakeRegistry, Fault, TestCommand, TestContext, sha256_digest, skeg_snapshot};

use crate::support::{
    CONTENT, PROVENANCE, context_with, demo, publish, publish_as, publish_layers, write_archive,
};

fn pull(context: &TestContext, registry: &FakeRegistry, name: &str, arguments: &[&str]) -> TestCommand {
    let reference = registry.oci(&format!("charts/{name}"));
    let command = context.command(["pull", &reference, "--plain-http"]);
    arguments.iter().fold(command, TestCommand::arg)
}

#[test]
fn the_highest_version_is_taken() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    for version in ["1.2.2", "1.2.3", "1.10.0", "2.0.0-rc.1"] {
        publish(&registry, "charts/demo", version);
    }
    skeg_snapshot!(pull(&context, &registry, "demo", &[]), @"
    Pulled: [REGISTRY]/charts/demo:1.10.0
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(context.files(), ["demo-1.10.0.tgz"]);
}

#[test]
fn what_was_pushed_comes_back_byte_for_byte() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let archive = write_archive(&context, "1.2.3");
    context
        .run(["push", &archive, &registry.oci("charts"), "--plain-http"])
        .success();
    pull(&context, &registry, "demo:1.2.3", &["-d", "."])
        .run()
        .success();
    fs_err::create_dir(context.path("out")).unwrap();
    pull(&context, &registry, "demo:1.2.3", &["-d", "out"])
        .run()
        .success();
    assert_eq!(context.read("out/demo-1.2.3.tgz"), context.read(archive));
}

#[test]
fn an_exact_version_is_two_requests() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    registry.clear_requests();
    pull(&context, &registry, "demo", &["--version", "1.2.3"])
        .run()
        .success();
    assert_eq!(registry.requests().len(), 2, "{}", registry.requests());
}

#[test]
fn an_archive_that_is_there_is_replaced() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    context.write("demo-1.2.3.tgz", "old");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &[]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(context.read("demo-1.2.3.tgz"), demo("1.2.3").archive().bytes());
}

#[test]
fn the_destination_must_be_there() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["-d", "nosuch"]), @"
    ----- stderr -----
    Error: the destination `nosuch` is not a directory
    hint: create it with `mkdir -p nosuch`
    [exit status: 1]
    ");
    context.write("file", "x");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["-d", "file"]), @"
    ----- stderr -----
    Error: the destination `file` is not a directory
    hint: create it with `mkdir -p file`
    [exit status: 1]
    ");
    assert_eq!(context.files(), ["file"]);
}

#[test]
fn a_chart_can_be_unpacked() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["--untar"]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    insta::assert_snapshot!(context.files().join("\n"), @"
    demo/Chart.yaml
    demo/README.md
    demo/crds/thing.yaml
    demo/templates/config.yaml
    demo/values.yaml
    ");
}

#[test]
fn a_chart_can_be_unpacked_elsewhere() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    pull(&context, &registry, "demo", &["--untar", "--untardir", "a/b"])
        .run()
        .success();
    assert!(context.path("a/b/demo/Chart.yaml").is_file());
    pull(
        &context,
        &registry,
        "demo",
        &["--untar", "-d", "c", "--untardir", "d"],
    )
    .run()
    .success();
    assert!(context.path("c/d/demo/Chart.yaml").is_file());
    assert!(!context.files().iter().any(|file| file.contains(".tgz")));
}

#[test]
fn nothing_is_unpacked_over_a_directory() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    context.write("demo/mine.txt", "mine");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["--untar"]), @"
    ----- stderr -----
    Error: failed to untar: a file or directory with the name demo already exists
    [exit status: 1]
    ");
    assert_eq!(context.files(), ["demo/mine.txt"]);
}

#[test]
fn provenance_is_written_beside_the_archive() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let archive = demo("1.2.3").archive().bytes();
    let layers = vec![(PROVENANCE, b"signature".to_vec()), (CONTENT, archive)];
    publish_layers(&registry, "charts/demo", "1.2.3", layers);
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["--prov"]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(context.files(), ["demo-1.2.3.tgz", "demo-1.2.3.tgz.prov"]);
    assert_eq!(context.read("demo-1.2.3.tgz.prov"), b"signature");
}

#[test]
fn provenance_that_is_not_there_is_a_warning() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &["--prov"]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    WARNING: Verification not found for oci://[REGISTRY]/charts/demo:1.2.3: manifest does not contain a layer with mediatype application/vnd.cncf.helm.chart.provenance.v1.prov
    [exit status: 0]
    ");
    assert_eq!(context.files(), ["demo-1.2.3.tgz"]);
}

#[test]
fn several_charts_are_pulled_in_order() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    publish(&registry, "charts/demo", "1.2.4");
    let second = registry.oci("charts/demo:1.2.4");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &[&second]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    Pulled: [REGISTRY]/charts/demo:1.2.4
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert_eq!(context.files(), ["demo-1.2.3.tgz", "demo-1.2.4.tgz"]);
}

#[test]
fn one_chart_that_fails_does_not_stop_the_others() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    let second = registry.oci("charts/demo:1.2.3");
    skeg_snapshot!(pull(&context, &registry, "nosuch:1.0.0", &[&second]), @r#"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    Error: [REGISTRY]/charts/nosuch:1.0.0: not found: GET "http://[REGISTRY]/v2/charts/nosuch/manifests/1.0.0": response status code 404: name unknown: repository name not known to registry
    hint: check the path: it must end with the chart's name
    [exit status: 1]
    "#);
    assert_eq!(context.files(), ["demo-1.2.3.tgz"]);
}

#[test]
fn an_old_chart_can_be_pulled() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let archive = demo("1.2.3").archive().bytes();
    publish_layers(
        &registry,
        "charts/demo",
        "1.2.3",
        vec![("application/tar+gzip", archive)],
    );
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &[]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn a_version_with_a_plus_comes_back_with_it() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3+b.1");
    skeg_snapshot!(pull(&context, &registry, "demo", &["--version", "1.2.3+b.1"]), @"
    Pulled: [REGISTRY]/charts/demo:1.2.3_b.1
    Digest: [DIGEST]
    [REGISTRY]/charts/demo:1.2.3_b.1 contains an underscore.

    OCI artifact references (e.g. tags) do not support the plus sign (+). To support
    storing semantic versions, Helm adopts the convention of changing plus (+) to
    an underscore (_) in chart version tags when pushing to a registry and back to
    a plus (+) when pulling from a registry.
    [exit status: 0]
    ");
    assert_eq!(context.files(), ["demo-1.2.3+b.1.tgz"]);
}

#[test]
fn the_other_name_of_the_command() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    context
        .run(["fetch", &registry.oci("charts/demo"), "--plain-http"])
        .success();
    assert_eq!(context.files(), ["demo-1.2.3.tgz"]);
}

#[test]
fn an_archive_is_named_by_the_reference() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish_as(&registry, "charts/renamed", "stable", &demo("1.2.3"));
    pull(&context, &registry, "renamed:stable", &[]).run().success();
    assert_eq!(context.files(), ["renamed-stable.tgz"]);
}

#[test]
fn case_36_content_that_changed_on_the_way_is_never_kept() {
    let registry = FakeRegistry::builder()
        .fault(Fault::corrupt_at(40).on("GET", "/blobs/"))
        .start();
    let context = context_with(&registry).with_filter(r"\d\.\d s", "[SECONDS] s");
    publish(&registry, "charts/demo", "1.2.3");
    skeg_snapshot!(pull(&context, &registry, "demo:1.2.3", &[]), @"
    ----- stderr -----
    Error: cannot fetch the chart's archive: blob digest mismatch: expected `[DIGEST]`, got `[DIGEST]`
    [exit status: 1]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn case_35_a_broken_connection_is_resumed() {
    let registry = FakeRegistry::builder()
        .fault(Fault::disconnect_after(200_000).once().on("GET", "/blobs/"))
        .start();
    let context = context_with(&registry);
    let chart = demo("1.2.3").big_random_file(400_000, 1);
    publish_as(&registry, "charts/demo", "1.2.3", &chart);
    let output = pull(&context, &registry, "demo:1.2.3", &[]).run().success();
    assert_eq!(
        sha256_digest(&context.read("demo-1.2.3.tgz")),
        sha256_digest(&chart.archive().bytes()),
        "{output}"
    );
    assert_eq!(registry.requests().matching("GET", "/blobs/").len(), 2);
}

#[test]
fn provenance_of_a_chart_that_is_unpacked_is_not_left_alone() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let layers = vec![
        (CONTENT, demo("1.2.3").archive().bytes()),
        (PROVENANCE, b"signature".to_vec()),
    ];
    publish_layers(&registry, "charts/demo", "1.2.3", layers);
    pull(&context, &registry, "demo:1.2.3", &["--untar", "--prov"])
        .run()
        .success();
    assert!(
        !context.files().iter().any(|file| file.contains(".tgz")),
        "{:?}",
        context.files()
    );
}
