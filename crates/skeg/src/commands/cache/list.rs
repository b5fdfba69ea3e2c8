//! `skeg cache list`.

use jiff::Timestamp;
use serde::Serialize;
use skeg_store::Entry;

use super::open;
use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::table::{Table, size};

/// How many references the table names.
const NAMED: usize = 2;

/// List the content of the cache, the most recently used first
#[derive(Debug, clap::Args)]
#[command(visible_alias = "ls", override_usage = "skeg cache list [flags]")]
pub(super) struct ListArgs {
    #[command(flatten)]
    output: OutputArgs,
}

/// One entry, as `prune` reports it too.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryReport {
    digest: String,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    last_used: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<String>,
}

impl EntryReport {
    pub(super) fn new(entry: &Entry) -> Self {
        let last_used = Timestamp::try_from(entry.last_used).unwrap_or_default();
        let last_used = Timestamp::from_second(last_used.as_second()).unwrap_or_default();
        Self {
            digest: entry.digest.to_string(),
            size: entry.size,
            media_type: entry.media_type.as_ref().map(ToString::to_string),
            last_used: last_used.to_string(),
            references: entry.references.clone(),
        }
    }
}

pub(super) fn list(args: &ListArgs, context: &Context) -> Result<(), CommandError> {
    let entries = open(context)?.list().map_err(CommandError::user)?;
    let reports: Vec<EntryReport> = entries.iter().map(EntryReport::new).collect();
    if args.output.output.print(&reports, context.printer())? {
        return Ok(());
    }
    if reports.is_empty() {
        context.printer().status("the cache is empty");
        return Ok(());
    }
    let mut table = Table::new(["DIGEST", "SIZE", "MEDIA TYPE", "LAST USED", "REFERENCES"]);
    for report in &reports {
        let media_type = report.media_type.as_deref().unwrap_or("-");
        let references = references(&report.references);
        table.row([
            &report.digest,
            &size(report.size),
            media_type,
            &report.last_used,
            &references,
        ]);
    }
    table.print(context)
}

fn references(names: &[String]) -> String {
    let shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "-".to_owned(),
        count if count > NAMED => format!("{shown} and {} more", count - NAMED),
        _ => shown,
    }
}
