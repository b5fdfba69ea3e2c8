//! `skeg copy`.

use serde::Serialize;
use skeg_oci::TagOrDigest;
use skeg_registry::{ChartReference, ChartRequest, ExistingTag, VersionFilter};

use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs, OutputFormat};
use crate::context::Context;
use crate::copying::{
    ArtifactReport, CopyItem, CopyJob, CopyManner, CopyResults, FailureReport, TotalsReport, TransferArgs,
    failures, named_host, run_copies, warn_about_moved,
};
use crate::error::CommandError;
use crate::table::Table;

/// Copy charts and other artifacts between registries and directories
///
/// Everything is copied byte for byte, so that digests and signatures stay what they are. What is there is passed over: a copy
/// that was broken off goes on where it was, and one that is up to date asks and sends nothing. Blobs are mounted where source
/// and destination are on one registry, and else passed through without touching the disk.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "cp",
    override_usage = "skeg copy [source] [destination] [flags]"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct CopyArgs {
    /// What to copy: `oci://HOST/PATH/NAME[:TAG][@DIGEST]` or `oci-layout://DIR/NAME[:TAG]`; the highest stable version, or
    /// else `latest`, if it has no tag
    #[arg(value_name = "SOURCE")]
    reference: String,

    /// The repository to copy to, with the whole path; the tag is that of the source if it has none
    destination: String,

    /// Copy all tags of the repository
    #[arg(long, short)]
    all: bool,

    /// Copy all versions of this range, such as `'>=1 <3'`
    #[arg(long, value_name = "RANGE", conflicts_with = "all")]
    version: Option<String>,

    /// Copy whatever refers to the artifacts too: signatures, SBOMs, attestations, and what refers to these
    #[arg(long, short)]
    referrers: bool,

    /// Copy nothing; print what would be copied
    #[arg(long)]
    dry_run: bool,

    /// Leave tags that are there already as they are
    #[arg(long, conflicts_with = "no_overwrite")]
    if_absent: bool,

    /// Fail if a tag exists already with another digest
    #[arg(long)]
    no_overwrite: bool,

    #[command(flatten)]
    transfers: TransferArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CopyReport<'results> {
    source: String,
    destination: String,
    dry_run: bool,
    artifacts: &'results [ArtifactReport],
    totals: TotalsReport,
    failed: Vec<FailureReport>,
}

pub(crate) fn copy(args: &CopyArgs, context: &Context) -> Result<(), CommandError> {
    let source = ChartReference::parse(&args.reference).map_err(CommandError::reference)?;
    let destination = ChartReference::parse(&args.destination).map_err(CommandError::reference)?;
    check_references(args, &source, &destination)?;
    let locations = [source.location(), destination.location()];
    let host = named_host(locations.into_iter(), &args.access)?;
    let access = Access::new(&args.access, host.as_ref(), context)?;
    let (from, to) = (source.location().clone(), destination.location().clone());
    let job = CopyJob::new(&access, from, to, manner(args))?;
    let results = run_copies(&access, async {
        if args.all || args.version.is_some() {
            copy_many(&job, args).await
        } else {
            copy_one(&job, &source, &destination).await
        }
    })?;
    print(&job, &results, args, context)?;
    let failed = results.failed.into_iter().map(|(_, error)| error).collect();
    CommandError::all_of(failed, context.printer())
}

fn check_references(
    args: &CopyArgs,
    source: &ChartReference,
    destination: &ChartReference,
) -> Result<(), CommandError> {
    let has_version = |reference: &ChartReference| reference.tag().is_some() || reference.digest().is_some();
    let is_many = args.all || args.version.is_some();
    if is_many && has_version(source) {
        let error = CommandError::user(format!("`{}` names one version", args.reference));
        return Err(error.hint("leave the version out, or `--all` and `--version`"));
    }
    if is_many && has_version(destination) || destination.digest().is_some() {
        let error = CommandError::user(format!("`{}` names one version", args.destination));
        return Err(error.hint("name the repository to copy to; tags and digests stay what they are"));
    }
    if source.location() == destination.location() && source.tag() == destination.tag() {
        let error = CommandError::user("source and destination are the same");
        return Err(error.hint("give another tag to a version with `skeg tag`"));
    }
    Ok(())
}

