//! `skeg dependency`: the charts that a chart depends on.

mod build;
mod list;
mod outdated;
mod tree;
mod update;

use std::path::PathBuf;

use clap::Subcommand;

use crate::context::Context;
use crate::dependencies::RunOptions;
use crate::error::CommandError;

/// Manage the charts that a chart depends on
///
/// They are declared in `Chart.yaml`, pinned in `Chart.lock` and kept in `charts/`. The `repository` of a dependency is
/// `oci://HOST/PATH` without the chart's name, `https://…` of a classic repository or `@NAME` if it has one, `file://PATH`
/// relative to the chart, or empty for a chart that belongs to `charts/`. Behind a version its digest may stand: `1.2.3@sha256:…`.
#[derive(Debug, clap::Args)]
#[command(visible_aliases = ["dep", "dependencies"], subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct DependencyArgs {
    #[command(subcommand)]
    command: DependencyCommand,
}

#[derive(Debug, Subcommand)]
enum DependencyCommand {
    Build(Box<build::BuildArgs>),
    List(list::ListArgs),
    Outdated(Box<outdated::OutdatedArgs>),
    Tree(tree::TreeArgs),
    Update(Box<update::UpdateArgs>),
}

pub(crate) fn dependency(args: DependencyArgs, context: &Context) -> Result<(), CommandError> {
    match args.command {
        DependencyCommand::Build(args) => build::build(&args, context),
        DependencyCommand::List(args) => list::list(&args, context),
        DependencyCommand::Outdated(args) => outdated::outdated(&args, context),
        DependencyCommand::Tree(args) => tree::tree(&args, context),
        DependencyCommand::Update(args) => update::update(&args, context),
    }
}

/// The chart that a command is about.
#[derive(Clone, Debug, clap::Args)]
struct ChartArgs {
    /// The chart's directory
    #[arg(value_name = "CHART", default_value = ".")]
    chart: PathBuf,
}

/// What update and build have in common.
#[derive(Clone, Debug, clap::Args)]
struct CommonArgs {
    /// Do the same first for the charts that are taken from directories, and for theirs
    #[arg(long)]
    recursive: bool,

    /// Use the indexes of classic repositories as they are in the cache
    #[arg(long)]
    skip_refresh: bool,
}

impl CommonArgs {
    fn options(&self) -> RunOptions {
        RunOptions {
            recursive: self.recursive,
            skips_refresh: self.skip_refresh,
        }
    }
}
