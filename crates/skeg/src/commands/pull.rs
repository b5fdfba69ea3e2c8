//! `skeg pull`.

use std::path::{Path, PathBuf};

use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use skeg_chart::Limits;
use skeg_oci::RegistryHost;
use skeg_registry::{ChartReference, PullError, ResolvedChart};

use crate::access::{Access, Reader};
use crate::args::{ChartSelectionArgs, OutputArgs};
use crate::chart_source::{announce, request, resolve};
use crate::context::Context;
use crate::error::CommandError;
use crate::paths::clean;
use crate::scratch::scratch;
use crate::work::{block_on, blocking};

/// How many charts are pulled at the same time.
const SIDE_BY_SIDE: usize = 8;

/// Download charts
///
/// Several references are pulled side by side. A chart is written as `NAME-VERSION.tgz`, first under a temporary name:
/// a file at its place is a whole chart.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "fetch",
    override_usage = "skeg pull [oci://HOST/PATH/NAME[:TAG][@DIGEST]] [...] [flags]"
)]
pub(crate) struct PullArgs {
    /// The charts
    #[arg(required = true, value_name = "REFERENCE")]
    references: Vec<String>,

    /// Write the charts into this directory
    #[arg(long, short, value_name = "DIR", default_value = ".")]
    destination: PathBuf,

    /// Unpack each chart after the download and keep no archive
    #[arg(long)]
    untar: bool,

    /// Unpack into this directory, below the destination
    #[arg(long, value_name = "DIR", default_value = ".")]
    untardir: PathBuf,

    /// Download the provenance file too
    #[arg(long)]
    prov: bool,

    #[command(flatten)]
    selection: ChartSelectionArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PullReport {
    #[serde(rename = "ref")]
    reference: String,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    path: PathBuf,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<PathBuf>,
}

struct PulledChart {
    resolved: ResolvedChart,
    report: PullReport,
    provenance: Provenance,
}

/// What became of `--prov`.
enum Provenance {
    NotWanted,
    Pulled(PathBuf),
    /// There is none; the text says so in Helm's words.
    Missing(String),
}

impl Provenance {
    fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Pulled(path) => Some(path.clone()),
            Self::NotWanted | Self::Missing(_) => None,
        }
    }
}

/// Helm 4.3.1: `Pulled:` and `Digest:` on standard output for each chart.
pub(crate) fn pull(args: &PullArgs, context: &Context) -> Result<(), CommandError> {
    let references = parse_references(&args.references)?;
    if !args.untar {
        require_directory(&args.destination)?;
    }
    let access = Access::new(&args.selection.access, named_host(&references), context)?;
    let pulls = references
        .iter()
        .map(|reference| pull_one(reference, args, &access, context));
    let results = block_on(async { Ok(stream::iter(pulls).buffered(SIDE_BY_SIDE).collect().await) })?;
    let (pulled, failed) = split(results);
    let printed = print_reports(&pulled, args, context)?;
    for chart in &pulled {
        print_lines(chart, printed, context)?;
    }
    CommandError::all_of(failed, context.printer())
}

/// Prints Helm's lines, or on standard error what stands in no report.
fn print_lines(chart: &PulledChart, is_reported: bool, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    if !is_reported {
        announce(&chart.resolved, |line| Ok(printer.line(line)?))?;
    }
    match &chart.provenance {
        Provenance::Missing(text) if is_reported => printer.status(text),
        Provenance::Missing(text) => printer.line(text)?,
        Provenance::NotWanted | Provenance::Pulled(_) => {}
    }
    Ok(())
}

fn split(results: Vec<Result<PulledChart, CommandError>>) -> (Vec<PulledChart>, Vec<CommandError>) {
    let mut failed = Vec::new();
    let pulled = results
        .into_iter()
        .filter_map(|result| result.map_err(|error| failed.push(error)).ok())
        .collect();
    (pulled, failed)
}

fn parse_references(texts: &[String]) -> Result<Vec<ChartReference>, CommandError> {
    texts
        .iter()
        .map(|text| ChartReference::parse(text).map_err(CommandError::reference))
        .collect()
}

/// The one host that `--username` is for; with references to several hosts there is none.
fn named_host(references: &[ChartReference]) -> Option<&RegistryHost> {
    let mut hosts = references
        .iter()
        .filter_map(|reference| reference.location().host());
    let first = hosts.next()?;
    hosts.all(|host| host == first).then_some(first)
}

