//! Upload sessions in all their forms.

use skeg_test_support::{FakeRegistry, FakeRegistryBuilder, LocationStyle, random_bytes, sha256_digest};

use crate::client::{Answer, call, get};

const UPLOADS: &str = "/v2/demo/blobs/uploads/";

fn start(registry: &FakeRegistry) -> String {
    let answer = call("POST", UPLOADS).send(registry.host()).expect(202);
    answer.header("location").unwrap_or_default().to_owned()
}

fn finish(registry: &FakeRegistry, target: &str, content: &[u8]) -> Answer {
    let separator = if target.contains('?') { '&' } else { '?' };
    let digest = sha256_digest(content);
    call("PUT", &format!("{target}{separator}digest={digest}"))
        .body(content)
        .send(registry.host())
}

/// Uploads through the location a builder's registry gives, resolved by `resolve`.
#[track_caller]
fn check_location(builder: FakeRegistryBuilder, resolve: impl Fn(&FakeRegistry, &str) -> String) {
    let registry = builder.start();
    let location = start(&registry);
    finish(&registry, &resolve(&registry, &location), b"content").expect(201);
    let digest = sha256_digest(b"content");
    assert_eq!(registry.blob("demo", &digest).as_deref(), Some(&b"content"[..]));
    assert_eq!(registry.open_uploads(), 0);
}

fn styled(style: LocationStyle) -> FakeRegistryBuilder {
    FakeRegistry::builder().location_style(style)
}

fn without_origin(registry: &FakeRegistry, location: &str) -> String {
    let path = location.strip_prefix(registry.base_url());
    path.expect("because the location is absolute").to_owned()
}

#[test]
fn every_location_style_leads_to_the_session() {
    check_location(styled(LocationStyle::Relative), |_, location| location.to_owned());
    check_location(styled(LocationStyle::Absolute), without_origin);
    check_location(styled(LocationStyle::WithState), without_origin);
    check_location(styled(LocationStyle::PathOnly), |_, id| format!("{UPLOADS}{id}"));
    check_location(styled(LocationStyle::QueryOnly), |_, query| {
        format!("{UPLOADS}{query}")
    });
}

#[test]
fn location_can_be_elsewhere_or_missing() {
    let registry = styled(LocationStyle::OtherOrigin("http://127.0.0.2:1".to_owned())).start();
    assert!(start(&registry).starts_with("http://127.0.0.2:1/v2/demo/blobs/uploads/"));
    let registry = styled(LocationStyle::Missing).start();
    assert_eq!(start(&registry), "");
}

#[test]
fn changed_upload_state_is_refused() {
    let registry = styled(LocationStyle::WithState).start();
    let location = without_origin(&registry, &start(&registry));
    let decoded = location.replace("%2B", "+");
    let answer = finish(&registry, &decoded, b"x").expect(400);
    assert!(answer.text().contains("BLOB_UPLOAD_INVALID"));
}

#[test]
fn wrong_digest_is_refused_and_ends_the_session() {
    let registry = FakeRegistry::start();
    let location = start(&registry);
    let target = format!("{location}?digest={}", sha256_digest(b"other"));
    let answer = call("PUT", &target).body("content").send(registry.host());
    assert!(answer.expect(400).text().contains("DIGEST_INVALID"));
    let again = finish(&registry, &location, b"content").expect(404);
    assert!(again.text().contains("BLOB_UPLOAD_UNKNOWN"));
}

#[test]
fn chunks_are_joined_in_order() {
    let registry = FakeRegistry::builder().chunk_min_length(3).start();
    let answer = call("POST", UPLOADS).send(registry.host()).expect(202);
    assert_eq!(answer.header("oci-chunk-min-length"), Some("3"));
    let location = answer.header("location").unwrap_or_default().to_owned();
    let chunk = |range: &str, body: &str| {
        call("PATCH", &location)
            .header("content-range", range)
            .body(body)
            .send(registry.host())
    };
    assert_eq!(chunk("0-2", "abc").expect(202).header("range"), Some("0-2"));
    let out_of_order = chunk("5-6", "xx").expect(416);
    assert_eq!(out_of_order.header("range"), Some("0-2"));
    chunk("3-4", "de").expect(202);
    let status = get(registry.host(), &location).expect(204);
    assert_eq!(status.header("range"), Some("0-4"));
    let target = format!("{location}?digest={}", sha256_digest(b"abcdef"));
    call("PUT", &target).body("f").send(registry.host()).expect(201);
}

#[test]
fn chunks_can_be_refused_or_discarded() {
    let registry = FakeRegistry::builder().no_chunked_upload().start();
    let location = start(&registry);
    call("PATCH", &location)
        .body("a")
        .send(registry.host())
        .expect(405);
    let registry = FakeRegistry::builder().discard_chunks().start();
    let location = start(&registry);
    for _ in 0..2 {
        let answer = call("PATCH", &location).body("ab").send(registry.host());
        assert_eq!(answer.expect(201).header("range"), Some("0-1"));
    }
}

#[test]
fn large_monolithic_upload_can_be_refused() {
    let registry = FakeRegistry::builder().monolithic_limit(3).start();
    let location = start(&registry);
    finish(&registry, &location, b"abcd").expect(413);
    finish(&registry, &start(&registry), b"abc").expect(201);
}

#[test]
fn single_post_uploads_unless_refused() {
    let target = format!("{UPLOADS}?digest={}", sha256_digest(b"x"));
    let registry = FakeRegistry::start();
    call("POST", &target).body("x").send(registry.host()).expect(201);
    let registry = FakeRegistry::builder().refuse_single_post().start();
    call("POST", &target).body("x").send(registry.host()).expect(202);
}

#[test]
fn mount_needs_the_blob_in_the_source() {
    let registry = FakeRegistry::start();
    let digest = registry.put_blob("source", "x");
    let target = format!("{UPLOADS}?mount={digest}&from=source");
    call("POST", &target).send(registry.host()).expect(201);
    assert!(registry.blob("demo", &digest).is_some());
    let elsewhere = format!("{UPLOADS}?mount={digest}&from=other");
    call("POST", &elsewhere).send(registry.host()).expect(202);
    let registry = FakeRegistry::builder().refuse_mounts().start();
    registry.put_blob("source", "x");
    call("POST", &target).send(registry.host()).expect(202);
}

#[test]
fn session_can_be_cancelled() {
    let registry = FakeRegistry::start();
    let location = start(&registry);
    call("DELETE", &location).send(registry.host()).expect(204);
    get(registry.host(), &location).expect(404);
}

#[test]
fn large_blob_goes_in_and_out() {
    let registry = FakeRegistry::start();
    let content = random_bytes(20 << 20, 1);
    let location = start(&registry);
    finish(&registry, &location, &content).expect(201);
    let path = format!("/v2/demo/blobs/{}", sha256_digest(&content));
    assert!(get(registry.host(), &path).expect(200).body == content);
    let log = registry.requests();
    assert_eq!((log[1].received, log[2].sent), (20 << 20, 20 << 20));
}
