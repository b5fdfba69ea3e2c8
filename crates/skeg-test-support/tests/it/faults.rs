//! Every fault does what it says, and to whom it says.

use std::time::{Duration, Instant};

use skeg_test_support::{FakeRegistry, Fault, sha256_digest};

use crate::client::{Answer, End, PATIENCE, call, get};

const CONTENT: &str = "0123456789";

/// A registry with a blob of ten bytes, a fault, and the path of the blob.
fn broken(fault: Fault) -> (FakeRegistry, String) {
    let registry = FakeRegistry::builder().fault(fault).start();
    let digest = registry.put_blob("demo", CONTENT);
    (registry, format!("/v2/demo/blobs/{digest}"))
}

fn fetch(fault: Fault) -> Answer {
    let (registry, path) = broken(fault);
    get(registry.host(), &path)
}

/// Uploads ten bytes into a registry with a fault on the last request.
fn upload(fault: Fault) -> (FakeRegistry, Answer) {
    let registry = FakeRegistry::builder().fault(fault.on("PUT", "/blobs/")).start();
    let started = call("POST", "/v2/demo/blobs/uploads/").send(registry.host());
    let location = started.header("location").unwrap_or_default();
    let target = format!("{location}?digest={}", sha256_digest(CONTENT.as_bytes()));
    let answer = call("PUT", &target).body(CONTENT).send(registry.host());
    (registry, answer)
}

#[test]
fn status_has_its_headers_and_body() {
    let answer = fetch(Fault::status(429).header("Retry-After", "7").body("slow down"));
    let answer = answer.expect(429);
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(answer.text(), "slow down");
}

#[test]
fn error_has_the_specifications_body() {
    let answer = fetch(Fault::error(403, "DENIED", "no")).expect(403);
    let expected = r#"{"errors":[{"code":"DENIED","message":"no","detail":null}]}"#;
    assert_eq!(answer.text(), expected);
}

#[test]
fn times_after_and_on_select_the_requests() {
    let (registry, path) = broken(Fault::status(503).on("GET", "/blobs/").after(1).times(2));
    let head = call("HEAD", &path).send(registry.host());
    head.expect(200);
    let statuses: Vec<Option<u16>> = (0..4).map(|_| get(registry.host(), &path).status).collect();
    assert_eq!(statuses, [Some(200), Some(503), Some(503), Some(200)]);
    get(registry.host(), "/v2/").expect(200);
}

#[test]
fn faults_follow_one_another() {
    let (registry, path) = broken(Fault::status(500).once());
    registry.add_fault(Fault::status(502).once());
    let statuses: Vec<Option<u16>> = (0..3).map(|_| get(registry.host(), &path).status).collect();
    assert_eq!(statuses, [Some(500), Some(502), Some(200)]);
    registry.add_fault(Fault::status(500));
    registry.clear_faults();
    get(registry.host(), &path).expect(200);
}

#[test]
fn headers_fault_changes_headers_only() {
    let fault = Fault::headers()
        .header("Docker-Content-Digest", "sha256:wrong")
        .without_header("Accept-Ranges");
    let answer = fetch(fault).expect(200);
    assert_eq!(answer.text(), CONTENT);
    assert_eq!(answer.header("docker-content-digest"), Some("sha256:wrong"));
    assert_eq!(answer.header("accept-ranges"), None);
}

#[test]
fn disconnect_resets_in_the_middle_of_the_response() {
    let answer = fetch(Fault::disconnect_after(4)).expect(200);
    assert_eq!(answer.header("content-length"), Some("10"));
    assert_eq!((&*answer.text(), answer.end), ("0123", End::Reset));
}

#[test]
fn disconnect_after_nothing_sends_nothing() {
    let answer = fetch(Fault::disconnect_after(0));
    assert_eq!((answer.status, answer.end), (None, End::Reset));
}

#[test]
fn disconnect_resets_in_the_middle_of_the_request() {
    let (registry, answer) = upload(Fault::disconnect_after(4));
    assert_eq!((answer.status, answer.end), (None, End::Reset));
    assert!(registry.blobs("demo").is_empty());
    assert_eq!(registry.open_uploads(), 1);
    assert_eq!(registry.requests()[1].status, None);
}

