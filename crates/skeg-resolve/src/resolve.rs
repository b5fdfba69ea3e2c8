//! From what is required to one version of everything.

use std::collections::HashMap;
use std::hash::Hash;

use futures_util::{StreamExt as _, stream};
use skeg_chart::Dependency;
use skeg_go::semver::Version;
use skeg_oci::Digest;

use crate::lock::{LockFile, LockedDependency, Pin};
use crate::repository::DependencyRepository;
use crate::requirement::Requirement;
use crate::source::{Found, Place, Source};

/// How many versions an error names.
const CANDIDATES: usize = 5;

/// What was resolved before.
#[derive(Clone, Copy)]
pub struct Before<'all> {
    /// The lock file.
    pub lock: &'all LockFile,
    /// Tells whether a chart may be taken as it is locked if its version is still the one to take, and nobody looks whether
    /// the version is what it was.
    pub keeps: &'all (dyn Fn(&LockedDependency) -> bool + Sync),
}

/// What a chart's dependencies were resolved to, in the order of `Chart.yaml`.
#[derive(Clone, Debug)]
pub struct Resolution<H> {
    /// One for each requirement.
    pub dependencies: Vec<Resolved<H>>,
}

/// What one dependency was resolved to.
#[derive(Clone, Debug)]
pub struct Resolved<H> {
    /// Where it is.
    pub place: Place,
    /// The dependency as a lock file lists it.
    pub locked: LockedDependency,
    /// The chart as its source has it; none where that was not asked for, since the lock file tells its content.
    pub found: Option<Found<H>>,
    /// The digest that the lock file had for the same version, if that is another one now.
    pub moved_from: Option<Digest>,
}

/// Why there is no resolution.
#[derive(Debug)]
#[non_exhaustive]
pub enum ResolveError<E> {
    /// Ranges without a version in them.
    Missing(MissingVersionsError),
    /// A chart in `charts/` has another version than is required.
    Vendored(VendoredError),
    /// The sources do not answer.
    Sources(Vec<E>),
}

/// Ranges without a version in them.
#[derive(Debug, thiserror::Error)]
#[error(
    "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version exists in the repo, or change \
     the version constraint in Chart.yaml",
    charts.len(),
    describe(charts)
)]
pub struct MissingVersionsError {
    /// The dependencies.
    pub charts: Vec<MissingVersion>,
}

/// A range without a version in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingVersion {
    /// The dependency.
    pub name: String,
    /// Its repository.
    pub repository: String,
    /// The range.
    pub version: String,
    /// A few versions that are there, the highest first.
    pub candidates: Vec<String>,
}

/// A chart in `charts/` has another version than is required.
#[derive(Debug, thiserror::Error)]
#[error("dependency {name} at version {version} does not satisfy the constraint {range}")]
pub struct VendoredError {
    /// The dependency.
    pub name: String,
    /// The version of the chart that is there.
    pub version: String,
    /// What is required.
    pub range: String,
}

impl<H> Resolution<H> {
    /// The dependencies as a lock file lists them.
    pub fn locked(&self) -> Vec<LockedDependency> {
        self.dependencies
            .iter()
            .map(|resolved| resolved.locked.clone())
            .collect()
    }

    /// The lock file for `required`.
    pub fn lock(&self, required: &[Dependency], generated: &str) -> LockFile {
        let locked = self.locked();
        let plain: Vec<Dependency> = locked.iter().map(|locked| locked.dependency.clone()).collect();
        LockFile::new(locked, &crate::lock_digest(required, Some(&plain)), generated)
    }
}

