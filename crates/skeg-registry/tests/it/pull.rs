//! Pulling, and the requests that it takes.

use skeg_registry::{PullError, fetch_config, pull_archive, pull_provenance, resolve};
use skeg_test_support::{FakeRegistry, Fault};

use crate::support::{TestChart, options, push_as, remote, request};

#[tokio::test]
async fn an_exact_version_takes_two_requests() {
    let registry = FakeRegistry::start();
    push_as(&remote(&registry, "demo"), "demo", "1.0.0", "1.0.0").await;
    registry.clear_requests();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("demo-1.0.0.tgz");
    let repository = remote(&registry, "demo");
    let resolved = resolve(&repository, &request(&registry.oci("charts/demo"), Some("1.0.0")))
        .await
        .unwrap();
    let file = pull_archive(&repository, &resolved.artifact, &path)
        .await
        .unwrap();
    assert_eq!(registry.requests().len(), 2, "{}", registry.requests());
    let content = fs_err::read(&file.path).unwrap();
    assert!(resolved.artifact.archive.digest.matches(&content));
}

#[tokio::test]
async fn the_config_alone_takes_two_requests() {
    let registry = FakeRegistry::start();
    push_as(&remote(&registry, "demo"), "demo", "1.0.0", "1.0.0").await;
    registry.clear_requests();
    let repository = remote(&registry, "demo");
    let resolved = resolve(&repository, &request(&registry.oci("charts/demo:1.0.0"), None))
        .await
        .unwrap();
    let config = fetch_config(&repository, &resolved.artifact).await.unwrap();
    assert!(config.starts_with(br#"{"name":"demo","version":"1.0.0""#));
    assert_eq!(registry.requests().len(), 2, "{}", registry.requests());
}

#[tokio::test]
async fn case_36_a_corrupt_archive_leaves_nothing() {
    let registry = FakeRegistry::start();
    push_as(&remote(&registry, "demo"), "demo", "1.0.0", "1.0.0").await;
    registry.add_fault(Fault::corrupt_at(10).on("GET", "/blobs/"));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("demo-1.0.0.tgz");
    fs_err::write(&path, "what was there").unwrap();
    let repository = remote(&registry, "demo");
    let resolved = resolve(&repository, &request(&registry.oci("charts/demo:1.0.0"), None))
        .await
        .unwrap();
    let error = pull_archive(&repository, &resolved.artifact, &path)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "cannot fetch the chart's archive");
    assert_eq!(fs_err::read_to_string(&path).unwrap(), "what was there");
    assert_eq!(fs_err::read_dir(directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn provenance_comes_with_the_chart() {
    let registry = FakeRegistry::start();
    let repository = remote(&registry, "demo");
    let chart = TestChart::new("demo", "1.0.0").with_provenance("signed");
    let archive = chart.read();
    let options = options(&archive, skeg_registry::ExistingTag::Overwrite);
    skeg_registry::push(&repository, &archive, &archive.to_artifact(None), &options)
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("demo-1.0.0.tgz.prov");
    let resolved = resolve(&repository, &request(&registry.oci("charts/demo:1.0.0"), None))
        .await
        .unwrap();
    pull_provenance(&repository, &resolved.artifact, &path)
        .await
        .unwrap();
    assert_eq!(fs_err::read_to_string(&path).unwrap(), "signed");

    push_as(&remote(&registry, "plain"), "plain", "1.0.0", "1.0.0").await;
    let repository = remote(&registry, "plain");
    let resolved = resolve(&repository, &request(&registry.oci("charts/plain:1.0.0"), None))
        .await
        .unwrap();
    let error = pull_provenance(&repository, &resolved.artifact, &path)
        .await
        .unwrap_err();
    assert!(matches!(error, PullError::NoProvenance));
}
