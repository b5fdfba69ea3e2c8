//! Which server is meant, by files and flags.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use skeg_cluster::{Cluster, ClusterSettings, InCluster, KubeconfigFiles};

use crate::server::Warnings;

const ONE: &str = "
current-context: one
clusters:
- {name: c1, cluster: {server: 'http://one.example:1'}}
contexts:
- {name: one, context: {cluster: c1, user: u1, namespace: ns1}}
- {name: lost, context: {cluster: nowhere, user: u1}}
- {name: stranger, context: {cluster: c1, user: nobody}}
users:
- {name: u1, user: {token: secret}}
";
const TWO: &str = "
current-context: two
clusters:
- {name: c1, cluster: {server: 'http://ignored.example'}}
- {name: c2, cluster: {server: 'http://two.example:2'}}
contexts:
- {name: two, context: {cluster: c2}}
";

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("because there is room");
        for (name, content) in [
            ("one", ONE),
            ("two", TWO),
            ("empty", ""),
            ("broken", "clusters: {"),
        ] {
            fs_err::write(directory.path().join(name), content).expect("because there is room");
        }
        Self(directory)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

async fn server(settings: ClusterSettings) -> Result<String, String> {
    let connected = Cluster::connect(&settings, Arc::new(Warnings::default())).await;
    connected
        .map(|cluster| cluster.server())
        .map_err(|error| error.to_string())
}

/// The server of some files, and how the settings are changed.
#[track_caller]
fn check(names: &[&str], change: impl FnOnce(&mut ClusterSettings), expected: Result<&str, &str>) {
    let files = Files::new();
    let mut settings = ClusterSettings {
        kubeconfig: KubeconfigFiles::List(names.iter().map(|name| files.path(name)).collect()),
        user_agent: "test".to_owned(),
        ..ClusterSettings::default()
    };
    change(&mut settings);
    let runtime = tokio::runtime::Runtime::new().expect("because threads can be had");
    let found = runtime.block_on(server(settings));
    let root = files.0.path().display().to_string();
    let found = found.map_err(|error| error.replace(&root, "DIR"));
    assert_eq!(found.as_deref().map_err(String::as_str), expected);
}

#[test]
fn the_first_file_that_sets_something_wins() {
    check(&["one", "two"], |_| {}, Ok("http://one.example:1/"));
    check(&["two", "one"], |_| {}, Ok("http://two.example:2/"));
    check(&["missing", "two"], |_| {}, Ok("http://two.example:2/"));
    check(&["empty", "two"], |_| {}, Ok("http://two.example:2/"));
}

#[test]
fn without_anything_the_server_is_on_this_machine() {
    check(&[], |_| {}, Ok("http://localhost:8080/"));
    check(&["missing", "empty"], |_| {}, Ok("http://localhost:8080/"));
}

#[test]
fn flags_win_over_files() {
    check(
        &["one", "two"],
        |settings| settings.context = Some("two".to_owned()),
        Ok("http://two.example:2/"),
    );
    check(
        &["one"],
        |settings| settings.api_server = Some("https://flag.example".to_owned()),
        Ok("https://flag.example/"),
    );
    check(
        &["one"],
        |settings| settings.api_server = Some("flag.example:7".to_owned()),
        Ok("http://flag.example:7/"),
    );
}

#[test]
fn a_pod_knows_its_cluster() {
    let files = Files::new();
    fs_err::write(files.path("token"), "t").unwrap();
    let pod = |root: &Path| InCluster {
        host: "10.0.0.1".to_owned(),
        port: "443".to_owned(),
        service_account: root.to_owned(),
        namespace: None,
    };
    let root = files.0.path().to_owned();
    check(
        &[],
        |settings| settings.in_cluster = Some(pod(&root)),
        Ok("https://10.0.0.1:443/"),
    );
    check(
        &["one"],
        |settings| settings.in_cluster = Some(pod(&root)),
        Ok("http://one.example:1/"),
    );
}

#[test]
fn mistakes_are_named() {
    let explicit = |name: &'static str| {
        move |settings: &mut ClusterSettings| {
            let KubeconfigFiles::List(files) = &settings.kubeconfig else {
                return;
            };
            settings.kubeconfig = KubeconfigFiles::Explicit(files[0].with_file_name(name));
        }
    };
    check(&["one"], explicit("two"), Ok("http://two.example:2/"));
    check(
        &["one"],
        explicit("nothing"),
        Err("stat DIR/nothing: no such file or directory"),
    );
    let context =
        |name: &'static str| move |settings: &mut ClusterSettings| settings.context = Some(name.to_owned());
    check(&["one"], context("nope"), Err("context \"nope\" does not exist"));
    check(
        &["one"],
        context("lost"),
        Err("cluster \"nowhere\" does not exist"),
    );
    check(
        &["one"],
        context("stranger"),
        Err("auth info \"nobody\" does not exist"),
    );
}

#[tokio::test]
async fn a_broken_file_is_named() {
    let files = Files::new();
    let settings = ClusterSettings {
        kubeconfig: KubeconfigFiles::List(vec![files.path("broken")]),
        ..ClusterSettings::default()
    };
    let error = server(settings).await.unwrap_err();
    let path = files.path("broken").display().to_string();
    assert!(
        error.starts_with(&format!("error loading config file \"{path}\": ")),
        "{error}"
    );
}
