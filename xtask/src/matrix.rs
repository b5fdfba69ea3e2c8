//! Releases in a real cluster on which helm and skeg take turns. The comparison itself is in the package `skeg-tests`.

use std::path::PathBuf;

use clap::Args;

use crate::cluster::Cluster;
use crate::dist;
use crate::failure::Result;
use crate::peers;
use crate::peers::Peer;
use crate::process;
use crate::process::Run;

/// Which sequences.
#[derive(Debug, Args)]
pub(crate) struct MatrixArgs {
    /// The most steps of a sequence
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,

    /// How many sequences are made up
    #[arg(long, default_value_t = 200)]
    count: usize,

    /// The seed of the first sequence; each of the others has the next one
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Run this program instead of building one; helm itself shows that the comparison works
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Starts a cluster and runs all sequences; fails if any comes out differently.
pub(crate) fn run(args: &MatrixArgs) -> Result<()> {
    let helm = peers::program(Peer::Helm)?;
    let program = dist::named_or_built(args.program.as_deref())?;
    let cluster = Cluster::start(&[])?;
    process::of_tests("matrix")
        .arg(helm)
        .arg(program)
        .arg(cluster.kubeconfig())
        .args([
            args.steps.to_string(),
            args.count.to_string(),
            args.seed.to_string(),
        ])
        .run()
}
