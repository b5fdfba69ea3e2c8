//! Starting etcd and the API server, as fast as they can, and waiting until they answer.

use std::path::Path;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rcgen::KeyPair;
use skeg_test_support::ApiClient;
use skeg_test_support::Kubeconfig;

use crate::failure::Failure;
use crate::failure::Result;
use crate::peers;
use crate::peers::Peer;
use crate::server::Authority;
use crate::server::Guarded;
use crate::server::free_address;

use super::access;
use super::access::User;

/// How long a busy machine may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// A cluster that runs until this is dropped.
pub(crate) struct Cluster {
    // The API server ends first: it complains when its database goes away.
    api_server: Guarded,
    etcd: Guarded,
    kubeconfig: PathBuf,
    contexts: Vec<String>,
    directory: tempfile::TempDir,
}

impl Cluster {
    /// Starts a cluster with the users every cluster has and `more`, and waits until it is ready.
    pub(crate) fn start(more: &[User]) -> Result<Self> {
        let etcd = peers::program(Peer::Etcd)?;
        let api_server = peers::program(Peer::KubeApiserver)?;
        // In the system's place for such things, which may be in memory; etcd writes much.
        let directory = tempfile::Builder::new().prefix("skeg-cluster-").tempdir()?;
        let users = access::users(more);
        let database = format!("http://{}", free_address()?);
        let etcd = Guarded::spawn_outside(&etcd, &etcd_arguments(&database)?, directory.path())?;
        let address = free_address()?;
        let authority = Authority::create(directory.path())?;
        fs_err::write(directory.path().join("tokens.csv"), access::token_file(&users))?;
        let accounts = KeyPair::generate()?;
        fs_err::write(directory.path().join("accounts.key"), accounts.serialize_pem())?;
        fs_err::write(directory.path().join("accounts.pub"), accounts.public_key_pem())?;
        let kubeconfig = directory.path().join("kubeconfig");
        access::kubeconfig(&format!("https://{address}"), &authority, &users)?.write(&kubeconfig);
        let arguments = api_server_arguments(&address, &database, &authority)?;
        let mut cluster = Self {
            api_server: Guarded::spawn_outside(&api_server, &arguments, directory.path())?,
            etcd,
            kubeconfig,
            contexts: access::contexts(&users),
            directory,
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The file by which clients find and enter it; the current context is `admin`.
    pub(crate) fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// The same, read.
    pub(crate) fn access(&self) -> Kubeconfig {
        Kubeconfig::read(&self.kubeconfig)
    }

    /// The names of the contexts.
    pub(crate) fn contexts(&self) -> &[String] {
        &self.contexts
    }

    /// A directory that is gone when the cluster is.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Waits until the API server ends, which it does not do by itself.
    pub(crate) fn wait(&mut self) -> Result<()> {
        self.api_server.wait()?;
        Err(self.complaint("has ended"))
    }

    /// The last lines the API server printed.
    pub(crate) fn log_tail(&self) -> String {
        self.api_server.log_tail()
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let client = ApiClient::new(&self.access());
        let deadline = Instant::now() + PATIENCE;
        // The namespace is made by a task of the server that it does not count as readiness.
        for path in ["/readyz", "/api/v1/namespaces/default"] {
            while !client
                .send("GET", path, None)
                .is_ok_and(|answer| answer.is_success())
            {
                if self.api_server.has_ended()? || self.etcd.has_ended()? {
                    return Err(self.complaint("has ended"));
                }
                if Instant::now() > deadline {
                    return Err(self.complaint("is not ready"));
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }

    fn complaint(&self, state: &str) -> Failure {
        Failure::new(format!(
            "the cluster {state}; the last words of etcd:\n{}\nand of the API server:\n{}",
            self.etcd.log_tail(),
            self.api_server.log_tail()
        ))
    }
}

fn etcd_arguments(address: &str) -> Result<Vec<String>> {
    let between = format!("http://{}", free_address()?);
    let members = format!("default={between}");
    Ok(flags(&[
        ("data-dir", "etcd"),
        ("listen-client-urls", address),
        ("advertise-client-urls", address),
        ("listen-peer-urls", &between),
        ("initial-advertise-peer-urls", &between),
        ("initial-cluster", &members),
        ("unsafe-no-fsync", "true"),
        ("logger", "zap"),
        ("log-level", "error"),
    ]))
}

fn api_server_arguments(address: &str, database: &str, authority: &Authority) -> Result<Vec<String>> {
    let port = address
        .rsplit_once(':')
        .map(|(_, port)| port)
        .ok_or_else(|| Failure::new(format!("no port in {address}")))?;
    let text = |path: PathBuf| path.display().to_string();
    Ok(flags(&[
        ("etcd-servers", database),
        ("bind-address", "127.0.0.1"),
        ("secure-port", port),
        ("cert-dir", "certificates"),
        ("tls-cert-file", &text(authority.certificate())),
        ("tls-private-key-file", &text(authority.key())),
        ("client-ca-file", &text(authority.authority())),
        ("token-auth-file", "tokens.csv"),
        ("authorization-mode", "RBAC"),
        ("service-account-issuer", "https://kubernetes.default.svc"),
        ("service-account-key-file", "accounts.pub"),
        ("service-account-signing-key-file", "accounts.key"),
        ("service-cluster-ip-range", "10.0.0.0/16"),
        // Nobody creates the accounts without which it lets no pod in.
        ("disable-admission-plugins", "ServiceAccount"),
        ("allow-privileged", "true"),
        ("profiling", "false"),
    ]))
}

fn flags(flags: &[(&str, &str)]) -> Vec<String> {
    let words = flags.iter().map(|(name, value)| format!("--{name}={value}"));
    words.collect()
}
