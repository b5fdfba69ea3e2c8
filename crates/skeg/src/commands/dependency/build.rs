//! `skeg dependency build`.

use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::dependencies::{self, BuildOptions};
use crate::error::CommandError;

/// Make charts/ what Chart.lock says
///
/// What is in `charts/` and has the locked digest is not asked for. A tag that names other content than was locked is an
/// error. Without a lock file this is `skeg dependency update`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg dependency build CHART [flags]")]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    chart: super::ChartArgs,

    /// Fail if there is no lock file, or one without digests
    #[arg(long)]
    locked: bool,

    #[command(flatten)]
    common: super::CommonArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Helm 4.3.1: everything on standard output.
pub(crate) fn build(args: &BuildArgs, context: &Context) -> Result<(), CommandError> {
    let options = BuildOptions { locked: args.locked };
    let reports = dependencies::build(
        &args.chart.chart,
        options,
        args.common.options(),
        &args.access,
        context,
    )?;
    super::update::print(&reports, args.common.recursive, &args.output, context)
}
