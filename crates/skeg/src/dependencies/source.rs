//! Where a chart's dependencies come from: registries, directories, `charts/`.

use std::path::{Path, PathBuf};

use skeg_chart::{ChartPackage, PackageOptions};
use skeg_go::semver::Version;
use skeg_oci::{Digest, RegistryHost};
use skeg_oci_client::ListTags as _;
use skeg_registry::{
    ChartReference, ChartRequest, PushTarget, RepositoryLocation, ResolveChartError, ResolvedChart,
    in_order_of_choice,
};
use skeg_resolve::{DependencyRepository, Found, Pin, Place, Requirement, Source};

use super::classic::ClassicRepositories;
use super::error::{changed, moved, unknown_repository};
use super::vendor::is_archive_name;
use crate::access::Access;
use crate::args::AccessArgs;
use crate::chart_source::print_followed;
use crate::classic::{self, LocatedArchive};
use crate::context::Context;
use crate::error::CommandError;
use crate::scratch::scratch;
use crate::work::blocking;

/// The sources of one chart's dependencies.
pub(crate) struct ChartSource<'all> {
    pub(crate) access: &'all Access,
    pub(crate) context: &'all Context,
    /// The chart's own directory.
    pub(crate) directory: &'all Path,
    pub(crate) packaging: PackageOptions,
    pub(super) classic: &'all ClassicRepositories<'all>,
}

/// What is needed to fetch a chart.
#[derive(Clone)]
pub(crate) enum Handle {
    /// A chart of a registry.
    Registry(Box<ResolvedChart>),
    /// An archive of a classic repository.
    Archive(Box<LocatedArchive>),
    /// A chart's directory.
    Directory(PathBuf),
    /// A chart that is in `charts/` already.
    Vendored,
}

impl Source for ChartSource<'_> {
    type Handle = Handle;
    type Error = CommandError;

    async fn versions(&self, place: &Place) -> Result<Vec<String>, CommandError> {
        match &place.repository {
            DependencyRepository::Registry(text) => self.listed_versions(text, place).await,
            DependencyRepository::Classic(address) => self.classic.versions(address, &place.name).await,
            DependencyRepository::Directory(path) => {
                let directory = self.local_path(Path::new(path))?;
                self.require_other(&directory, place)?;
                Ok(vec![version_of(&directory, self.context)?])
            }
            DependencyRepository::Vendored => {
                let directory = self.local_path(&Path::new("charts").join(&place.name))?;
                Ok(vec![version_of(&directory, self.context)?])
            }
            other => Err(refuse(other)),
        }
    }

    async fn find(
        &self,
        place: &Place,
        version: &str,
        expected: Option<&Digest>,
    ) -> Result<Found<Handle>, CommandError> {
        match &place.repository {
            DependencyRepository::Registry(text) => {
                self.find_in_registry(text, place, version, expected).await
            }
            DependencyRepository::Classic(address) => {
                self.find_in_index(address, place, version, expected).await
            }
            DependencyRepository::Directory(path) => Ok(Found {
                version: version.to_owned(),
                pin: None,
                handle: Handle::Directory(self.local_path(Path::new(path))?),
            }),
            DependencyRepository::Vendored => Ok(Found {
                version: version.to_owned(),
                pin: None,
                handle: Handle::Vendored,
            }),
            other => Err(refuse(other)),
        }
    }

    async fn fetch(&self, found: &Found<Handle>, directory: &Path) -> Result<String, CommandError> {
        match &found.handle {
            Handle::Registry(resolved) => {
                let name = format!("{}-{}.tgz", resolved.reference.chart_name(), found.version);
                let reader = self.access.reader(resolved.reference.location())?;
                let pulled =
                    skeg_registry::pull_archive(&reader, &resolved.artifact, &directory.join(&name)).await;
                pulled.map_err(|error| CommandError::pull(&resolved.reference, error))?;
                Ok(name)
            }
            Handle::Archive(located) => {
                let name = archive_name(located, found);
                classic::fetch(located, &directory.join(&name), self.context).await?;
                Ok(name)
            }
            Handle::Directory(chart) => self.package(chart.clone(), directory.to_owned()).await,
            Handle::Vendored => Err(CommandError::internal("a chart in `charts/` is not fetched")),
        }
    }
}

