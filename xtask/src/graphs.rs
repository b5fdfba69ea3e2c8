//! Charts with dependencies, made up or real, updated and built by helm and by skeg. The comparison itself is in the package
//! `skeg-tests`.

use std::path::PathBuf;

use clap::Args;

use crate::dist;
use crate::failure::Result;
use crate::paths;
use crate::peers;
use crate::peers::Peer;
use crate::process;
use crate::process::Run;

/// Which charts.
#[derive(Debug, Args)]
pub(crate) struct GraphsArgs {
    /// Directories below which every chart with dependencies is taken; its repositories are replaced by ones on loopback
    #[arg(value_name = "DIR")]
    directories: Vec<PathBuf>,

    /// Make up so many charts beside them
    #[arg(long, default_value_t = 300)]
    count: usize,

    /// The seed of the charts that are made up
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Run this program instead of building one
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// Compares a few made-up charts, by the program that the tests have built.
pub(crate) fn run_few() -> Result<()> {
    process::cargo()
        .args(["build", "--locked", "--package", "skeg"])
        .run()?;
    run(&GraphsArgs {
        directories: Vec::new(),
        count: 200,
        seed: 1,
        program: Some(paths::target().join("debug").join(paths::executable("skeg"))),
    })
}

/// Compares everything; fails if anything is different.
pub(crate) fn run(args: &GraphsArgs) -> Result<()> {
    let mut command = process::of_tests("graphs");
    command
        .arg(peers::program(Peer::Helm)?)
        .arg(dist::named_or_built(args.program.as_deref())?)
        .args([args.count.to_string(), args.seed.to_string()]);
    for directory in &args.directories {
        command.arg(std::path::absolute(directory)?);
    }
    command.run()
}
