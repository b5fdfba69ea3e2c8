//! `skeg dependency update`.

use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::dependencies::{self, DependencyReport, UpdateOptions, print_lines};
use crate::error::CommandError;

/// Choose versions for all dependencies, and make charts/ and Chart.lock match
///
/// Each repository is asked once, all at the same time. `charts/` is changed only when everything is there: all or
/// nothing. `Chart.lock` gets Helm's fields and the digests of every chart. A chart that is in
/// `charts/` as it is locked stays if its version is still the highest of its range; `--repin` looks at it anew. A tag that
/// was seen to have moved is told.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "up", override_usage = "skeg dependency update CHART [flags]")]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    chart: super::ChartArgs,

    /// Look at every version anew, and lock what it is now
    #[arg(long)]
    repin: bool,

    #[command(flatten)]
    common: super::CommonArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Helm 4.3.1: everything on standard output.
pub(crate) fn update(args: &UpdateArgs, context: &Context) -> Result<(), CommandError> {
    let options = UpdateOptions { repin: args.repin };
    let reports = dependencies::update(
        &args.chart.chart,
        options,
        args.common.options(),
        &args.access,
        context,
    )?;
    print(&reports, args.common.recursive, &args.output, context)
}

/// Prints Helm's lines, or the report: a list if charts on disk were worked on, too.
pub(super) fn print(
    reports: &[DependencyReport],
    is_recursive: bool,
    output: &OutputArgs,
    context: &Context,
) -> Result<(), CommandError> {
    let printer = context.printer();
    let is_printed = match reports {
        [report] if !is_recursive => output.output.print(report, printer)?,
        _ => output.output.print(&reports, printer)?,
    };
    if is_printed {
        return Ok(());
    }
    for report in reports {
        if is_recursive && reports.len() > 1 {
            printer.status(format!("{}:", report.chart.display()));
        }
        print_lines(report, context.globals().debug, |line| Ok(printer.line(line)?))?;
    }
    Ok(())
}
