//! `skeg sync`.

mod file;
mod shard;
mod yaml;

use std::collections::HashSet;
use std::io::Read as _;
use std::path::PathBuf;

use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use skeg_oci::Tag;
use skeg_registry::TransferLimit;

use self::file::{Entry, SyncFile};
use self::shard::Shard;
use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::copying::{
    ArtifactReport, CopyItem, CopyJob, CopyManner, CopyResults, FailureReport, TotalsReport, TransferArgs,
    failures, named_host, run_copies, warn_about_moved,
};
use crate::error::CommandError;
use crate::table::Table;

/// How many repositories are worked on at the same time, within the limit of transfers.
const REPOSITORIES: usize = 32;

/// Mirror what a file lists: charts, ranges of versions, destinations
///
/// The file is YAML: `destination: oci://HOST/PATH` for all entries, `referrers: true` to copy signatures and SBOMs too, and
/// `charts`, a list of entries. An entry is a repository, or has the fields `source`, `destination`, `versions` (ranges),
/// `tags`, `all`, `devel`, `newest`, `referrers`, `overwrite`. A second run finds out with few requests that there is nothing
/// to do. An entry that fails does not keep the others from being mirrored.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg sync [file] [flags]")]
pub(crate) struct SyncArgs {
    /// The file; `-` is standard input
    file: PathBuf,

    /// Copy nothing; print what would be copied
    #[arg(long)]
    dry_run: bool,

    /// Do one share of the work only, such as `0/4`; which repositories belong to it never changes
    #[arg(long, value_name = "INDEX/COUNT")]
    shard: Option<Shard>,

    #[command(flatten)]
    transfers: TransferArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SyncReport {
    dry_run: bool,
    repositories: Vec<RepositoryReport>,
    summary: Summary,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RepositoryReport {
    source: String,
    destination: String,
    /// What is new or has changed.
    changed: Vec<ArtifactReport>,
    unchanged: usize,
    totals: TotalsReport,
    failed: Vec<FailureReport>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    repositories: usize,
    skipped: usize,
    changed: usize,
    unchanged: usize,
    failed: usize,
    totals: TotalsReport,
}

pub(crate) fn sync(args: &SyncArgs, context: &Context) -> Result<(), CommandError> {
    let file = read(args)?;
    let locations = file
        .entries
        .iter()
        .flat_map(|entry| [&entry.source, &entry.destination]);
    let host = named_host(locations, &args.access)?;
    let access = Access::new(&args.access, host.as_ref(), context)?;
    let (entries, others): (Vec<&Entry>, Vec<&Entry>) = file.entries.iter().partition(|entry| {
        let source = entry.source.to_url();
        args.shard.is_none_or(|shard| shard.has(&source))
    });
    let limit = args.transfers.limit();
    let results = run_copies(&access, async {
        let results = stream::iter(&entries).map(|entry| mirror(entry, &access, &limit, args));
        Ok(results.buffered(REPOSITORIES).collect::<Vec<_>>().await)
    })?;
    let mut errors = Vec::new();
    let reports = entries.iter().zip(results).map(|(entry, mut results)| {
        warn_about_moved(&results.artifacts, args.dry_run, context);
        let failed = failures(&results.failed);
        errors.extend(results.failed.drain(..).map(|(_, error)| error));
        RepositoryReport::new(entry, results, failed)
    });
    let repositories: Vec<RepositoryReport> = reports.collect();
    let report = SyncReport {
        dry_run: args.dry_run,
        summary: Summary::new(&repositories, others.len()),
        repositories,
    };
    print(&report, args, context)?;
    CommandError::all_of(errors, context.printer())
}

fn read(args: &SyncArgs) -> Result<SyncFile, CommandError> {
    let mut bytes = Vec::new();
    if args.file.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = fs_err::read(&args.file)
            .map_err(|error| CommandError::user(format!("cannot read `{}`: {error}", args.file.display())))?;
    }
    file::parse(&args.file, &bytes).map_err(CommandError::user)
}

/// Copies what an entry asks for; what fails is part of the results.
async fn mirror(entry: &Entry, access: &Access, limit: &TransferLimit, args: &SyncArgs) -> CopyResults {
    let manner = CopyManner {
        referrers: entry.referrers,
        existing: entry.existing,
        dry_run: args.dry_run,
        limit: limit.clone(),
    };
    let mirrored = async {
        let job = CopyJob::new(access, entry.source.clone(), entry.destination.clone(), manner)?;
        let tags = wanted(entry, &job).await?;
        Ok(job.run(tags.into_iter().map(CopyItem::from).collect()).await)
    };
    match mirrored.await {
        Ok(results) => results,
        Err(error) => CopyResults {
            failed: vec![(entry.source.to_url(), error)],
            ..CopyResults::default()
        },
    }
}

/// The tags that an entry asks for, each once.
async fn wanted(entry: &Entry, job: &CopyJob) -> Result<Vec<Tag>, CommandError> {
    let wanted = &entry.wanted;
    let mut tags = wanted.tags.clone();
    if !wanted.filters.is_empty() {
        let listed = job.tags(&wanted.filters).await?;
        tags.extend(listed.into_iter().take(wanted.newest.unwrap_or(usize::MAX)));
    }
    let mut seen = HashSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    if !tags.is_empty() {
        return Ok(tags);
    }
    let source = entry.source.to_url();
    let error = CommandError::user(format!(
        "{source} has no version that line {} asks for",
        entry.line
    ));
    Err(error.hint(format!("`skeg tags {source} --all` lists what there is")))
}

impl RepositoryReport {
    fn new(entry: &Entry, results: CopyResults, failed: Vec<FailureReport>) -> Self {
        let is_changed = |artifact: &ArtifactReport| matches!(artifact.status, "copied" | "moved");
        let (changed, unchanged): (Vec<_>, Vec<_>) = results.artifacts.into_iter().partition(is_changed);
        Self {
            source: entry.source.to_url(),
            destination: entry.destination.to_url(),
            changed,
            unchanged: unchanged.len(),
            totals: results.totals,
            failed,
        }
    }
}

impl Summary {
    fn new(reports: &[RepositoryReport], skipped: usize) -> Self {
        let mut summary = Self {
            repositories: reports.len(),
            skipped,
            ..Self::default()
        };
        for report in reports {
            summary.changed += report.changed.len();
            summary.unchanged += report.unchanged;
            summary.failed += report.failed.len();
            summary.totals.add(report.totals);
        }
        summary
    }
}

fn print(report: &SyncReport, args: &SyncArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let summary = &report.summary;
    if !args.output.output.print(report, printer)? && summary.changed > 0 {
        let mut table = Table::new(["STATUS", "DESTINATION", "DIGEST"]);
        for artifact in report.repositories.iter().flat_map(|report| &report.changed) {
            table.row([artifact.status, &artifact.reference, &artifact.digest]);
        }
        table.print(context)?;
    }
    let verb = if args.dry_run { "to change" } else { "changed" };
    printer.status(format!(
        "{} {verb}, {} unchanged, {} failed; {}",
        summary.changed,
        summary.unchanged,
        summary.failed,
        summary.totals.summary(args.dry_run)
    ));
    if summary.skipped > 0 {
        printer.status(format!("{} repositories belong to other shares", summary.skipped));
    }
    Ok(())
}
