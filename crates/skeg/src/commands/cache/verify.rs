//! `skeg cache verify`.

use serde::Serialize;

use super::{entries, open};
use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::surroundings::clock;
use crate::table::size;

/// Hash all content of the cache again, and remove what is damaged
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg cache verify [flags]")]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct VerifyReport {
    entries: usize,
    size: u64,
    damaged: Vec<String>,
}

/// Damage is an error, though it is repaired: something is wrong with the disk, or somebody wrote there.
pub(super) fn verify(args: &VerifyArgs, context: &Context) -> Result<(), CommandError> {
    let verified = open(context)?.verify(clock()).map_err(CommandError::user)?;
    let report = VerifyReport {
        entries: verified.entries,
        size: verified.size,
        damaged: verified.damaged.iter().map(ToString::to_string).collect(),
    };
    let printer = context.printer();
    if !args.output.output.print(&report, printer)? {
        for digest in &report.damaged {
            printer.line(format!("Damaged, removed: {digest}"))?;
        }
        let (count, size) = (entries(report.entries), size(report.size));
        printer.line(format!("Checked {count}, {size}"))?;
    }
    if report.damaged.is_empty() {
        return Ok(());
    }
    let count = entries(report.damaged.len());
    let error = CommandError::user(format!("{count} of the cache damaged, and removed"));
    Err(error.hint("what was removed is fetched again when it is needed; check the disk"))
}
