//! What holds for which registry on this machine: where it is written, and how the client hears of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use skeg_credentials::ConfigSource;
use skeg_oci::{RegistryHost, RepositoryName};
use skeg_oci_client::{HostConfiguration, HostOptions, TlsOptions};
use skeg_registry_config::{Effective, Prefix, RegistryConfig};

use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::CommandError;

/// Docker Hub's name in references, and that of its API.
const DOCKER_HUB: [&str; 2] = ["docker.io", "registry-1.docker.io"];

/// Reads all files that say something of registries: skeg's own first, then those of the containers tools and Docker.
///
/// # Errors
/// A file is malformed, or a file is not there that `SKEG_REGISTRIES` names. What others have written wrong in their certificates is theirs to find.
pub(crate) fn load(context: &Context) -> Result<RegistryConfig, CommandError> {
    let mut config = RegistryConfig::default();
    let own = own_file(context);
    let is_named = context
        .environment()
        .get_os(EnvironmentVariable::REGISTRIES)
        .is_some();
    if is_named && !own.exists() {
        let error = format!(
            "there is no file `{}`, which `SKEG_REGISTRIES` names",
            own.display()
        );
        return Err(CommandError::user(error).hint("write the file, or unset the variable"));
    }
    config.read(&own)?;
    config.read_containers(&containers_file(context))?;
    let user = user_directory(context).map(|directory| directory.join("certs.d"));
    let system = ["/etc/containers/certs.d", "/etc/docker/certs.d"].map(PathBuf::from);
    for directory in user.into_iter().chain(system) {
        config.read_certificates(&directory);
    }
    Ok(config)
}

/// skeg's own file: the variable, or `skeg/registries.toml` beside Helm's configuration.
pub(crate) fn own_file(context: &Context) -> PathBuf {
    let named = context.environment().get_os(EnvironmentVariable::REGISTRIES);
    named.map_or_else(
        || context.paths().config.join("skeg").join("registries.toml"),
        PathBuf::from,
    )
}

/// containers-registries.conf(5): the variable, the user's file if there is one, or the system's.
fn containers_file(context: &Context) -> PathBuf {
    let named = context
        .environment()
        .get_os(EnvironmentVariable::CONTAINERS_REGISTRIES_CONF);
    if let Some(path) = named {
        return path.into();
    }
    let user = user_directory(context).map(|directory| directory.join("registries.conf"));
    user.filter(|path| path.exists())
        .unwrap_or_else(|| PathBuf::from("/etc/containers/registries.conf"))
}

/// Where the containers tools keep a user's configuration.
fn user_directory(context: &Context) -> Option<PathBuf> {
    let configured = context.environment().get_os(EnvironmentVariable::XDG_CONFIG_HOME);
    let home = || context.paths().home.as_ref().map(|home| home.join(".config"));
    let parent = configured.map(PathBuf::from).or_else(home);
    parent.map(|parent| parent.join("containers"))
}

/// The helper programs that are named for single registries, as the first of all places to look for logins.
pub(crate) fn credential_helpers(config: &RegistryConfig) -> Option<ConfigSource> {
    let helpers: BTreeMap<String, String> = config
        .prefixes()
        .into_iter()
        .filter_map(Prefix::place)
        .filter_map(|place| {
            let effective = config.effective(&place.host, place.path.as_ref());
            Some((place.to_string(), effective.credential_helper?.value))
        })
        .collect();
    (!helpers.is_empty()).then(|| ConfigSource::helpers("the configuration of registries", &helpers))
}

/// Tells the client what is configured; flags of the command line come before that.
pub(crate) struct ConfiguredHosts {
    config: RegistryConfig,
    /// The flags on certificates, if there are any.
    flags: Option<TlsOptions>,
}

impl ConfiguredHosts {
    pub(crate) fn new(config: RegistryConfig, flags: &TlsOptions) -> Self {
        Self {
            config,
            flags: (*flags != TlsOptions::default()).then(|| flags.clone()),
        }
    }

    fn effective(&self, host: &RegistryHost) -> Effective {
        if host.as_str() == DOCKER_HUB[1]
            && let Ok(name) = RegistryHost::parse(DOCKER_HUB[0])
        {
            return self.config.effective(&name, None);
        }
        self.config.effective(host, None)
    }
}

impl HostConfiguration for ConfiguredHosts {
    fn options(&self, host: &RegistryHost) -> HostOptions {
        if self.config.is_empty() {
            return HostOptions::default();
        }
        let effective = self.effective(host);
        let is_insecure = effective.insecure.as_ref().is_some_and(|insecure| insecure.value);
        HostOptions {
            plain_http: effective.plain_http.as_ref().is_some_and(|plain| plain.value),
            may_be_plain_http: is_insecure,
            requests: effective.concurrency.as_ref().map(|limit| limit.value),
            requests_per_second: effective.requests_per_second.as_ref().map(|rate| rate.value),
            tls: tls_options(effective, is_insecure).filter(|_| self.flags.is_none()),
        }
    }

    fn blocked(&self, host: &RegistryHost, repository: Option<&RepositoryName>) -> Option<String> {
        let blocked = self.config.effective(host, repository).blocked?;
        blocked.value.then(|| blocked.origin.to_string())
    }
}

fn tls_options(effective: Effective, is_insecure: bool) -> Option<TlsOptions> {
    let options = TlsOptions {
        ca_file: effective.ca_file.map(|file| file.value),
        client_certificate: effective.client_certificate.map(|file| file.value),
        client_key: effective.client_key.map(|file| file.value),
        insecure_skip_verify: is_insecure,
    };
    (options != TlsOptions::default()).then_some(options)
}

impl From<skeg_registry_config::ConfigError> for CommandError {
    fn from(error: skeg_registry_config::ConfigError) -> Self {
        Self::user(error)
            .hint("mend the file, or name another one in `SKEG_REGISTRIES` or `CONTAINERS_REGISTRIES_CONF`")
    }
}
