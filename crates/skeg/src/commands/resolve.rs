//! `skeg resolve`.

use serde::Serialize;
use skeg_registry::LocatedArtifact;

use crate::access::Access;
use crate::args::{ArtifactArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// Find out which digest a tag or a version stands for
///
/// Prints the reference with its digest, which names the same bytes for ever. One request without a body, and one for the
/// list of tags where the version is a range.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "digest",
    override_usage = "skeg resolve [oci://HOST/PATH/NAME[:TAG]] [flags]"
)]
pub(crate) struct ResolveArgs {
    #[command(flatten)]
    artifact: ArtifactArgs,

    /// Print the digest only
    #[arg(long, short)]
    quiet: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResolveReport {
    #[serde(rename = "ref")]
    reference: String,
    repository: String,
    tag: Option<String>,
    digest: String,
    media_type: String,
    size: u64,
}

pub(crate) fn resolve(args: &ResolveArgs, context: &Context) -> Result<(), CommandError> {
    let located = locate(&args.artifact, context)?;
    let report = ResolveReport {
        reference: located.reference.to_string(),
        repository: located.reference.location().to_url(),
        tag: located.reference.tag().map(ToString::to_string),
        digest: located.descriptor.digest.to_string(),
        media_type: located.descriptor.media_type.to_string(),
        size: located.descriptor.size,
    };
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    let line = if args.quiet {
        report.digest
    } else {
        report.reference
    };
    Ok(context.printer().line(line)?)
}

fn locate(args: &ArtifactArgs, context: &Context) -> Result<LocatedArtifact, CommandError> {
    let request = args.request()?;
    let location = request.reference.location();
    let access = Access::new(&args.selection.access, location.host(), context)?;
    let repository = access.reader(location)?;
    block_on(async {
        let located = skeg_registry::locate(&repository, &request).await;
        located.map_err(|error| CommandError::locate(&request.reference, error))
    })
}
