//! Releases in a real cluster on which helm and skeg take turns. The comparison itself is in the package `skeg-tests`.

use std::path::PathBuf;

use clap::Args;

use crate::cluster::Cluster;
use crate::dist;
use crate::failure::Context;
use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;
use crate::peers;
use crate::peers::Peer;
use crate::process;
use crate::process::Run;
use crate::reliability;

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

    /// Write what was compared to docs/reference/reliability.md
    #[arg(long)]
    write: bool,

    /// Run this program instead of building one; helm itself shows that the comparison works
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Runs a few sequences, by the program that the tests have built.
pub(crate) fn run_few() -> Result<()> {
    process::cargo()
        .args(["build", "--locked", "--package", "skeg"])
        .run()?;
    run(&MatrixArgs {
        steps: 4,
        count: 30,
        seed: 1,
        write: false,
        program: Some(paths::target().join("debug").join(paths::executable("skeg"))),
    })
}

/// Starts a cluster and runs all sequences; fails if any comes out differently.
pub(crate) fn run(args: &MatrixArgs) -> Result<()> {
    let helm = peers::program(Peer::Helm)?;
    let program = dist::named_or_built(args.program.as_deref())?;
    let cluster = Cluster::start(&[])?;
    let (lines, succeeded) = process::of_tests("matrix")
        .arg(helm)
        .arg(program)
        .arg(cluster.kubeconfig())
        .args([
            args.steps.to_string(),
            args.count.to_string(),
            args.seed.to_string(),
        ])
        .watch()?;
    if !succeeded {
        return Err(Failure::new("helm and skeg do not leave the same behind"));
    }
    if args.write {
        let summary = lines.last().context("the comparison said nothing")?;
        reliability::write_section("matrix", &section(args, summary))?;
    }
    Ok(())
}

fn section(args: &MatrixArgs, summary: &str) -> String {
    format!(
        "## Releases: helm and skeg by turns\n\n\
         Written by `cargo xtask matrix --count {} --seed {} --write`. Sequences of up to {} commands on a release – install, upgrade,\n\
         rollback, uninstall, test, with their flags, with hooks and objects that fail, and with others who change or delete objects in\n\
         between – are run in one namespace of a real API server (kube-apiserver {}) by helm {} alone, and in another by helm and skeg as\n\
         drawn. After each step the answers and exit codes, the stored revisions, and all objects with their managed fields are the same\n\
         in both namespaces, and both programs answer `list`, `status`, `history`, `get metadata` and `get all` alike.\n\n\
         {summary}.\n",
        args.count,
        args.seed,
        args.steps,
        Peer::KubeApiserver.version(),
        Peer::Helm.version(),
    )
}
