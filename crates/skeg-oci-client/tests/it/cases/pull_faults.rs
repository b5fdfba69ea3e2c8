//! Cases 35 to 39: pulling while things go wrong.

use std::time::Duration;

use skeg_oci_client::{
    FetchBlob, FetchBlobError, FetchManifest, FetchManifestError, RequestError, Resolve, ResolveError,
};
use skeg_test_support::{FakeRegistry, Fault, PlainReply, PlainServer};

use crate::support::{Harness, NAME, blob, digest, fetch_to_file, impatient, manifest, tag};

fn content() -> Vec<u8> {
    (0..=255).cycle().take(3 << 20).collect()
}

fn with_blob(fault: Fault) -> FakeRegistry {
    let registry = FakeRegistry::builder().fault(fault.on("GET", "/blobs/")).start();
    registry.put_blob(NAME, content());
    registry
}

fn with_manifest(fault: Fault) -> FakeRegistry {
    let registry = FakeRegistry::builder()
        .fault(fault.on_target("/manifests/"))
        .start();
    registry.put_manifest(
        NAME,
        "1.0.0",
        manifest().media_type().as_str(),
        manifest().bytes().to_vec(),
    );
    registry
}

#[tokio::test]
async fn case_35_a_truncated_blob_is_resumed() {
    for fault in [
        Fault::truncate(2 << 20),
        Fault::truncate_chunked(2 << 20),
        Fault::disconnect_after(2 << 20),
    ] {
        let registry = with_blob(fault.once());
        let harness = Harness::new();
        let repository = harness.repository(registry.host());
        assert_eq!(
            fetch_to_file(&repository, &blob(&content())).await.unwrap(),
            content()
        );
        let requests = registry.requests();
        assert_eq!(requests.len(), 2);
        assert!(requests.as_slice()[1].header("range").is_some());
        assert_eq!(harness.recorder.transferred(), [content().len() as u64]);
    }
}

#[tokio::test]
async fn case_35_a_server_without_ranges_sends_everything_again() {
    let fault = Fault::truncate(2 << 20).once().on("GET", "/blobs/");
    let registry = FakeRegistry::builder().ignore_ranges().fault(fault).start();
    registry.put_blob(NAME, content());
    let repository = Harness::new().repository(registry.host());
    assert_eq!(
        fetch_to_file(&repository, &blob(&content())).await.unwrap(),
        content()
    );
    let bytes = repository.fetch_blob(&blob(&content()), 8 << 20).await.unwrap();
    assert_eq!(bytes, content());
}

#[tokio::test]
async fn case_35_a_refused_range_begins_again() {
    let registry = with_blob(Fault::truncate(2 << 20).once());
    registry.add_fault(Fault::status(416).once().on("GET", "/blobs/"));
    let repository = Harness::new().repository(registry.host());
    assert_eq!(
        fetch_to_file(&repository, &blob(&content())).await.unwrap(),
        content()
    );
    assert_eq!(registry.requests().len(), 3);
}

#[tokio::test]
async fn case_35_a_server_that_gives_less_than_was_asked_for_is_asked_on() {
    let registry = with_blob(Fault::truncate(1 << 20).once());
    let all = content();
    let server = PlainServer::start(move |request| {
        let range = request.headers.get("range").and_then(|range| range.to_str().ok());
        let first: usize = range.unwrap_or("bytes=0-")[6..]
            .trim_end_matches('-')
            .parse()
            .unwrap();
        let end = all.len().min(first + (1 << 20));
        let range = format!("bytes {first}-{}/{}", end - 1, all.len());
        PlainReply::new(206)
            .header("Content-Range", &range)
            .body(all[first..end].to_vec())
    });
    registry.add_fault(Fault::redirect_to(format!("{}/b", server.base_url())).on("GET", "/blobs/"));
    let harness = Harness::new();
    let repository = harness.repository(registry.host());
    assert_eq!(
        fetch_to_file(&repository, &blob(&content())).await.unwrap(),
        content()
    );
    assert_eq!(
        server.requests().len(),
        2,
        "the first part came from the registry"
    );
}

#[tokio::test]
async fn case_35_a_server_that_always_cuts_off_is_given_up() {
    let registry = with_blob(Fault::truncate(10));
    let harness = Harness::new();
    let repository = harness.repository(registry.host());
    let error = fetch_to_file(&repository, &blob(&content())).await.unwrap_err();
    assert!(
        matches!(error.request(), Some(RequestError::Broken { .. })),
        "{error:?}"
    );
    assert_eq!(harness.recorder.retries(), 4);
}

