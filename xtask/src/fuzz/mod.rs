//! Our crates beside the Go libraries behind Helm, on made-up input: builds the program over those libraries and
//! starts the comparison. The comparison itself is in the package `skeg-tests`.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Result;
use crate::paths;
use crate::process;
use crate::process::Run;

/// What to compare, and for how long.
#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// Areas such as `fmt`, `templates` or `yaml-read`; all, if none is named
    areas: Vec<String>,
    /// How long all areas take together
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The seed of the first request of each area; the others follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Builds the program over the Go libraries.
pub(crate) fn oracle() -> Result<PathBuf> {
    let program = paths::target().join(paths::executable("fuzz-oracle"));
    process::program("go")
        .args(["build", "-trimpath", "-mod=readonly", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(paths::root().join("tests").join("fuzz-oracle"))
        .run()?;
    Ok(program)
}

/// Builds the program over the Go libraries, then compares.
pub(crate) fn run(args: &FuzzArgs) -> Result<()> {
    let program = oracle()?;
    process::of_tests("fuzz")
        .arg(program)
        .arg(paths::target().join("fuzz"))
        .args([args.seconds.to_string(), args.seed.to_string()])
        .args(&args.areas)
        // The local time zone is that of dates without one.
        .env("TZ", "UTC")
        .run()
}
