//! The live scenarios: starts real registries and runs the `live` test binary against each; starts a real cluster and runs the
//! `cluster` test binary with it.

use std::path::Path;
use std::process::Command;

use clap::Args;
use clap::ValueEnum;

use crate::cluster::Cluster;
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
    #[arg(long, value_enum, required_unless_present = "cluster")]
    registry: Option<RegistryKind>,
    /// Start a Kubernetes cluster instead
    #[arg(long, conflicts_with_all = ["registry", "auth", "tls"])]
    cluster: bool,
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

/// Runs the scenarios against one registry, in every asked-for way of being asked, or those with a cluster.
pub(crate) fn run(args: &IntegrationArgs) -> Result<()> {
    match args.registry {
        Some(registry) => run_registry(args, registry.peer()),
        None => run_cluster(&args.test_arguments)?.conclude(),
    }
}

fn run_registry(args: &IntegrationArgs, registry: Peer) -> Result<()> {
    let program = peers::program(registry)?;
    let clients = peers::ensure(&CLIENTS);
    peers::require(&clients)?;
    let mut tally = Tally::default();
    for setup in setups(args, registry) {
        tally.add(run_setup(setup, &program, &args.test_arguments)?);
    }
    report_missing(&clients);
    tally.conclude()
}

/// Runs the scenarios against every registry that is present, in every way, and those with a cluster. Fails when there is
/// no registry or no cluster at all.
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
    tally.add(run_cluster(&[])?);
    Ok(tally)
}

/// Runs the scenarios with a cluster. A failed scenario is counted.
fn run_cluster(test_arguments: &[String]) -> Result<Tally> {
    let clients = peers::ensure(&[Peer::Helm]);
    peers::require(&clients)?;
    println!("\n== kube-apiserver {}", Peer::KubeApiserver.version());
    let cluster = Cluster::start(&[])?;
    let (lines, succeeded) = live_tests("cluster")
        .env("SKEG_CLUSTER_KUBECONFIG", cluster.kubeconfig())
        .arg("--")
        .args(test_arguments)
        .watch()?;
    report_missing(&clients);
    let tally = Tally::of(&lines);
    if !succeeded {
        eprintln!("the last words of the API server:\n{}", cluster.log_tail());
    }
    tally.or_failed(succeeded)
}

fn setups(args: &IntegrationArgs, registry: Peer) -> Vec<Setup> {
    all_setups(registry)
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
    let mut command = live_tests("live");
    command
        .env("SKEG_LIVE_REGISTRY", setup.peer.name())
        .env("SKEG_LIVE_HOST", server.address())
        .env("SKEG_LIVE_AUTH", setup.authentication.name());
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

/// One of the test binaries that need something real, which knows where the peers are.
fn live_tests(name: &str) -> Command {
    let mut command = process::cargo();
    command
        .args(["test", "--locked", "--quiet", "--package", "skeg-tests"])
        .args(["--features", "live", "--test", name])
        .env("RUST_BACKTRACE", "0")
        .env("SKEG_LIVE_PEERS", paths::peer_programs());
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