#[test]
fn truncated_body_ends_before_its_length() {
    let answer = fetch(Fault::truncate(4)).expect(200);
    assert_eq!(answer.header("content-length"), Some("10"));
    assert_eq!((&*answer.text(), answer.end), ("0123", End::Closed));
}

#[test]
fn truncated_chunked_body_has_no_last_chunk() {
    let answer = fetch(Fault::truncate_chunked(4)).expect(200);
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    assert_eq!((&*answer.text(), answer.end), ("4\r\n0123\r\n", End::Closed));
}

#[test]
fn corrupt_byte_is_the_only_difference() {
    let answer = fetch(Fault::corrupt_at(3)).expect(200);
    let mut expected = CONTENT.as_bytes().to_vec();
    expected[3] = !expected[3];
    assert_eq!(answer.body, expected);
}

#[test]
fn appended_bytes_are_counted() {
    let answer = fetch(Fault::append("xy")).expect(200);
    assert_eq!(answer.header("content-length"), Some("12"));
    assert_eq!(answer.text(), "0123456789xy");
}

#[test]
fn stalled_response_stays_open() {
    let (registry, path) = broken(Fault::stall_after(4));
    let answer = get(registry.host(), &path).expect(200);
    assert_eq!((&*answer.text(), answer.end), ("0123", End::Silent));
    assert_eq!(registry.requests()[0].sent, 4);
}

#[test]
fn stalled_request_is_not_answered() {
    let (registry, answer) = upload(Fault::stall_after(4));
    assert_eq!((answer.status, answer.end), (None, End::Silent));
    assert!(registry.blobs("demo").is_empty());
}

#[test]
fn no_response_headers_leaves_the_client_waiting() {
    let answer = fetch(Fault::no_response_headers());
    assert_eq!((answer.status, answer.end), (None, End::Silent));
}

#[test]
fn delay_comes_before_the_true_answer() {
    let started = Instant::now();
    let delay = PATIENCE / 4;
    let answer = fetch(Fault::delay(delay)).expect(200);
    assert_eq!(answer.text(), CONTENT);
    assert!(started.elapsed() >= delay);
    assert!(started.elapsed() < delay + Duration::from_secs(5));
}

#[test]
fn redirects_go_where_they_say() {
    let answer = fetch(Fault::redirect_to("http://127.0.0.2/x")).expect(307);
    assert_eq!(answer.header("location"), Some("http://127.0.0.2/x"));
    let (registry, path) = broken(Fault::redirect_loop());
    let first = get(registry.host(), &path).expect(307);
    let next = first.header("location").unwrap_or_default().to_owned();
    assert_eq!(next, format!("{path}?hop=1"));
    let second = get(registry.host(), &next).expect(307);
    assert_eq!(second.header("location"), Some(&*format!("{path}?hop=2")));
}

#[test]
fn html_is_a_successful_page() {
    let answer = fetch(Fault::html()).expect(200);
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(answer.text().starts_with("<!doctype html>"));
}

#[test]
fn committed_fault_hides_a_success() {
    for fault in [
        Fault::status(504),
        Fault::disconnect_after(0),
        Fault::no_response_headers(),
    ] {
        let (registry, answer) = upload(fault.committed());
        assert_ne!(answer.status, Some(201));
        assert_eq!(registry.blobs("demo").len(), 1);
    }
    let (registry, answer) = upload(Fault::status(504));
    answer.expect(504);
    assert!(registry.blobs("demo").is_empty());
}

#[test]
fn early_answer_does_not_read_the_body() {
    let registry = FakeRegistry::builder().fault(Fault::status(413).early()).start();
    let request = call("POST", "/v2/demo/blobs/uploads/").body(vec![0; 64]);
    request.send(registry.host()).expect(413);
    assert_eq!(registry.requests()[0].received, 0);
}

#[test]
fn head_answers_survive_body_faults() {
    let (registry, path) = broken(Fault::truncate(4));
    let answer = call("HEAD", &path).send(registry.host()).expect(200);
    assert_eq!(answer.header("content-length"), Some("10"));
}
