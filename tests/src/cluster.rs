//! The Kubernetes cluster a live run was given: described by a variable, which the tasks set.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use skeg_test_support::{ApiClient, Kubeconfig};

use crate::environment::variable;

/// A real API server that is running on loopback, without controllers and without a kubelet.
#[derive(Debug)]
pub struct LiveCluster {
    path: PathBuf,
    kubeconfig: Kubeconfig,
    api: ApiClient,
}

impl LiveCluster {
    /// The cluster of this run.
    ///
    /// # Panics
    ///
    /// When the variable is missing: the scenarios are started by `cargo xtask integration --cluster`.
    pub fn of_this_run() -> Self {
        let path = variable("SKEG_CLUSTER_KUBECONFIG");
        let path = path.unwrap_or_else(|| {
            panic!("SKEG_CLUSTER_KUBECONFIG is not set; run `cargo xtask integration --cluster` instead")
        });
        Self::at(Path::new(&path))
    }

    /// The cluster that a kubeconfig of `cargo xtask cluster` leads to.
    pub fn at(path: &Path) -> Self {
        let kubeconfig = Kubeconfig::read(path);
        Self {
            api: ApiClient::new(&kubeconfig),
            kubeconfig,
            path: path.to_path_buf(),
        }
    }

    /// The file that leads to it, as `admin`, who may do everything; the context `joe` may do nothing, and `certificate`
    /// everything by a client certificate.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same, read.
    pub fn kubeconfig(&self) -> &Kubeconfig {
        &self.kubeconfig
    }

    /// A client that may do everything.
    pub fn api(&self) -> &ApiClient {
        &self.api
    }

    /// Creates a namespace that no other test has. Nobody empties namespaces here: they stay until the cluster ends.
    ///
    /// # Panics
    ///
    /// When the server refuses.
    #[track_caller]
    pub fn namespace(&self, name: &str) -> String {
        let namespace = Self::unused_name(name);
        self.api.create_namespace(&namespace);
        namespace
    }

    /// A name that no other test of this process has.
    pub fn unused_name(name: &str) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        format!("{name}-{}-{number}", std::process::id())
    }
}
