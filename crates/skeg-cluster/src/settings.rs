//! What flags and the environment say about the cluster.

use std::path::PathBuf;

use skeg_credentials::Secret;

/// What flags and the environment say about the cluster; whatever is set here wins over the files.
#[derive(Clone, Debug, Default)]
pub struct ClusterSettings {
    /// The files of configuration.
    pub kubeconfig: KubeconfigFiles,
    /// The context to use instead of the current one: `--kube-context`.
    pub context: Option<String>,
    /// The address of the API server: `--kube-apiserver`.
    pub api_server: Option<String>,
    /// The bearer token: `--kube-token`.
    pub token: Option<Secret<String>>,
    /// The user to impersonate: `--kube-as-user`.
    pub as_user: Option<String>,
    /// The groups to impersonate: `--kube-as-group`.
    pub as_groups: Vec<String>,
    /// The file of the certificate authority: `--kube-ca-file`.
    pub ca_file: Option<PathBuf>,
    /// The name in the certificate of the server: `--kube-tls-server-name`.
    pub tls_server_name: Option<String>,
    /// Whether the certificate of the server is not looked at: `--kube-insecure-skip-tls-verify`.
    pub insecure_skip_tls_verify: bool,
    /// What a program that runs in a pod knows of its cluster.
    pub in_cluster: Option<InCluster>,
    /// The proxy of the environment for this server, if any; that of the file wins.
    pub proxies: Proxies,
    /// The directory where discovery is kept; none to ask the server each time.
    pub cache_directory: Option<PathBuf>,
    /// How the program calls itself: `skeg/1.2.3`.
    pub user_agent: String,
}

/// Where the configuration of `kubectl` is.
#[derive(Clone, Debug)]
pub enum KubeconfigFiles {
    /// One file, which must be there: `--kubeconfig`.
    Explicit(PathBuf),
    /// Files of which the first that sets something wins; those that are not there are passed over: `KUBECONFIG`, or
    /// `~/.kube/config`.
    List(Vec<PathBuf>),
}

impl Default for KubeconfigFiles {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// What a pod knows of its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCluster {
    /// `KUBERNETES_SERVICE_HOST`
    pub host: String,
    /// `KUBERNETES_SERVICE_PORT`
    pub port: String,
    /// The directory of the service account: `/var/run/secrets/kubernetes.io/serviceaccount`.
    pub service_account: PathBuf,
    /// `POD_NAMESPACE`
    pub namespace: Option<String>,
}

/// The proxies of the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// `HTTPS_PROXY`
    pub https: Option<String>,
    /// `HTTP_PROXY`
    pub http: Option<String>,
    /// `NO_PROXY`
    pub none: Option<String>,
}
