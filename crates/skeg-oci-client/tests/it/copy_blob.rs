//! Blobs that go from one repository to another.

use std::sync::Arc;

use skeg_oci::Descriptor;
use skeg_oci_client::{
    BlobPush, CopyBlobError, FetchBlob, HasBlob, LayoutRepository, MemoryRepository, OpenBlob, PushBlob,
    SilentReporter, copy_blob,
};
use skeg_test_support::{FakeRegistry, Fault, TokenServer};

use crate::support::{Harness, NAME, blob, impatient, upload};

const SMALL: usize = 1000;
const LARGE: usize = 3 * 1024 * 1024 + 5;

fn content(size: usize) -> Vec<u8> {
    (0..size)
        .map(|at| u8::try_from(at / 7 % 251).unwrap_or_default())
        .collect()
}

/// Copies a blob of this size between two registries of which one misbehaves.
async fn copy_with(from: &FakeRegistry, to: &FakeRegistry, size: usize) -> Result<BlobPush, CopyBlobError> {
    let harness = Harness::with_options(impatient());
    let content = content(size);
    from.put_blob("charts/origin", content.clone());
    copy(
        &harness.named(from.host(), "charts/origin"),
        &harness.repository(to.host()),
        &blob(&content),
    )
    .await
}

async fn copy<S: OpenBlob, D: HasBlob + PushBlob>(
    from: &S,
    to: &D,
    blob: &Descriptor,
) -> Result<BlobPush, CopyBlobError> {
    copy_blob(from, to, blob, None).await
}

#[track_caller]
fn check_arrived(to: &FakeRegistry, size: usize) {
    let content = content(size);
    let arrived = to.blob(NAME, &blob(&content).digest.to_string());
    assert!(arrived.is_some_and(|arrived| arrived == content));
}

async fn survives(size: usize, from_fault: Option<Fault>, to_fault: Option<Fault>) {
    let (from, to) = (FakeRegistry::start(), FakeRegistry::start());
    if let Some(fault) = from_fault {
        from.add_fault(fault);
    }
    if let Some(fault) = to_fault {
        to.add_fault(fault);
    }
    let copied = copy_with(&from, &to, size).await;
    assert_eq!(copied.unwrap(), BlobPush::Uploaded);
    check_arrived(&to, size);
}

#[tokio::test]
async fn blobs_of_all_sizes_arrive() {
    for size in [0, 1, SMALL, 1024 * 1024, 1024 * 1024 + 1, LARGE] {
        survives(size, None, None).await;
    }
}

#[tokio::test]
async fn a_source_that_is_cut_off_is_resumed() {
    for cut in [0, 1, 500_000, LARGE - 1] {
        survives(
            LARGE,
            Some(Fault::truncate(cut).once().on("GET", "/blobs/")),
            None,
        )
        .await;
    }
    survives(
        LARGE,
        Some(Fault::disconnect_after(2_000_000).times(3).on("GET", "/blobs/")),
        None,
    )
    .await;
    survives(SMALL, Some(Fault::truncate(10).once().on("GET", "/blobs/")), None).await;
}

#[tokio::test]
async fn a_source_that_knows_no_ranges_sends_again_what_was_sent() {
    let from = FakeRegistry::builder().ignore_ranges().start();
    let to = FakeRegistry::start();
    from.add_fault(Fault::truncate(1_500_000).once().on("GET", "/blobs/"));
    copy_with(&from, &to, LARGE).await.unwrap();
    check_arrived(&to, LARGE);
}

#[tokio::test]
async fn a_busy_source_or_destination_is_asked_again() {
    for size in [SMALL, LARGE] {
        for status in [429, 500, 503] {
            let fault = Fault::status(status).times(2);
            survives(size, Some(fault.clone().on("GET", "/blobs/")), None).await;
            for method in ["HEAD", "POST", "PUT"] {
                survives(size, None, Some(fault.clone().on(method, "/blobs/"))).await;
            }
        }
    }
}

#[tokio::test]
async fn an_upload_that_is_cut_off_begins_again() {
    for size in [SMALL, LARGE] {
        let cut = Fault::disconnect_after(size / 2).times(2).on("PUT", "/blobs/");
        survives(size, None, Some(cut)).await;
        let unclear = Fault::status(502).committed().once().on("PUT", "/blobs/");
        survives(size, None, Some(unclear)).await;
    }
}

#[tokio::test]
async fn parts_come_from_one_answer_of_the_source() {
    let from = FakeRegistry::start();
    let to = FakeRegistry::builder().monolithic_limit(1_200_000).start();
    copy_with(&from, &to, LARGE).await.unwrap();
    check_arrived(&to, LARGE);
    // Once for the whole that is refused, and once for all parts.
    assert!(
        from.requests().count("GET", "/blobs/") <= 2,
        "{}",
        from.requests()
    );
}

