//! Case 40: lists of referrers that the client keeps, since the registry does not.

use skeg_oci::{ImageIndex, MediaType, RawManifest};
use skeg_oci_client::{
    Delete, ListReferrers, PushBlob, PushManifest, PushManifestError, ReferrersSource, referrers_tag,
};
use skeg_test_support::{FakeRegistry, Fault};

use crate::support::{Harness, NAME, manifest, referrer, upload};

async fn push(harness: &Harness, registry: &FakeRegistry, kind: &str) -> Result<(), PushManifestError> {
    let repository = harness.repository(registry.host());
    repository.push_blob(&upload(b"{}")).await.unwrap();
    let referrer = referrer(kind);
    repository
        .push_manifest(&referrer, &referrer.digest().clone().into())
        .await
}

fn listed(registry: &FakeRegistry) -> Vec<String> {
    let tag = referrers_tag(manifest().digest());
    let Some((media_type, bytes)) = registry.manifest(NAME, tag.as_str()) else {
        return Vec::new();
    };
    assert_eq!(media_type, MediaType::OCI_INDEX.as_str());
    let index: ImageIndex = serde_json::from_slice(&bytes).unwrap();
    let kinds = index.manifests.into_iter().map(|entry| entry.artifact_type);
    kinds.map(|kind| kind.unwrap().to_string()).collect()
}

#[tokio::test]
async fn case_40_a_registry_with_the_api_keeps_its_lists() {
    let registry = FakeRegistry::start();
    push(&Harness::new(), &registry, "application/x.sbom")
        .await
        .unwrap();
    assert_eq!(listed(&registry), Vec::<String>::new());
    assert_eq!(registry.requests().count("GET", ""), 0, "{}", registry.requests());
}

#[tokio::test]
async fn case_40_without_the_api_the_index_of_the_tag_is_kept() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    let harness = Harness::new();
    let kinds = ["application/x.a", "application/x.b", "application/x.c"];
    // Side by side, and each twice.
    let pushes = kinds
        .iter()
        .chain(&kinds)
        .map(|kind| push(&harness, &registry, kind));
    for pushed in futures_util::future::join_all(pushes).await {
        pushed.unwrap();
    }
    let mut found = listed(&registry);
    found.sort();
    assert_eq!(found, kinds);
    let repository = harness.repository(registry.host());
    let referrers = repository
        .list_referrers(manifest().digest(), None)
        .await
        .unwrap();
    assert_eq!(referrers.source, ReferrersSource::TagSchema);
    assert_eq!(referrers.manifests.len(), 3);
    repository
        .delete_manifest(referrer(kinds[1]).digest())
        .await
        .unwrap();
    let mut found = listed(&registry);
    found.sort();
    assert_eq!(found, [kinds[0], kinds[2]]);
}

#[tokio::test]
async fn case_40_somebody_else_who_changes_the_list_is_noticed_where_the_registry_compares() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    let harness = Harness::new();
    push(&harness, &registry, "application/x.a").await.unwrap();
    let tag = referrers_tag(manifest().digest());
    registry.add_fault(
        Fault::headers()
            .header("etag", "\"state-1\"")
            .on("GET", tag.as_str()),
    );
    registry.add_fault(Fault::status(412).times(2).on("PUT", tag.as_str()));
    registry.clear_requests();
    push(&harness, &registry, "application/x.b").await.unwrap();
    assert_eq!(listed(&registry).len(), 2);
    let log = registry.requests();
    let puts: Vec<_> = log
        .iter()
        .filter(|request| request.is("PUT", tag.as_str()))
        .collect();
    assert_eq!(puts.len(), 3, "{log}");
    assert!(
        puts.iter()
            .all(|put| put.header("if-match") == Some("\"state-1\""))
    );
    registry.add_fault(Fault::status(412).on("PUT", tag.as_str()));
    let error = push(&harness, &registry, "application/x.c").await.unwrap_err();
    assert!(
        error.response().is_some_and(|error| error.status() == 412),
        "{error:?}"
    );
}