fn manner(args: &CopyArgs) -> CopyManner {
    CopyManner {
        referrers: args.referrers,
        existing: match (args.no_overwrite, args.if_absent) {
            (true, _) => ExistingTag::Refuse,
            (false, true) => ExistingTag::Keep,
            (false, false) => ExistingTag::Overwrite,
        },
        dry_run: args.dry_run,
        limit: args.transfers.limit(),
    }
}

async fn copy_many(job: &CopyJob, args: &CopyArgs) -> Result<CopyResults, CommandError> {
    let filter = VersionFilter::new(args.version.as_deref(), false, args.all).map_err(CommandError::user)?;
    let tags = job.tags(std::slice::from_ref(&filter)).await?;
    if tags.is_empty() {
        let location = job.from.to_url();
        let error = CommandError::user(match &args.version {
            Some(range) => format!("{location} has no version in the range `{range}`"),
            None => format!("{location} has no tags"),
        });
        return Err(error.hint(format!("`skeg tags {location} --all` lists what there is")));
    }
    Ok(job.run(tags.into_iter().map(CopyItem::from).collect()).await)
}

/// Copies the version that is named, or the highest.
async fn copy_one(
    job: &CopyJob,
    source: &ChartReference,
    destination: &ChartReference,
) -> Result<CopyResults, CommandError> {
    let request = ChartRequest {
        reference: source.clone(),
        version: None,
        devel: false,
    };
    let located = skeg_registry::locate(job.source(), &request).await;
    let located = located.map_err(|error| CommandError::locate(source, error))?;
    let tag = located.reference.tag();
    let item = CopyItem {
        target: match tag {
            Some(tag) => TagOrDigest::Tag(tag.clone()),
            None => TagOrDigest::Digest(located.descriptor.digest.clone()),
        },
        tag: destination.tag().or(tag).cloned(),
        found: Some(located.descriptor),
    };
    Ok(job.run(vec![item]).await)
}

fn print(
    job: &CopyJob,
    results: &CopyResults,
    args: &CopyArgs,
    context: &Context,
) -> Result<(), CommandError> {
    warn_about_moved(&results.artifacts, args.dry_run, context);
    let format = args.output.output;
    if format == OutputFormat::Table {
        print_lines(results, args, context)?;
    } else {
        let report = CopyReport {
            source: job.from.to_url(),
            destination: job.to.to_url(),
            dry_run: args.dry_run,
            artifacts: &results.artifacts,
            totals: results.totals,
            failed: failures(&results.failed),
        };
        format.print(&report, context.printer())?;
    }
    context.printer().status(results.totals.summary(args.dry_run));
    Ok(())
}

/// One artifact in lines as `push` prints them, several in a table.
fn print_lines(results: &CopyResults, args: &CopyArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    if args.all || args.version.is_some() {
        let mut table = Table::new(["STATUS", "TAG", "DIGEST"]);
        for artifact in &results.artifacts {
            table.row([
                artifact.status,
                artifact.tag.as_deref().unwrap_or("-"),
                &artifact.digest,
            ]);
        }
        return table.print(context);
    }
    for artifact in &results.artifacts {
        let verb = match artifact.status {
            "copied" | "moved" if args.dry_run => "Would copy",
            "unchanged" => "Unchanged",
            "exists" => "Exists",
            _ => "Copied",
        };
        printer.line(format!(
            "{verb}: {}",
            artifact.reference.trim_start_matches("oci://")
        ))?;
        printer.line(format!("Digest: {}", artifact.digest))?;
    }
    Ok(())
}
