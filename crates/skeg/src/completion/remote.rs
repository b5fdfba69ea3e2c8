//! Candidates from registries and login files. Whatever fails, or takes too long, gives none.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use skeg_oci::RegistryHost;
use skeg_registry::{ChartReference, VersionFilter};
use tokio::runtime;

use super::line::Line;
use crate::access::Access;
use crate::args::{AccessArgs, GlobalArgs, KubernetesArgs, TlsArgs};
use crate::commands::list_tags;
use crate::context::Context;
use crate::credentials::login_store;
use crate::env::Environment;
use crate::printer::Printer;

/// A person waits with a finger on the key.
const PATIENCE: Duration = Duration::from_secs(2);

/// More candidates than these help nobody.
const MAX_CANDIDATES: usize = 1000;

/// Asks what the command that is being typed would ask, and stays silent.
pub(super) struct Remote {
    context: Context,
    access: AccessArgs,
}

impl Remote {
    pub(super) fn new(line: &Line<'_>, environment: Environment) -> Self {
        let path = |flag| line.value(flag).map(PathBuf::from);
        let is_on = |flag| line.value(flag).is_some_and(|value| value != "false");
        let globals = GlobalArgs {
            registry_config: path("registry-config"),
            repository_config: path("repository-config"),
            repository_cache: path("repository-cache"),
            kubernetes: kubernetes(line),
            ..GlobalArgs::default()
        };
        let access = AccessArgs {
            username: line.value("username").map(str::to_owned),
            password: line.value("password").map(str::to_owned),
            tls: TlsArgs {
                ca_file: path("ca-file"),
                cert_file: path("cert-file"),
                key_file: path("key-file"),
                insecure_skip_tls_verify: is_on("insecure-skip-tls-verify"),
                plain_http: is_on("plain-http"),
                ..TlsArgs::default()
            },
        };
        let silent = Printer::to_streams(io::sink(), io::sink());
        Self {
            context: Context::new(globals, environment, silent),
            access,
        }
    }

    /// The settings of the command.
    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    /// The registries that there are logins for.
    pub(super) fn hosts(&self) -> Vec<String> {
        let listing = login_store(&self.context).list();
        let mut hosts: Vec<String> = listing
            .entries
            .into_iter()
            .map(|entry| entry.source.key)
            .map(|key| {
                key.split_once("://")
                    .map_or(key.clone(), |(_, rest)| rest.to_owned())
            })
            .map(|key| key.split('/').next().unwrap_or_default().to_owned())
            .collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// The repositories of a registry, where it lists them.
    pub(super) fn repositories(&self, host: &str) -> Option<Vec<String>> {
        let host = RegistryHost::parse(host).ok()?;
        let access = Access::new(&self.access, Some(&host), &self.context).ok()?;
        let mut pages = access.registry(&host).catalog();
        within_patience(async {
            let mut names = Vec::new();
            while let Some(page) = pages.next().await.ok()? {
                names.extend(page.iter().map(ToString::to_string));
                if names.len() >= MAX_CANDIDATES {
                    break;
                }
            }
            Some(names)
        })
    }

    /// All tags of a repository, the newest versions first.
    pub(super) fn tags(&self, repository: &str) -> Option<Vec<String>> {
        self.list(repository, true)
    }

    /// The versions of a chart, the newest first.
    pub(super) fn versions(&self, reference: &str) -> Option<Vec<String>> {
        let versions = self.list(reference, false)?;
        Some(versions.into_iter().map(|tag| tag.replace('_', "+")).collect())
    }

    fn list(&self, reference: &str, all: bool) -> Option<Vec<String>> {
        let reference = ChartReference::parse(reference).ok()?;
        let location = reference.location();
        let access = Access::new(&self.access, location.host(), &self.context).ok()?;
        let repository = access.reader(location).ok()?;
        let filter = VersionFilter::new(None, true, all).ok()?;
        within_patience(async {
            let (tags, _) = list_tags(&repository, location, &filter).await.ok()?;
            let tags = tags.into_iter().take(MAX_CANDIDATES);
            Some(tags.map(|tag| tag.tag.to_string()).collect())
        })
    }
}

/// Which cluster is meant, and which namespace.
fn kubernetes(line: &Line<'_>) -> KubernetesArgs {
    let text = |flag| line.value(flag).map(str::to_owned);
    KubernetesArgs {
        namespace: text("namespace"),
        kubeconfig: text("kubeconfig"),
        kube_apiserver: text("kube-apiserver"),
        kube_as_user: text("kube-as-user"),
        kube_ca_file: text("kube-ca-file"),
        kube_context: text("kube-context"),
        kube_insecure_skip_tls_verify: line
            .value("kube-insecure-skip-tls-verify")
            .is_some_and(|value| value != "false"),
        kube_tls_server_name: text("kube-tls-server-name"),
        kube_token: text("kube-token"),
        ..KubernetesArgs::default()
    }
}

/// Runs work for a limited time. What still runs then, such as a credential helper, is not waited for.
fn within_patience<T>(work: impl Future<Output = Option<T>>) -> Option<T> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let result = runtime.block_on(async { tokio::time::timeout(PATIENCE, work).await });
    runtime.shutdown_background();
    result.ok().flatten()
}
