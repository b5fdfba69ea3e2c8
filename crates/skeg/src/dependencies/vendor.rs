//! Making `charts/` match what was resolved: what is there and right stays, the rest is fetched, checked and put there.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use futures_util::{StreamExt as _, stream};
use skeg_chart::{ArchiveSummary, Limits, LoadOptions};
use skeg_files::ScratchDirectory;
use skeg_oci::{Digest, Digester};
use skeg_resolve::{DependencyRepository, Found, LockedDependency, Pin, Resolved, Source as _};

use super::SIDE_BY_SIDE;
use super::directory::ChartDirectory;
use super::error::changed;
use super::source::{ChartSource, Handle};
use super::swap::Swap;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::blocking;

/// What became of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It came from its registry, or out of the cache.
    Fetched,
    /// Its archive is in `charts/` and has the right digest.
    Present,
    /// The same chart as that of an earlier dependency.
    Repeated,
    /// It was packaged from its directory.
    Packaged,
    /// It belongs to the chart.
    Local,
}

/// What `charts/` has now.
#[derive(Debug, Default)]
pub(super) struct Vendored {
    /// For each dependency what became of it, and its archive.
    pub(super) states: Vec<(State, Option<String>)>,
    /// The archives that were removed.
    pub(super) removed: Vec<String>,
    /// What Helm says about files that are no charts.
    pub(super) notes: Vec<String>,
}

/// A chart in the staging directory.
struct Staged {
    index: usize,
    file: PathBuf,
    name: String,
}

/// Makes `charts/` match, and runs `finish` while the change can still be undone.
pub(super) async fn vendor(
    chart: &ChartDirectory,
    resolved: &[Resolved<Handle>],
    source: &ChartSource<'_>,
    finish: impl FnOnce() -> Result<(), CommandError>,
) -> Result<Vendored, CommandError> {
    let charts = Charts::open(chart.charts())?;
    let mut plan = Plan::new(resolved);
    plan.find_present(&charts.path).await?;
    let missing = plan.missing();
    // Without anything to fetch or to remove there is no temporary directory.
    let staging = if missing.is_empty() {
        None
    } else {
        Some(charts.scratch()?)
    };
    let mut staged = match &staging {
        Some(directory) => stage(&missing, resolved, source, directory.path()).await?,
        None => Vec::new(),
    };
    check_staged(&staged, resolved, source.context.limits_for_reading()?).await?;
    plan.note_staged(&staged, resolved)?;
    staged.retain(|staged| !is_same(&staged.file, &charts.path.join(&staged.name)));
    let outdated = Outdated::find(&charts.path, &plan, resolved, source.context)?;
    charts.change(&staged, &outdated.names, staging, finish)?;
    Ok(Vendored {
        states: plan
            .states
            .into_iter()
            .map(|(state, name)| (state.unwrap_or(State::Fetched), name))
            .collect(),
        removed: outdated.names,
        notes: outdated.notes,
    })
}

/// The directory `charts/`; what was made for nothing goes again.
struct Charts {
    path: PathBuf,
    is_new: bool,
}

