//! Bad input: a clear error, exit code 1, and nothing changed.

use serde_json::json;
use skeg_test_support::{
    ArchiveBuilder, ChartBuilder, CommandOutput, FakeRegistry, TestCommand, TestContext, skeg_snapshot,
};

use crate::support::{
    MANIFEST, context, context_with, demo, descriptor, publish, publish_archive, publish_as, write_archive,
};

const CHART_YAML: &str = "apiVersion: v2\nname: demo\nversion: 1.2.3\n";

fn evil() -> ArchiveBuilder {
    ArchiveBuilder::new().file("demo/Chart.yaml", CHART_YAML)
}

/// Pushes a file, which must fail before the registry is asked anything.
#[track_caller]
fn push_file(name: &str, bytes: &[u8]) -> CommandOutput {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    context.write(name, bytes);
    let output = context
        .run(["push", name, &registry.oci("charts"), "--plain-http"])
        .failure();
    assert!(registry.requests().is_empty(), "{output}");
    output
}

#[track_caller]
fn push_archive(archive: &ArchiveBuilder) -> CommandOutput {
    push_file("x.tgz", &archive.bytes())
}

/// Unpacks an archive of a registry, which must fail and leave nothing.
#[track_caller]
fn untar(archive: &ArchiveBuilder) -> CommandOutput {
    let registry = FakeRegistry::start();
    publish_archive(&registry, "charts/demo", "1.2.3", archive.bytes());
    let context = context_with(&registry);
    let pull = [
        "pull",
        &registry.oci("charts/demo:1.2.3"),
        "--plain-http",
        "--untar",
    ];
    let output = context.run(pull).failure();
    assert!(context.files().is_empty(), "{output}{:?}", context.files());
    assert!(!context.root().join("escape").exists());
    output
}

