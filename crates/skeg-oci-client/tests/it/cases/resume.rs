//! Transfers that go on where an earlier one stopped.

use std::fs::File;
use std::io::{Read, Seek, Write};

use skeg_oci_client::{ClientOptions, FetchBlob, FetchBlobError, MemoryRepository, PushBlob, RetryPolicy};
use skeg_test_support::{FakeRegistry, Fault, TokenServer, random_bytes};

use crate::support::{Harness, NAME, blob, fetch_to_file, plain, upload};

const MEBIBYTE: usize = 1 << 20;

fn content() -> Vec<u8> {
    random_bytes(5 * MEBIBYTE + 17, 5)
}

fn file_with(held: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(held).unwrap();
    file
}

fn content_of(mut file: &File) -> Vec<u8> {
    let mut content = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut content).unwrap();
    content
}

/// Fetches `content()` into a file that holds `held`, and compares the ranges asked for.
#[track_caller]
fn check(registry: &FakeRegistry, held: &[u8], ranges: &[Option<&str>]) {
    registry.put_blob(NAME, content());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let fetched = runtime.block_on(async {
        let repository = Harness::new().repository(registry.host());
        repository
            .fetch_blob_to_file(&blob(&content()), file_with(held))
            .await
    });
    assert_eq!(content_of(&fetched.unwrap()), content());
    let requests = registry.requests();
    let asked: Vec<_> = requests.iter().map(|request| request.header("range")).collect();
    assert_eq!(asked, ranges);
}

#[test]
fn case_35_what_a_file_holds_is_not_fetched_again() {
    let whole = content();
    let half = &whole[..3 * MEBIBYTE];
    let registry = FakeRegistry::start();
    check(&registry, half, &[Some("bytes=3145728-")]);
    assert_eq!(
        registry.requests().bytes_sent(),
        (whole.len() - half.len()) as u64
    );
    check(&FakeRegistry::start(), &whole, &[]);
    check(&FakeRegistry::start(), &whole[..1], &[Some("bytes=1-")]);
    check(&FakeRegistry::start(), b"", &[None]);
}

#[test]
fn case_35_what_a_file_holds_counts_for_nothing_when_it_is_wrong() {
    let whole = content();
    let mut wrong = whole[..MEBIBYTE].to_vec();
    wrong[7] ^= 1;
    check(&FakeRegistry::start(), &wrong, &[Some("bytes=1048576-"), None]);
    let mut wrong = whole.clone();
    wrong[7] ^= 1;
    check(&FakeRegistry::start(), &wrong, &[None]);
    let mut longer = whole.clone();
    longer.push(0);
    check(&FakeRegistry::start(), &longer, &[None]);
}

#[test]
fn servers_without_ranges_send_everything() {
    let whole = content();
    let registry = FakeRegistry::builder().ignore_ranges().start();
    check(&registry, &whole[..MEBIBYTE], &[Some("bytes=1048576-")]);
    let registry = FakeRegistry::builder().fault(Fault::status(416).once()).start();
    check(&registry, &whole[..MEBIBYTE], &[Some("bytes=1048576-"), None]);
}

#[tokio::test]
async fn wrong_bytes_are_fetched_once_more_and_not_left_behind() {
    let registry = FakeRegistry::builder().fault(Fault::corrupt_at(5)).start();
    registry.put_blob(NAME, content());
    let repository = Harness::new().repository(registry.host());
    let file = file_with(&content()[..MEBIBYTE]);
    let same_file = file.try_clone().unwrap();
    let error = repository
        .fetch_blob_to_file(&blob(&content()), file)
        .await
        .unwrap_err();
    assert!(
        matches!(error, FetchBlobError::DigestMismatch { .. }),
        "{error:?}"
    );
    assert_eq!(registry.requests().len(), 2);
    assert_eq!(content_of(&same_file), b"");
}

#[tokio::test]
async fn case_35_a_pull_that_is_cut_three_times_sends_no_byte_twice() {
    let registry = FakeRegistry::start();
    registry.put_blob(NAME, content());
    for bytes in [MEBIBYTE, 2 * MEBIBYTE, 100] {
        registry.add_fault(Fault::truncate(bytes).once().on("GET", "/blobs/"));
    }
    let harness = Harness::new();
    let repository = harness.repository(registry.host());
    assert_eq!(
        fetch_to_file(&repository, &blob(&content())).await.unwrap(),
        content()
    );
    let requests = registry.requests();
    let asked: Vec<_> = requests.iter().map(|request| request.header("range")).collect();
    let expected = [
        None,
        Some("bytes=1048576-"),
        Some("bytes=3145728-"),
        Some("bytes=3145828-"),
    ];
    assert_eq!(asked, expected);
    assert_eq!(requests.bytes_sent(), content().len() as u64);
}

#[tokio::test]
async fn case_35_a_failed_fetch_leaves_what_came_to_the_next_one() {
    let registry = FakeRegistry::builder()
        .fault(Fault::truncate(2 * MEBIBYTE).once())
        .start();
    registry.put_blob(NAME, content());
    let file = tempfile::tempfile().unwrap();
    let same_file = file.try_clone().unwrap();
    let harness = Harness::with_options(ClientOptions {
        retry: RetryPolicy::none(),
        ..plain()
    });
    let repository = harness.repository(registry.host());
    let error = repository
        .fetch_blob_to_file(&blob(&content()), file)
        .await
        .unwrap_err();
    assert!(error.request().is_some(), "{error:?}");
    assert_eq!(content_of(&same_file), content()[..2 * MEBIBYTE]);

    let fetched = repository
        .fetch_blob_to_file(&blob(&content()), same_file)
        .await
        .unwrap();
    assert_eq!(content_of(&fetched), content());
    assert_eq!(registry.requests().bytes_sent(), content().len() as u64);
}

#[tokio::test]
async fn other_repositories_take_files_that_hold_something_too() {
    let repository = MemoryRepository::new();
    repository.push_blob(&upload(b"chart")).await.unwrap();
    for held in [&b""[..], b"ch", b"chart", b"something longer"] {
        let file = repository
            .fetch_blob_to_file(&blob(b"chart"), file_with(held))
            .await;
        assert_eq!(content_of(&file.unwrap()), b"chart");
    }
}

#[tokio::test]
async fn case_11_a_token_that_expires_between_two_pieces_is_renewed() {
    let registry = FakeRegistry::builder()
        .bearer_auth(TokenServer::new().user("ada", "secret"))
        .fault(Fault::truncate(2 * MEBIBYTE).once().on("GET", "/blobs/").after(1))
        .fault(Fault::token_expired().once().on("GET", "/blobs/").after(2))
        .start();
    registry.put_blob(NAME, content());
    let repository = Harness::with_password("ada", "secret").repository(registry.host());
    assert_eq!(
        fetch_to_file(&repository, &blob(&content())).await.unwrap(),
        content()
    );
    assert_eq!(registry.token_requests().len(), 2);
    let requests = registry.requests();
    let statuses: Vec<_> = requests.iter().filter_map(|request| request.status).collect();
    assert_eq!(statuses, [401, 200, 401, 206], "{requests}");
}