#[tokio::test]
async fn case_40_an_entry_that_somebody_else_overwrote_is_written_again() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    let harness = Harness::new();
    push(&harness, &registry, "application/x.a").await.unwrap();
    let tag = referrers_tag(manifest().digest());
    // What is read after the first write is what another one has written meanwhile.
    let others = registry.manifest(NAME, tag.as_str()).unwrap().1;
    registry.add_fault(
        Fault::status(200)
            .header("content-type", MediaType::OCI_INDEX.as_str())
            .body(others)
            .after(1)
            .once()
            .on("GET", tag.as_str()),
    );
    registry.clear_requests();
    push(&harness, &registry, "application/x.b").await.unwrap();
    assert_eq!(listed(&registry).len(), 2);
    let log = registry.requests();
    assert_eq!(log.count("PUT", tag.as_str()), 2, "{log}");
}

#[tokio::test]
async fn case_32_a_manifest_whose_parts_are_not_seen_yet_is_stored_a_little_later() {
    let registry = FakeRegistry::start();
    let fault = Fault::error(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry");
    registry.add_fault(fault.times(2).on("PUT", "/manifests/"));
    push(&Harness::new(), &registry, "application/x.a").await.unwrap();
    assert_eq!(registry.requests().count("PUT", "/manifests/"), 3);
}

#[tokio::test]
async fn case_40_clients_that_know_nothing_of_each_other_lose_nothing_where_the_registry_compares() {
    let registry = FakeRegistry::builder()
        .without_referrers_api()
        .compare_states()
        .start();
    push(&Harness::new(), &registry, "application/x.0").await.unwrap();
    let kinds = [
        "application/x.1",
        "application/x.2",
        "application/x.3",
        "application/x.4",
    ];
    // Each has its own turn to wait for.
    let clients: Vec<Harness> = kinds.iter().map(|_| Harness::new()).collect();
    let pushes = kinds.iter().zip(&clients);
    let pushes = pushes.map(|(kind, harness)| push(harness, &registry, kind));
    for pushed in futures_util::future::join_all(pushes).await {
        pushed.unwrap();
    }
    assert_eq!(listed(&registry).len(), 5);
}

#[tokio::test]
async fn case_40_a_list_that_was_overwritten_meanwhile_is_changed_again() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    let harness = Harness::new();
    push(&harness, &registry, "application/x.a").await.unwrap();
    let tag = referrers_tag(manifest().digest());
    let gone = |times| Fault::status(201).times(times).on("PUT", tag.as_str());
    registry.add_fault(gone(2));
    registry.clear_requests();
    push(&harness, &registry, "application/x.b").await.unwrap();
    assert_eq!(listed(&registry), ["application/x.a", "application/x.b"]);
    let log = registry.requests();
    assert_eq!(log.count("PUT", tag.as_str()), 3, "{log}");
    assert_eq!(log.count("GET", tag.as_str()), 4, "{log}");
    registry.clear_faults();
    registry.add_fault(gone(100));
    registry.clear_requests();
    let error = push(&harness, &registry, "application/x.c").await.unwrap_err();
    assert!(
        matches!(error, PushManifestError::ReferrersLost { .. }),
        "{error:?}"
    );
    assert_eq!(registry.requests().count("PUT", tag.as_str()), 9);
    // Deletion looks again too.
    registry.clear_faults();
    registry.add_fault(gone(1));
    let repository = harness.repository(registry.host());
    let digest = referrer("application/x.b").digest().clone();
    repository.delete_manifest(&digest).await.unwrap();
    assert_eq!(listed(&registry), ["application/x.a"]);
}

#[tokio::test]
async fn case_40_a_tag_that_is_something_else_is_not_overwritten() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    let tag = referrers_tag(manifest().digest());
    let other = manifest();
    registry.put_manifest(
        NAME,
        tag.as_str(),
        MediaType::OCI_MANIFEST.as_str(),
        other.bytes().to_vec(),
    );
    let error = push(&Harness::new(), &registry, "application/x.a")
        .await
        .unwrap_err();
    assert!(
        matches!(error, PushManifestError::ReferrersTag { .. }),
        "{error:?}"
    );
    let kept = registry.manifest(NAME, tag.as_str()).unwrap().1;
    assert_eq!(RawManifest::new(MediaType::OCI_MANIFEST, kept.to_vec()), other);
}
