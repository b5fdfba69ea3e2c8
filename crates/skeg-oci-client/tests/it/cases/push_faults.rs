//! Cases 27 to 34: pushing while things go wrong.

use skeg_oci_client::{
    BlobPush, PushBlob, PushBlobError, PushManifest, PushManifestError, RequestError, Resolve,
};
use skeg_test_support::{FakeRegistry, Fault, TokenServer};

use crate::support::{Harness, NAME, digest, file_upload, impatient, manifest, tag, upload};

#[tokio::test]
async fn case_27_a_failed_put_begins_a_new_session() {
    let content = vec![7; 1 << 20];
    let faults = [
        Fault::status(503).once().on("PUT", "/blobs/"),
        Fault::status(503).early().once().on("PUT", "/blobs/"),
        Fault::disconnect_after(1000).once().on("PUT", "/blobs/"),
    ];
    for fault in faults {
        let registry = FakeRegistry::builder().fault(fault).start();
        let harness = Harness::new();
        let (upload, _file) = file_upload(&content);
        let pushed = harness
            .repository(registry.host())
            .push_blob(&upload)
            .await
            .unwrap();
        assert_eq!(pushed, BlobPush::Uploaded);
        let requests = registry.requests();
        assert_eq!(
            (
                requests.count("POST", "/blobs/uploads/"),
                requests.count("PUT", "/blobs/")
            ),
            (2, 2)
        );
        assert_eq!(registry.blobs(NAME).len(), 1);
        assert_eq!(harness.recorder.transferred(), [content.len() as u64]);
        assert_eq!(harness.recorder.completed.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn case_28_a_put_that_was_committed_is_found_out() {
    let registry = FakeRegistry::builder()
        .fault(
            Fault::no_response_headers()
                .committed()
                .once()
                .on("PUT", "/blobs/"),
        )
        .start();
    let harness = Harness::with_options(impatient());
    let pushed = harness.push(registry.host()).await.unwrap();
    assert_eq!(pushed, BlobPush::Uploaded);
    assert_eq!(registry.requests().count("PUT", "/blobs/"), 1);
    assert_eq!(harness.recorder.retries(), 0);

    let unknown = Fault::error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    let registry = FakeRegistry::builder()
        .fault(unknown.committed().once().on("PUT", "/blobs/"))
        .start();
    let pushed = harness.push(registry.host()).await.unwrap();
    assert_eq!(pushed, BlobPush::Uploaded);
}

#[tokio::test]
async fn case_29_a_blob_that_is_too_large_goes_in_parts() {
    let content: Vec<u8> = (0..=255).cycle().take(9 << 20).collect();
    for minimum in [1, 5 << 20] {
        let registry = FakeRegistry::builder()
            .monolithic_limit(6 << 20)
            .chunk_min_length(minimum)
            .start();
        let harness = Harness::new();
        let (upload, _file) = file_upload(&content);
        let repository = harness.repository(registry.host());
        assert_eq!(repository.push_blob(&upload).await.unwrap(), BlobPush::Uploaded);
        let requests = registry.requests();
        let parts = if minimum == 1 { 3 } else { 2 };
        assert_eq!(requests.count("PATCH", "/blobs/"), parts, "{requests}");
        assert_eq!(harness.recorder.transferred(), [content.len() as u64]);
        let digest = upload.descriptor().digest.to_string();
        assert_eq!(registry.blob(NAME, &digest).unwrap(), content);
    }
}

#[tokio::test]
async fn case_29_a_registry_that_discards_parts_is_found_out() {
    let registry = FakeRegistry::builder()
        .monolithic_limit(6 << 20)
        .discard_chunks()
        .start();
    let upload = upload(&vec![7; 9 << 20]);
    let error = Harness::new()
        .repository(registry.host())
        .push_blob(&upload)
        .await
        .unwrap_err();
    assert!(matches!(error, PushBlobError::NotStored { .. }), "{error:?}");
    assert!(registry.blobs(NAME).is_empty());

    let registry = FakeRegistry::builder()
        .monolithic_limit(6 << 20)
        .no_chunked_upload()
        .start();
    let error = Harness::new()
        .repository(registry.host())
        .push_blob(&upload)
        .await
        .unwrap_err();
    assert_eq!(error.response().unwrap().status(), 405);
}

#[tokio::test]
async fn case_29_a_registry_that_hangs_up_on_a_large_blob_gets_it_in_parts() {
    let registry = FakeRegistry::builder()
        .fault(Fault::disconnect_after(1000).on("PUT", "/blobs/").times(3))
        .start();
    let content: Vec<u8> = (0..=255).cycle().take(9 << 20).collect();
    let (upload, _file) = file_upload(&content);
    let repository = Harness::new().repository(registry.host());
    assert_eq!(repository.push_blob(&upload).await.unwrap(), BlobPush::Uploaded);
    let requests = registry.requests();
    assert_eq!(requests.count("PATCH", "/blobs/"), 3, "{requests}");
    for part in &requests.matching("PATCH", "/blobs/") {
        assert_eq!(part.header("content-length"), Some(&*part.received.to_string()));
        assert!(part.header("content-range").is_some());
    }
    assert_eq!(
        registry
            .blob(NAME, &upload.descriptor().digest.to_string())
            .unwrap(),
        content
    );
}

#[tokio::test]
async fn case_29_parts_become_smaller_until_a_proxy_takes_them() {
    let too_large = |request| Fault::status(413).on(request, "/blobs/");
    let registry = FakeRegistry::builder()
        .monolithic_limit(1 << 20)
        .fault(too_large("PATCH").once())
        .start();
    let content: Vec<u8> = (0..=255).cycle().take(5 << 20).collect();
    let (large, _file) = file_upload(&content);
    let repository = Harness::new().repository(registry.host());
    assert_eq!(repository.push_blob(&large).await.unwrap(), BlobPush::Uploaded);
    assert_eq!(registry.requests().count("PATCH", "/blobs/"), 1 + 5);

    registry.clear_requests();
    let small = upload(&content[..(2 << 20)]);
    assert_eq!(repository.push_blob(&small).await.unwrap(), BlobPush::Uploaded);
    assert_eq!(registry.requests().count("PATCH", "/blobs/"), 2);

    let registry = FakeRegistry::builder()
        .fault(too_large("PUT"))
        .fault(too_large("PATCH"))
        .start();
    let repository = Harness::new().repository(registry.host());
    let error = repository.push_blob(&large).await.unwrap_err();
    assert_eq!(error.response().unwrap().status(), 413);
    assert_eq!(registry.requests().count("POST", "/blobs/"), 4);
}

#[tokio::test]
async fn case_30_a_part_that_failed_goes_on_where_the_registry_is() {
    let content: Vec<u8> = (0..=255).cycle().take(9 << 20).collect();
    let faults = [
        Fault::status(503),
        Fault::status(416),
        Fault::disconnect_after(1000),
        Fault::status(502).committed(),
    ];
    for fault in faults {
        let registry = FakeRegistry::builder()
            .monolithic_limit(6 << 20)
            .fault(fault.once().after(1).on("PATCH", "/blobs/"))
            .start();
        let (upload, _file) = file_upload(&content);
        let repository = Harness::new().repository(registry.host());
        assert_eq!(repository.push_blob(&upload).await.unwrap(), BlobPush::Uploaded);
        let requests = registry.requests();
        assert_eq!(requests.count("POST", "/blobs/uploads/"), 2, "{requests}");
        assert_eq!(requests.count("GET", "/blobs/uploads/"), 1, "{requests}");
        assert_eq!(
            registry
                .blob(NAME, &upload.descriptor().digest.to_string())
                .unwrap(),
            content
        );
    }
}

#[tokio::test]
async fn case_30_a_registry_that_never_fits_is_given_up() {
    let registry = FakeRegistry::builder()
        .monolithic_limit(6 << 20)
        .fault(Fault::status(416).after(1).on("PATCH", "/blobs/"))
        .start();
    let upload = upload(&vec![7; 9 << 20]);
    let error = Harness::new()
        .repository(registry.host())
        .push_blob(&upload)
        .await
        .unwrap_err();
    assert_eq!(error.response().unwrap().status(), 416);
    assert!(registry.requests().len() < 30);
}

#[tokio::test]
async fn case_31_a_post_that_says_the_blob_is_there() {
    let created = Fault::status(201).on("POST", "/blobs/uploads/");
    let registry = FakeRegistry::builder().fault(created).start();
    let harness = Harness::new();
    let error = harness.push(registry.host()).await.unwrap_err();
    assert!(matches!(error, PushBlobError::NotStored { .. }), "{error:?}");
    registry.add_fault(Fault::status(404).once().on("HEAD", "/blobs/"));
    registry.put_blob(NAME, "chart");
    assert_eq!(harness.push(registry.host()).await.unwrap(), BlobPush::Existed);
}

#[tokio::test]
async fn case_10_a_token_that_expires_between_two_parts_is_renewed() {
    let registry = FakeRegistry::builder()
        .monolithic_limit(6 << 20)
        .bearer_auth(TokenServer::new().user("ada", "secret").uses(4))
        .start();
    let content = vec![7; 13 << 20];
    let (upload, _file) = file_upload(&content);
    let repository = Harness::with_password("ada", "secret").repository(registry.host());
    assert_eq!(repository.push_blob(&upload).await.unwrap(), BlobPush::Uploaded);
    assert!(registry.token_requests().len() >= 2);
}

#[tokio::test]
async fn case_30_an_unknown_session_is_replaced() {
    for status in [404, 416] {
        let unknown = Fault::error(status, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
        let registry = FakeRegistry::builder()
            .fault(unknown.once().on("PUT", "/blobs/"))
            .start();
        let pushed = Harness::new().push(registry.host()).await.unwrap();
        assert_eq!(pushed, BlobPush::Uploaded);
        assert_eq!(registry.requests().count("POST", "/blobs/uploads/"), 2);
    }
}

#[tokio::test]
async fn case_31_unusual_statuses_of_success() {
    for status in [200, 202, 204] {
        let fault = Fault::status(status).committed().once().on("PUT", "/blobs/");
        let registry = FakeRegistry::builder().fault(fault).start();
        let pushed = Harness::new().push(registry.host()).await.unwrap();
        assert_eq!(pushed, BlobPush::Uploaded);
    }
    let registry = FakeRegistry::builder()
        .fault(Fault::status(202).on("PUT", "/blobs/"))
        .start();
    let error = Harness::new().push(registry.host()).await.unwrap_err();
    assert!(matches!(error, PushBlobError::NotStored { .. }), "{error:?}");

    let bare = Fault::headers()
        .without_header("Location")
        .without_header("Docker-Content-Digest");
    let registry = FakeRegistry::builder().fault(bare.on("PUT", "")).start();
    let repository = Harness::new().repository(registry.host());
    repository.push_blob(&upload(b"{}")).await.unwrap();
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
}

#[tokio::test]
async fn case_32_a_manifest_is_one_put() {
    let registry = FakeRegistry::start();
    let repository = Harness::new().repository(registry.host());
    repository.push_blob(&upload(b"{}")).await.unwrap();
    registry.clear_requests();
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
    assert_eq!(registry.requests().len(), 1);
    let stored = registry.manifest(NAME, "1.0.0").unwrap();
    assert_eq!(
        (&*stored.0, &*stored.1),
        (manifest().media_type().as_str(), manifest().bytes())
    );
    repository
        .push_manifest(&manifest(), &digest(&manifest().digest().to_string()))
        .await
        .unwrap();
    let other = skeg_oci::Digest::sha256_of(b"other").to_string();
    let error = repository
        .push_manifest(&manifest(), &digest(&other))
        .await
        .unwrap_err();
    assert!(
        matches!(error, PushManifestError::DigestMismatch { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn case_33_immutable_tags() {
    let registry = FakeRegistry::builder().immutable_tags().start();
    let repository = Harness::new().repository(registry.host());
    repository.push_blob(&upload(b"{}")).await.unwrap();
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap();
    registry.put_manifest(NAME, "1.0.0", "application/vnd.oci.image.manifest.v1+json", "{}");
    registry.clear_requests();
    let error = repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap_err();
    assert!(matches!(error, PushManifestError::Immutable { .. }), "{error:?}");
    assert_eq!(registry.requests().count("PUT", "/manifests/"), 1);

    for status in [409, 412, 403] {
        let fault = Fault::error(status, "DENIED", "the tag is immutable").on("PUT", "/manifests/");
        let registry = FakeRegistry::builder().fault(fault).start();
        let repository = Harness::new().repository(registry.host());
        let error = repository
            .push_manifest(&manifest(), &tag("1.0.0"))
            .await
            .unwrap_err();
        assert!(matches!(error, PushManifestError::Immutable { .. }), "{error:?}");
        assert_eq!(registry.requests().count("PUT", "/manifests/"), 1);
    }
}

#[tokio::test]
async fn case_34_missing_repositories_and_quotas() {
    let registry = FakeRegistry::builder().closed_namespace().start();
    let repository = Harness::new().repository(registry.host());
    let error = repository.push_blob(&upload(b"chart")).await.unwrap_err();
    assert!(
        matches!(error, PushBlobError::RepositoryNotFound { .. }),
        "{error:?}"
    );
    let error = repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, PushManifestError::RepositoryNotFound { .. }),
        "{error:?}"
    );

    let quota = Fault::error(403, "DENIED", "quota exceeded").on("POST", "/blobs/");
    let registry = FakeRegistry::builder().fault(quota).start();
    let error = Harness::new().push(registry.host()).await.unwrap_err();
    let response = error.response().unwrap();
    assert!(response.is_denied());
    assert_eq!(response.server_text(), "denied: quota exceeded");
    assert_eq!(registry.requests().count("POST", "/blobs/"), 1);
}

#[tokio::test]
async fn existing_blobs_are_not_sent() {
    let registry = FakeRegistry::start();
    registry.put_blob(NAME, "chart");
    let pushed = Harness::new().push(registry.host()).await.unwrap();
    assert_eq!(pushed, BlobPush::Existed);
    assert_eq!(registry.requests().len(), 1);
}

#[tokio::test]
async fn case_05_refused_mounts_go_on_in_the_session_given() {
    let registry = FakeRegistry::builder().refuse_mounts().start();
    let upload = upload(b"chart").mount_from("base".parse().unwrap());
    let pushed = Harness::new()
        .repository(registry.host())
        .push_blob(&upload)
        .await
        .unwrap();
    assert_eq!(pushed, BlobPush::Uploaded);
    assert_eq!(registry.requests().count("POST", "/blobs/uploads/"), 1);

    let registry = FakeRegistry::builder()
        .fault(Fault::status(405).on("POST", "mount="))
        .start();
    let pushed = Harness::new()
        .repository(registry.host())
        .push_blob(&upload)
        .await
        .unwrap();
    assert_eq!(pushed, BlobPush::Uploaded);
}

#[tokio::test]
async fn empty_blobs_are_pushed() {
    let registry = FakeRegistry::start();
    let repository = Harness::new().repository(registry.host());
    assert_eq!(
        repository.push_blob(&upload(b"")).await.unwrap(),
        BlobPush::Uploaded
    );
    let (upload, _file) = file_upload(b"");
    assert_eq!(repository.push_blob(&upload).await.unwrap(), BlobPush::Existed);
}

#[tokio::test]
async fn sources_that_cannot_be_read_are_named() {
    let registry = FakeRegistry::start();
    let repository = Harness::new().repository(registry.host());
    let (upload, file) = file_upload(&vec![7; 1 << 20]);
    fs_err::write(file.path(), "short").unwrap();
    let error = repository.push_blob(&upload).await.unwrap_err();
    assert!(
        matches!(&error, PushBlobError::ReadSource { path, .. } if path == file.path()),
        "{error:?}"
    );
    drop(file);
    let error = repository.push_blob(&upload).await.unwrap_err();
    assert!(matches!(error, PushBlobError::ReadSource { .. }), "{error:?}");
    assert!(registry.blobs(NAME).is_empty());
}

#[tokio::test]
async fn a_registry_that_stops_reading_is_given_up() {
    let registry = FakeRegistry::builder()
        .fault(Fault::stall_after(1000).on("PUT", "/blobs/"))
        .start();
    let harness = Harness::with_options(impatient());
    let (upload, _file) = file_upload(&vec![7; 32 << 20]);
    let error = harness
        .repository(registry.host())
        .push_blob(&upload)
        .await
        .unwrap_err();
    assert!(
        matches!(error.request(), Some(RequestError::Timeout { .. })),
        "{error:?}"
    );
    assert_eq!(harness.recorder.retries(), 1);
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_the_registry() {
    let registry = FakeRegistry::builder()
        .fault(Fault::error(403, "DENIED", "not your team"))
        .start();
    let repository = Harness::new().repository(registry.host());
    let error = repository.push_blob(&upload(b"chart")).await.unwrap_err();
    assert_eq!(error.response().unwrap().server_text(), "denied: not your team");
    let error = repository.resolve(&tag("1.0.0")).await.unwrap_err();
    assert_eq!(error.response().unwrap().server_text(), "denied: not your team");
    assert_eq!(registry.requests().count("HEAD", "/v2/"), 2);
    assert_eq!(registry.requests().len(), 4);
}
