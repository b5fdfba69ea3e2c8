//! `skeg repo list`.

use serde::Serialize;

use crate::args::{OutputArgs, OutputFormat};
use crate::classic;
use crate::context::Context;
use crate::error::CommandError;
use crate::table::Table;

/// List the repositories that have a name
#[derive(Debug, clap::Args)]
#[command(visible_alias = "ls", override_usage = "skeg repo list [flags]")]
pub(crate) struct ListArgs {
    /// Show no headings
    #[arg(long)]
    no_headers: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct RepositoryReport<'file> {
    name: &'file str,
    url: &'file str,
}

/// Helm 4.3.1: the table; a file that is not there or cannot be read is an empty list.
pub(super) fn list(args: &ListArgs, context: &Context) -> Result<(), CommandError> {
    let file = match classic::list(context).read() {
        Ok(file) => file.unwrap_or_default(),
        Err(error) => {
            let path = classic::list(context).path().display().to_string();
            let error = ("error", crate::error::chain(&error));
            context.printer().warning_about(
                "the list of repositories cannot be read",
                &[("file", path), error],
            );
            skeg_repository::RepositoriesFile::default()
        }
    };
    let reports: Vec<_> = file
        .repositories()
        .iter()
        .map(|entry| RepositoryReport {
            name: &entry.name,
            url: &entry.url,
        })
        .collect();
    if reports.is_empty() && args.output.output == OutputFormat::Table {
        context.printer().status("no repositories to show");
        return Ok(());
    }
    if args.output.output.print(&reports, context.printer())? {
        return Ok(());
    }
    let mut table = Table::new(["NAME", "URL"]).padded();
    if args.no_headers {
        table = table.without_heading();
    }
    for report in &reports {
        table.row([report.name, report.url]);
    }
    table.print(context)
}
