//! Deleting manifests and tags.

use std::sync::Arc;

use skeg_oci::TagOrDigest;
use skeg_oci_client::{
    Delete, DeleteError, LayoutRepository, ListTags, MemoryRepository, PushBlob, PushManifest, Resolve,
    SilentReporter,
};
use skeg_test_support::{FakeRegistry, Fault};

use crate::support::{Harness, manifest, tag, upload};

async fn check(repository: &(impl Delete + Resolve + PushBlob + PushManifest + ListTags)) {
    let digest = manifest().digest().clone();
    let by_digest = TagOrDigest::Digest(digest.clone());
    let error = repository.delete_manifest(&digest).await.unwrap_err();
    assert!(matches!(error, DeleteError::NotFound { .. }), "{error:?}");
    repository.push_blob(&upload(b"{}")).await.unwrap();
    for text in ["1.0.0", "latest", "stable"] {
        repository.push_manifest(&manifest(), &tag(text)).await.unwrap();
    }
    repository.delete_tag(&"latest".parse().unwrap()).await.unwrap();
    let error = repository
        .delete_tag(&"latest".parse().unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error, DeleteError::NotFound { .. }), "{error:?}");
    assert!(repository.resolve(&by_digest).await.is_ok(), "the manifest stays");
    assert_eq!(repository.list_tags().await.unwrap().len(), 2);
    repository.delete_manifest(&digest).await.unwrap();
    for target in [tag("1.0.0"), tag("stable"), by_digest] {
        assert!(repository.resolve(&target).await.is_err(), "{target}");
    }
}

#[tokio::test]
async fn from_a_registry_a_layout_and_memory() {
    let registry = FakeRegistry::start();
    check(&Harness::new().repository(registry.host())).await;
    check(&MemoryRepository::new()).await;
    let directory = tempfile::tempdir().unwrap();
    check(&LayoutRepository::new(
        directory.path().join("demo"),
        Arc::new(SilentReporter),
    ))
    .await;
}

async fn refusal(fault: Fault) -> DeleteError {
    let registry = FakeRegistry::start();
    registry.add_fault(fault.on("DELETE", "/manifests/"));
    let repository = Harness::new().repository(registry.host());
    repository.push_blob(&upload(b"{}")).await.unwrap();
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
    let error = repository.delete_manifest(manifest().digest()).await.unwrap_err();
    let by_tag = repository.delete_tag(&"1.0.0".parse().unwrap()).await;
    assert_eq!(
        std::mem::discriminant(&error),
        std::mem::discriminant(&by_tag.unwrap_err())
    );
    error
}

#[tokio::test]
async fn a_registry_that_takes_every_tag_for_a_bad_digest_deletes_no_tags() {
    let registry = FakeRegistry::start();
    let fault = Fault::error(
        400,
        "DIGEST_INVALID",
        "provided digest did not match uploaded content",
    );
    registry.add_fault(fault.on("DELETE", "/manifests/"));
    let repository = Harness::new().repository(registry.host());
    let error = repository.delete_tag(&"1.0.0".parse().unwrap()).await;
    assert!(matches!(error, Err(DeleteError::Forbidden { .. })), "{error:?}");
    let error = repository.delete_manifest(manifest().digest()).await;
    assert!(!matches!(error, Err(DeleteError::Forbidden { .. })), "{error:?}");
}

#[tokio::test]
async fn a_registry_that_forbids_it_is_told_from_a_user_who_may_not() {
    for fault in [
        Fault::status(405),
        Fault::error(405, "UNSUPPORTED", "The operation is unsupported."),
        Fault::error(403, "UNSUPPORTED", "not here"),
        Fault::error(400, "UNSUPPORTED", "delete by digest only"),
    ] {
        let error = refusal(fault).await;
        assert!(matches!(error, DeleteError::Forbidden { .. }), "{error:?}");
    }
    for fault in [Fault::status(403), Fault::error(403, "DENIED", "not you")] {
        let error = refusal(fault).await;
        assert!(matches!(error, DeleteError::Request(_)), "{error:?}");
    }
    let error = refusal(Fault::status(404)).await;
    assert!(matches!(error, DeleteError::NotFound { .. }), "{error:?}");
}
