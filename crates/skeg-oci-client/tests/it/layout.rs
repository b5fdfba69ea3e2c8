//! Image layouts on disk: what is in them, and many writers at once.

use std::sync::Arc;

use skeg_oci_client::{
    BlobPush, FetchBlobError, FetchManifest, FetchManifestError, LayoutError, LayoutRepository, ListTags,
    ListTagsError, PushBlob, PushBlobError, PushManifest, Resolve, ResolveError, SilentReporter,
};

use crate::support::{blob, fetch_to_file, file_upload, manifest, tag, upload};

struct Fixture {
    directory: tempfile::TempDir,
    repository: LayoutRepository,
}

/// A layout that does not exist yet.
fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("charts/demo");
    Fixture {
        directory,
        repository: LayoutRepository::new(path, Arc::new(SilentReporter)),
    }
}

fn text(repository: &LayoutRepository, file: &str) -> String {
    fs_err::read_to_string(repository.directory().join(file)).unwrap()
}

#[tokio::test]
async fn the_directory_is_an_image_layout() {
    let Fixture {
        repository,
        directory: _directory,
    } = fixture();
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
    assert_eq!(
        text(&repository, "oci-layout"),
        r#"{"imageLayoutVersion":"1.0.0"}"#
    );
    let expected = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{}","size":{},"annotations":{{"org.opencontainers.image.ref.name":"1.0.0"}}}}]}}"#,
        manifest().digest(),
        manifest().bytes().len()
    );
    assert_eq!(text(&repository, "index.json"), expected);
    let blob = format!("blobs/sha256/{}", manifest().digest().hex());
    assert_eq!(text(&repository, &blob).as_bytes(), manifest().bytes());
    assert_eq!(temporary_files(&repository), 0);
}

fn temporary_files(repository: &LayoutRepository) -> usize {
    let entries = fs_err::read_dir(repository.directory()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with(".skeg-"))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_pushes_lose_nothing() {
    let Fixture {
        repository,
        directory: _directory,
    } = fixture();
    let mut pushes = tokio::task::JoinSet::new();
    for number in 0..40 {
        // Each has a handle of its own, as separate processes would.
        let repository = LayoutRepository::new(repository.directory(), Arc::new(SilentReporter));
        pushes.spawn(async move {
            let content = format!("chart {}", number % 7);
            repository.push_blob(&upload(content.as_bytes())).await.unwrap();
            repository
                .push_manifest(&manifest(), &tag(&format!("1.0.{number}")))
                .await
                .unwrap();
        });
    }
    pushes.join_all().await;
    assert_eq!(repository.list_tags().await.unwrap().len(), 40);
    assert_eq!(temporary_files(&repository), 0);
}

#[tokio::test]
async fn looking_makes_nothing() {
    let Fixture {
        repository,
        directory,
    } = fixture();
    let error = repository.resolve(&tag("1.0.0")).await.unwrap_err();
    assert!(matches!(error, ResolveError::NotFound { .. }), "{error:?}");
    let error = repository.list_tags().await.unwrap_err();
    assert!(matches!(error, ListTagsError::NotFound { .. }), "{error:?}");
    assert_eq!(fs_err::read_dir(directory.path()).unwrap().count(), 0);
    repository.push_blob(&upload(b"chart")).await.unwrap();
    assert!(repository.list_tags().await.unwrap().is_empty());
}

#[tokio::test]
async fn damaged_content_is_refused() {
    let Fixture {
        repository,
        directory: _directory,
    } = fixture();
    repository.push_blob(&upload(b"chart")).await.unwrap();
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
    let path = |hex: &str| repository.directory().join("blobs/sha256").join(hex);
    fs_err::write(path(blob(b"chart").digest.hex()), "chars").unwrap();
    let error = fetch_to_file(&repository, &blob(b"chart")).await.unwrap_err();
    assert!(
        matches!(error, FetchBlobError::DigestMismatch { .. }),
        "{error:?}"
    );
    fs_err::write(path(blob(b"chart").digest.hex()), "cut").unwrap();
    let error = fetch_to_file(&repository, &blob(b"chart")).await.unwrap_err();
    assert!(
        matches!(error, FetchBlobError::SizeMismatch { actual: 3, .. }),
        "{error:?}"
    );
    // A push heals it.
    assert_eq!(
        repository.push_blob(&upload(b"chart")).await.unwrap(),
        BlobPush::Uploaded
    );
    fetch_to_file(&repository, &blob(b"chart")).await.unwrap();

    fs_err::write(path(manifest().digest().hex()), "{}").unwrap();
    let error = repository.fetch_manifest(&tag("1.0.0")).await.unwrap_err();
    assert!(
        matches!(
            error,
            FetchManifestError::Layout(LayoutError::MissingManifest { .. })
        ),
        "{error:?}"
    );
    fs_err::write(repository.directory().join("index.json"), "{").unwrap();
    let error = repository.list_tags().await.unwrap_err();
    assert!(
        matches!(error, ListTagsError::Layout(LayoutError::Malformed { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn wrong_sources_leave_nothing() {
    let Fixture {
        repository,
        directory: _directory,
    } = fixture();
    let (upload, file) = file_upload(b"chart");
    fs_err::write(file.path(), "chars").unwrap();
    let error = repository.push_blob(&upload).await.unwrap_err();
    assert!(matches!(error, PushBlobError::SourceMismatch { .. }), "{error:?}");
    drop(file);
    let error = repository.push_blob(&upload).await.unwrap_err();
    assert!(matches!(error, PushBlobError::ReadSource { .. }), "{error:?}");
    assert_eq!(temporary_files(&repository), 0);
    assert_eq!(
        fs_err::read_dir(repository.directory().join("blobs/sha256"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn what_a_killed_writer_left_is_removed() {
    let Fixture {
        repository,
        directory: _directory,
    } = fixture();
    let push = async |version| {
        repository
            .push_manifest(&manifest(), &tag(version))
            .await
            .unwrap();
    };
    push("1.0.0").await;
    let path = repository.directory().join(".skeg-0123456789ab.tmp");
    let writer = fs_err::File::create(path).unwrap();
    writer.file().lock().unwrap();
    push("1.0.1").await;
    assert_eq!(temporary_files(&repository), 1, "its writer lives");
    drop(writer);
    push("1.0.2").await;
    assert_eq!(temporary_files(&repository), 0);
}

#[tokio::test]
async fn other_directories_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    fs_err::write(directory.path().join("Chart.yaml"), "name: demo").unwrap();
    let repository = LayoutRepository::new(directory.path(), Arc::new(SilentReporter));
    let error = repository.push_blob(&upload(b"chart")).await.unwrap_err();
    assert!(
        matches!(error, PushBlobError::Layout(LayoutError::NotLayout { .. })),
        "{error:?}"
    );
    assert_eq!(fs_err::read_dir(directory.path()).unwrap().count(), 1);
}
