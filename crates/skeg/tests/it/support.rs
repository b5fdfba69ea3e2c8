//! What the tests share: contexts, charts, and charts that are in a registry already.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use skeg_test_support::{ChartBuilder, FakeRegistry, TestContext, sha256_digest};

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
pub(crate) const CONTENT: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
pub(crate) const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// A place of its own for the program; archives have the same time whenever the test runs.
pub(crate) fn context() -> TestContext {
    TestContext::new(env!("CARGO_BIN_EXE_skeg")).with_source_date_epoch(1_700_000_000)
}

/// A context whose snapshots say `[REGISTRY]` for the host of `registry`.
pub(crate) fn context_with(registry: &FakeRegistry) -> TestContext {
    context().with_registry(registry)
}

/// A context whose snapshots do not depend on how well archives are compressed.
pub(crate) fn without_sizes(context: TestContext) -> TestContext {
    context.with_filter(r#"("?size"?:) ?\d+"#, "$1 [SIZE]")
}

/// A chart with one of everything that `show` prints.
pub(crate) fn demo(version: &str) -> ChartBuilder {
    ChartBuilder::new("demo", version)
        .app_version("7.1")
        .field("description", "A chart to test with")
        .file(
            "values.yaml",
            "# How many\nreplicas: 1\nimage:\n  name: web\n  tag: \"1\"\n",
        )
        .file("README.md", "# Demo\n\nRead me.\n")
        .file("crds/thing.yaml", "kind: CustomResourceDefinition\n")
        .template("config.yaml", "kind: ConfigMap\n")
}

/// Writes the archive of [`demo`] into the working directory and returns its name.
pub(crate) fn write_archive(context: &TestContext, version: &str) -> String {
    let path = demo(version).write_archive(context.work());
    let name = path.file_name().expect("because it is the path of an archive");
    name.to_string_lossy().into_owned()
}

/// Writes the directory of [`demo`] into the working directory.
pub(crate) fn write_directory(context: &TestContext, version: &str) -> PathBuf {
    demo(version).write_dir(context.work())
}

/// Puts [`demo`] into a repository, without the program, and returns the digest of the manifest.
pub(crate) fn publish(registry: &FakeRegistry, repository: &str, version: &str) -> String {
    publish_as(registry, repository, &version.replace('+', "_"), &demo(version))
}

/// Puts a chart into a repository under any tag.
pub(crate) fn publish_as(
    registry: &FakeRegistry,
    repository: &str,
    tag: &str,
    chart: &ChartBuilder,
) -> String {
    publish_archive(registry, repository, tag, chart.archive().bytes())
}

/// Puts any bytes into a repository as if they were the archive of version 1.2.3 of `demo`.
pub(crate) fn publish_archive(
    registry: &FakeRegistry,
    repository: &str,
    tag: &str,
    archive: Vec<u8>,
) -> String {
    publish_layers(registry, repository, tag, vec![(CONTENT, archive)])
}

/// Puts a chart with these layers into a repository.
pub(crate) fn publish_layers(
    registry: &FakeRegistry,
    repository: &str,
    tag: &str,
    layers: Vec<(&str, Vec<u8>)>,
) -> String {
    let version = tag.replace('_', "+");
    let config =
        json!({"name": "demo", "version": version, "apiVersion": "v2", "appVersion": "7.1"}).to_string();
    let layers: Vec<_> = layers
        .into_iter()
        .map(|(media_type, content)| {
            let descriptor = descriptor(media_type, &content);
            registry.put_blob(repository, content);
            descriptor
        })
        .collect();
    let manifest = json!({
        "schemaVersion": 2,
        "config": descriptor(CONFIG, config.as_bytes()),
        "layers": layers,
        "annotations": {
            "org.opencontainers.image.title": "demo",
            "org.opencontainers.image.version": version,
        },
    });
    registry.put_blob(repository, config.into_bytes());
    registry.put_manifest(repository, tag, MANIFEST, manifest.to_string().into_bytes())
}

/// The descriptor of some bytes.
pub(crate) fn descriptor(media_type: &str, content: &[u8]) -> serde_json::Value {
    json!({"mediaType": media_type, "digest": sha256_digest(content), "size": content.len()})
}

/// Waits until something happened that the test needs.
#[track_caller]
pub(crate) fn wait_until(happened: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !happened() {
        assert!(Instant::now() < deadline, "it did not happen in time");
        thread::sleep(Duration::from_millis(5));
    }
}
