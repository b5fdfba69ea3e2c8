//! `skeg pull`.

mod classic;

use std::path::{Path, PathBuf};

use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use skeg_chart::Limits;
use skeg_oci::{Digest, RegistryHost};
use skeg_registry::{ChartReference, ChartRequest, PullError, ResolvedChart};

use crate::access::{Access, Reader};
use crate::args::{ChartSelectionArgs, OutputArgs, RepositoryArgs};
use crate::chart_location::ChartLocation;
use crate::chart_source::{announce, request, resolve};
use crate::classic::{DownloadedIndex, Found, LocatedArchive};
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
    /// The charts: `oci://…`, `REPOSITORY/NAME`, `https://…`, or a name beside `--repo`
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
    repository: RepositoryArgs,

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
    /// What Helm prints of a chart in a registry; of others it prints nothing.
    resolved: Option<ResolvedChart>,
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
    let charts = find_charts(args, context)?;
    if !args.untar {
        require_directory(&args.destination)?;
    }
    let access = Access::new(&args.selection.access, named_host(&charts), context)?;
    let pulls = charts.iter().map(|chart| pull_one(chart, args, &access, context));
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
    if let Some(resolved) = chart.resolved.as_ref().filter(|_| !is_reported) {
        announce(resolved, |line| Ok(printer.line(line)?))?;
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

/// A chart that is to be pulled.
enum Asked {
    Registry(ChartReference),
    /// A chart in a registry that the index of a classic repository names, and the digest that its archive has there.
    Indexed(ChartReference, Option<Digest>),
    Classic(String, Box<LocatedArchive>),
}

impl Asked {
    fn reference(&self) -> Option<&ChartReference> {
        match self {
            Self::Registry(reference) | Self::Indexed(reference, _) => Some(reference),
            Self::Classic(..) => None,
        }
    }
}

fn find_charts(args: &PullArgs, context: &Context) -> Result<Vec<Asked>, CommandError> {
    let mut downloaded = DownloadedIndex::default();
    let find = |text: &String| {
        let text = text.trim();
        match ChartLocation::in_repository(text, &args.repository, context)? {
            ChartLocation::Reference(reference) => Ok(Asked::Registry(reference)),
            ChartLocation::Path(path) => Err(CommandError::user(format!(
                "`{}` is a path, not a chart to pull",
                path.display()
            ))),
            ChartLocation::Classic(chart) => {
                Ok(match chart.locate(&args.selection, &mut downloaded, context)? {
                    Found::Archive(located) => Asked::Classic(text.to_owned(), located),
                    Found::Base(reference) => Asked::Registry(reference),
                    Found::Registry(reference, digest) => Asked::Indexed(reference, digest),
                })
            }
        }
    };
    args.references.iter().map(find).collect()
}

/// The one host that `--username` is for; with references to several hosts there is none.
fn named_host(charts: &[Asked]) -> Option<&RegistryHost> {
    let mut hosts = charts
        .iter()
        .filter_map(|chart| chart.reference()?.location().host());
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
    chart: &Asked,
    args: &PullArgs,
    access: &Access,
    context: &Context,
) -> Result<PulledChart, CommandError> {
    match chart {
        Asked::Registry(reference) => {
            let request = request(reference, &args.selection);
            pull_from_registry(&request, None, args, access, context).await
        }
        Asked::Indexed(reference, digest) => {
            let request = ChartRequest {
                reference: reference.clone(),
                version: None,
                devel: false,
            };
            let pulled = pull_from_registry(&request, digest.as_ref(), args, access, context).await?;
            Ok(PulledChart {
                resolved: None,
                ..pulled
            })
        }
        Asked::Classic(name, located) => classic::pull(name, located, args, context).await,
    }
}

async fn pull_from_registry(
    request: &ChartRequest,
    expected: Option<&Digest>,
    args: &PullArgs,
    access: &Access,
    context: &Context,
) -> Result<PulledChart, CommandError> {
    let repository = access.reader(request.reference.location())?;
    let resolved = resolve(&repository, request, context).await?;
    let actual = &resolved.artifact.archive.digest;
    if let Some(expected) = expected.filter(|expected| *expected != actual) {
        return Err(CommandError::user(format!(
            "{}: the archive has the digest {actual}, but the index says {expected}",
            resolved.reference
        )));
    }
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
        resolved: Some(resolved),
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