fn describe(charts: &[MissingVersion]) -> String {
    let one = |chart: &MissingVersion| {
        format!(
            "{:?} (repository {:?}, version {:?})",
            chart.name, chart.repository, chart.version
        )
    };
    charts.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Finds a version for every requirement, with at most `side_by_side` questions at a time.
///
/// Each chart's versions are listed once, and each version is looked at once, however many dependencies mean it; all
/// questions are asked side by side. A version that is written out is looked at without a list. A version that is chosen
/// out of a range and locked already is not looked at if [`Before::keeps`] says so.
///
/// # Errors
/// See [`ResolveError`]; whatever is wrong with several of them is told at once.
pub async fn resolve<S: Source>(
    requirements: &[Requirement],
    before: Option<Before<'_>>,
    side_by_side: usize,
    source: &S,
) -> Result<Resolution<S::Handle>, ResolveError<S::Error>> {
    let limit = side_by_side.max(1);
    let listed = requirements
        .iter()
        .filter(|requirement| requirement.exact_version().is_none());
    let places = listed.map(|requirement| requirement.place().clone());
    let versions = list_all(places, limit, source).await?;
    let choices = choose_all(requirements, &versions)?;
    let chosen: Vec<Chosen<'_>> = requirements
        .iter()
        .zip(choices)
        .map(|(requirement, version)| Chosen::new(requirement, version, before))
        .collect();
    let questions = chosen.iter().filter_map(Chosen::question);
    let found = ask_once(questions, limit, async |question: &Question| {
        source
            .find(&question.place, &question.version, question.digest.as_ref())
            .await
    })
    .await?;
    let dependencies = chosen.iter().map(|chosen| chosen.resolved(&found)).collect();
    Ok(Resolution { dependencies })
}

/// Lists the versions of each different chart once.
pub(crate) async fn list_all<S: Source>(
    places: impl Iterator<Item = Place>,
    side_by_side: usize,
    source: &S,
) -> Result<HashMap<Place, Vec<String>>, ResolveError<S::Error>> {
    ask_once(places, side_by_side.max(1), async |place: &Place| {
        source.versions(place).await
    })
    .await
}

/// Asks each different question once.
async fn ask_once<Q: Clone + Eq + Hash, A, E>(
    questions: impl Iterator<Item = Q>,
    limit: usize,
    ask: impl AsyncFn(&Q) -> Result<A, E>,
) -> Result<HashMap<Q, A>, ResolveError<E>> {
    let mut different: Vec<Q> = Vec::new();
    for question in questions {
        if !different.contains(&question) {
            different.push(question);
        }
    }
    let ask = &ask;
    let asked = different.into_iter().map(async |question| {
        let answer = ask(&question).await;
        (question, answer)
    });
    let answers: Vec<_> = stream::iter(asked).buffered(limit).collect().await;
    let mut errors = Vec::new();
    let mut good = HashMap::new();
    for (question, answer) in answers {
        match answer {
            Ok(answer) => drop(good.insert(question, answer)),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(good)
    } else {
        Err(ResolveError::Sources(errors))
    }
}

fn choose_all<E>(
    requirements: &[Requirement],
    versions: &HashMap<Place, Vec<String>>,
) -> Result<Vec<String>, ResolveError<E>> {
    let mut missing = Vec::new();
    let mut choices = Vec::new();
    for requirement in requirements {
        if let Some(version) = requirement.exact_version() {
            choices.push(version.to_owned());
            continue;
        }
        let there = versions.get(requirement.place()).map_or(&[][..], Vec::as_slice);
        let matches = |version: &&String| {
            Version::parse(version).is_ok_and(|version| requirement.range().check(&version))
        };
        match (there.iter().find(matches), &requirement.place().repository) {
            // Helm locks what is required of a chart in `charts/`, and not what is there.
            (Some(_), DependencyRepository::Vendored) => {
                choices.push(requirement.dependency().version().to_owned());
            }
            (Some(version), _) => choices.push(version.clone()),
            (None, DependencyRepository::Vendored) => {
                return Err(ResolveError::Vendored(VendoredError {
                    name: requirement.place().name.clone(),
                    version: there.first().cloned().unwrap_or_default(),
                    range: requirement.version().to_owned(),
                }));
            }
            (None, _) => missing.push(MissingVersion {
                name: requirement.place().name.clone(),
                repository: requirement.dependency().repository().to_owned(),
                version: requirement.version().to_owned(),
                candidates: there.iter().take(CANDIDATES).cloned().collect(),
            }),
        }
    }
    if missing.is_empty() {
        Ok(choices)
    } else {
        Err(ResolveError::Missing(MissingVersionsError { charts: missing }))
    }
}

/// A question about one version of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    place: Place,
    version: String,
    digest: Option<Digest>,
}

/// A requirement whose version is chosen.
struct Chosen<'all> {
    requirement: &'all Requirement,
    version: String,
    /// What the lock file says of the content.
    pin: Option<Pin>,
    /// Whether that is good enough.
    is_pinned: bool,
}

impl<'all> Chosen<'all> {
    fn new(requirement: &'all Requirement, version: String, before: Option<Before<'_>>) -> Self {
        let dependency = requirement.dependency();
        let find = |lock: &'_ LockFile| {
            lock.find(dependency.name(), dependency.repository(), &version)
                .cloned()
        };
        let locked = before.and_then(|before| find(before.lock));
        let pin = locked.as_ref().and_then(|locked| locked.pin.clone());
        let identity = pin.as_ref().map(Pin::identity);
        let is_other = requirement
            .digest()
            .is_some_and(|digest| identity != Some(digest));
        let keeps = |locked: &LockedDependency| before.is_some_and(|before| (before.keeps)(locked));
        let is_kept = pin.is_some() && locked.as_ref().is_some_and(keeps);
        Self {
            is_pinned: is_kept && !is_other && requirement.exact_version().is_none(),
            requirement,
            version,
            pin,
        }
    }

    /// What to ask the source.
    fn question(&self) -> Option<Question> {
        let is_vendored = self.requirement.place().repository == DependencyRepository::Vendored;
        (!self.is_pinned && !is_vendored).then(|| Question {
            place: self.requirement.place().clone(),
            version: self.version.clone(),
            digest: self.requirement.digest().cloned(),
        })
    }

    fn resolved<H: Clone>(&self, found: &HashMap<Question, Found<H>>) -> Resolved<H> {
        let found = self.question().and_then(|question| found.get(&question)).cloned();
        let (version, pin) = match &found {
            Some(found) => (found.version.clone(), found.pin.clone()),
            None => (self.version.clone(), self.pin.clone()),
        };
        let identity = |pin: &Option<Pin>| pin.as_ref().map(|pin| pin.identity().clone());
        let moved_from =
            identity(&self.pin).filter(|before| identity(&pin).is_some_and(|now| now != *before));
        let dependency = self.requirement.dependency();
        Resolved {
            place: self.requirement.place().clone(),
            locked: LockedDependency {
                dependency: Dependency::locked(dependency.name(), version, dependency.repository()),
                pin,
            },
            found,
            moved_from,
        }
    }
}
