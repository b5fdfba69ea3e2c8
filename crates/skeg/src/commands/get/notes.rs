//! `skeg get notes`.

use super::RevisionArgs;
use crate::context::Context;
use crate::error::CommandError;

/// Show the notes of a release
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg get notes RELEASE_NAME [flags]")]
pub(crate) struct NotesArgs {
    #[command(flatten)]
    revision: RevisionArgs,
}

/// Helm 4.3.1: nothing at all if there are no notes.
pub(super) fn notes(args: &NotesArgs, context: &Context) -> Result<(), CommandError> {
    let release = args.revision.read(context)?;
    let notes = &release.info.notes;
    if notes.is_empty() {
        return Ok(());
    }
    Ok(context.printer().line(format!("NOTES:\n{notes}"))?)
}