impl Charts {
    fn open(path: PathBuf) -> Result<Self, CommandError> {
        match std::fs::metadata(&path) {
            Ok(about) if !about.is_dir() => {
                return Err(CommandError::user(format!(
                    "{:?} is not a directory",
                    path.display().to_string()
                )));
            }
            Ok(_) => return Ok(Self { path, is_new: false }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        fs_err::create_dir(&path)?;
        Ok(Self { path, is_new: true })
    }

    fn scratch(&self) -> Result<ScratchDirectory, CommandError> {
        ScratchDirectory::create_in(&self.path).map_err(|source| {
            let path = self.path.clone();
            CommandError::user(WriteChartsError { path, source })
        })
    }

    fn change(
        mut self,
        staged: &[Staged],
        outdated: &[String],
        staging: Option<ScratchDirectory>,
        finish: impl FnOnce() -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        if staged.is_empty() && outdated.is_empty() {
            finish()?;
        } else {
            let scratch = staging.map_or_else(|| self.scratch(), Ok)?;
            let aside = scratch.path().join("aside");
            fs_err::create_dir(&aside)?;
            let mut swap = Swap::new(&self.path, &aside);
            for staged in staged {
                swap.put(&staged.file, &staged.name)?;
            }
            for name in outdated {
                swap.remove(name)?;
            }
            finish()?;
            swap.keep();
        }
        self.is_new = false;
        Ok(())
    }
}

impl Drop for Charts {
    fn drop(&mut self) {
        if self.is_new {
            // A directory with something in it stays.
            drop(std::fs::remove_dir(&self.path));
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("cannot write to `{}`", path.display())]
struct WriteChartsError {
    path: PathBuf,
    source: std::io::Error,
}

/// What is to be done for each dependency.
struct Plan {
    states: Vec<(Option<State>, Option<String>)>,
    /// For a repeated dependency the first one.
    first: Vec<usize>,
    /// Those whose archives may be there already.
    locked: Vec<LockedDependency>,
}

impl Plan {
    fn new(resolved: &[Resolved<Handle>]) -> Self {
        let mut seen = HashMap::new();
        let mut plan = Self {
            states: Vec::new(),
            first: Vec::new(),
            locked: resolved.iter().map(|one| one.locked.clone()).collect(),
        };
        for (index, one) in resolved.iter().enumerate() {
            let dependency = &one.locked.dependency;
            let first = *seen.entry((&one.place, dependency.version())).or_insert(index);
            let state = match one.place.repository {
                DependencyRepository::Vendored => Some(State::Local),
                _ if first != index => Some(State::Repeated),
                _ => None,
            };
            plan.states.push((state, None));
            plan.first.push(first);
        }
        plan
    }

    /// Looks which archives are there and have the right digest.
    async fn find_present(&mut self, charts: &Path) -> Result<(), CommandError> {
        let charts = charts.to_owned();
        let locked = self.locked.clone();
        let present = blocking(move || {
            let names = locked.iter().map(|locked| vendored_name(locked, &charts));
            Ok(names.collect::<Vec<_>>())
        })
        .await?;
        for (index, name) in present.into_iter().enumerate() {
            if self.states[index].0.is_none() && name.is_some() {
                self.states[index] = (Some(State::Present), name);
            }
        }
        Ok(())
    }

    fn missing(&self) -> Vec<usize> {
        let states = self.states.iter().enumerate();
        states
            .filter(|(_, (state, _))| state.is_none())
            .map(|(index, _)| index)
            .collect()
    }

    /// Notes the names of what was fetched. Two charts cannot have the same one.
    fn note_staged(&mut self, staged: &[Staged], resolved: &[Resolved<Handle>]) -> Result<(), CommandError> {
        for staged in staged {
            let state = match resolved[staged.index].place.repository {
                DependencyRepository::Directory(_) => State::Packaged,
                _ => State::Fetched,
            };
            self.states[staged.index] = (Some(state), Some(staged.name.clone()));
        }
        for index in 0..self.states.len() {
            if self.states[index].0 == Some(State::Repeated) {
                self.states[index].1 = self.states[self.first[index]].1.clone();
            }
        }
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (index, (_, name)) in self.states.iter().enumerate() {
            let Some(name) = name else { continue };
            let other = *seen.entry(name.as_str()).or_insert(index);
            if self.first[other] != self.first[index] {
                return Err(same_name(name, [other, index], resolved));
            }
        }
        Ok(())
    }

    fn names(&self) -> HashSet<&str> {
        self.states
            .iter()
            .filter_map(|(_, name)| name.as_deref())
            .collect()
    }
}

fn same_name(name: &str, indexes: [usize; 2], resolved: &[Resolved<Handle>]) -> CommandError {
    let [one, other] = indexes.map(|index| resolved[index].locked.dependency.repository().to_owned());
    CommandError::user(format!(
        "two dependencies would both be charts/{name}: one from {one}, one from {other}"
    ))
    .hint("take both from the same repository, or different versions of them")
}

/// Fetches what is missing, each chart into a directory of its own.
async fn stage(
    missing: &[usize],
    resolved: &[Resolved<Handle>],
    source: &ChartSource<'_>,
    scratch: &Path,
) -> Result<Vec<Staged>, CommandError> {
    let jobs = missing.iter().map(async |&index| {
        let one = &resolved[index];
        let found = if let Some(found) = &one.found {
            found.clone()
        } else {
            let identity = one.locked.pin.as_ref().map(Pin::identity);
            source
                .find(&one.place, one.locked.dependency.version(), identity)
                .await?
        };
        let directory = scratch.join(index.to_string());
        fs_err::create_dir(&directory)?;
        let name = source.fetch(&found, &directory).await?;
        let file = directory.join(&name);
        require_locked(one, &found, &file).await?;
        Ok(Staged { index, file, name })
    });
    let results: Vec<Result<Staged, CommandError>> =
        stream::iter(jobs).buffered(SIDE_BY_SIDE).collect().await;
    let mut errors = Vec::new();
    let staged = results
        .into_iter()
        .filter_map(|result| result.map_err(|error| errors.push(error)).ok());
    let staged = staged.collect();
    CommandError::all_of(errors, source.context.printer())?;
    Ok(staged)
}

/// What was fetched has the digest that its source has told. An index without digests does not tell; there the bytes do.
async fn require_locked(
    one: &Resolved<Handle>,
    found: &Found<Handle>,
    file: &Path,
) -> Result<(), CommandError> {
    let Some(expected) = one.locked.pin.as_ref().map(|pin| pin.archive.clone()) else {
        return Ok(());
    };
    let actual = if let Some(pin) = &found.pin {
        pin.archive.clone()
    } else {
        let (path, digester) = (file.to_owned(), Digester::new(expected.algorithm()));
        blocking(move || Ok(hash(&path, digester)?)).await?
    };
    if actual == expected {
        return Ok(());
    }
    let dependency = &one.locked.dependency;
    Err(changed(
        dependency.name(),
        dependency.version(),
        [&expected, &actual],
    ))
}

/// What came is a chart, whatever its manifest says.
async fn check_staged(
    staged: &[Staged],
    resolved: &[Resolved<Handle>],
    limits: Limits,
) -> Result<(), CommandError> {
    let charts: Vec<(PathBuf, String)> = staged
        .iter()
        .map(|staged| {
            let dependency = &resolved[staged.index].locked.dependency;
            (
                staged.file.clone(),
                format!("{} {}", dependency.name(), dependency.version()),
            )
        })
        .collect();
    blocking(move || {
        for (file, name) in charts {
            ArchiveSummary::scan(&file, &limits)
                .map_err(|error| CommandError::user(error).about(&file, &name))?;
        }
        Ok(())
    })
    .await
}

/// Files in `charts/` that are no longer wanted.
#[derive(Default)]
struct Outdated {
    names: Vec<String>,
    notes: Vec<String>,
}

impl Outdated {
    /// Helm 4.3.1: whatever is a chart's archive, is not among the dependencies, and is none of those without a repository.
    fn find(
        charts: &Path,
        plan: &Plan,
        resolved: &[Resolved<Handle>],
        context: &Context,
    ) -> Result<Self, CommandError> {
        let wanted = plan.names();
        let is_local = |name: &str| {
            let local = resolved
                .iter()
                .filter(|one| one.place.repository == DependencyRepository::Vendored);
            local.into_iter().any(|one| one.place.name == name)
        };
        let mut names: Vec<String> = fs_err::read_dir(charts)?
            .filter_map(Result::ok)
            .filter(|entry| !entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !wanted.contains(name.as_str()))
            .collect();
        names.sort();
        let mut outdated = Self::default();
        for name in names {
            let path = charts.join(&name);
            match chart_name(&path, context)? {
                Ok(chart) if is_local(&chart) => {}
                Ok(_) => outdated.names.push(name),
                Err(problem) => outdated.notes.push(format!(
                    "Could not verify {} for deletion: {problem} (Skipping)",
                    path.display()
                )),
            }
        }
        Ok(outdated)
    }
}

/// The name of the chart in an archive, or what is wrong with it.
fn chart_name(path: &Path, context: &Context) -> Result<Result<String, String>, CommandError> {
    let options = LoadOptions {
        limits: context.limits_for_reading()?,
        ..LoadOptions::default()
    };
    let scanned = ArchiveSummary::scan(path, &options.limits);
    Ok(scanned
        .map(|summary| summary.metadata().name().to_owned())
        .map_err(|error| crate::error::chain(&error)))
}

/// Whether the archive of a locked chart is in `charts/`, and what it was.
pub(super) fn is_vendored(locked: &LockedDependency, charts: &Path) -> bool {
    vendored_name(locked, charts).is_some()
}

/// The name of a locked chart's archive in `charts/`. Those of classic repositories have the names that they have there.
fn vendored_name(locked: &LockedDependency, charts: &Path) -> Option<String> {
    let digest = &locked.pin.as_ref()?.archive;
    let dependency = &locked.dependency;
    let name = format!("{}-{}.tgz", dependency.name(), dependency.version());
    if has_digest(&charts.join(&name), digest) {
        return Some(name);
    }
    let repository = DependencyRepository::parse(dependency.repository());
    if !matches!(repository, DependencyRepository::Classic(_)) {
        return None;
    }
    let entries = fs_err::read_dir(charts).ok()?.flatten();
    let mut names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.find(|name| is_archive_name(name) && has_digest(&charts.join(name), digest))
}

/// Whether a file of this name in `charts/` is taken for a chart.
pub(super) fn is_archive_name(name: &str) -> bool {
    let path = Path::new(name);
    path.file_name().is_some_and(|file| file == name)
        && path.extension().is_some_and(|ending| ending == "tgz")
}

fn has_digest(path: &Path, expected: &Digest) -> bool {
    hash(path, Digester::new(expected.algorithm())).is_ok_and(|digest| digest == *expected)
}

fn hash(path: &Path, mut digester: Digester) -> std::io::Result<Digest> {
    let mut file = fs_err::File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digester.finish()),
            count => digester.update(&buffer[..count]),
        }
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let digests = [one, other].map(|path| hash(path, Digester::sha256()));
    matches!(digests, [Ok(one), Ok(other)] if one == other)
}
