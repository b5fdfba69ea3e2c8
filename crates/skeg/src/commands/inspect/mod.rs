//! `skeg inspect`: an artifact as the registry has it.

mod print;
mod report;

use skeg_oci::{Annotations, Manifest, MediaType, TagOrDigest};
use skeg_oci_client::{FetchBlob as _, ListReferrers as _};
use skeg_registry::ChartReference;

use self::report::{ChartReport, InspectReport};
use super::show::ShowCommand;
use crate::access::{Access, Reader};
use crate::args::{ChartSelectionArgs, OutputArgs, artifact_request};
use crate::chart_details::fetch_manifest;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// A config of a chart is its `Chart.yaml`; what is larger is not looked at.
const CONFIG_LIMIT: u64 = 4 * 1024 * 1024;

/// Show the manifest of an artifact, its parts and annotations
///
/// Works for charts and for any other artifact. The parts are not downloaded; of a chart the config is read.
/// `inspect all|chart|crds|readme|values` are Helm's other names of `show`.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    override_usage = "skeg inspect [oci://HOST/PATH/NAME[:TAG][@DIGEST]] [flags]"
)]
pub(crate) struct InspectArgs {
    #[command(subcommand)]
    pub(crate) show: Option<ShowCommand>,

    /// The chart or another artifact; the highest stable version, or else `latest`, if it has no tag
    #[arg(value_name = "REFERENCE", required = true)]
    reference: Option<String>,

    #[command(flatten)]
    selection: ChartSelectionArgs,

    /// Print the manifest itself, byte for byte
    #[arg(long)]
    raw: bool,

    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn inspect(args: InspectArgs, context: &Context) -> Result<(), CommandError> {
    if let Some(command) = args.show {
        return super::show::run(command, context);
    }
    let text = args.reference.unwrap_or_default();
    let request = artifact_request(&text, &args.selection)?;
    let location = request.reference.location();
    let access = Access::new(&args.selection.access, location.host(), context)?;
    let repository = access.reader(location)?;
    let (manifest, report) = block_on(async {
        let located = skeg_registry::locate(&repository, &request).await;
        let located = located.map_err(|error| CommandError::locate(&request.reference, error))?;
        let target = TagOrDigest::Digest(located.descriptor.digest.clone());
        let manifest = fetch_manifest(&repository, &located.reference, &target).await?;
        if args.raw {
            return Ok((manifest, None));
        }
        let report = describe(&repository, &located.reference, &manifest, context).await?;
        Ok((manifest, Some(report)))
    })?;
    match report {
        None => Ok(context.printer().data(manifest.bytes())?),
        Some(report) if args.output.output.print(&report, context.printer())? => Ok(()),
        Some(report) => print::print(&report, context),
    }
}

async fn describe(
    repository: &Reader,
    reference: &ChartReference,
    manifest: &skeg_oci::RawManifest,
    context: &Context,
) -> Result<InspectReport, CommandError> {
    let parsed = manifest.parse().map_err(CommandError::user)?;
    let mut report = InspectReport::new(reference, manifest, &parsed);
    // That they cannot be listed is no reason to show nothing.
    report.referrers = match repository.list_referrers(manifest.digest(), None).await {
        Ok(referrers) => Some(referrers.manifests.len()),
        Err(error) => {
            let error = CommandError::referrers(reference, error);
            context.printer().warning(&error.message());
            None
        }
    };
    if let Manifest::Image(image) = &parsed
        && image.config.media_type == MediaType::HELM_CONFIG
    {
        let config = repository.fetch_blob(&image.config, CONFIG_LIMIT).await;
        let metadata = config
            .ok()
            .and_then(|config| skeg_chart::Metadata::parse(&config).ok());
        report.chart = metadata.as_ref().map(ChartReport::new);
    }
    Ok(report)
}

/// The name under which a part is shown, such as that of its file.
fn title(descriptor: &skeg_oci::Descriptor) -> Option<&str> {
    descriptor.annotation(Annotations::TITLE)
}
