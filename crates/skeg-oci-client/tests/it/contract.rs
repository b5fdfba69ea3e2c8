//! What every repository promises: one of a registry, one in a directory and one in memory.

use std::sync::Arc;

use skeg_oci::{MediaType, RawManifest};
use skeg_oci_client::{
    BlobPush, FetchBlob, FetchBlobError, FetchManifest, FetchManifestError, LayoutRepository, ListReferrers,
    ListTagPages, ListTags, ListTagsError, MemoryRepository, PushBlob, PushManifest, Resolve, ResolveError,
    SilentReporter,
};
use skeg_test_support::FakeRegistry;

use crate::cached::CacheFixture;
use crate::support::{Harness, blob, digest, fetch_to_file, file_upload, manifest, referrer, tag, upload};

/// Everything that can be done with a repository.
trait Whole:
    Resolve + FetchManifest + FetchBlob + PushBlob + PushManifest + ListTags + ListTagPages + ListReferrers
{
}

impl<R> Whole for R where
    R: Resolve
        + FetchManifest
        + FetchBlob
        + PushBlob
        + PushManifest
        + ListTags
        + ListTagPages
        + ListReferrers
{
}

#[tokio::test]
async fn a_registry_keeps_the_promises() {
    let registry = FakeRegistry::start();
    check(&Harness::new().repository(registry.host())).await;
}

#[tokio::test]
async fn a_registry_behind_a_cache_keeps_the_promises() {
    let registry = FakeRegistry::start();
    let cache = CacheFixture::new();
    check(&cache.open(false).in_front_of(&Harness::new(), &registry)).await;
}

#[tokio::test]
async fn a_layout_keeps_the_promises() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("charts/demo");
    check(&LayoutRepository::new(path, Arc::new(SilentReporter))).await;
}

#[tokio::test]
async fn memory_keeps_the_promises() {
    check(&MemoryRepository::new()).await;
}

/// Takes an empty repository.
async fn check(repository: &impl Whole) {
    what_is_not_there_is_not_found(repository).await;
    blobs_are_fetched_as_they_were_pushed(repository).await;
    manifests_are_fetched_by_tag_and_by_digest(repository).await;
    a_tag_moves_and_others_stay(repository).await;
    pages_hold_what_the_list_holds(repository).await;
    referrers_are_found_by_their_subject(repository).await;
}

async fn what_is_not_there_is_not_found(repository: &impl Whole) {
    let by_digest = digest(&manifest().digest().to_string());
    for target in [tag("1.0.0"), by_digest] {
        let error = repository.resolve(&target).await.unwrap_err();
        assert!(matches!(error, ResolveError::NotFound { .. }), "{error:?}");
        let error = repository.fetch_manifest(&target).await.unwrap_err();
        assert!(matches!(error, FetchManifestError::NotFound { .. }), "{error:?}");
    }
    let error = repository.fetch_blob(&blob(b"chart"), 100).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::NotFound { .. }), "{error:?}");
    let error = repository.list_tags().await.unwrap_err();
    assert!(matches!(error, ListTagsError::NotFound { .. }), "{error:?}");
}

async fn blobs_are_fetched_as_they_were_pushed(repository: &impl Whole) {
    let (from_file, _file) = file_upload(b"chart");
    for (upload, expected) in [
        (from_file, BlobPush::Uploaded),
        (upload(b"chart"), BlobPush::Existed),
        (upload(b""), BlobPush::Uploaded),
    ] {
        assert_eq!(repository.push_blob(&upload).await.unwrap(), expected);
    }
    let chart = blob(b"chart");
    assert_eq!(fetch_to_file(repository, &chart).await.unwrap(), b"chart");
    assert_eq!(repository.fetch_blob(&chart, 5).await.unwrap(), &b"chart"[..]);
    let error = repository.fetch_blob(&chart, 4).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::TooLarge { .. }), "{error:?}");
}

async fn manifests_are_fetched_by_tag_and_by_digest(repository: &impl Whole) {
    // The config, without which registries refuse the manifest.
    repository.push_blob(&upload(b"{}")).await.unwrap();
    push(repository, &manifest(), "1.0.0").await;
    push(repository, &manifest(), "latest").await;
    let by_digest = digest(&manifest().digest().to_string());
    for target in [tag("1.0.0"), tag("latest"), by_digest] {
        assert_eq!(repository.fetch_manifest(&target).await.unwrap(), manifest());
        let found = repository.resolve(&target).await.unwrap();
        assert_eq!(found, manifest().descriptor());
    }
    let tags = repository.list_tags().await.unwrap();
    assert_eq!(tags, ["1.0.0", "latest"].map(|tag| tag.parse().unwrap()).to_vec());
}

async fn a_tag_moves_and_others_stay(repository: &impl Whole) {
    let other = RawManifest::new(
        manifest().media_type().clone(),
        [manifest().bytes(), b"\n"].concat(),
    );
    push(repository, &other, "latest").await;
    let fetch = async |text| repository.fetch_manifest(&tag(text)).await.unwrap();
    assert_eq!(fetch("latest").await, other);
    assert_eq!(fetch("1.0.0").await, manifest());
}

async fn pages_hold_what_the_list_holds(repository: &impl Whole) {
    let mut pages = repository.tag_pages().await;
    let mut tags = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        tags.extend(page);
    }
    assert_eq!(tags, repository.list_tags().await.unwrap());
    assert_eq!(pages.next().await.unwrap(), None);
}

async fn referrers_are_found_by_their_subject(repository: &impl Whole) {
    let subject = manifest().digest().clone();
    let found = repository.list_referrers(&subject, None).await.unwrap();
    assert!(found.manifests.is_empty(), "{found:?}");
    for artifact_type in ["application/x.sbom", "application/x.signature"] {
        let referrer = referrer(artifact_type);
        push(repository, &referrer, artifact_type.rsplit('.').next().unwrap()).await;
        let wanted = MediaType::new(artifact_type);
        let found = repository.list_referrers(&subject, Some(&wanted)).await.unwrap();
        let digests: Vec<_> = found.manifests.iter().map(|found| &found.digest).collect();
        assert_eq!(digests, [referrer.digest()]);
        assert_eq!(found.manifests[0].artifact_type, Some(wanted));
    }
    let found = repository.list_referrers(&subject, None).await.unwrap();
    assert_eq!(found.manifests.len(), 2);
}

async fn push(repository: &impl Whole, manifest: &RawManifest, version: &str) {
    let pushed = repository.push_manifest(manifest, &tag(version)).await;
    pushed.unwrap();
}
