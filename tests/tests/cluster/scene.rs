//! What every scenario starts with: the cluster, a namespace of its own in it, a sandbox, the programs.

use serde_json::Value;
use skeg_test_support::{ApiProxy, Kubeconfig};
use skeg_tests::{LiveCluster, Outcome, Program, Sandbox};

/// The stage of one scenario. Commands work in its namespace unless they are told otherwise.
pub(crate) struct Scene {
    name: String,
    pub(crate) cluster: LiveCluster,
    pub(crate) namespace: String,
    pub(crate) sandbox: Sandbox,
}

impl Scene {
    /// A stage with an empty namespace.
    pub(crate) fn new(name: &str) -> Self {
        let cluster = LiveCluster::of_this_run();
        let namespace = cluster.namespace(name);
        let mut sandbox = Sandbox::new();
        sandbox.set("HELM_NAMESPACE", &namespace);
        let scene = Self {
            name: name.to_owned(),
            namespace,
            sandbox,
            cluster,
        };
        scene.enter_by(scene.cluster.kubeconfig());
        scene
    }

    /// Lets all commands from now on reach the cluster in another way: as another user, through a proxy.
    pub(crate) fn enter_by(&self, kubeconfig: &Kubeconfig) {
        kubeconfig.write(&self.sandbox.home().join("kubeconfig"));
    }

    /// Puts a proxy before the cluster, for all commands from now on.
    pub(crate) fn behind_proxy(&self) -> ApiProxy {
        let proxy = ApiProxy::start(self.cluster.kubeconfig());
        self.enter_by(proxy.kubeconfig());
        proxy
    }

    /// The real helm. Says so when it is missing; the scenario then ends without a result, and the task that started the run
    /// counts the missing peer.
    pub(crate) fn helm(&self) -> Option<Program> {
        let found = Program::peer("helm");
        if found.is_none() {
            eprintln!("SKIPPED {}: `helm` is missing", self.name);
        }
        found
    }

    /// Runs a command.
    pub(crate) fn run(&self, program: &Program, arguments: &[&str]) -> Outcome {
        self.sandbox.run(program, arguments)
    }

    /// The directory of a chart of the releases' test data, as an argument.
    pub(crate) fn chart(name: &str) -> String {
        let directory = skeg_tests::data_directory().join("releases").join(name);
        directory.display().to_string()
    }

    /// Objects of the namespace: those of a kind, written as in paths (`configmaps`, `apps/v1/deployments`).
    #[track_caller]
    pub(crate) fn objects(&self, kind: &str) -> Vec<Value> {
        let path = self.path(kind);
        let list = self.cluster.api().get(&path).expect("because the kind exists");
        list["items"].as_array().cloned().unwrap_or_default()
    }

    /// One object of the namespace.
    #[track_caller]
    pub(crate) fn object(&self, kind: &str, name: &str) -> Option<Value> {
        self.cluster.api().get(&format!("{}/{name}", self.path(kind)))
    }

    fn path(&self, kind: &str) -> String {
        match kind.rsplit_once('/') {
            None => format!("/api/v1/namespaces/{}/{kind}", self.namespace),
            Some((group, kind)) => format!("/apis/{group}/namespaces/{}/{kind}", self.namespace),
        }
    }
}
