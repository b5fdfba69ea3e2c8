//! The proxy before the API server: what it counts, and what it does to clients.

use std::time::{Duration, Instant};

use serde_json::json;
use skeg_test_support::{ApiClient, ApiProxy, Fault};
use skeg_tests::LiveCluster;

use crate::scene::Scene;

fn configmap(name: &str) -> serde_json::Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {}})
}

/// A namespace, the path of the `ConfigMap`s in it, a proxy, and a client behind the proxy.
fn stage(name: &str) -> (String, ApiProxy, ApiClient) {
    let cluster = LiveCluster::of_this_run();
    let path = format!("/api/v1/namespaces/{}/configmaps", cluster.namespace(name));
    let proxy = ApiProxy::start(cluster.kubeconfig());
    let client = ApiClient::new(proxy.kubeconfig());
    (path, proxy, client)
}

#[test]
fn requests_are_counted() {
    let (path, proxy, client) = stage("counted");
    client.create(&path, &configmap("one"));
    assert!(client.get(&format!("{path}/one")).is_some());
    assert!(client.get(&format!("{path}/two")).is_none());
    let expected = [
        format!("POST {path} 201"),
        format!("GET {path}/one 200"),
        format!("GET {path}/two 404"),
    ];
    assert_eq!(proxy.requests().lines(), expected);
    proxy.clear_requests();
    assert!(proxy.requests().is_empty());
    assert_eq!(proxy.accepted_connections(), 1);
}

#[test]
fn requests_are_late() {
    let cluster = LiveCluster::of_this_run();
    let delay = Duration::from_millis(100);
    let proxy = ApiProxy::builder(cluster.kubeconfig()).delay(delay).start();
    let client = ApiClient::new(proxy.kubeconfig());
    let started = Instant::now();
    assert!(client.get("/version").is_some());
    assert!(started.elapsed() >= delay);
}

#[test]
fn chosen_requests_fail() {
    let (path, proxy, client) = stage("chosen");
    proxy.add_fault(
        Fault::kubernetes(409, "Conflict", "no")
            .once()
            .on("POST", "/configmaps"),
    );
    proxy.add_fault(
        Fault::kubernetes(500, "InternalError", "no")
            .committed()
            .once()
            .on("DELETE", "/configmaps/one"),
    );
    let body = configmap("one").to_string();
    let post = || client.send("POST", &path, Some(("application/json", &body)));
    let refused = post().expect("because there is an answer");
    assert_eq!(
        (refused.status, &refused.json()["reason"]),
        (409, &json!("Conflict"))
    );
    assert_eq!(post().expect("because there is an answer").status, 201);
    let one = format!("{path}/one");
    let deleted = client
        .send("DELETE", &one, None)
        .expect("because there is an answer");
    assert_eq!(deleted.status, 500);
    assert_eq!(client.get(&one), None, "what was answered wrongly was not done");
    proxy.add_fault(Fault::rate_limit(0, Duration::from_mins(1)));
    let limited = client
        .send("GET", &path, None)
        .expect("because there is an answer");
    assert_eq!(limited.status, 429);
    proxy.clear_faults();
    assert!(client.get(&path).is_some());
}

#[test]
fn connections_break() {
    let (path, proxy, client) = stage("broken");
    proxy.add_fault(Fault::disconnect_after(0).once().on("GET", "/one"));
    proxy.add_fault(
        Fault::disconnect_after(0)
            .committed()
            .once()
            .on("POST", "/configmaps"),
    );
    proxy.add_fault(Fault::disconnect_after(5).once().on("GET", "/configmaps?cut"));
    let one = format!("{path}/one");
    assert!(client.send("GET", &one, None).is_err());
    let body = configmap("one").to_string();
    assert!(
        client
            .send("POST", &path, Some(("application/json", &body)))
            .is_err()
    );
    assert!(client.get(&one).is_some(), "what was done was lost");
    assert!(client.send("GET", &format!("{path}?cut=1"), None).is_err());
    assert!(client.get(&one).is_some());
}

/// Those who watch see what happens as it happens, and that the server goes away.
#[test]
fn what_is_watched_is_passed_on_until_the_server_hangs_up() {
    let scene = Scene::new("watched");
    let proxy = scene.behind_proxy();
    let watched = ApiClient::new(proxy.kubeconfig());
    let path = format!("/api/v1/namespaces/{}/configmaps", scene.namespace);
    let address = format!("{path}?watch=1");
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| watched.send("GET", &address, None));
        let received = || proxy.requests().bytes_sent();
        let before = received();
        scene.cluster.api().create(&path, &configmap("one"));
        let deadline = Instant::now() + Duration::from_secs(30);
        while received() == before && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert!(received() > before, "nothing was passed on");
        proxy.hang_up();
        let ended = watch.join().expect("because the client does not panic");
        assert!(ended.is_err(), "the connection did not break");
    });
}

#[test]
fn helm_works_through_it_by_either_protocol() {
    let scene = Scene::new("through");
    let Some(helm) = scene.helm() else { return };
    let builder = || ApiProxy::builder(scene.cluster.kubeconfig());
    for proxy in [
        builder().start(),
        builder().http1_only().start(),
        builder().plain().start(),
    ] {
        scene.enter_by(proxy.kubeconfig());
        let installed = scene.run(&helm, &["install", "through", &Scene::chart("tiny")]);
        assert_eq!(installed.status(), Some(0), "{installed}\n{}", proxy.requests());
        let applied = proxy.requests().count("PATCH", "/configmaps/through");
        assert_eq!(applied, 1, "{}", proxy.requests());
        let _gone = scene.run(&helm, &["uninstall", "through"]).success();
    }
}
