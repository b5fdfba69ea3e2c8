//! `dependency build`: making `charts/` what the lock file says.

use futures_util::{StreamExt as _, stream};
use skeg_go::semver::{Version, VersionConstraint};
use skeg_resolve::{
    DependencyRepository, LockFile, LockedDependency, Place, Requirement, Resolved, Source as _,
    helm_2_digest,
};

use super::SIDE_BY_SIDE;
use super::directory::ChartDirectory;
use super::error::about_requirement;
use super::report::DependencyReport;
use super::source::{ChartSource, Handle};
use super::update::has_all_pins;
use super::vendor::vendor;
use crate::context::Context;
use crate::error::CommandError;

/// How to build.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BuildOptions {
    /// There must be a lock file, and it must say everything.
    pub(crate) locked: bool,
}

/// Makes `charts/` what the lock file says.
pub(super) async fn build_one(
    chart: &ChartDirectory,
    lock: &LockFile,
    source: &ChartSource<'_>,
    options: BuildOptions,
) -> Result<DependencyReport, CommandError> {
    check_lock(chart, lock, source.context)?;
    if options.locked && !has_all_pins(lock) {
        return Err(CommandError::user(format!(
            "the lock file ({}) has no digests, which `--locked` asks for",
            chart.lock_name()
        ))
        .hint("write them with `skeg dependency update`"));
    }
    let jobs = lock.dependencies.iter().map(|locked| one(chart, locked, source));
    let results: Vec<Result<Resolved<Handle>, CommandError>> =
        stream::iter(jobs).buffered(SIDE_BY_SIDE).collect().await;
    let mut errors = Vec::new();
    let resolved: Vec<_> = results
        .into_iter()
        .filter_map(|result| result.map_err(|error| errors.push(error)).ok())
        .collect();
    CommandError::all_of(errors, source.context.printer())?;
    let vendored = vendor(chart, &resolved, source, || Ok(())).await?;
    Ok(DependencyReport::new(chart, &resolved, vendored))
}

/// Helm 4.3.1: the lock file must be made from the dependencies that stand in `Chart.yaml` now.
fn check_lock(chart: &ChartDirectory, lock: &LockFile, context: &Context) -> Result<(), CommandError> {
    let required = chart.dependencies();
    if lock.expected_digest(required).to_string() == lock.digest {
        return Ok(());
    }
    if !chart.metadata.is_v1() {
        return Err(CommandError::user(
            "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the \
             dependencies with 'helm dependency update'",
        )
        .hint("run `skeg dependency update`"));
    }
    // Helm 2 made its digest of less.
    let text = "warning: a valid Helm v3 hash was not found. Checking against Helm v2 hash...";
    context.printer().note(text);
    if helm_2_digest(chart.metadata.dependencies()).to_string() == lock.digest {
        return Ok(());
    }
    Err(CommandError::user(
        "the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please \
         update the dependencies",
    )
    .hint("run `skeg dependency update`"))
}

/// What is locked, as a source has it; a chart whose digests are locked is not asked for here.
async fn one(
    chart: &ChartDirectory,
    locked: &LockedDependency,
    source: &ChartSource<'_>,
) -> Result<Resolved<Handle>, CommandError> {
    let dependency = &locked.dependency;
    let place = Place {
        repository: DependencyRepository::parse(dependency.repository()),
        name: dependency.name().to_owned(),
    };
    let is_local = matches!(
        place.repository,
        DependencyRepository::Vendored | DependencyRepository::Directory(_)
    );
    if is_local {
        check_local(chart, locked, &place, source).await?;
    }
    let mut locked = locked.clone();
    let mut found = None;
    if locked.pin.is_none() && place.repository != DependencyRepository::Vendored {
        let there = source
            .find(
                &place,
                dependency.version(),
                digest_in_chart_yaml(chart, &locked)?.as_ref(),
            )
            .await?;
        locked.pin.clone_from(&there.pin);
        found = Some(there);
    }
    Ok(Resolved {
        place,
        locked,
        found,
        moved_from: None,
    })
}

/// The digest that stands behind the version in `Chart.yaml`.
fn digest_in_chart_yaml(
    chart: &ChartDirectory,
    locked: &LockedDependency,
) -> Result<Option<skeg_oci::Digest>, CommandError> {
    let requirements = Requirement::all(chart.dependencies()).map_err(about_requirement)?;
    let is_meant = |requirement: &&Requirement| {
        let (one, other) = (requirement.dependency(), &locked.dependency);
        one.name() == other.name()
            && one.repository() == other.repository()
            && requirement.version() == other.version()
    };
    Ok(requirements
        .iter()
        .find(is_meant)
        .and_then(|requirement| requirement.digest().cloned()))
}

/// Helm 4.3.1: a chart on disk must have the version that is locked, in words that depend on where it is.
async fn check_local(
    chart: &ChartDirectory,
    locked: &LockedDependency,
    place: &Place,
    source: &ChartSource<'_>,
) -> Result<(), CommandError> {
    let (name, range) = (locked.dependency.name(), locked.dependency.version());
    let constraint = VersionConstraint::parse(range).map_err(|_| {
        CommandError::user(format!(
            "dependency {name} has an invalid version/constraint format: improper constraint: {range:?}"
        ))
    })?;
    let versions = source.versions(place).await?;
    let matches = |version: &String| Version::parse(version).is_ok_and(|version| constraint.check(&version));
    if versions.iter().any(matches) {
        return Ok(());
    }
    let version = versions.first().map(String::as_str).unwrap_or_default();
    let path = chart.path.display();
    Err(match place.repository {
        DependencyRepository::Directory(_) => {
            CommandError::user(format!("can't get a valid version for dependency {name}")).hint(format!(
                "{range} is locked, and the directory has {version}: run `skeg dependency update {path}`"
            ))
        }
        _ => CommandError::user(format!(
            "dependency {name} at version {version} does not satisfy the constraint {range}"
        )),
    })
}
