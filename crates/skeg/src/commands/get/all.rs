//! `skeg get all`.

use super::{RevisionArgs, template};
use crate::args::OutputFormat;
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::ReleasePrinter;

/// Show all that is recorded of a release: its state, values, hooks, manifest and notes
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg get all RELEASE_NAME [flags]")]
pub(crate) struct AllArgs {
    #[command(flatten)]
    revision: RevisionArgs,

    /// Print what this Go template makes of the release, such as `{{.Release.Name}}`
    #[arg(long, value_name = "TEMPLATE", allow_hyphen_values = true)]
    template: Option<String>,
}

/// Helm 4.3.1: the lines of `status`, those of the chart, and everything else.
pub(super) fn all(args: &AllArgs, context: &Context) -> Result<(), CommandError> {
    let release = args.revision.read(context)?;
    if let Some(text) = &args.template {
        return template::print(text, &release, context);
    }
    let printer = ReleasePrinter::new(&release).with_everything();
    printer.print(OutputFormat::Table, context)
}
