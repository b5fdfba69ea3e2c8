//! What helm does, recorded: starts what the recorder needs. The cases, and the recorder itself,
//! are in the package `skeg-tests`, beside the tests that read the records.

use clap::Subcommand;

use crate::failure::Result;
use crate::paths;
use crate::peers;
use crate::peers::Peer;
use crate::process;
use crate::process::Run;
use crate::server::Authentication;
use crate::server::Server;
use crate::server::Setup;

/// What to do with the records.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum OracleAction {
    /// Run helm over every case and write what it did
    Record {
        /// Only the cases whose names begin so
        #[arg(default_value = "")]
        prefix: String,
    },
    /// Run helm over every case and compare with what was recorded
    Check {
        /// Only the cases whose names begin so
        #[arg(default_value = "")]
        prefix: String,
    },
}

/// Runs the recorder beside a real registry.
pub(crate) fn run(action: OracleAction) -> Result<()> {
    let helm = peers::program(Peer::Helm)?;
    let registry = peers::program(Peer::Distribution)?;
    let setup = Setup {
        peer: Peer::Distribution,
        authentication: Authentication::None,
        tls: false,
    };
    let server = Server::start(setup, &registry)?;
    process::of_tests("oracle")
        .args(match action {
            OracleAction::Record { prefix } => ["record".to_owned(), prefix],
            OracleAction::Check { prefix } => ["check".to_owned(), prefix],
        })
        .env("SKEG_LIVE_HOST", server.address())
        .env("SKEG_LIVE_PEERS", paths::peer_programs())
        .env("SKEG_ORACLE_HELM", helm)
        .env("SKEG_ORACLE_VERSION", Peer::Helm.version())
        .run()
}
