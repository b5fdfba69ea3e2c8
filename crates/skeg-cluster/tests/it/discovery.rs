//! What a server has, in the forms of new and of old servers, and from disk.

use std::sync::Arc;

use skeg_cluster::{Cluster, ClusterSettings, Freshness, KubeconfigFiles};

use crate::server::{Reply, Server, Warnings};

const CORE: &str = r#"{"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","resources":[
    {"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced","verbs":["get"]},
    {"resource":"namespaces","responseKind":{"group":"","version":"v1","kind":"Namespace"},"scope":"Cluster","verbs":[]}]}]}]}"#;
const GROUPS: &str = r#"{"kind":"APIGroupDiscoveryList","items":[
    {"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[
      {"resource":"deployments","responseKind":{"group":"apps","version":"v1","kind":"Deployment"},"scope":"Namespaced"}]}]},
    {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale","resources":[]}]}]}"#;

fn new_server() -> Server {
    Server::start(|request, _| match request {
        "GET /api" => Reply::json(200, CORE).header("ETag: \"1\""),
        "GET /apis" => Reply::json(200, GROUPS),
        _ => Reply::json(404, ""),
    })
}

#[tokio::test]
async fn aggregated_discovery_takes_two_requests() {
    let server = new_server();
    let cluster = server.cluster(Arc::default()).await;
    let found = cluster.discovery(Freshness::Checked).await.unwrap();
    assert_eq!(
        found.api_versions(),
        [
            "apps/v1",
            "apps/v1/Deployment",
            "metrics.k8s.io/v1beta1",
            "v1",
            "v1/Namespace",
            "v1/Pod"
        ]
    );
    assert_eq!(found.stale(), ["metrics.k8s.io/v1beta1"]);
    let namespaces = found.find("v1", "Namespace").unwrap();
    assert!(!namespaces.is_namespaced);
    assert!(found.find("apps/v1", "Pod").is_none());
    cluster.discovery(Freshness::Checked).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn old_servers_are_asked_for_each_version() {
    let server = Server::start(|request, _| match request {
        "GET /api" => Reply::json(200, r#"{"kind":"APIVersions","versions":["v1"]}"#),
        "GET /apis" => Reply::json(
            200,
            r#"{"kind":"APIGroupList","groups":[{"versions":[{"groupVersion":"apps/v1"}]},
                {"versions":[{"groupVersion":"broken/v1"}]}]}"#,
        ),
        "GET /api/v1" => Reply::json(
            200,
            r#"{"resources":[{"name":"pods","kind":"Pod","namespaced":true},{"name":"pods/log","kind":"Pod","namespaced":true}]}"#,
        ),
        "GET /apis/apps/v1" => Reply::json(
            200,
            r#"{"resources":[{"name":"deployments","kind":"Deployment","namespaced":true},
                {"name":"deployments/scale","kind":"Scale","group":"autoscaling","version":"v1"}]}"#,
        ),
        _ => Reply::json(503, "").header("Retry-After: 0"),
    });
    let cluster = server.cluster(Arc::default()).await;
    let found = cluster.discovery(Freshness::Checked).await.unwrap();
    assert_eq!(found.resources().len(), 2);
    assert_eq!(found.find("apps/v1", "Deployment").unwrap().plural, "deployments");
    assert_eq!(found.stale(), ["broken/v1"]);
}

async fn connect(server: &Server, cache: &std::path::Path) -> Cluster {
    let settings = ClusterSettings {
        kubeconfig: KubeconfigFiles::List(Vec::new()),
        api_server: Some(server.address.clone()),
        cache_directory: Some(cache.to_owned()),
        user_agent: "test".to_owned(),
        ..ClusterSettings::default()
    };
    let cluster = Cluster::connect(&settings, Arc::new(Warnings::default())).await;
    cluster.expect("because an address is enough")
}

#[tokio::test]
async fn discovery_is_kept_on_disk() {
    let directory = tempfile::tempdir().unwrap();
    let server = new_server();
    let first = connect(&server, directory.path()).await;
    first.discovery(Freshness::Cached).await.unwrap();
    assert_eq!(server.requests().len(), 2);
    let second = connect(&server, directory.path()).await;
    let found = second.discovery(Freshness::Cached).await.unwrap();
    assert!(found.find("v1", "Pod").is_some());
    assert_eq!(server.requests().len(), 2);
    second.discovery(Freshness::Checked).await.unwrap();
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_broken_file_of_discovery_is_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let server = new_server();
    connect(&server, directory.path())
        .await
        .discovery(Freshness::Cached)
        .await
        .unwrap();
    for entry in fs_err::read_dir(directory.path()).unwrap() {
        fs_err::write(entry.unwrap().path(), "{").unwrap();
    }
    let cluster = connect(&server, directory.path()).await;
    assert!(
        cluster
            .discovery(Freshness::Cached)
            .await
            .unwrap()
            .find("v1", "Pod")
            .is_some()
    );
}