#[tokio::test]
async fn tokens_that_end_on_the_way_are_renewed() {
    let from = FakeRegistry::builder().bearer_auth(TokenServer::new()).start();
    let to = FakeRegistry::builder().bearer_auth(TokenServer::new()).start();
    from.add_fault(Fault::token_expired().once().on("GET", "/blobs/"));
    to.add_fault(Fault::token_expired().once().on("PUT", "/blobs/"));
    copy_with(&from, &to, LARGE).await.unwrap();
    check_arrived(&to, LARGE);
}

async fn is_refused(size: usize, fault: Fault) -> String {
    let (from, to) = (FakeRegistry::start(), FakeRegistry::start());
    from.add_fault(fault.on("GET", "/blobs/"));
    let error = copy_with(&from, &to, size).await.unwrap_err();
    assert!(matches!(error, CopyBlobError::Fetch(_)), "{error:?}");
    assert_eq!(to.blobs(NAME), Vec::<String>::new(), "{}", to.requests());
    let CopyBlobError::Fetch(source) = error else {
        panic!("because it was looked at");
    };
    source.to_string()
}

#[tokio::test]
async fn what_is_not_the_blob_does_not_arrive() {
    for size in [SMALL, LARGE] {
        let text = is_refused(size, Fault::corrupt_at(size / 2)).await;
        assert!(text.starts_with("blob digest mismatch"), "{text}");
        let text = is_refused(size, Fault::append("more")).await;
        assert!(text.contains("where its descriptor states"), "{text}");
        let text = is_refused(size, Fault::error(404, "BLOB_UNKNOWN", "gone")).await;
        assert!(text.ends_with("not found"), "{text}");
    }
}

#[tokio::test]
async fn a_destination_that_refuses_is_to_blame() {
    for size in [SMALL, LARGE] {
        let (from, to) = (FakeRegistry::start(), FakeRegistry::builder().read_only().start());
        let error = copy_with(&from, &to, size).await.unwrap_err();
        assert!(matches!(error, CopyBlobError::Push(_)), "{error:?}");
    }
}

#[tokio::test]
async fn what_is_there_costs_one_request() {
    let (from, to) = (FakeRegistry::start(), FakeRegistry::start());
    to.put_blob(NAME, content(SMALL));
    assert_eq!(copy_with(&from, &to, SMALL).await.unwrap(), BlobPush::Existed);
    assert_eq!(to.requests().len(), 1, "{}", to.requests());
    assert_eq!(from.requests().len(), 0, "{}", from.requests());
}

#[tokio::test]
async fn on_one_registry_nothing_is_sent() {
    let registry = FakeRegistry::start();
    let harness = Harness::new();
    let content = content(LARGE);
    registry.put_blob("charts/origin", content.clone());
    let from = harness.named(registry.host(), "charts/origin");
    let to = harness.repository(registry.host());
    let name = "charts/origin".parse().unwrap();
    let copied = copy_blob(&from, &to, &blob(&content), Some(&name)).await;
    assert_eq!(copied.unwrap(), BlobPush::Mounted);
    assert_eq!(
        registry.requests().count("GET", "/blobs/"),
        0,
        "{}",
        registry.requests()
    );
}

#[tokio::test]
async fn between_layouts_and_registries_and_memory() {
    let registry = FakeRegistry::start();
    let directory = tempfile::tempdir().unwrap();
    let layout = |name: &str| LayoutRepository::new(directory.path().join(name), Arc::new(SilentReporter));
    let (one, two, memory) = (layout("one"), layout("two"), MemoryRepository::new());
    let remote = Harness::new().repository(registry.host());
    for size in [0, SMALL, LARGE] {
        let content = content(size);
        let blob = blob(&content);
        one.push_blob(&upload(&content)).await.unwrap();
        copy(&one, &remote, &blob).await.unwrap();
        copy(&remote, &two, &blob).await.unwrap();
        copy(&two, &memory, &blob).await.unwrap();
        copy(&remote, &memory, &blob).await.unwrap();
        assert_eq!(memory.fetch_blob(&blob, u64::MAX).await.unwrap(), content);
    }
    let lost = blob(b"lost");
    let error = copy(&one, &two, &lost).await.unwrap_err();
    assert!(matches!(error, CopyBlobError::Fetch(_)), "{error:?}");
    let error = copy(&remote, &two, &lost).await.unwrap_err();
    assert!(matches!(error, CopyBlobError::Fetch(_)), "{error:?}");
}
