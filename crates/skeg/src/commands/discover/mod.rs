//! `skeg discover`: what refers to an artifact.

mod tree;

use serde::Serialize;
use skeg_oci::MediaType;

use self::tree::{Node, Walk};
use crate::access::Access;
use crate::args::{ArtifactArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// Show what refers to an artifact, such as signatures and SBOMs
///
/// What refers to those is shown too. The list is that of the registry, or where it keeps none
/// the index under the tag `sha256-HEX`; besides, the tags `sha256-HEX.sig`, `.att` and `.sbom` of older versions of cosign.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg discover [oci://HOST/PATH/NAME[:TAG][@DIGEST]] [flags]")]
pub(crate) struct DiscoverArgs {
    #[command(flatten)]
    artifact: ArtifactArgs,

    /// Show only what has this artifact type
    #[arg(long, value_name = "MEDIA-TYPE")]
    artifact_type: Option<String>,

    /// Follow so many levels of referrers
    #[arg(long, value_name = "LEVELS", default_value_t = 5)]
    depth: usize,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DiscoverReport {
    #[serde(rename = "ref")]
    reference: String,
    digest: String,
    media_type: String,
    size: u64,
    /// `api`, `tagSchema` or `manifests`: where the list of direct referrers comes from.
    source: &'static str,
    referrers: Vec<Node>,
}

pub(crate) fn discover(args: &DiscoverArgs, context: &Context) -> Result<(), CommandError> {
    let request = args.artifact.request()?;
    let location = request.reference.location();
    let access = Access::new(&args.artifact.selection.access, location.host(), context)?;
    let repository = access.reader(location)?;
    let wanted = args.artifact_type.as_deref().map(MediaType::new);
    let report = block_on(async {
        let located = skeg_registry::locate(&repository, &request).await;
        let located = located.map_err(|error| CommandError::locate(&request.reference, error))?;
        let mut walk = Walk::new(&repository, &located.reference, wanted.as_ref());
        let (referrers, source) = walk.referrers(&located.descriptor.digest, args.depth).await?;
        if walk.is_cut_off() {
            context
                .printer()
                .warning("there are more referrers than are shown");
        }
        Ok(DiscoverReport {
            reference: located.reference.to_string(),
            digest: located.descriptor.digest.to_string(),
            media_type: located.descriptor.media_type.to_string(),
            size: located.descriptor.size,
            source,
            referrers,
        })
    })?;
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    context.printer().line(&report.reference)?;
    for line in tree::lines(&report.referrers) {
        context.printer().line(line)?;
    }
    if report.referrers.is_empty() {
        context.printer().status("nothing refers to it");
    }
    Ok(())
}
