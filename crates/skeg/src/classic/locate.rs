//! From what is written on the command line to the address of an archive.

use std::fmt;

use skeg_files::Readers;
use skeg_oci::Digest;
use skeg_oci_client::Validators;
use skeg_registry::ChartReference;
use skeg_repository::{
    FindChartError, Index, IndexEntry, Remote, RepositoriesFile, RepositoryEntry, is_same_address,
};

use super::client::RepositoryAccess;
use super::{cache, in_words_of_go, read_list, unreachable_repository, warn_of_rejected};
use crate::args::{ChartSelectionArgs, RepositoryArgs};
use crate::chart_source::Origin;
use crate::context::Context;
use crate::error::{CommandError, chain};
use crate::printer::Printer;
use crate::remote::go_words;
use crate::scratch::scratch;
use crate::work::block_on;

/// A chart of a classic repository, as it is written on the command line.
#[derive(Clone, Debug)]
pub(crate) struct ClassicChart {
    reference: ClassicReference,
    /// Send the login to other hosts too.
    pass_credentials: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ClassicReference {
    /// `NAME/CHART`.
    Named { repository: String, chart: String },
    /// `CHART` beside `--repo URL`.
    In { address: String, chart: String },
    /// `https://…/CHART-VERSION.tgz`.
    Url(String),
}

/// The index that was downloaded for `--repo`: several charts of one command are looked for in one.
#[derive(Default)]
pub(crate) struct DownloadedIndex(Option<Index>);

/// Where a chart is.
#[derive(Clone)]
pub(crate) enum Found {
    /// An archive at an address.
    Archive(Box<LocatedArchive>),
    /// A chart below a path of a registry, which `--repo` names.
    Base(ChartReference),
    /// A chart in a registry that the index names, and the digest of its archive.
    Registry(ChartReference, Option<Digest>),
}

/// An archive at an address.
#[derive(Clone)]
pub(crate) struct LocatedArchive {
    pub(crate) remote: Remote,
    /// The name of the chart by the index; empty for an archive at an address that no index was asked for.
    pub(crate) chart: String,
    /// Absolute.
    pub(crate) url: String,
    /// The digest that it has by the index.
    pub(crate) digest: Option<Digest>,
    /// The version that it has by the index.
    pub(crate) version: Option<String>,
}

impl LocatedArchive {
    /// What is kept of where it came from.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            source: go_words::shown(&self.url),
            digest: self.digest.as_ref().map(ToString::to_string),
        }
    }
}

impl fmt::Display for ClassicChart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reference {
            ClassicReference::Named { repository, chart } => write!(formatter, "{repository}/{chart}"),
            ClassicReference::In { chart, .. } => formatter.write_str(chart),
            ClassicReference::Url(url) => formatter.write_str(&crate::remote::go_words::shown(url)),
        }
    }
}

/// The chart in a registry that `NAME/CHART` means if NAME is a path in a registry.
pub(crate) fn named_base(text: &str, context: &Context) -> Result<Option<ChartReference>, CommandError> {
    let Some((name, chart)) = text.split_once('/') else {
        return Ok(None);
    };
    let file = read_list(context)?.unwrap_or_default();
    match file.get(name).filter(|entry| entry.is_oci()) {
        Some(entry) => below(&entry.url, chart).map(Some),
        None => Ok(None),
    }
}

fn below(base: &str, chart: &str) -> Result<ChartReference, CommandError> {
    let text = format!("{}/{chart}", base.trim_end_matches('/'));
    ChartReference::parse(&text).map_err(CommandError::reference)
}

impl ClassicReference {
    fn parse(text: &str, repo: Option<&str>) -> Result<Self, CommandError> {
        if let Some(address) = repo {
            return Ok(Self::In {
                address: address.to_owned(),
                chart: text.to_owned(),
            });
        }
        if text.contains("://") {
            refuse_scheme(text).map_err(|error| {
                error.hint(
                    "name a chart as `oci://HOST/PATH/NAME`, `https://HOST/PATH/NAME-VERSION.tgz` or `REPOSITORY/NAME`",
                )
            })?;
            return Ok(Self::Url(text.to_owned()));
        }
        match text.split_once('/') {
            Some((repository, chart)) => Ok(Self::Named {
                repository: repository.to_owned(),
                chart: chart.to_owned(),
            }),
            None => Err(CommandError::user(format!(
                "non-absolute URLs should be in form of repo_name/path_to_chart, got: {text}"
            ))
            .hint("name a directory, an archive, `REPOSITORY/NAME`, or a chart in a registry as `oci://HOST/PATH/NAME`")),
        }
    }
}

