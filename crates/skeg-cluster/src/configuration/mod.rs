//! From files, flags and the environment to the configuration of the client.
//!
//! The rules are those of `kubectl`: the first file that sets something wins, flags win over files, a program in a pod
//! finds its cluster without a file, and without anything the server is on this machine. The loader of the `kube` crate
//! differs in some of them: it fails on a file that is missing in the list, asks variables of its own, and goes on with
//! the pod's cluster whatever was wrong with the files.

mod files;
mod in_cluster;
mod overrides;
mod proxy;

use std::path::PathBuf;

use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};

use crate::settings::{ClusterSettings, KubeconfigFiles};

/// Where the API server is unless anything is said.
const DEFAULT_SERVER: &str = "http://localhost:8080";

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// A file that was named is not there or cannot be read.
    #[error("stat {}: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The words of the system.
        reason: String,
    },
    /// A file is no configuration.
    #[error("error loading config file \"{}\": {reason}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No file has a context of this name.
    #[error("context \"{0}\" does not exist")]
    NoSuchContext(String),
    /// The context names a cluster that no file has.
    #[error("cluster \"{0}\" does not exist")]
    NoSuchCluster(String),
    /// The context names a user that no file has.
    #[error("auth info \"{0}\" does not exist")]
    NoSuchUser(String),
    /// Something else is wrong.
    #[error("invalid configuration: {0}")]
    Invalid(String),
}

/// The configuration of the client.
pub(crate) async fn load(settings: &ClusterSettings) -> Result<Config, ConfigurationError> {
    let files = files::read(&settings.kubeconfig)?;
    let is_explicit = matches!(settings.kubeconfig, KubeconfigFiles::Explicit(_));
    let is_empty = files.clusters.is_empty() && files.contexts.is_empty() && files.auth_infos.is_empty();
    let is_context_given = settings.context.is_some();
    let mut config = if is_empty && !is_explicit && !is_context_given && settings.api_server.is_none() {
        match &settings.in_cluster {
            Some(pod) => in_cluster::load(pod)?,
            None => Config::new(parse_server(DEFAULT_SERVER)?),
        }
    } else {
        from_files(files, settings).await?
    };
    overrides::apply(&mut config, settings)?;
    if config.proxy_url.is_none() {
        config.proxy_url = proxy::of_environment(&settings.proxies, &config.cluster_url)?;
    }
    // Refusals are answered in one place, where the server's wish for a pause is known.
    config.default_retry = false;
    Ok(config)
}

fn context_name(files: &Kubeconfig, settings: &ClusterSettings) -> Option<String> {
    let current = files.current_context.clone();
    let named = settings.context.clone().or(current);
    named.filter(|name| !name.is_empty())
}

async fn from_files(files: Kubeconfig, settings: &ClusterSettings) -> Result<Config, ConfigurationError> {
    let Some(name) = context_name(&files, settings) else {
        return Ok(Config::new(parse_server(DEFAULT_SERVER)?));
    };
    let found = files.contexts.iter().find(|context| context.name == name);
    let Some(context) = found.and_then(|found| found.context.clone()) else {
        return Err(ConfigurationError::NoSuchContext(name));
    };
    let has_cluster = files
        .clusters
        .iter()
        .any(|cluster| cluster.name == context.cluster);
    if !has_cluster {
        return Err(ConfigurationError::NoSuchCluster(context.cluster));
    }
    if let Some(user) = context.user.filter(|user| !user.is_empty())
        && !files.auth_infos.iter().any(|known| known.name == user)
    {
        return Err(ConfigurationError::NoSuchUser(user));
    }
    let files = overrides::in_files(files, &context.cluster, settings);
    let options = KubeConfigOptions {
        context: Some(name),
        ..KubeConfigOptions::default()
    };
    let of_file = proxy::of_file(&files, &context.cluster)?;
    let loaded = Config::from_custom_kubeconfig(files, &options).await;
    let mut config = loaded.map_err(|error| ConfigurationError::Invalid(words(&error)))?;
    // The loader asks the environment, and holds NO_PROXY against the address of the proxy.
    config.proxy_url = of_file;
    Ok(config)
}

/// The error and its causes, each said once.
fn words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn parse_server(text: &str) -> Result<http::Uri, ConfigurationError> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    with_scheme
        .parse()
        .map_err(|error| ConfigurationError::Invalid(format!("the address of the server, {text}: {error}")))
}