#[test]
fn what_is_no_archive() {
    skeg_snapshot!(push_file("x.tgz", b"not an archive"), @"
    ----- stderr -----
    Error: file 'x.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'
    [exit status: 1]
    ");
    skeg_snapshot!(push_file("x.tgz", b""), @"
    ----- stderr -----
    Error: file 'x.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'
    [exit status: 1]
    ");
    skeg_snapshot!(push_file("Chart.yaml", CHART_YAML.as_bytes()), @"
    ----- stderr -----
    Error: file 'Chart.yaml' seems to be a YAML file, but expected a gzipped archive
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().uncompressed()), @"
    ----- stderr -----
    Error: file 'x.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'
    [exit status: 1]
    ");
}

#[test]
fn archives_without_a_chart() {
    skeg_snapshot!(push_archive(&ArchiveBuilder::new()), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': no files in chart archive
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&ArchiveBuilder::new().file("demo/values.yaml", "a: 1\n")), @"
    ----- stderr -----
    Error: Chart.yaml file is missing in 'x.tgz'
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&ArchiveBuilder::new().file("Chart.yaml", CHART_YAML)), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': chart illegally contains content outside the base directory: `Chart.yaml`
    [exit status: 1]
    ");
}

#[test]
fn metadata_that_is_not_valid() {
    let with = |text: &str| push_archive(&ArchiveBuilder::new().file("demo/Chart.yaml", text));
    skeg_snapshot!(with(""), @"
    ----- stderr -----
    Error: invalid chart 'x.tgz': validation: chart.metadata.name is required
    [exit status: 1]
    ");
    skeg_snapshot!(with("apiVersion: v2\nversion: 1.2.3\n"), @"
    ----- stderr -----
    Error: invalid chart 'x.tgz': validation: chart.metadata.name is required
    [exit status: 1]
    ");
    skeg_snapshot!(with("apiVersion: v2\nname: demo\n"), @"
    ----- stderr -----
    Error: invalid chart 'x.tgz': validation: chart.metadata.version is required
    [exit status: 1]
    ");
    skeg_snapshot!(with("apiVersion: v2\nname: ../demo\nversion: 1.2.3\n"), @r#"
    ----- stderr -----
    Error: invalid chart 'x.tgz': validation: chart.metadata.name "../demo" is invalid
    [exit status: 1]
    "#);
    skeg_snapshot!(with("apiVersion: v2\nname: demo\nversion: one\n"), @r#"
    ----- stderr -----
    Error: invalid chart 'x.tgz': validation: chart.metadata.version "one" is invalid
    [exit status: 1]
    "#);
    skeg_snapshot!(with("apiVersion: v2\nname: [\n"), @"
    ----- stderr -----
    Error: invalid chart 'x.tgz': cannot load Chart.yaml: error converting YAML to JSON: yaml: line 2: did not find expected node content
    [exit status: 1]
    ");
    skeg_snapshot!(with("apiVersion: v2\nname: demo\nversion: 1.2.3\ntype: nonsense\n"), @"
    ----- stderr -----
    Error: invalid chart 'x.tgz': validation: chart.metadata.type must be application or library
    [exit status: 1]
    ");
    skeg_snapshot!(with("apiVersion: v2\nname: [1]\nversion: 1.2.3\n"), @"
    ----- stderr -----
    Error: invalid chart 'x.tgz': cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go struct field .name of type string
    [exit status: 1]
    ");
}

#[test]
fn directories_with_metadata_that_is_not_valid() {
    let check = |text: &str| {
        let registry = FakeRegistry::start();
        let context = context_with(&registry);
        ChartBuilder::new("demo", "1.2.3")
            .chart_yaml(text)
            .write_dir(context.work());
        let files = context.files();
        let pushed = context
            .run(["push", "demo", &registry.oci("charts"), "--plain-http"])
            .failure();
        let packaged = context.run(["package", "demo"]).failure();
        assert_eq!(pushed.to_string(), packaged.to_string());
        assert_eq!(context.files(), files);
        packaged
    };
    skeg_snapshot!(check("apiVersion: v2\nname: demo\nversion: one\n"), @r#"
    ----- stderr -----
    Error: validation: chart.metadata.version "one" is invalid
    [exit status: 1]
    "#);
    skeg_snapshot!(check("apiVersion: v2\nversion: 1.2.3\n"), @"
    ----- stderr -----
    Error: validation: chart.metadata.name is required
    [exit status: 1]
    ");
    skeg_snapshot!(check("\tapiVersion: v2\n"), @"
    ----- stderr -----
    Error: cannot load Chart.yaml: error converting YAML to JSON: yaml: found character that cannot start any token
    [exit status: 1]
    ");
}

#[test]
fn directories_without_a_chart() {
    let context = context();
    context.write("demo/values.yaml", "a: 1\n");
    skeg_snapshot!(context.command(["push", "demo", "oci-layout://charts"]), @"
    ----- stderr -----
    Error: unable to detect chart at demo/Chart.yaml: No such file or directory
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["push", "nosuch", "oci-layout://charts"]), @"
    ----- stderr -----
    Error: nosuch: no such file
    [exit status: 1]
    ");
    assert_eq!(context.files(), ["demo/values.yaml"]);
}

#[test]
fn archives_with_paths_out_of_them() {
    skeg_snapshot!(push_archive(&evil().file("/etc/passwd", "x")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': chart illegally contains absolute paths: `/etc/passwd`
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().file("../escape", "x")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': chart illegally references parent directory: `../escape`
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().file("demo/../../escape", "x")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': chart illegally references parent directory: `demo/../../escape`
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().file("demo\\..\\..\\escape", "x")), @r"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': chart illegally references parent directory: `demo\..\..\escape`
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().file("c:/escape", "x")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': chart contains illegally named files: `c:/escape`
    [exit status: 1]
    ");
    untar(&evil().file("/escape", "x"));
    untar(&evil().file("../escape", "x"));
    untar(&evil().file("demo/../../escape", "x"));
}

#[test]
fn archives_with_links_and_devices() {
    skeg_snapshot!(push_archive(&evil().symlink("demo/values.yaml", "/etc/passwd")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': entry `demo/values.yaml` is a symbolic link; a chart archive holds only regular files
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().hard_link("demo/values.yaml", "../escape")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': entry `demo/values.yaml` is a hard link; a chart archive holds only regular files
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().device("demo/null")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': entry `demo/null` is a character device; a chart archive holds only regular files
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&evil().fifo("demo/pipe")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': entry `demo/pipe` is a named pipe; a chart archive holds only regular files
    [exit status: 1]
    ");
    untar(&evil().symlink("demo/up", "../..").file("demo/up/escape", "x"));
    untar(&evil().hard_link("demo/values.yaml", "../escape"));
    untar(&evil().device("demo/null"));
}

#[test]
fn archives_with_an_entry_twice() {
    skeg_snapshot!(push_archive(&evil().file("demo/a", "1").file("demo/a", "2")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': chart contains `demo/a` twice
    [exit status: 1]
    ");
    untar(&evil().file("demo/a", "1").file("demo/a", "2"));
}

#[test]
fn archives_that_are_bombs() {
    let bomb = evil().zeros("demo/files/zeros", 101 << 20);
    skeg_snapshot!(push_archive(&bomb), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': decompressed chart is larger than the maximum size 104857600
    [exit status: 1]
    ");
    let output = untar(&bomb);
    assert!(
        output.stderr().contains("larger than the maximum size 104857600"),
        "{output}"
    );
    assert!(output.stderr().contains("charts/demo:1.2.3"), "{output}");
    let context = context();
    context.write("x.tgz", bomb.bytes());
    skeg_snapshot!(context.command(["show", "chart", "x.tgz"]), @"
    ----- stderr -----
    Error: decompressed chart is larger than the maximum size 104857600
    [exit status: 1]
    ");
}

#[test]
fn archives_that_are_cut_short_or_too_long() {
    let whole = demo("1.2.3").archive();
    skeg_snapshot!(push_archive(&demo("1.2.3").archive().truncated(200)), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': the archive is cut short after `demo/Chart.yaml`
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&demo("1.2.3").archive().truncated(whole.bytes().len() - 4)), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': the archive is cut short after `demo/templates/config.yaml`
    [exit status: 1]
    ");
    skeg_snapshot!(push_archive(&demo("1.2.3").archive().trailing("garbage")), @"
    ----- stderr -----
    Error: cannot load chart archive 'x.tgz': the archive has trailing data after its end
    [exit status: 1]
    ");
    untar(&demo("1.2.3").archive().truncated(200));
    untar(&demo("1.2.3").archive().trailing("garbage"));
}

#[test]
fn archives_with_another_name_in_them_than_their_directory() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let archive = ArchiveBuilder::new().file("other/Chart.yaml", CHART_YAML).bytes();
    context.write("x.tgz", archive);
    let output = context.run(["push", "x.tgz", &registry.oci("charts"), "--plain-http"]);
    assert_eq!(
        registry.tags("charts/demo").len(),
        usize::from(output.status() == Some(0)),
        "{output}"
    );
}

fn pull(context: &TestContext, registry: &FakeRegistry) -> TestCommand {
    context.command(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
}

#[test]
fn an_image_is_no_chart() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let image = |config: &str| {
        json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor(config, b"{}"),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", b"layer")],
        })
        .to_string()
        .into_bytes()
    };
    registry.put_blob("charts/demo", "{}");
    registry.put_blob("charts/demo", "layer");
    registry.put_manifest(
        "charts/demo",
        "1.2.3",
        MANIFEST,
        image("application/vnd.oci.image.config.v1+json"),
    );
    skeg_snapshot!(pull(&context, &registry), @"
    ----- stderr -----
    Error: oci://[REGISTRY]/charts/demo:1.2.3 is not a chart: this is a container image, not a chart
    hint: pull an image with `docker pull` or `skopeo copy`; a chart is in another repository
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["show", "chart", &registry.oci("charts/demo:1.2.3"), "--plain-http"]), @"
    ----- stderr -----
    Error: oci://[REGISTRY]/charts/demo:1.2.3 is not a chart: this is a container image, not a chart
    hint: pull an image with `docker pull` or `skopeo copy`; a chart is in another repository
    [exit status: 1]
    ");
    registry.put_manifest(
        "charts/demo",
        "1.2.3",
        MANIFEST,
        image("application/vnd.example.thing"),
    );
    skeg_snapshot!(pull(&context, &registry), @"
    ----- stderr -----
    Error: oci://[REGISTRY]/charts/demo:1.2.3 is not a chart: this is an artifact of type `application/vnd.example.thing`, not a chart
    [exit status: 1]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn manifests_that_are_none() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    registry.put_manifest("charts/demo", "1.2.3", MANIFEST, b"{".to_vec());
    skeg_snapshot!(pull(&context, &registry), @"
    ----- stderr -----
    Error: oci://[REGISTRY]/charts/demo:1.2.3 is not a chart: manifest [DIGEST] is not a valid `application/vnd.oci.image.manifest.v1+json`: EOF while parsing an object at line 1 column 1
    [exit status: 1]
    ");
    registry.put_manifest(
        "charts/demo",
        "1.2.3",
        MANIFEST,
        b"{\"schemaVersion\":2}".to_vec(),
    );
    skeg_snapshot!(pull(&context, &registry), @"
    ----- stderr -----
    Error: oci://[REGISTRY]/charts/demo:1.2.3 is not a chart: manifest [DIGEST] is not a valid `application/vnd.oci.image.manifest.v1+json`: missing field `config` at line 1 column 19
    [exit status: 1]
    ");
    registry.put_manifest("charts/demo", "1.2.3", "text/plain", b"hello".to_vec());
    skeg_snapshot!(pull(&context, &registry), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `1.2.3` not found: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 404: manifest unknown: manifest found, but the accept header does not support its media type
    [exit status: 1]
    "#);
    assert!(context.files().is_empty());
}

#[test]
fn a_blob_that_is_not_there() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let manifest = json!({
        "schemaVersion": 2,
        "config": descriptor(crate::support::CONFIG, b"{}"),
        "layers": [descriptor(crate::support::CONTENT, b"nowhere")],
    });
    registry.put_manifest(
        "charts/demo",
        "1.2.3",
        MANIFEST,
        manifest.to_string().into_bytes(),
    );
    skeg_snapshot!(pull(&context, &registry), @r#"
    ----- stderr -----
    Error: cannot fetch the chart's archive: blob `[DIGEST]` not found: GET "http://[REGISTRY]/v2/charts/demo/blobs/[DIGEST]": response status code 404: blob unknown: blob unknown to registry
    [exit status: 1]
    "#);
    assert!(context.files().is_empty());
}

#[test]
fn an_archive_of_a_registry_that_is_none() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish_archive(&registry, "charts/demo", "1.2.3", b"not an archive".to_vec());
    let show = [
        "show",
        "values",
        &registry.oci("charts/demo:1.2.3"),
        "--plain-http",
    ];
    for command in [context.command(show), pull(&context, &registry).arg("--untar")] {
        let output = command.run().failure();
        assert!(
            output
                .stderr()
                .contains("does not appear to be a gzipped archive"),
            "{output}"
        );
        let error = output.stderr().lines().last().unwrap_or_default().to_owned();
        assert!(error.contains("charts/demo:1.2.3"), "{error}");
    }
    assert!(context.files().is_empty());
}

#[test]
#[cfg(target_os = "linux")]
fn a_destination_that_cannot_be_written() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(pull(&context, &registry).arg("-d").arg("/proc"), @"
    ----- stderr -----
    Error: cannot write `/proc/demo-1.2.3.tgz`: No such file or directory
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["push", "demo-1.2.3.tgz", "oci-layout:///proc/charts"]), @"
    ----- stderr -----
    Error: cannot push the chart's config: could not write to the image layout `/proc/charts/demo`: failed to create directory `/proc/charts/demo/blobs/sha256`: No such file or directory
    [exit status: 1]
    ");
    demo("1.2.3").write_dir(context.work());
    skeg_snapshot!(context.command(["package", "demo", "-d", "/proc"]), @"
    ----- stderr -----
    Error: cannot save to `/proc`: No such file or directory
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["create", "/proc/demo"]), @"
    Creating /proc/demo
    ----- stderr -----
    Error: cannot write `/proc/demo`: No such file or directory
    [exit status: 1]
    ");
}

#[test]
fn a_layout_that_is_broken() {
    let context = context();
    write_archive(&context, "1.2.3");
    context.write("charts/demo/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    context.write("charts/demo/index.json", "{");
    skeg_snapshot!(context.command(["pull", "oci-layout://charts/demo:1.2.3"]), @"
    ----- stderr -----
    Error: cannot read the manifest of oci-layout://charts/demo:1.2.3: `charts/demo/index.json` is not valid: EOF while parsing an object at line 1 column 1
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["push", "demo-1.2.3.tgz", "oci-layout://charts"]), @"
    ----- stderr -----
    Error: cannot look up tag 1.2.3: `charts/demo/index.json` is not valid: EOF while parsing an object at line 1 column 1
    [exit status: 1]
    ");
    assert_eq!(context.read("charts/demo/index.json"), b"{");
    context.write("charts/demo/index.json", "{\"schemaVersion\":2,\"manifests\":[]}");
    context.write("charts/demo/oci-layout", "{\"imageLayoutVersion\":\"9.0.0\"}");
    skeg_snapshot!(context.command(["push", "demo-1.2.3.tgz", "oci-layout://charts"]), @"
    Pushed: oci-layout://charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
}

#[test]
fn a_layout_where_a_file_is() {
    let context = context();
    write_archive(&context, "1.2.3");
    context.write("charts", "mine");
    skeg_snapshot!(context.command(["push", "demo-1.2.3.tgz", "oci-layout://charts"]), @"
    ----- stderr -----
    Error: cannot look up tag 1.2.3: could not read the image layout `charts/demo`: failed to open file `charts/demo/index.json`: Not a directory
    [exit status: 1]
    ");
    assert_eq!(context.read("charts"), b"mine");
}

#[test]
fn a_layout_whose_blob_was_changed() {
    let context = context();
    write_archive(&context, "1.2.3");
    context
        .run(["push", "demo-1.2.3.tgz", "oci-layout://charts"])
        .success();
    let digest = skeg_test_support::sha256_digest(&context.read("demo-1.2.3.tgz"));
    let blob = format!("charts/demo/blobs/{}", digest.replace(':', "/"));
    let mut bytes = context.read(&blob);
    bytes[40] ^= 1;
    context.write(&blob, bytes);
    fs_err::create_dir(context.path("out")).unwrap();
    skeg_snapshot!(context.command(["pull", "oci-layout://charts/demo:1.2.3", "-d", "out"]), @"
    ----- stderr -----
    Error: cannot fetch the chart's archive: blob digest mismatch: expected `[DIGEST]`, got `[DIGEST]`
    [exit status: 1]
    ");
    assert!(!context.path("out/demo-1.2.3.tgz").exists());
}

/// A limit on the size of files stands for a disk that is full; the same test would need one of its own otherwise.
#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full() {
    let registry = FakeRegistry::start();
    publish_as(
        &registry,
        "charts/demo",
        "1.2.3",
        &demo("1.2.3").big_random_file(300_000, 1),
    );
    let context = context_with(&registry);
    demo("1.2.3")
        .big_random_file(300_000, 1)
        .write_dir(context.work());
    let files = context.files();
    let shell = TestContext::new("/bin/sh")
        .with_registry(&registry)
        .with_literal(&context.root().to_string_lossy(), "[TMP]");
    let limited = |arguments: &str| {
        let program = env!("CARGO_BIN_EXE_skeg");
        let script = format!("trap '' XFSZ; ulimit -f 200; exec '{program}' {arguments}");
        shell.command(["-c", &script]).current_dir(context.work()).run()
    };
    let reference = registry.oci("charts/demo:1.2.3");
    skeg_snapshot!(limited(&format!("pull {reference} --plain-http")), @r#"
    ----- stderr -----
    level=WARN msg="going on without the cache `[TMP]/home/.cache/helm/skeg/store`: the cache cannot be written: file too large"
    Error: cannot write `demo-1.2.3.tgz`: File too large
    [exit status: 1]
    "#);
    skeg_snapshot!(limited("package demo"), @"
    ----- stderr -----
    Error: cannot save to `[TMP]/work/demo-1.2.3.tgz`: File too large
    [exit status: 1]
    ");
    assert_eq!(context.files(), files);
    limited("push demo oci-layout://charts").failure();
    assert!(
        !context.files().contains(&"charts/demo/index.json".to_owned()),
        "{:?}",
        context.files()
    );
}

#[test]
#[cfg(unix)]
fn a_pipe_is_no_archive() {
    let context = context();
    let shell = TestContext::new("/bin/sh");
    let made = shell.command(["-c", "mkfifo pipe"]).current_dir(context.work());
    made.run().success();
    let push = context.command(["push", "pipe", "oci-layout://charts"]);
    let output = push.time_limit(std::time::Duration::from_secs(5)).run();
    assert_eq!(output.status(), Some(1), "{output}");
    assert!(!context.path("charts").exists());
}
