//! How new a version is that was chosen some time ago.

use skeg_go::semver::{Version, VersionConstraint};

use crate::lock::LockFile;
use crate::requirement::Requirement;
use crate::resolve::{ResolveError, list_all};
use crate::source::Source;

/// What is locked of a dependency, and what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Currency {
    /// The version that is locked.
    pub current: Option<String>,
    /// The highest version of the range.
    pub wanted: Option<String>,
    /// The highest stable version of all.
    pub latest: Option<String>,
}

/// Compares what is locked with what there is. Each chart's versions are listed once.
///
/// # Errors
/// [`ResolveError::Sources`].
pub async fn compare<S: Source>(
    requirements: &[Requirement],
    lock: Option<&LockFile>,
    side_by_side: usize,
    source: &S,
) -> Result<Vec<Currency>, ResolveError<S::Error>> {
    let places = requirements.iter().map(|requirement| requirement.place().clone());
    let versions = list_all(places, side_by_side, source).await?;
    let stable = VersionConstraint::parse("*").expect("because a star is a range");
    let compared = requirements.iter().enumerate().map(|(index, requirement)| {
        let there = versions.get(requirement.place()).map_or(&[][..], Vec::as_slice);
        let highest = |range: &VersionConstraint| {
            let is_in =
                |version: &&String| Version::parse(version).is_ok_and(|version| range.check(&version));
            there.iter().find(is_in).cloned()
        };
        Currency {
            current: lock.and_then(|lock| locked_version(lock, requirement, index)),
            wanted: highest(requirement.range()),
            latest: highest(&stable),
        }
    });
    Ok(compared.collect())
}

/// The version that is locked for a requirement: in a lock file they stand in the same order.
fn locked_version(lock: &LockFile, requirement: &Requirement, index: usize) -> Option<String> {
    let (dependency, range) = (requirement.dependency(), requirement.range());
    let is_of = |locked: &&crate::LockedDependency| {
        let locked = &locked.dependency;
        locked.name() == dependency.name() && locked.repository() == dependency.repository()
    };
    let is_in = |locked: &&crate::LockedDependency| {
        Version::parse(locked.dependency.version()).is_ok_and(|version| range.check(&version))
    };
    let at_its_place = lock.dependencies.get(index).filter(is_of);
    let found = at_its_place.or_else(|| lock.dependencies.iter().filter(is_of).find(is_in));
    found.map(|locked| locked.dependency.version().to_owned())
}
