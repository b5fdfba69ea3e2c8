//! How to reach a registry, and which version of a chart is meant.

use std::path::PathBuf;
use std::time::Duration;

use super::go_values::parse_duration;

/// How to reach a registry: login and TLS.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct AccessArgs {
    /// User name for the registry that the command names; sent to no other host
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,

    /// Password for the registry that the command names; sent to no other host
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) password: Option<String>,

    #[command(flatten)]
    pub(crate) tls: TlsArgs,
}

/// How to reach a registry, apart from the login.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct TlsArgs {
    /// Trust the certificates of this file too
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Show this client certificate
    #[arg(long, value_name = "FILE")]
    pub(crate) cert_file: Option<PathBuf>,

    /// The key of the client certificate
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,

    /// Do not check the certificate of the registry
    #[arg(long, visible_alias = "insecure")]
    pub(crate) insecure_skip_tls_verify: bool,

    /// Speak HTTP without TLS
    #[arg(long)]
    pub(crate) plain_http: bool,

    /// Give a request up that was paused and not answered for so long, all tries together; `10m` if absent. Transfers
    /// that go on are not limited
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = parse_duration)]
    pub(crate) timeout: Option<Duration>,
}

/// Which classic repository a chart is in.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RepositoryArgs {
    /// The chart is in the classic repository at this address, or below this path of a registry
    #[arg(long, value_name = "URL")]
    pub(crate) repo: Option<String>,

    /// Send `--username` and `--password` to other hosts too that the repository names
    #[arg(long)]
    pub(crate) pass_credentials: bool,
}

impl RepositoryArgs {
    /// The address of `--repo`, unless it is empty.
    pub(crate) fn address(&self) -> Option<&str> {
        self.repo.as_deref().filter(|address| !address.is_empty())
    }
}

impl ChartSelectionArgs {
    /// The versions that are meant in a classic repository.
    pub(crate) fn range(&self) -> Option<&str> {
        let version = self.version.as_deref().map(str::trim);
        let version = version.filter(|version| !version.is_empty());
        version.or_else(|| self.devel.then_some(">0.0.0-0"))
    }
}

/// Which version of a chart is meant.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ChartSelectionArgs {
    /// A version such as `1.2.3` or a range such as `^1.2`; the highest stable version if absent
    #[arg(long, value_name = "VERSION")]
    pub(crate) version: Option<String>,

    /// Take pre-releases too, as `--version '>0.0.0-0'` does
    #[arg(long)]
    pub(crate) devel: bool,

    #[command(flatten)]
    pub(crate) access: AccessArgs,
}