#[tokio::test]
async fn case_36_other_content_is_refused() {
    let registry = with_blob(Fault::corrupt_at(5));
    let repository = Harness::new().repository(registry.host());
    let error = fetch_to_file(&repository, &blob(&content())).await.unwrap_err();
    assert!(
        matches!(error, FetchBlobError::DigestMismatch { .. }),
        "{error:?}"
    );
    let error = repository
        .fetch_blob(&blob(&content()), 8 << 20)
        .await
        .unwrap_err();
    assert!(
        matches!(error, FetchBlobError::DigestMismatch { .. }),
        "{error:?}"
    );

    let registry = with_blob(Fault::append("more"));
    let error = fetch_to_file(&Harness::new().repository(registry.host()), &blob(&content()))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchBlobError::SizeMismatch { .. }), "{error:?}");

    let registry = with_blob(Fault::headers().header("Content-Encoding", "gzip"));
    let error = fetch_to_file(&Harness::new().repository(registry.host()), &blob(&content()))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, FetchBlobError::Encoded { encoding, .. } if encoding == "gzip"),
        "{error:?}"
    );

    let registry = with_blob(Fault::status(200).body("short"));
    let error = fetch_to_file(&Harness::new().repository(registry.host()), &blob(&content()))
        .await
        .unwrap_err();
    assert!(
        matches!(error, FetchBlobError::SizeMismatch { actual: 5, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn case_37_a_stalled_body_is_resumed_and_then_given_up() {
    let registry = with_blob(Fault::stall_after(2 << 20).once());
    let harness = Harness::with_options(impatient());
    let repository = harness.repository(registry.host());
    assert_eq!(
        fetch_to_file(&repository, &blob(&content())).await.unwrap(),
        content()
    );

    let registry = with_blob(Fault::stall_after(10));
    let error = fetch_to_file(&harness.repository(registry.host()), &blob(&content()))
        .await
        .unwrap_err();
    assert!(
        matches!(error.request(), Some(RequestError::Timeout { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn case_37_a_silent_server_is_given_up() {
    let registry = with_manifest(Fault::no_response_headers());
    let harness = Harness::with_options(impatient());
    let error = harness.fetch(registry.host()).await.unwrap_err();
    assert!(
        matches!(error.request(), Some(RequestError::Timeout { .. })),
        "{error:?}"
    );
    assert_eq!(harness.recorder.retries(), 1);
}

#[tokio::test]
async fn case_38_the_server_says_when_to_come_back() {
    let date = "Sun, 06 Nov 1994 08:49:47 GMT";
    let faults = [
        (
            Fault::status(429).header("Retry-After", "2"),
            2,
            "429 Too Many Requests",
        ),
        (
            Fault::status(503)
                .header("Retry-After", date)
                .header("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            10,
            "503 Service Unavailable",
        ),
        (
            Fault::status(429).header("Retry-After", "3600"),
            60,
            "429 Too Many Requests",
        ),
    ];
    for (fault, seconds, reason) in faults {
        let registry = with_manifest(fault.once());
        let harness = Harness::new();
        harness.fetch(registry.host()).await.unwrap();
        assert_eq!(harness.recorder.pauses(), [Duration::from_secs(seconds)]);
        assert_eq!(harness.recorder.reported_retries(), [reason]);
    }
}

#[tokio::test]
async fn case_38_without_a_word_pauses_grow() {
    let registry = with_manifest(Fault::status(429));
    let harness = Harness::new();
    let error = harness.fetch(registry.host()).await.unwrap_err();
    assert_eq!(error.response().unwrap().status(), 429);
    let pauses = harness.recorder.pauses();
    assert_eq!(pauses.len(), 4);
    assert!(pauses.is_sorted(), "{pauses:?}");
}

#[tokio::test]
async fn final_statuses_are_not_retried() {
    for status in [400, 403, 404, 405, 409, 413] {
        let registry = with_manifest(Fault::status(status));
        let harness = Harness::new();
        harness.fetch(registry.host()).await.unwrap_err();
        assert_eq!(
            (registry.requests().len(), harness.recorder.retries()),
            (1, 0),
            "{status}"
        );
    }
}

#[tokio::test]
async fn case_39_what_is_no_manifest_is_said_so() {
    let registry = with_manifest(Fault::html());
    let repository = Harness::new().repository(registry.host());
    let error = repository.fetch_manifest(&tag("1.0.0")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer for `1.0.0` is `text/html`, not a manifest"
    );
    let error = repository.resolve(&tag("1.0.0")).await.unwrap_err();
    assert!(matches!(error, ResolveError::Answer { .. }), "{error:?}");

    let registry = with_manifest(Fault::status(200).body(vec![b' '; 10 << 20]));
    let error = Harness::new().fetch(registry.host()).await.unwrap_err();
    assert!(matches!(error, FetchManifestError::TooLarge { .. }), "{error:?}");

    let registry = with_manifest(Fault::corrupt_at(3));
    let repository = Harness::new().repository(registry.host());
    for target in [tag("1.0.0"), digest(&manifest().digest().to_string())] {
        let error = repository.fetch_manifest(&target).await.unwrap_err();
        assert!(
            matches!(error, FetchManifestError::DigestMismatch { .. }),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn case_39_heads_that_say_little() {
    for header in ["Docker-Content-Digest", "Content-Type", "Content-Length"] {
        let registry = with_manifest(Fault::headers().without_header(header));
        let repository = Harness::new().repository(registry.host());
        assert_eq!(
            repository.fetch_manifest(&tag("1.0.0")).await.unwrap(),
            manifest()
        );
        assert_eq!(
            repository.resolve(&tag("1.0.0")).await.unwrap(),
            manifest().descriptor()
        );
    }
    let empty = Fault::status(200)
        .header("Content-Type", manifest().media_type().as_str())
        .header("Docker-Content-Digest", &manifest().digest().to_string());
    let registry = with_manifest(empty.on("HEAD", "/manifests/"));
    let repository = Harness::new().repository(registry.host());
    assert_eq!(
        repository.resolve(&tag("1.0.0")).await.unwrap(),
        manifest().descriptor()
    );
    let registry = with_manifest(Fault::status(405).on("HEAD", "/manifests/"));
    let repository = Harness::new().repository(registry.host());
    assert_eq!(
        repository.resolve(&tag("1.0.0")).await.unwrap(),
        manifest().descriptor()
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let registry = FakeRegistry::start();
    let repository = Harness::new().repository(registry.host());
    let error = repository.fetch_manifest(&tag("1.0.0")).await.unwrap_err();
    assert!(matches!(error, FetchManifestError::NotFound { .. }), "{error:?}");
    let response = error.response().unwrap().to_string();
    let expected = format!(
        "GET \"{}/v2/{NAME}/manifests/1.0.0\": response status code 404: ",
        registry.base_url()
    );
    assert!(response.starts_with(&expected), "{response}");
    let error = repository.resolve(&tag("1.0.0")).await.unwrap_err();
    assert!(matches!(error, ResolveError::NotFound { .. }), "{error:?}");
    let error = fetch_to_file(&repository, &blob(b"chart")).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::NotFound { .. }), "{error:?}");
}

#[tokio::test]
async fn blobs_above_the_limit_are_not_asked_for() {
    let registry = FakeRegistry::start();
    let repository = Harness::new().repository(registry.host());
    let error = repository.fetch_blob(&blob(b"chart"), 4).await.unwrap_err();
    assert!(
        matches!(
            error,
            FetchBlobError::TooLarge {
                size: 5,
                limit: 4,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(registry.requests().is_empty());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_said_so() {
    let registry = FakeRegistry::start();
    registry.put_blob(NAME, content());
    let full = fs_err::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let repository = Harness::new().repository(registry.host());
    let error = repository
        .fetch_blob_to_file(&blob(&content()), full.into_parts().0)
        .await
        .unwrap_err();
    let FetchBlobError::Write { source, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(source.kind(), std::io::ErrorKind::StorageFull);
}

#[tokio::test]
async fn what_a_file_held_before_is_gone() {
    let registry = FakeRegistry::start();
    registry.put_blob(NAME, "chart");
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), "something much longer").unwrap();
    let opened = fs_err::OpenOptions::new()
        .write(true)
        .open(file.path())
        .unwrap()
        .into_parts()
        .0;
    let repository = Harness::new().repository(registry.host());
    repository
        .fetch_blob_to_file(&blob(b"chart"), opened)
        .await
        .unwrap();
    assert_eq!(fs_err::read(file.path()).unwrap(), b"chart");
}
