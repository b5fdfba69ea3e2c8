//! The flags that every command has.

use std::path::PathBuf;

use super::go_values::{parse_float, parse_int};
use crate::printer::ColourChoice;

/// The flags that every command has.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Global flags")]
pub(crate) struct GlobalArgs {
    /// Print what is done, each request included, on standard error
    #[arg(long, global = true)]
    pub(crate) debug: bool,

    /// Show no progress bars
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    /// When to use colours
    #[arg(
        long,
        visible_alias = "colour",
        global = true,
        value_name = "WHEN",
        value_enum
    )]
    pub(crate) color: Option<ColourChoice>,

    /// The file of registry logins
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) registry_config: Option<PathBuf>,

    /// The file of the names and URLs of classic chart repositories
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) repository_config: Option<PathBuf>,

    /// The directory of cached repository indexes
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) repository_cache: Option<PathBuf>,

    /// The directory of cached charts
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) content_cache: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) kubernetes: KubernetesArgs,
}

/// How the cache of content from registries is used.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct CacheArgs {
    /// Use what is in the cache and send no requests
    #[arg(long, global = true)]
    pub(crate) offline: bool,

    /// Neither use nor fill the cache of content from registries
    #[arg(long, global = true)]
    pub(crate) no_cache: bool,
}

/// Helm's flags for the Kubernetes API. Every command of Helm accepts them, and so every one of ours does; those that
/// speak to no cluster only show them in `env`.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct KubernetesArgs {
    /// The namespace of releases
    #[arg(long, short, global = true, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Taken, and without effect: the limits of the API server hold
    #[arg(long, global = true, value_name = "NUMBER", hide_short_help = true, value_parser = parse_int)]
    pub(crate) burst_limit: Option<i64>,
    /// Taken, and without effect: the limits of the API server hold
    #[arg(long, global = true, value_name = "NUMBER", hide_short_help = true, value_parser = parse_float)]
    pub(crate) qps: Option<f32>,
    /// The kubeconfig file; `KUBECONFIG` and `~/.kube/config` are not read then
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) kubeconfig: Option<String>,
    /// The address of the API server
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub(crate) kube_apiserver: Option<String>,
    /// Act as a member of this group
    #[arg(long, global = true, value_name = "GROUP", hide_short_help = true)]
    pub(crate) kube_as_group: Vec<String>,
    /// Act as this user
    #[arg(long, global = true, value_name = "USER", hide_short_help = true)]
    pub(crate) kube_as_user: Option<String>,
    /// The certificate authority of the API server
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(crate) kube_ca_file: Option<String>,
    /// The context of the kubeconfig file
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) kube_context: Option<String>,
    /// Do not check the certificate of the API server
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) kube_insecure_skip_tls_verify: bool,
    /// The name that the certificate of the API server must have
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true)]
    pub(crate) kube_tls_server_name: Option<String>,
    /// The bearer token for the API server
    #[arg(long, global = true, value_name = "TOKEN", hide_short_help = true)]
    pub(crate) kube_token: Option<String>,
}
