//! `skeg push`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use skeg_oci::Tag;
use skeg_registry::{
    ChartArchive, ChartReference, ExistingTag, PushOptions, PushOutcome, PushTarget, TagState,
};
use tempfile::TempDir;

use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs, OutputFormat};
use crate::chart_source::{display_name, explain_underscore};
use crate::commands::package::package_directory;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::{block_on, blocking};

/// Upload charts to a registry
///
/// A chart is an archive made by `package`, or a directory, which is packaged on the way. A provenance file beside the
/// archive (`ARCHIVE.prov`) goes with it. The name and the version of the chart are appended to the remote.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg push [chart] [remote] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct PushArgs {
    /// The archives or directories
    #[arg(required = true, value_name = "CHART")]
    charts: Vec<PathBuf>,

    /// Where to: `oci://HOST[/PATH]` or `oci-layout://DIR`
    remote: String,

    /// Give the chart this tag too (can be repeated)
    #[arg(long = "tag", value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,

    /// Push nothing; print the digest that the chart would have
    #[arg(long)]
    dry_run: bool,

    /// Leave a version that is there already as it is
    #[arg(long, conflicts_with = "no_overwrite")]
    if_absent: bool,

    /// Fail if a tag exists already with another digest
    #[arg(long)]
    no_overwrite: bool,

    /// Push even if the remote ends with the chart's name already
    #[arg(long)]
    allow_repeated_name: bool,

    /// The time of creation in the manifest, such as `2026-01-31T12:00:00Z`; by default that of the newest file
    #[arg(long, value_name = "TIME", value_parser = parse_created)]
    created: Option<Timestamp>,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PushReport {
    #[serde(rename = "ref")]
    reference: String,
    repository: String,
    tag: String,
    digest: String,
    media_type: &'static str,
    size: u64,
    status: &'static str,
    tags: Vec<String>,
}

/// One chart that is ready to go.
struct Prepared {
    archive: ChartArchive,
    reference: ChartReference,
    /// Keeps the archive of a directory until it is pushed.
    _scratch: Option<TempDir>,
}

/// Helm 4.3.1: `Pushed:` and `Digest:` on standard output.
pub(crate) fn push(args: &PushArgs, context: &Context) -> Result<(), CommandError> {
    let target = PushTarget::parse(&args.remote).map_err(CommandError::push_target)?;
    let tags = parse_tags(&args.tags)?;
    let access = Access::new(&args.access, target.host(), context)?;
    let reports = block_on(async {
        let mut reports = Vec::new();
        for chart in &args.charts {
            let prepared = prepare(chart, &target, args.allow_repeated_name, context).await?;
            reports.push(push_one(prepared, &tags, args, &access, context).await?);
        }
        Ok(reports)
    })?;
    match reports.as_slice() {
        [report] => args.output.output.print(report, context.printer())?,
        reports => args.output.output.print(&reports, context.printer())?,
    };
    Ok(())
}

fn parse_tags(tags: &[String]) -> Result<Vec<Tag>, CommandError> {
    tags.iter()
        .map(|tag| Tag::from_version(tag).map_err(CommandError::user))
        .collect()
}

fn parse_created(text: &str) -> Result<Timestamp, jiff::Error> {
    let seconds = text
        .parse()
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    seconds.map_or_else(|| text.parse(), Ok)
}

