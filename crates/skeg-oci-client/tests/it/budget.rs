//! The number and order of requests.

use std::time::Duration;

use skeg_oci_client::{FetchBlob, FetchManifest, PushBlob, PushManifest, Resolve};
use skeg_test_support::FakeRegistry;

use crate::support::{Harness, NAME, blob, manifest, tag, upload};

#[tokio::test]
async fn a_push_takes_eight_requests_in_four_round_trips() {
    let registry = FakeRegistry::builder()
        .latency(Duration::from_millis(100))
        .start();
    let repository = Harness::new().repository(registry.host());
    let (config, chart) = (upload(b"{}"), upload(b"chart"));
    let target = tag("1.0.0");
    let (existing, config, chart) = tokio::join!(
        repository.resolve(&target),
        repository.push_blob(&config),
        repository.push_blob(&chart)
    );
    assert!(existing.is_err() && config.is_ok() && chart.is_ok());
    repository.push_manifest(&manifest(), &target).await.unwrap();
    let requests = registry.requests();
    assert_eq!(
        (requests.len(), requests.sequential_round_trips()),
        (8, 4),
        "{requests}"
    );
}

#[tokio::test]
async fn a_pull_takes_two_requests_on_one_connection() {
    let registry = FakeRegistry::start();
    registry.put_manifest(
        NAME,
        "1.0.0",
        manifest().media_type().as_str(),
        manifest().bytes().to_vec(),
    );
    registry.put_blob(NAME, "chart");
    let repository = Harness::new().repository(registry.host());
    repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
    repository.fetch_blob(&blob(b"chart"), 100).await.unwrap();
    assert_eq!(registry.requests().len(), 2);
    assert_eq!(registry.accepted_connections(), 1);
}
