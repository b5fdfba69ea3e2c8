//! The repository in memory keeps the same promises as the others.

use skeg_oci_client::{
    BlobPush, FetchBlob, FetchBlobError, FetchManifest, FetchManifestError, ListTags, ListTagsError,
    MemoryRepository, PushBlob, PushManifest, Resolve, ResolveError,
};

use crate::support::{blob, digest, fetch_to_file, file_upload, manifest, tag, upload};

#[tokio::test]
async fn what_is_pushed_is_fetched() {
    let repository = MemoryRepository::new();
    let (from_file, _file) = file_upload(b"chart");
    assert_eq!(
        repository.push_blob(&from_file).await.unwrap(),
        BlobPush::Uploaded
    );
    assert_eq!(
        repository.push_blob(&upload(b"chart")).await.unwrap(),
        BlobPush::Existed
    );
    assert_eq!(
        fetch_to_file(&repository, &blob(b"chart")).await.unwrap(),
        b"chart"
    );
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
    let by_digest = digest(&manifest().digest().to_string());
    assert_eq!(repository.fetch_manifest(&by_digest).await.unwrap(), manifest());
    assert_eq!(
        repository.resolve(&tag("1.0.0")).await.unwrap(),
        manifest().descriptor()
    );
    assert_eq!(repository.list_tags().await.unwrap(), ["1.0.0".parse().unwrap()]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let repository = MemoryRepository::new();
    let target = tag("1.0.0");
    assert!(matches!(
        repository.resolve(&target).await,
        Err(ResolveError::NotFound { .. })
    ));
    assert!(matches!(
        repository.fetch_manifest(&target).await,
        Err(FetchManifestError::NotFound { .. })
    ));
    assert!(matches!(
        repository.fetch_blob(&blob(b"chart"), 100).await,
        Err(FetchBlobError::NotFound { .. })
    ));
    assert!(matches!(
        repository.list_tags().await,
        Err(ListTagsError::NotFound { .. })
    ));
}