impl ChartSource<'_> {
    async fn listed_versions(&self, repository: &str, place: &Place) -> Result<Vec<String>, CommandError> {
        let location = location(repository, &place.name)?;
        let tags = self.access.reader(&location)?.list_tags().await;
        let tags = tags.map_err(|source| {
            let reference = ChartReference::new(location.clone(), None, None);
            let source = ResolveChartError::List {
                repository: repository.to_owned(),
                source,
            };
            explain(&reference, source, repository)
        })?;
        Ok(in_order_of_choice(&tags)
            .iter()
            .map(skeg_oci::Tag::to_version)
            .collect())
    }

    async fn find_in_registry(
        &self,
        repository: &str,
        place: &Place,
        version: &str,
        expected: Option<&Digest>,
    ) -> Result<Found<Handle>, CommandError> {
        let location = location(repository, &place.name)?;
        let request = ChartRequest {
            reference: ChartReference::new(location.clone(), None, None),
            version: Some(version.to_owned()),
            devel: false,
        };
        let resolved = skeg_registry::resolve(&self.access.reader(&location)?, &request).await;
        let resolved = resolved.map_err(|error| explain(&request.reference, error, repository))?;
        if let Some(expected) = expected.filter(|expected| **expected != resolved.digest) {
            return Err(moved(&resolved, expected));
        }
        require_same_build(version, &resolved)?;
        let tag = resolved.reference.tag();
        let version = tag.map_or_else(|| version.to_owned(), skeg_oci::Tag::to_version);
        Ok(in_registry(resolved, version))
    }

    /// A chart of a classic repository, whose index may say that it is in a registry.
    async fn find_in_index(
        &self,
        address: &str,
        place: &Place,
        version: &str,
        expected: Option<&Digest>,
    ) -> Result<Found<Handle>, CommandError> {
        let name = &place.name;
        let differs = |digest: &Digest| expected.filter(|expected| *expected != digest).cloned();
        match self.classic.find(address, name, version, expected).await? {
            classic::Found::Archive(located) => {
                if let Some(actual) = &located.digest
                    && let Some(expected) = differs(actual)
                {
                    return Err(changed(name, version, [&expected, actual]));
                }
                let archive = located.digest.clone();
                Ok(Found {
                    version: located.version.clone().unwrap_or_else(|| version.to_owned()),
                    pin: archive.map(|archive| Pin {
                        manifest: None,
                        archive,
                    }),
                    handle: Handle::Archive(located),
                })
            }
            classic::Found::Registry(reference, in_index) => {
                let request = ChartRequest {
                    reference,
                    version: None,
                    devel: false,
                };
                let reader = self.access.reader(request.reference.location())?;
                let resolved = skeg_registry::resolve(&reader, &request).await;
                let resolved = resolved.map_err(|error| CommandError::resolve(&request.reference, error))?;
                let archive = &resolved.artifact.archive.digest;
                if let Some(in_index) = in_index.filter(|in_index| in_index != archive) {
                    return Err(CommandError::user(format!(
                        "{}: the archive has the digest {archive}, but the index says {in_index}",
                        request.reference
                    )));
                }
                if let Some(expected) = differs(&resolved.digest) {
                    return Err(moved(&resolved, &expected));
                }
                Ok(in_registry(resolved, version.to_owned()))
            }
            classic::Found::Base(reference) => Err(CommandError::internal(format!(
                "{reference} was found in an index of a path"
            ))),
        }
    }

    /// A path that is written in `Chart.yaml`; Helm 4.3.1 says so if nothing is there.
    pub(super) fn local_path(&self, path: &Path) -> Result<PathBuf, CommandError> {
        let path = lexically_clean(&self.directory.join(path));
        match std::fs::metadata(&path) {
            Ok(_) => Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(CommandError::user(format!(
                "directory {} not found",
                path.display()
            ))
            .hint("`file://` paths are relative to the directory of the chart")),
            Err(error) => Err(error.into()),
        }
    }

    /// A chart that held itself would be twice as large each time.
    fn require_other(&self, directory: &Path, place: &Place) -> Result<(), CommandError> {
        if fs_err::canonicalize(directory)? != fs_err::canonicalize(self.directory)? {
            return Ok(());
        }
        Err(
            CommandError::user(format!("dependency \"{}\" is the chart itself", place.name))
                .hint("`file://` paths are relative to the directory of the chart"),
        )
    }

    async fn package(&self, chart: PathBuf, destination: PathBuf) -> Result<String, CommandError> {
        let options = self.packaging.clone();
        let printer = self.context.shared_printer();
        blocking(move || {
            let scratch = scratch()?;
            let package = ChartPackage::prepare(&chart, scratch.path(), &options);
            let mut package = package.map_err(CommandError::user)?;
            for link in package.symlinks() {
                print_followed(link, &printer);
            }
            package.save_in(&destination).map_err(CommandError::user)?;
            Ok(package.file_name())
        })
        .await
    }
}

fn in_registry(resolved: ResolvedChart, version: String) -> Found<Handle> {
    Found {
        version,
        pin: Some(Pin {
            manifest: Some(resolved.digest.clone()),
            archive: resolved.artifact.archive.digest.clone(),
        }),
        handle: Handle::Registry(Box::new(resolved)),
    }
}