impl ClassicChart {
    /// What a text means that is no `oci://…` and no path. With `--repo` it is a name in that repository.
    pub(crate) fn parse(text: &str, repository: &RepositoryArgs) -> Result<Self, CommandError> {
        Ok(Self {
            reference: ClassicReference::parse(text, repository.address())?,
            pass_credentials: repository.pass_credentials,
        })
    }

    /// Finds out where the chart is. With `--repo` the index is downloaded, unless it was for another chart of the command;
    /// that of a named repository is in the cache.
    pub(crate) fn locate(
        &self,
        selection: &ChartSelectionArgs,
        downloaded: &mut DownloadedIndex,
        context: &Context,
    ) -> Result<Found, CommandError> {
        let range = selection.range();
        let access = &RepositoryAccess {
            args: &selection.access,
            pass_credentials: self.pass_credentials,
        };
        match &self.reference {
            ClassicReference::Named { repository, chart } => {
                in_named(repository, chart, range, access, context)
            }
            ClassicReference::In { address, chart } if address.starts_with("oci://") => {
                below(address, chart).map(Found::Base)
            }
            ClassicReference::In { address, chart } => {
                let remote = access.remote(address, None, context);
                let index = downloaded.get(&remote, context)?;
                in_address(&remote, index, chart, range, context)
            }
            ClassicReference::Url(url) => {
                let file = read_list(context)?.unwrap_or_default();
                let entry = owner(url, &file, context);
                let remote = match entry {
                    Some(entry) => access.remote(&entry.url, Some(entry), context),
                    None => access.remote(url, None, context),
                };
                Ok(Found::Archive(Box::new(LocatedArchive {
                    remote,
                    chart: String::new(),
                    url: url.clone(),
                    digest: None,
                    version: None,
                })))
            }
        }
    }
}

/// The repository whose login and certificates an address gets: that of the same host, or one whose login is for every
/// host that its index names.
fn owner<'file>(
    url: &str,
    file: &'file RepositoriesFile,
    context: &Context,
) -> Option<&'file RepositoryEntry> {
    let origin = |address: &str| {
        let rest = address.find("://").map(|start| start + 3)?;
        let end = address[rest..].find('/').map_or(address.len(), |end| rest + end);
        Some(address[..end].to_ascii_lowercase())
    };
    let wanted = origin(url)?;
    let entries = || file.repositories().iter().filter(|entry| !entry.is_oci());
    let names_it = |entry: &&RepositoryEntry| {
        entry.pass_credentials_all && entry.login().is_some() && index_names(url, &entry.name, context)
    };
    entries()
        .find(|entry| origin(&entry.url).as_ref() == Some(&wanted))
        .or_else(|| entries().find(names_it))
}

/// Whether the cached index of a repository has an archive at an address.
fn index_names(url: &str, repository: &str, context: &Context) -> bool {
    let look = |is_named: &mut bool, _chart: String, versions: Vec<IndexEntry>| {
        let mut urls = versions.iter().flat_map(IndexEntry::urls);
        *is_named |= urls.any(|known| is_same_address(known, url));
    };
    let looked = cache(context).fold_charts(repository, |_| true, || false, look);
    looked.is_ok_and(|(is_named, _)| is_named)
}

fn in_named(
    repository: &str,
    chart: &str,
    range: Option<&str>,
    access: &RepositoryAccess<'_>,
    context: &Context,
) -> Result<Found, CommandError> {
    let file = read_list(context)?.unwrap_or_default();
    let Some(entry) = file.get(repository) else {
        let error = CommandError::user(format!("repo {repository} not found"));
        if repository.contains(['.', ':']) {
            return Err(error.hint(format!("a chart in a registry is `oci://{repository}/{chart}`")));
        }
        return Err(error.hint(format!(
            "add it by `skeg repo add {repository} URL`; `skeg repo list` shows what there is"
        )));
    };
    if entry.url.is_empty() {
        return Err(CommandError::user(format!(
            "no URL found for repository {repository}"
        )));
    }
    let cache = cache(context);
    let index = cache
        .load_charts(repository, |name| name == chart)
        .map_err(|error| {
            let text = format!(
                "no cached repo found. (try 'helm repo update'): {}",
                chain(&error)
            );
            CommandError::user(text).hint(format!("run `skeg repo update {repository}`"))
        })?;
    let path = cache.index_path(repository);
    warn_of_rejected(index.rejected(), &path.display().to_string(), context.printer());
    let entry_of = choose(&index, chart, range, context.printer()).map_err(|error| {
        let version = range.unwrap_or_default();
        let text = format!(
            "chart {} matching {version} not found in {repository} index. (try 'helm repo update'): {error}",
            skeg_go::quote::quote(chart)
        );
        CommandError::user(text).hint(missing_hint(&index, chart, repository))
    })?;
    let remote = access.remote(&entry.url, Some(entry), context);
    located(entry_of, remote, &format!("{repository}/{chart}"))
}

