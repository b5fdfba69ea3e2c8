//! The request log: order, counts, round trips.

use std::thread;
use std::time::Duration;

use skeg_test_support::{FakeRegistry, Fault};

use crate::client::{call, get};

#[test]
fn log_keeps_order_status_and_bytes() {
    let registry = FakeRegistry::start();
    let digest = registry.put_blob("demo", "0123456789");
    get(registry.host(), "/v2/");
    call("GET", &format!("/v2/demo/blobs/{digest}"))
        .header("X-Custom", "yes")
        .header("range", "bytes=5-")
        .send(registry.host());
    call("POST", "/v2/demo/blobs/uploads/?x=1")
        .body("abc")
        .send(registry.host());
    let log = registry.requests();
    let lines = [
        "GET /v2/ 200".to_owned(),
        format!("GET /v2/demo/blobs/{digest} 206"),
        "POST /v2/demo/blobs/uploads/?x=1 202".to_owned(),
    ];
    assert_eq!(log.lines(), lines);
    assert_eq!(log.to_string(), lines.join("\n") + "\n");
    assert_eq!((log[1].sent, log[2].received), (5, 3));
    assert_eq!(log[1].header("x-custom"), Some("yes"));
    assert_eq!(
        (log[2].path(), log[2].query()),
        ("/v2/demo/blobs/uploads/", "x=1")
    );
    assert_eq!(
        (log.len(), log.count("GET", "/v2/"), log.connections()),
        (3, 2, 3)
    );
    assert_eq!(registry.accepted_connections(), 3);
}

#[test]
fn cleared_log_is_not_touched_by_old_requests() {
    let registry = FakeRegistry::builder()
        .fault(Fault::no_response_headers().once())
        .start();
    get(registry.host(), "/v2/old");
    registry.clear_requests();
    assert!(registry.requests().is_empty());
    get(registry.host(), "/v2/");
    assert_eq!(registry.requests().lines(), ["GET /v2/ 200"]);
}

#[test]
fn parallel_requests_are_one_round_trip() {
    let registry = FakeRegistry::builder().latency(Duration::from_millis(50)).start();
    let host = registry.host();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| get(host, "/v2/").expect(200));
        }
    });
    get(host, "/v2/").expect(200);
    get(host, "/v2/").expect(200);
    let log = registry.requests();
    assert_eq!((log.len(), log.sequential_round_trips()), (6, 3));
    assert_eq!(log.most_parallel(), 4);
    assert!(log.elapsed() >= Duration::from_millis(150));
}

#[test]
fn staggered_requests_count_as_the_longest_chain() {
    // A slow request beside three quick ones that follow one another: three round trips.
    let registry = FakeRegistry::builder()
        .latency(Duration::from_millis(20))
        .fault(Fault::delay(Duration::from_millis(200)).on_target("slow"))
        .start();
    let host = registry.host();
    thread::scope(|scope| {
        scope.spawn(|| get(host, "/v2/slow"));
        for _ in 0..3 {
            get(host, "/v2/").expect(200);
        }
    });
    assert_eq!(registry.requests().sequential_round_trips(), 3);
}

#[test]
fn empty_log_has_no_round_trip() {
    let log = FakeRegistry::start().requests();
    assert_eq!((log.sequential_round_trips(), log.most_parallel()), (0, 0));
}