fn print_reports(pulled: &[PulledChart], args: &PullArgs, context: &Context) -> Result<bool, CommandError> {
    let reports: Vec<&PullReport> = pulled.iter().map(|chart| &chart.report).collect();
    let format = args.output.output;
    match (args.references.len(), reports.as_slice()) {
        (1, [report]) => format.print(report, context.printer()),
        _ => format.print(&reports, context.printer()),
    }
}

async fn pull_one(
    reference: &ChartReference,
    args: &PullArgs,
    access: &Access,
    context: &Context,
) -> Result<PulledChart, CommandError> {
    let repository = access.reader(reference.location())?;
    let resolved = resolve(&repository, &request(reference, &args.selection), context).await?;
    let path = if args.untar {
        pull_unpacked(&repository, &resolved, args, context.limits()?).await?
    } else {
        let path = clean(&args.destination).join(archive_name(&resolved));
        let pulled = skeg_registry::pull_archive(&repository, &resolved.artifact, &path).await;
        pulled.map_err(|error| CommandError::pull(&resolved.reference, error))?;
        path
    };
    let provenance = pull_provenance(&repository, &resolved, args).await?;
    let report = PullReport {
        reference: resolved.reference.to_string(),
        digest: resolved.digest.to_string(),
        version: resolved.artifact.version().map(str::to_owned),
        path,
        size: resolved.artifact.archive.size,
        provenance: provenance.path(),
    };
    Ok(PulledChart {
        resolved,
        report,
        provenance,
    })
}

/// Helm 4.3.1: the name of the reference and the version of its tag; `demo@sha256-HEX.tgz` for a digest.
fn archive_name(resolved: &ResolvedChart) -> String {
    let name = resolved.reference.chart_name();
    match (resolved.reference.digest(), resolved.reference.tag()) {
        (Some(digest), _) => format!("{name}@{}-{}.tgz", digest.algorithm().as_str(), digest.hex()),
        (None, Some(tag)) => format!("{name}-{}.tgz", tag.to_version()),
        (None, None) => format!("{name}.tgz"),
    }
}

fn require_directory(directory: &Path) -> Result<(), CommandError> {
    if directory.is_dir() {
        return Ok(());
    }
    let error = CommandError::user(format!(
        "the destination `{}` is not a directory",
        directory.display()
    ));
    Err(error.hint(format!("create it with `mkdir -p {}`", directory.display())))
}

/// Unpacks an archive that is kept nowhere else.
async fn pull_unpacked(
    repository: &Reader,
    resolved: &ResolvedChart,
    args: &PullArgs,
    limits: Limits,
) -> Result<PathBuf, CommandError> {
    let directory = clean(&args.destination.join(&args.untardir));
    let target = directory.join(resolved.reference.chart_name());
    if target.exists() {
        return Err(CommandError::user(format!(
            "failed to untar: a file or directory with the name {} already exists",
            target.display()
        )));
    }
    let scratch = scratch()?;
    let archive = scratch.path().join(archive_name(resolved));
    let pulled = skeg_registry::pull_archive(repository, &resolved.artifact, &archive).await;
    pulled.map_err(|error| CommandError::pull(&resolved.reference, error))?;
    let reference = resolved.reference.clone();
    blocking(move || {
        let _scratch = scratch;
        let unpacked = skeg_chart::unpack_archive(&archive, &directory, &limits);
        unpacked.map_err(|error| CommandError::user(error).about(&archive, &reference))
    })
    .await
}

/// Fetches the provenance file, or says why there is none: to Helm that is no failure.
async fn pull_provenance(
    repository: &Reader,
    resolved: &ResolvedChart,
    args: &PullArgs,
) -> Result<Provenance, CommandError> {
    // Beside an unpacked chart a provenance file has nothing to prove; Helm leaves none there either.
    let is_useless = args.untar && resolved.artifact.provenance.is_some();
    if !args.prov || is_useless {
        return Ok(Provenance::NotWanted);
    }
    let path = args.destination.join(format!("{}.prov", archive_name(resolved)));
    match skeg_registry::pull_provenance(repository, &resolved.artifact, &path).await {
        Ok(file) => Ok(Provenance::Pulled(file.path)),
        Err(error @ PullError::NoProvenance) => Ok(Provenance::Missing(format!(
            "WARNING: Verification not found for {}: {error}",
            resolved.reference
        ))),
        Err(error) => Err(CommandError::pull(&resolved.reference, error)),
    }
}
