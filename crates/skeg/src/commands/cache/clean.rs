//! `skeg cache clean`.

use serde::Serialize;

use super::{entries, open};
use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::table::size;

/// Empty the cache
///
/// Downloads that another process is at stay.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg cache clean [flags]")]
pub(super) struct CleanArgs {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct CleanReport {
    entries: usize,
    freed: u64,
    busy: usize,
}

pub(super) fn clean(args: &CleanArgs, context: &Context) -> Result<(), CommandError> {
    let cleaned = open(context)?.clean().map_err(CommandError::user)?;
    let report = CleanReport {
        entries: cleaned.entries,
        freed: cleaned.freed,
        busy: cleaned.busy,
    };
    let printer = context.printer();
    if report.busy > 0 {
        let count = entries(report.busy);
        printer.warning(&format!(
            "{count} of the cache stays, since it is being downloaded"
        ));
    }
    if args.output.output.print(&report, printer)? {
        return Ok(());
    }
    let (count, freed) = (entries(report.entries), size(report.freed));
    Ok(printer.line(format!("Removed {count}, {freed}"))?)
}
