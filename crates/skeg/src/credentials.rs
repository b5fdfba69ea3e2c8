//! Which credential files exist on this machine, and how the registry client asks them.

use std::path::PathBuf;
use std::sync::Arc;

use skeg_credentials::{
    ConfigSource, Credential, CredentialChain, CredentialKey, CredentialStore as _, HelperPrograms,
};
use skeg_credentials::{LoginStore, Secret, Warning};
use skeg_oci::{RegistryHost, RepositoryName};
use skeg_oci_client::{BoxFuture, CredentialProvider, ProvideCredentialError, ProvidedCredential};

use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::chain;
use crate::printer::Printer;

/// The chain of all credential files: Helm's, then Docker's, then Podman's.
pub(crate) fn credential_chain(context: &Context, first: Option<ConfigSource>) -> CredentialChain {
    let environment = context.environment();
    let search_path = environment.get_os(EnvironmentVariable::PATH).unwrap_or_default();
    let mut credentials = CredentialChain::new(Arc::new(HelperPrograms::new(search_path)));
    if let Some(source) = first {
        credentials = credentials.with_config(source);
    }
    credentials = credentials.with_config(ConfigSource::docker(context.registry_config()));
    if let Some(content) = environment.get(EnvironmentVariable::DOCKER_AUTH_CONFIG) {
        credentials = credentials.with_config(ConfigSource::inline("DOCKER_AUTH_CONFIG", content));
    }
    if let Some(path) = docker_config(context) {
        credentials = credentials.with_config(ConfigSource::docker(path));
    }
    for path in podman_configs(context) {
        credentials = credentials.with_config(ConfigSource::podman(path));
    }
    credentials
}

/// Where `registry login` writes: Helm's file, shared with helm.
pub(crate) fn login_store(context: &Context) -> LoginStore {
    LoginStore::new(context.registry_config(), credential_chain(context, None))
}

/// Docker: `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`.
fn docker_config(context: &Context) -> Option<PathBuf> {
    let directory = context
        .environment()
        .get_os(EnvironmentVariable::DOCKER_CONFIG)
        .map(PathBuf::from);
    let default = || Some(context.paths().home.as_ref()?.join(".docker"));
    Some(directory.or_else(default)?.join("config.json"))
}

/// Podman: `$REGISTRY_AUTH_FILE` alone, else `containers/auth.json` in the runtime and configuration directories.
fn podman_configs(context: &Context) -> Vec<PathBuf> {
    let path = |variable| context.environment().get_os(variable).map(PathBuf::from);
    if let Some(file) = path(EnvironmentVariable::REGISTRY_AUTH_FILE) {
        return vec![file];
    }
    let config = path(EnvironmentVariable::XDG_CONFIG_HOME);
    let config = config.or_else(|| Some(context.paths().home.as_ref()?.join(".config")));
    let directories = [path(EnvironmentVariable::XDG_RUNTIME_DIR), config];
    directories
        .into_iter()
        .flatten()
        .map(|directory| directory.join("containers").join("auth.json"))
        .collect()
}

/// Answers the registry client out of the chain. Files and helpers are asked only when a registry demands it.
pub(crate) struct ChainProvider {
    credentials: CredentialChain,
    printer: Arc<Printer>,
}

impl ChainProvider {
    /// Asks the configured helpers first. Adds `--username` and `--password` for the one host that the command names.
    pub(crate) fn new(
        context: &Context,
        helpers: Option<ConfigSource>,
        explicit: Option<(RegistryHost, Credential)>,
    ) -> Self {
        let mut credentials = credential_chain(context, helpers);
        if let Some((host, credential)) = explicit {
            credentials = credentials.with_explicit(host, credential);
        }
        Self {
            credentials,
            printer: context.shared_printer(),
        }
    }
}

impl CredentialProvider for ChainProvider {
    fn credential<'a>(
        &'a self,
        host: &'a RegistryHost,
        repository: Option<&'a RepositoryName>,
    ) -> BoxFuture<'a, Result<Option<ProvidedCredential>, ProvideCredentialError>> {
        let key = match repository {
            Some(repository) => CredentialKey::for_repository(host.clone(), repository.clone()),
            None => CredentialKey::for_host(host.clone()),
        };
        let credentials = self.credentials.clone();
        Box::pin(async move {
            let lookup = tokio::task::spawn_blocking(move || credentials.lookup(&key)).await;
            let lookup = lookup.map_err(|error| ProvideCredentialError(error.into()))?;
            warn(&self.printer, &lookup.warnings);
            let provided = lookup.source.map(|source| ProvidedCredential {
                credential: lookup.credential,
                source: source.to_string(),
            });
            Ok(provided)
        })
    }
}

/// Tells which files and helpers could not be asked.
pub(crate) fn warn(printer: &Printer, warnings: &[Warning]) {
    for warning in warnings {
        printer.warning(&chain(warning));
    }
}

/// A user name and a password as one credential.
pub(crate) fn basic(username: &str, password: String) -> Credential {
    Credential::basic(username, Secret::from(password))
}