fn missing_hint(index: &Index, chart: &str, repository: &str) -> String {
    match index.versions(chart).first() {
        Some(newest) => format!(
            "the highest version is {}; run `skeg repo update {repository}` for newer ones, or see all of them by \
             `skeg search repo {repository}/{chart} --versions`",
            newest.version()
        ),
        None => format!(
            "see its charts by `skeg search repo {repository}/`, or run `skeg repo update {repository}`"
        ),
    }
}

impl DownloadedIndex {
    fn get(&mut self, remote: &Remote, context: &Context) -> Result<&Index, CommandError> {
        if self.0.is_none() {
            self.0 = Some(download(remote, context)?);
        }
        Ok(self.0.as_ref().expect("because it was just downloaded"))
    }
}

fn download(remote: &Remote, context: &Context) -> Result<Index, CommandError> {
    let address = remote.address();
    if let Some((scheme, _)) = address.split_once("://")
        && !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https")
    {
        return Err(CommandError::user(format!(
            "could not find protocol handler for: {scheme}"
        )));
    }
    let index = block_on(download_index(remote)).map_err(|error| unreachable_repository(address, &error))?;
    warn_of_rejected(index.rejected(), address, context.printer());
    Ok(index)
}

fn in_address(
    remote: &Remote,
    index: &Index,
    chart: &str,
    range: Option<&str>,
    context: &Context,
) -> Result<Found, CommandError> {
    let entry = choose(index, chart, range, context.printer()).map_err(|_| {
        let name = skeg_go::quote::quote(chart);
        let version = range.map(|range| format!(" version {}", skeg_go::quote::quote(range)));
        let version = version.unwrap_or_default();
        let shown = crate::remote::go_words::shown(remote.address());
        let error = CommandError::user(format!("chart {name}{version} not found in {shown} repository"));
        error.maybe_hint(
            index
                .versions(chart)
                .first()
                .map(|newest| format!("the highest version is {}", newest.version())),
        )
    })?;
    located(entry, remote.clone(), chart)
}

async fn download_index(remote: &Remote) -> Result<Index, CommandError> {
    let scratch = scratch()?;
    let mut temporary = skeg_files::temporary_in(scratch.path(), Readers::Owner)?;
    let file = temporary.as_file_mut();
    let downloaded = remote.download_index(Validators::default(), file).await;
    downloaded.map_err(|error| {
        let url = skeg_repository::resolve_reference(remote.address(), "index.yaml");
        in_words_of_go(&url.unwrap_or_default(), &error)
    })?;
    Ok(Index::parse(&read_all(file)?)?)
}

/// All of a temporary file.
pub(crate) fn read_all(file: &mut std::fs::File) -> std::io::Result<Vec<u8>> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn choose<'index>(
    index: &'index Index,
    chart: &str,
    range: Option<&str>,
    printer: &Printer,
) -> Result<&'index IndexEntry, FindChartError> {
    let found = index.find(chart, range)?;
    if found.is_fallback {
        printer.warning_about(
            "unable to find exact version requested; falling back to closest available version",
            &[
                ("chart", chart.to_owned()),
                ("requested", range.unwrap_or_default().to_owned()),
                ("selected", found.entry.version().to_owned()),
            ],
        );
    }
    Ok(found.entry)
}

/// Helm 4.3.1: `scheme "ftp" not supported`.
fn refuse_scheme(url: &str) -> Result<(), CommandError> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        return Ok(());
    }
    let scheme = skeg_go::quote::quote(scheme);
    Err(CommandError::user(format!("scheme {scheme} not supported")))
}

/// The archive of an entry, or what the entry names in a registry; `name` is for messages.
pub(crate) fn located(entry: &IndexEntry, remote: Remote, name: &str) -> Result<Found, CommandError> {
    let Some(first) = entry.urls().first() else {
        let name = skeg_go::quote::quote(name);
        return Err(CommandError::user(format!(
            "chart {name} has no downloadable URLs"
        )));
    };
    let digest = entry.archive_digest().map_err(|error| {
        CommandError::user(format!(
            "the index has a digest that is none for {name} {}: {error}",
            entry.version()
        ))
    })?;
    if ChartReference::has_scheme(first) {
        let reference = ChartReference::parse(first).map_err(CommandError::reference)?;
        return Ok(Found::Registry(reference, digest));
    }
    let url = skeg_repository::resolve_reference(remote.address(), first)
        .map_err(|_| CommandError::user(format!("invalid chart URL format: {name}")))?;
    refuse_scheme(&url)?;
    Ok(Found::Archive(Box::new(LocatedArchive {
        remote,
        chart: entry.name().to_owned(),
        url,
        digest,
        version: Some(entry.version().to_owned()),
    })))
}
