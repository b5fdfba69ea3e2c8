//! `skeg get manifest`.

use super::RevisionArgs;
use crate::context::Context;
use crate::error::CommandError;

/// Show the manifest of a release
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg get manifest RELEASE_NAME [flags]")]
pub(crate) struct ManifestArgs {
    #[command(flatten)]
    revision: RevisionArgs,
}

/// Helm 4.3.1: the manifest, and an empty line.
pub(super) fn manifest(args: &ManifestArgs, context: &Context) -> Result<(), CommandError> {
    let release = args.revision.read(context)?;
    Ok(context.printer().line(&release.manifest)?)
}