/// Helm 4.3.1: the last part of the address, whatever it is. Only what ends in `.tgz` is looked at in `charts/`, though.
fn archive_name(located: &LocatedArchive, found: &Found<Handle>) -> String {
    let name = skeg_repository::file_name(&located.url);
    if is_archive_name(&name) {
        return name;
    }
    format!("{}-{}.tgz", located.chart, found.version)
}

/// Where a tag is not there, another writing of the same version is taken, but not another build of it.
fn require_same_build(wanted: &str, resolved: &ResolvedChart) -> Result<(), CommandError> {
    let build = |text: &str| {
        Version::parse(text)
            .map(|version| version.metadata().to_owned())
            .unwrap_or_default()
    };
    let found = resolved
        .reference
        .tag()
        .map(skeg_oci::Tag::to_version)
        .unwrap_or_default();
    let wanted_build = build(wanted);
    if wanted_build.is_empty() || wanted_build == build(&found) {
        return Ok(());
    }
    let location = resolved.reference.location();
    Err(
        CommandError::user(format!("{location}: version {wanted} is not found"))
            .hint(format!("there is {found}, another build of that version")),
    )
}

/// The repository of a chart in a registry; slashes at the end of what is written count for nothing.
fn location(repository: &str, name: &str) -> Result<RepositoryLocation, CommandError> {
    let located = base(repository)?.repository(name);
    located.map_err(|error| {
        CommandError::user(error).hint(format!("the dependency is `{name}` in `{repository}`"))
    })
}

/// What is written as repository, understood.
pub(crate) fn base(repository: &str) -> Result<PushTarget, CommandError> {
    PushTarget::parse(repository).map_err(|error| {
        CommandError::user(error).hint(format!(
            "`repository: {repository}` should be `oci://HOST/PATH`, without the chart's name"
        ))
    })
}

/// A hint about what stands in `Chart.yaml` is of more use than one about the reference that it became.
fn explain(asked: &ChartReference, error: ResolveChartError, repository: &str) -> CommandError {
    match repeated_name(repository, asked.chart_name()) {
        Some(hint) => CommandError::user(error).hint(hint),
        None => CommandError::resolve(asked, error),
    }
}

/// People write the chart's name behind the repository, where it is added anyway.
pub(super) fn repeated_name(repository: &str, name: &str) -> Option<String> {
    let rest = repository.trim_end_matches('/').strip_suffix(name)?;
    let rest = rest.strip_suffix('/')?;
    Some(format!(
        "the chart's name is added to the repository: write `repository: {rest}` in Chart.yaml"
    ))
}

fn refuse(repository: &DependencyRepository) -> CommandError {
    match repository {
        DependencyRepository::Unknown(text) => unknown_repository(text),
        other => CommandError::internal(format!("no source for {other:?}")),
    }
}

/// Connections for the dependencies of a chart. `--username` and `--password` are for the one registry that they are in.
pub(super) fn access(
    requirements: &[Requirement],
    args: &AccessArgs,
    context: &Context,
) -> Result<Access, CommandError> {
    let mut registries: Vec<RegistryHost> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for requirement in requirements {
        let name = match &requirement.place().repository {
            DependencyRepository::Registry(text) => match base(text) {
                Ok(PushTarget::Registry { host, .. }) => {
                    let name = host.to_string();
                    registries.push(host);
                    name
                }
                _ => continue,
            },
            DependencyRepository::Classic(address) => host_of(address).to_owned(),
            _ => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let has_login = args.username.is_some() || args.password.is_some();
    if has_login && names.len() > 1 {
        return Err(CommandError::user(format!(
            "`--username` and `--password` are for one host, and the dependencies are in {}",
            names.join(", ")
        ))
        .hint("log in to each of them with `skeg registry login HOST`, and leave both flags out"));
    }
    Access::new(args, registries.first(), context)
}

/// The host of an address, and its port.
pub(super) fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// The version that the chart in a directory says it has.
fn version_of(directory: &Path, context: &Context) -> Result<String, CommandError> {
    let chart = super::ChartDirectory::read(directory, context).map_err(|error| {
        let place = directory.display().to_string();
        error.hint(format!("the dependency is in `{place}`"))
    })?;
    Ok(chart.metadata.version().to_owned())
}

/// Takes `..` out by the text alone, as Go does.
fn lexically_clean(path: &Path) -> PathBuf {
    let text = path.display().to_string();
    let cleaned = skeg_go::path::clean(text.as_bytes());
    PathBuf::from(String::from_utf8_lossy(&cleaned).into_owned())
}