async fn prepare(
    chart: &Path,
    target: &PushTarget,
    allow_repeated_name: bool,
    context: &Context,
) -> Result<Prepared, CommandError> {
    let metadata = fs_err::metadata(chart);
    let metadata = metadata.map_err(|_| CommandError::user(format!("{}: no such file", chart.display())))?;
    let (path, scratch) = if metadata.is_dir() {
        let scratch = tempfile::tempdir()?;
        let path = package_directory(chart, scratch.path(), context).await?;
        (path, Some(scratch))
    } else {
        (chart.to_owned(), None)
    };
    let limits = context.limits()?;
    let archive = blocking(move || ChartArchive::read(&path, &limits).map_err(CommandError::user)).await?;
    let name = archive.metadata().name();
    if !allow_repeated_name {
        target
            .refuse_repeated_name(name)
            .map_err(CommandError::reference)?;
    }
    let location = target.repository(name).map_err(CommandError::reference)?;
    let tag = Tag::from_version(archive.metadata().version()).map_err(CommandError::user)?;
    let reference = ChartReference::new(location, Some(tag), None);
    Ok(Prepared {
        archive,
        reference,
        _scratch: scratch,
    })
}

async fn push_one(
    prepared: Prepared,
    extra_tags: &[Tag],
    args: &PushArgs,
    access: &Access,
    context: &Context,
) -> Result<PushReport, CommandError> {
    let Prepared {
        archive, reference, ..
    } = &prepared;
    let chart = archive.to_artifact(args.created);
    let tag = reference
        .tag()
        .expect("because the reference was made with the version's tag")
        .clone();
    let mut tags = vec![tag.clone()];
    tags.extend(extra_tags.iter().filter(|extra| **extra != tag).cloned());
    let options = PushOptions {
        tags,
        existing: existing_tag(args),
    };
    let outcome = if args.dry_run {
        PushOutcome {
            digest: chart.manifest.digest().clone(),
            tags: Vec::new(),
        }
    } else {
        let repository = access.repository(reference.location());
        let pushed = skeg_registry::push(&repository, archive, &chart, &options).await;
        pushed.map_err(|error| CommandError::push(reference, error))?
    };
    let report = PushReport {
        reference: reference.to_string(),
        repository: reference.location().to_url(),
        tag: tag.to_string(),
        digest: outcome.digest.to_string(),
        media_type: "application/vnd.oci.image.manifest.v1+json",
        size: chart.manifest.bytes().len() as u64,
        status: status(args, &outcome),
        tags: options.tags.iter().map(ToString::to_string).collect(),
    };
    warn_about_moved_tags(reference, &outcome, context);
    if args.output.output == OutputFormat::Table {
        print_lines(reference, &report, context)?;
    }
    Ok(report)
}

fn existing_tag(args: &PushArgs) -> ExistingTag {
    match (args.no_overwrite, args.if_absent) {
        (true, _) => ExistingTag::Refuse,
        (false, true) => ExistingTag::Keep,
        (false, false) => ExistingTag::Overwrite,
    }
}

fn status(args: &PushArgs, outcome: &PushOutcome) -> &'static str {
    match outcome.tags.first() {
        _ if args.dry_run => "dry-run",
        Some((_, TagState::Kept { .. })) => "exists",
        Some((_, TagState::Unchanged)) => "unchanged",
        _ => "pushed",
    }
}

fn warn_about_moved_tags(reference: &ChartReference, outcome: &PushOutcome, context: &Context) {
    for (tag, state) in &outcome.tags {
        let location = reference.location();
        match state {
            TagState::Moved { from } => context.printer().warning(&format!(
                "{location}:{tag} was {from} and is {} now; `--no-overwrite` refuses that",
                outcome.digest
            )),
            TagState::Kept { digest } => {
                context.printer().status(format!(
                    "{location}:{tag} exists already as {digest} and was left alone"
                ));
            }
            TagState::Created | TagState::Unchanged => {}
        }
    }
}

fn print_lines(
    reference: &ChartReference,
    report: &PushReport,
    context: &Context,
) -> Result<(), CommandError> {
    let printer = context.printer();
    let name = display_name(reference);
    let verb = match report.status {
        "dry-run" => "Would push",
        "exists" => "Exists",
        _ => "Pushed",
    };
    printer.line(format!("{verb}: {name}"))?;
    printer.line(format!("Digest: {}", report.digest))?;
    explain_underscore(&name, |line| Ok(printer.line(line)?))
}
