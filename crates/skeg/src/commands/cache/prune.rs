//! `skeg cache prune`.

use std::time::Duration;

use serde::Serialize;
use skeg_store::PruneOptions;

use super::list::EntryReport;
use super::{entries, open};
use crate::args::{FlagValueError, OutputArgs, parse_duration, parse_size};
use crate::context::Context;
use crate::error::CommandError;
use crate::surroundings::clock;
use crate::table::size;

/// Remove content from the cache, the least recently used first
///
/// Without a flag the cache is cut down to its limit, as happens by itself now and then.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg cache prune [flags]")]
pub(super) struct PruneArgs {
    /// Remove content until no more than this is left, such as `500MiB`
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    max_size: Option<usize>,

    /// Remove what was not used for this time, such as `30d`, `2w` or `12h`
    #[arg(long, value_name = "DURATION", value_parser = parse_age)]
    older_than: Option<Duration>,

    /// Only show what would be removed
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PruneReport {
    removed: Vec<EntryReport>,
    partial_downloads: usize,
    freed: u64,
    left: u64,
    dry_run: bool,
}

pub(super) fn prune(args: &PruneArgs, context: &Context) -> Result<(), CommandError> {
    let store = open(context)?;
    let given = args.max_size.map(|size| size as u64);
    let default = args.older_than.is_none().then(|| store.limit());
    let options = PruneOptions {
        max_size: given.or(default),
        older_than: args.older_than,
        dry_run: args.dry_run,
    };
    let pruned = store.prune(&options, clock()).map_err(CommandError::user)?;
    let report = PruneReport {
        removed: pruned.removed.iter().map(EntryReport::new).collect(),
        partial_downloads: pruned.partials,
        freed: pruned.freed,
        left: pruned.left,
        dry_run: args.dry_run,
    };
    let printer = context.printer();
    if args.output.output.print(&report, printer)? {
        return Ok(());
    }
    let verb = if args.dry_run { "Would remove" } else { "Removed" };
    let removed = entries(report.removed.len() + report.partial_downloads);
    let (freed, left) = (size(report.freed), size(report.left));
    Ok(printer.line(format!("{verb} {removed}, {freed}; {left} left"))?)
}

/// Reads a number of days or weeks, or a duration of Go's.
fn parse_age(text: &str) -> Result<Duration, FlagValueError> {
    let days = |number: &str, factor: u64| {
        let number = number.parse::<u64>().ok()?;
        Some(Duration::from_secs(number.checked_mul(factor * 86_400)?))
    };
    let age = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => days(number, 1),
        (_, Some(number)) => days(number, 7),
        _ => None,
    };
    age.map_or_else(|| parse_duration(text), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(parse_age(text).ok().map(|age| age.as_secs()), expected, "{text}");
    }

    #[test]
    fn ages_have_days_and_weeks() {
        check("30d", Some(30 * 86_400));
        check("2w", Some(14 * 86_400));
        check("0d", Some(0));
        check("12h", Some(12 * 3600));
        check("1h30m", Some(5400));
        check("-1d", None);
        check("1.5d", None);
        check("99999999999999999999d", None);
        check("9999999999999999999w", None);
        check("d", None);
        check("30", None);
        check("", None);
    }
}
