//! The command line: one variant per task, one line of dispatch each.

use std::path::PathBuf;

use clap::Parser;
use clap::Subcommand;

use crate::bench;
use crate::bench::BenchArgs;
use crate::charts;
use crate::charts::ChartsArgs;
use crate::ci;
use crate::cluster;
use crate::cluster::ClusterArgs;
use crate::codegen;
use crate::codegen::CodegenArgs;
use crate::dist;
use crate::failure::Result;
use crate::fuzz;
use crate::fuzz::FuzzArgs;
use crate::graphs;
use crate::graphs::GraphsArgs;
use crate::integration;
use crate::integration::IntegrationArgs;
use crate::matrix;
use crate::matrix::MatrixArgs;
use crate::oracle;
use crate::oracle::OracleAction;
use crate::peers;
use crate::quickstart;
use crate::reliability;
use crate::reliability::ReliabilityArgs;
use crate::server;
use crate::test;
use crate::tidy;

/// Development tasks of skeg
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Take a chart from create to pull through a store in a directory, with a release build
    Quickstart,
    /// Build the program as it is distributed: one static file in target/dist
    Dist,
    /// Test everything, installing what that needs
    Test,
    /// Run what continuous integration runs
    Ci,
    /// Check the rules of the code base that no compiler checks
    Tidy,
    /// Generate the reference documentation
    Codegen(CodegenArgs),
    /// Record what helm does, or check the records
    #[command(subcommand)]
    Oracle(OracleAction),
    /// Measure whole commands beside helm
    Bench(BenchArgs),
    /// Show how far the registry client can be trusted: run its cases, and write the page about them
    Reliability(ReliabilityArgs),
    /// Render every chart below a directory with helm and with skeg, and compare
    Charts(ChartsArgs),
    /// Compare with the Go libraries behind Helm on made-up input
    Fuzz(FuzzArgs),
    /// Update and build the dependencies of many charts with helm and with skeg, and compare
    Graphs(GraphsArgs),
    /// Install the independent programs that tests and benches need, and list them
    Peers,
    /// Run the scenarios against a real registry or a real cluster, both ways with the real helm
    Integration(IntegrationArgs),
    /// Let helm and skeg take turns on releases in a real cluster, and compare with helm alone
    Matrix(MatrixArgs),
    /// Start etcd and the API server of Kubernetes on loopback
    Cluster(ClusterArgs),
    /// Run a command until standard input is closed
    #[command(hide = true)]
    Guard {
        /// A directory to remove after that
        #[arg(long)]
        remove: Option<PathBuf>,
        /// The command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

/// Parses the command line and runs its task.
pub(crate) fn run() -> Result<()> {
    match Xtask::parse().task {
        Task::Quickstart => quickstart::run(),
        Task::Dist => dist::run(),
        Task::Test => test::run(),
        Task::Ci => ci::run(),
        Task::Tidy => tidy::run(),
        Task::Codegen(args) => codegen::run(&args),
        Task::Oracle(action) => oracle::run(action),
        Task::Bench(args) => bench::run(&args),
        Task::Reliability(args) => reliability::run(&args),
        Task::Charts(args) => charts::run(&args),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Graphs(args) => graphs::run(&args),
        Task::Peers => peers::run(),
        Task::Integration(args) => integration::run(&args),
        Task::Matrix(args) => matrix::run(&args),
        Task::Cluster(args) => cluster::run(&args),
        Task::Guard { remove, command } => server::run_guard(&command, remove.as_deref()),
    }
}

#[cfg(test)]
mod tests {
    use super::Xtask;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Xtask::command().debug_assert();
    }
}
