//! `skeg cache info`.

use std::path::PathBuf;

use serde::Serialize;

use super::{entries, open};
use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::table::size;

/// Show where the cache is and how much is in it
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg cache info [flags]")]
pub(super) struct InfoArgs {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InfoReport {
    directory: PathBuf,
    format: u32,
    entries: usize,
    size: u64,
    partial_downloads: usize,
    partial_size: u64,
    tags: usize,
    max_size: u64,
}

pub(super) fn info(args: &InfoArgs, context: &Context) -> Result<(), CommandError> {
    let info = open(context)?.info().map_err(CommandError::user)?;
    let report = InfoReport {
        directory: info.root,
        format: info.version,
        entries: info.entries,
        size: info.size,
        partial_downloads: info.partials,
        partial_size: info.partial_size,
        tags: info.tags,
        max_size: info.limit,
    };
    let printer = context.printer();
    if args.output.output.print(&report, printer)? {
        return Ok(());
    }
    let held = format!("{}, {}", entries(report.entries), size(report.size));
    let partial = format!(
        "{}, {}",
        entries(report.partial_downloads),
        size(report.partial_size)
    );
    printer.line(format!("Directory: {}", report.directory.display()))?;
    printer.line(format!("Format:    v{}", report.format))?;
    printer.line(format!("Content:   {held}"))?;
    printer.line(format!("Partial:   {partial}"))?;
    printer.line(format!("Tags:      {}", report.tags))?;
    Ok(printer.line(format!("Limit:     {}", size(report.max_size)))?)
}
