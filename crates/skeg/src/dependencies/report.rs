//! What was done with a chart's dependencies, as data and in Helm's lines.

use std::path::PathBuf;

use serde::Serialize;
use skeg_resolve::Resolved;

use super::classic::Refreshed;
use super::directory::ChartDirectory;
use super::source::Handle;
use super::vendor::{State, Vendored};
use crate::chart_source::{display_name, explain_underscore};
use crate::error::CommandError;

/// What was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DependencyReport {
    pub(crate) chart: PathBuf,
    pub(crate) dependencies: Vec<ReportedDependency>,
    /// Outdated archives that were removed from `charts/`.
    pub(crate) removed: Vec<String>,
    #[serde(skip)]
    notes: Vec<String>,
    /// The indexes of classic repositories that were asked for.
    #[serde(skip)]
    pub(super) refreshed: Vec<Refreshed>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReportedDependency {
    name: String,
    version: String,
    repository: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive_digest: Option<String>,
    #[serde(skip)]
    state: State,
    /// The reference in a registry as Helm prints it.
    #[serde(skip)]
    pulled: Option<String>,
}

impl DependencyReport {
    pub(super) fn new(chart: &ChartDirectory, resolved: &[Resolved<Handle>], vendored: Vendored) -> Self {
        let dependencies = resolved.iter().zip(vendored.states);
        Self {
            chart: chart.path.clone(),
            dependencies: dependencies
                .map(|(one, (state, archive))| ReportedDependency::new(chart, one, state, archive))
                .collect(),
            removed: vendored.removed,
            notes: vendored.notes,
            refreshed: Vec::new(),
        }
    }
}

impl ReportedDependency {
    fn new(chart: &ChartDirectory, one: &Resolved<Handle>, state: State, archive: Option<String>) -> Self {
        let (dependency, pin) = (&one.locked.dependency, one.locked.pin.as_ref());
        Self {
            name: dependency.name().to_owned(),
            version: dependency.version().to_owned(),
            repository: dependency.repository().to_owned(),
            status: match state {
                State::Fetched => "fetched",
                State::Present | State::Repeated => "present",
                State::Packaged => "packaged",
                State::Local => "local",
            },
            path: match state {
                State::Local => Some(chart.charts().join(dependency.name())),
                _ => archive.map(|name| chart.charts().join(name)),
            },
            digest: pin.and_then(|pin| pin.manifest.as_ref()).map(ToString::to_string),
            archive_digest: pin.map(|pin| pin.archive.to_string()),
            state,
            pulled: pulled(one),
        }
    }

    fn print_pulled(
        &self,
        print: &mut impl FnMut(&str) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        let (Some(pulled), Some(digest)) = (&self.pulled, &self.digest) else {
            return Ok(());
        };
        print(&format!("Pulled: {pulled}"))?;
        print(&format!("Digest: {digest}"))?;
        explain_underscore(pulled, print)
    }
}

/// Prints which charts came from registries, and nothing else.
pub(crate) fn print_pulled(
    report: &DependencyReport,
    mut print: impl FnMut(&str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let fetched = report
        .dependencies
        .iter()
        .filter(|one| one.state == State::Fetched);
    fetched
        .into_iter()
        .try_for_each(|one| one.print_pulled(&mut print))
}

fn pulled(one: &Resolved<Handle>) -> Option<String> {
    if let Some(Handle::Registry(resolved)) = one.found.as_ref().map(|found| &found.handle) {
        return Some(display_name(&resolved.reference));
    }
    let dependency = &one.locked.dependency;
    let base = super::base(dependency.repository()).ok()?;
    let location = base.repository(dependency.name()).ok()?;
    let tag = skeg_oci::Tag::from_version(dependency.version()).ok()?;
    Some(format!("{location}:{tag}"))
}

/// Prints what Helm prints; what is already there has Helm's line for that, and no digest.
pub(crate) fn print_lines(
    report: &DependencyReport,
    is_debug: bool,
    mut print: impl FnMut(&str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    print_refreshed(&report.refreshed, &mut print)?;
    let packaged = report
        .dependencies
        .iter()
        .filter(|one| is_debug && one.state == State::Packaged);
    for one in packaged {
        print(&format!("Repository from local path: {}", one.repository))?;
    }
    print(&format!("Saving {} charts", report.dependencies.len()))?;
    for one in &report.dependencies {
        let (name, repository) = (&one.name, &one.repository);
        match one.state {
            State::Local => print(&format!(
                "Dependency {name} did not declare a repository. Assuming it exists in the charts directory"
            ))?,
            State::Packaged if is_debug => print(&format!("Archiving {name} from repo {repository}"))?,
            State::Packaged => {}
            State::Repeated if repository.starts_with("file://") => {}
            State::Present | State::Repeated => {
                print(&format!("Already downloaded {name} from repo {repository}"))?;
            }
            State::Fetched => {
                print(&format!("Downloading {name} from repo {repository}"))?;
                one.print_pulled(&mut print)?;
            }
        }
    }
    print("Deleting outdated charts")?;
    report.notes.iter().try_for_each(|note| print(note))
}

/// Helm 4.3.1: first the repositories without a name, then the others.
fn print_refreshed(
    refreshed: &[Refreshed],
    print: &mut impl FnMut(&str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let (named, unmanaged): (Vec<_>, Vec<_>) = refreshed.iter().partition(|one| one.is_named);
    if !unmanaged.is_empty() {
        print("Getting updates for unmanaged Helm repositories...")?;
        unmanaged.into_iter().try_for_each(|one| print(&one.line()))?;
    }
    if !named.is_empty() {
        print("Hang tight while we grab the latest from your chart repositories...")?;
        named.into_iter().try_for_each(|one| print(&one.line()))?;
        print("Update Complete. ⎈Happy Helming!⎈")?;
    }
    Ok(())
}
