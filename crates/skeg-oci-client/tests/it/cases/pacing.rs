//! Many tasks at once: how many requests a host sees at the same time, and what one that limits them sees.

use std::sync::Arc;
use std::time::Duration;

use skeg_oci_client::{ClientOptions, Resolve, TokioSleeper};
use skeg_test_support::{FakeRegistry, Fault, TokenServer};

use crate::support::{Harness, NAME, manifest, plain, tag};

fn store(registry: &FakeRegistry) {
    let media_type = manifest().media_type().as_str().to_owned();
    registry.put_manifest(NAME, "1.0.0", &media_type, manifest().bytes().to_vec());
}

/// Resolves a tag in so many tasks at once; all must succeed.
async fn resolve_at_once(harness: &Harness, host: &str, tasks: usize) {
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..tasks {
        let repository = harness.repository(host);
        running.spawn(async move { repository.resolve(&tag("1.0.0")).await.map(drop) });
    }
    for result in running.join_all().await {
        result.unwrap();
    }
}

/// A client whose pauses take their time.
fn patient(requests_per_host: usize) -> Harness {
    let options = ClientOptions {
        requests_per_host,
        ..plain()
    };
    Harness::with_sleeper(options, Arc::new(TokioSleeper))
}

#[tokio::test]
async fn requests_at_once_are_limited() {
    let registry = FakeRegistry::builder().latency(Duration::from_millis(20)).start();
    store(&registry);
    for limit in [1, 4] {
        registry.clear_requests();
        resolve_at_once(&patient(limit), registry.host(), 20).await;
        assert_eq!(registry.requests().most_parallel(), limit);
        assert_eq!(registry.requests().len(), 20);
    }
}

/// Counts the requests too many of `tasks` that a registry of so many requests in each quarter of a second refuses.
async fn refused(registry: &FakeRegistry, tasks: usize) -> usize {
    store(registry);
    resolve_at_once(&patient(16), registry.host(), tasks).await;
    let requests = registry.all_requests();
    assert!(
        requests
            .iter()
            .filter(|request| request.status == Some(200))
            .count()
            >= tasks
    );
    requests
        .iter()
        .filter(|request| request.status == Some(429))
        .count()
}

#[tokio::test]
async fn case_38_a_limited_host_is_slowed_down_to_for_all_tasks() {
    let limit = Fault::rate_limit(25, Duration::from_millis(250));
    let registry = FakeRegistry::builder().fault(limit).start();
    let refused = refused(&registry, 150).await;
    assert!(refused <= 24, "{refused} of 150 requests were too many");
}

#[tokio::test]
async fn case_38_a_limited_token_service_and_registry_are_slowed_down_to() {
    let limit = Fault::rate_limit(25, Duration::from_millis(250)).header("Retry-After", "1");
    let registry = FakeRegistry::builder()
        .bearer_auth(TokenServer::new())
        .fault(limit)
        .start();
    let refused = refused(&registry, 60).await;
    assert!(refused <= 24, "{refused} of 60 requests were too many");
}

#[tokio::test]
async fn case_38_others_wait_while_a_host_wants_to_be_left_alone() {
    let registry = FakeRegistry::builder()
        .fault(Fault::status(429).header("Retry-After", "1").once())
        .start();
    store(&registry);
    let harness = patient(1);
    resolve_at_once(&harness, registry.host(), 3).await;
    let requests = registry.requests();
    assert_eq!(requests.len(), 4);
    let waited = requests[1].started - requests[0].started;
    assert!(waited >= Duration::from_millis(900), "{waited:?}");
}
