//! The live scenarios: starts real registries and runs the `live` test binary against each.

use std::path::Path;
use std::process::Command;

use clap::Args;
use clap::ValueEnum;

use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;
use crate::peers;
use crate::peers::Peer;
use crate::peers::PeerState;
use crate::process;
use crate::process::Run;
use crate::server::Authentication;
use crate::server::PASSWORD;
use crate::server::Server;
use crate::server::Setup;
use crate::server::USER;
use crate::transcript::Tally;

/// The clients the scenarios use beside the registry.
const CLIENTS: [Peer; 4] = [Peer::Helm, Peer::Crane, Peer::Regctl, Peer::Skopeo];

/// What to run the scenarios against.
#[derive(Debug, Args)]
pub(crate) struct IntegrationArgs {
    /// Registry to start
    #[arg(long, value_enum)]
    registry: RegistryKind,
    /// Authentication of the registry; all of them one after the other when not given
    #[arg(long, value_enum)]
    auth: Option<Authentication>,
    /// Whether the registry speaks TLS; both one after the other when not given
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    tls: Option<bool>,
    /// Arguments of the test binary: a filter, `--skip NAME`, `--nocapture`
    #[arg(last = true)]
    test_arguments: Vec<String>,
}

/// The registries that can be started.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RegistryKind {
    /// CNCF distribution, newest version
    Distribution,
    /// Debian's docker-registry
    Debian,
    /// zot, from `$ZOT` or `PATH`
    Zot,
}

impl RegistryKind {
    fn peer(self) -> Peer {
        match self {
            Self::Distribution => Peer::Distribution,
            Self::Debian => Peer::DebianRegistry,
            Self::Zot => Peer::Zot,
        }
    }
}

/// Runs the scenarios against one registry, in every asked-for way of being asked.
pub(crate) fn run(args: &IntegrationArgs) -> Result<()> {
    let program = peers::program(args.registry.peer())?;
    let clients = peers::ensure(&CLIENTS);
    peers::require(&clients)?;
    let mut tally = Tally::default();
    for setup in setups(args) {
        tally.add(run_setup(setup, &program, &args.test_arguments)?);
    }
    report_missing(&clients);
    tally.conclude()
}

/// Runs the scenarios against every registry that is present, in every way. Fails when there is
/// no registry at all.
pub(crate) fn run_all() -> Result<Tally> {
    let clients = peers::ensure(&CLIENTS);
    let registries = peers::ensure(&peers::REGISTRIES);
    peers::require(&clients)?;
    peers::require(&registries)?;
    let mut tally = Tally::default();
    let mut present = 0;
    for state in &registries {
        let Some(program) = state.program() else {
            continue;
        };
        present += 1;
        for setup in all_setups(state.peer()) {
            tally.add(run_setup(setup, program, &[])?);
        }
    }
    report_missing(&clients);
    report_missing(&registries);
    if present == 0 {
        return Err(Failure::new("no registry is present: nothing was proved"));
    }
    Ok(tally)
}

fn setups(args: &IntegrationArgs) -> Vec<Setup> {
    all_setups(args.registry.peer())
        .into_iter()
        .filter(|setup| args.auth.is_none_or(|auth| auth == setup.authentication))
        .filter(|setup| args.tls.is_none_or(|tls| tls == setup.tls))
        .collect()
}

fn all_setups(peer: Peer) -> Vec<Setup> {
    Authentication::ALL
        .into_iter()
        .flat_map(|authentication| {
            [false, true].map(|tls| Setup {
                peer,
                authentication,
                tls,
            })
        })
        .collect()
}

/// Runs the scenarios once. A failed scenario is counted, so that the other setups still run.
fn run_setup(setup: Setup, program: &Path, test_arguments: &[String]) -> Result<Tally> {
    println!("\n== {}", setup.describe());
    let server = Server::start(setup, program)?;
    let (lines, succeeded) = test_command(&server, setup, test_arguments).watch()?;
    let tally = Tally::of(&lines);
    if !succeeded {
        eprintln!("the last words of the registry:\n{}", server.log_tail());
        eprintln!("the scenarios failed against {}", setup.describe());
    }
    tally.or_failed(succeeded)
}

fn test_command(server: &Server, setup: Setup, test_arguments: &[String]) -> Command {
    let mut command = process::cargo();
    command
        .args(["test", "--locked", "--quiet", "--package", "skeg-tests"])
        .args(["--features", "live", "--test", "live"])
        .env("RUST_BACKTRACE", "0")
        .env("SKEG_LIVE_REGISTRY", setup.peer.name())
        .env("SKEG_LIVE_HOST", server.address())
        .env("SKEG_LIVE_AUTH", setup.authentication.name())
        .env("SKEG_LIVE_PEERS", paths::peer_programs());
    if setup.authentication != Authentication::None {
        command
            .env("SKEG_LIVE_USER", USER)
            .env("SKEG_LIVE_PASSWORD", PASSWORD);
    }
    if let Some(authority) = server.certificate_authority() {
        command.env("SKEG_LIVE_CA", authority);
    }
    command.arg("--").args(test_arguments);
    command
}

fn report_missing(states: &[PeerState]) {
    let missing: Vec<&str> = states
        .iter()
        .filter(|state| state.program().is_none())
        .map(|state| state.peer().name())
        .collect();
    if !missing.is_empty() {
        let count = missing.len();
        eprintln!("{count} PEERS MISSING: {}", missing.join(", "));
    }
}
