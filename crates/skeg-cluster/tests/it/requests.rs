//! Refusals, pauses and lost answers.

use std::sync::Arc;

use serde_json::json;
use skeg_cluster::{ApplyOptions, ListOptions, ObjectLocation, ResourceType, WatchEvent, WriteOptions};

use crate::server::{Reply, Server, Warnings};

fn config_maps() -> ResourceType {
    ResourceType::core("ConfigMap", "configmaps")
}

fn status(code: u16, reason: &str, message: &str) -> Reply {
    let body = json!({"kind": "Status", "code": code, "reason": reason, "message": message});
    Reply::json(code, &body.to_string())
}

#[track_caller]
fn check_version_error(reply: Reply, expected: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("because threads can be had");
    let server = Server::start(move |_, _| reply.clone());
    let error = runtime.block_on(async {
        let cluster = server.cluster(Arc::default()).await;
        cluster.version().await.map(|version| version.git_version)
    });
    assert_eq!(error.map_err(|error| error.to_string()), Err(expected.to_owned()));
}

#[test]
fn a_server_that_refuses_to_tell_its_version() {
    check_version_error(
        status(401, "Unauthorized", "Unauthorized"),
        "the server has asked for the client to provide credentials",
    );
    check_version_error(
        Reply::json(403, "{}"),
        "the server does not allow access to the requested resource",
    );
    check_version_error(
        Reply::json(404, ""),
        "the server could not find the requested resource",
    );
    check_version_error(
        Reply::json(503, ""),
        "the server is currently unable to handle the request",
    );
}

#[tokio::test]
async fn nobody_listens() {
    let server = Server::start(|_, _| Reply::hang_up());
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = port.expect("because a port is free");
    let closed = Server {
        address: format!("http://{address}"),
        ..server
    };
    let cluster = closed.cluster(Arc::default()).await;
    let error = cluster.version().await.unwrap_err().to_string();
    assert_eq!(
        error,
        format!("Get \"http://{address}/version\": dial tcp {address}: connect: connection refused")
    );
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = Server::start(|_, count| {
        if count < 2 {
            status(429, "TooManyRequests", "busy").header("Retry-After: 0")
        } else {
            Reply::json(201, "{\"metadata\":{\"name\":\"x\"}}")
        }
    });
    let cluster = server.cluster(Arc::default()).await;
    let kind = config_maps();
    let location = ObjectLocation {
        resource: &kind,
        namespace: "ns",
        name: "x",
    };
    let applied = cluster
        .apply(&location, &json!({}), ApplyOptions::default())
        .await
        .unwrap();
    assert!(applied.was_created);
    assert_eq!(server.requests().len(), 3);
    assert_eq!(
        server.requests()[0],
        "PATCH /api/v1/namespaces/ns/configmaps/x?fieldManager=helm&force=false"
    );
}

#[tokio::test]
async fn a_question_without_an_answer_is_asked_again() {
    let server = Server::start(|_, count| {
        if count == 0 {
            Reply::hang_up()
        } else {
            Reply::json(200, "{\"gitVersion\":\"v1.2.3\"}")
        }
    });
    let cluster = server.cluster(Arc::default()).await;
    assert_eq!(cluster.version().await.unwrap().git_version, "v1.2.3");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_change_without_an_answer_is_not_repeated() {
    let server = Server::start(|_, _| Reply::hang_up());
    let cluster = server.cluster(Arc::default()).await;
    let created = cluster
        .create(&config_maps(), "ns", &json!({}), WriteOptions::default())
        .await;
    let error = created.unwrap_err().to_string();
    assert!(error.ends_with("/configmaps?fieldManager=helm\": EOF"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn warnings_are_handed_on() {
    let server = Server::start(|_, _| {
        Reply::json(200, "{}").header("Warning: 299 - \"v1beta1 Widget is deprecated\"")
    });
    let warnings = Arc::new(Warnings::default());
    let cluster = server.cluster(Arc::clone(&warnings)).await;
    cluster.version().await.unwrap();
    assert_eq!(warnings.all(), ["v1beta1 Widget is deprecated"]);
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    let server = Server::start(|_, _| status(404, "NotFound", "configmaps \"x\" not found"));
    let cluster = server.cluster(Arc::default()).await;
    let kind = config_maps();
    let location = ObjectLocation {
        resource: &kind,
        namespace: "ns",
        name: "x",
    };
    assert_eq!(cluster.get(&location).await.unwrap(), None);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let server = Server::start(|request, _| {
        if request.contains("continue=more") {
            Reply::json(200, r#"{"metadata":{"resourceVersion":"7"},"items":[{"b":1}]}"#)
        } else {
            Reply::json(
                200,
                r#"{"metadata":{"continue":"more","remainingItemCount":1},"items":[{"a":1}]}"#,
            )
        }
    });
    let cluster = server.cluster(Arc::default()).await;
    let options = ListOptions {
        label_selector: Some("owner=helm".to_owned()),
        ..ListOptions::default()
    };
    let list = cluster.list(&config_maps(), None, &options).await.unwrap();
    assert_eq!(list.items, [json!({"a": 1}), json!({"b": 1})]);
    assert!(list.is_complete);
    assert_eq!(
        server.requests()[0],
        "GET /api/v1/configmaps?labelSelector=owner%3Dhelm&limit=500"
    );
    let few = ListOptions {
        most: Some(1),
        ..ListOptions::default()
    };
    let list = cluster.list(&config_maps(), None, &few).await.unwrap();
    assert!(!list.is_complete);
}

#[tokio::test]
async fn watches_tell_of_changes() {
    let lines = [
        r#"{"type":"ADDED","object":{"metadata":{"name":"a"}}}"#,
        r#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}"#,
        r#"{"type":"DELETED","object":{"metadata":{"name":"a"}}}"#,
        r#"{"type":"ERROR","object":{"code":410,"message":"too old resource version"}}"#,
    ];
    let body = format!("{}\n", lines.join("\n"));
    let server = Server::start(move |_, _| Reply::json(200, &body));
    let cluster = server.cluster(Arc::default()).await;
    let watch = cluster
        .watch(&config_maps(), Some("ns"), &ListOptions::default(), "1")
        .await;
    let mut watch = watch.unwrap();
    assert!(matches!(watch.next().await, Ok(Some(WatchEvent::Applied(_)))));
    assert!(matches!(watch.next().await, Ok(Some(WatchEvent::Bookmark(version))) if version == "9"));
    assert!(matches!(watch.next().await, Ok(Some(WatchEvent::Deleted(_)))));
    let error = watch.next().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.code), Some(410));
}

#[tokio::test]
async fn an_answer_that_is_no_json_names_its_path() {
    let server = Server::start(|_, _| Reply::json(200, "<html>"));
    let cluster = server.cluster(Arc::default()).await;
    let error = cluster.version().await.unwrap_err().to_string();
    assert!(
        error.starts_with("/version: the server's answer cannot be read"),
        "{error}"
    );
}
