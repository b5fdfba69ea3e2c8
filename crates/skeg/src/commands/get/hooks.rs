//! `skeg get hooks`.

use super::RevisionArgs;
use crate::context::Context;
use crate::error::CommandError;

/// Show the hooks of a release
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg get hooks RELEASE_NAME [flags]")]
pub(crate) struct HooksArgs {
    #[command(flatten)]
    revision: RevisionArgs,
}

/// Helm 4.3.1: each hook is a document with the path of its template.
pub(super) fn hooks(args: &HooksArgs, context: &Context) -> Result<(), CommandError> {
    let release = args.revision.read(context)?;
    let printer = context.printer();
    for hook in &release.hooks {
        printer.line(format!("---\n# Source: {}\n{}", hook.path, hook.manifest))?;
    }
    Ok(())
}
