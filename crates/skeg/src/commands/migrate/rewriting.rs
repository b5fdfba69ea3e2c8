//! Charts on disk whose dependencies are in the old repository.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use skeg_files::Readers;
use skeg_go::semver::{Version, VersionConstraint};
use skeg_migrate::{Rewritten, rewrite};
use skeg_registry::PushTarget;

use super::about;
use super::report::{RewriteReport, VersionReport};
use super::source::Source;
use crate::error::CommandError;
use crate::printer::Printer;

/// The files that name dependencies.
const NAMES: [&str; 2] = ["Chart.yaml", "requirements.yaml"];

/// The files that say what was locked.
const LOCKS: [&str; 2] = ["Chart.lock", "requirements.lock"];

/// Files to look through.
#[derive(Default)]
pub(super) struct Rewriting {
    files: Vec<PathBuf>,
}

impl Rewriting {
    /// Finds the files below the directories; symbolic links and hidden directories are left alone.
    pub(super) fn find(directories: &[PathBuf]) -> Result<Self, CommandError> {
        let mut rewriting = Self::default();
        for directory in directories {
            if !directory.is_dir() {
                let text = format!("`{}` is no directory", directory.display());
                return Err(
                    CommandError::user(text).hint("`--rewrite-dependencies` takes a directory with charts")
                );
            }
            rewriting.look_through(directory)?;
        }
        rewriting.files.sort();
        rewriting.files.dedup();
        Ok(rewriting)
    }

    fn look_through(&mut self, directory: &Path) -> Result<(), CommandError> {
        for entry in fs_err::read_dir(directory)? {
            let entry = entry?;
            let (kind, name) = (entry.file_type()?, entry.file_name());
            if kind.is_dir() && !name.as_encoded_bytes().starts_with(b".") {
                self.look_through(&entry.path())?;
            } else if kind.is_file() && NAMES.iter().any(|known| name == *known) {
                self.files.push(entry.path());
            }
        }
        Ok(())
    }

    /// Changes what can be changed; what cannot is told, and stays.
    pub(super) fn run(
        &self,
        source: &Source,
        target: &PushTarget,
        versions: &[VersionReport],
        (is_dry_run, printer): (bool, &Printer),
    ) -> (Vec<RewriteReport>, Vec<CommandError>) {
        let there = Versions::there(versions);
        let (old, new) = (source.old(), target.to_string());
        let (mut reports, mut errors) = (Vec::new(), Vec::new());
        for file in &self.files {
            let changed = read(file).and_then(|text| {
                let rewritten = rewrite(&text, &old, &new, |chart, range| there.has(chart, range));
                rewritten.map_err(|error| about(&file.display().to_string(), &CommandError::user(error)))
            });
            match changed {
                Ok(rewritten) => {
                    for (name, line) in &rewritten.left {
                        printer.warning(&format!(
                            "{}:{line}: no version of `{name}` in its range was taken: it stays in the old repository",
                            file.display()
                        ));
                    }
                    if !rewritten.replaced.is_empty() && !is_dry_run {
                        if let Err(error) = write(file, &rewritten.text) {
                            errors.push(error);
                            continue;
                        }
                        tell_stale_lock(file, printer);
                    }
                    reports.extend(report(file, &new, rewritten));
                }
                Err(error) => errors.push(error),
            }
        }
        (reports, errors)
    }
}

/// The versions of each chart that are at their destination.
struct Versions<'reports>(HashMap<&'reports str, Vec<Version>>);

impl<'reports> Versions<'reports> {
    fn there(reports: &'reports [VersionReport]) -> Self {
        let mut there: HashMap<&str, Vec<Version>> = HashMap::new();
        for report in reports.iter().filter(|report| report.status.is_there()) {
            let versions = there.entry(&report.name).or_default();
            versions.extend(Version::parse(&report.version));
        }
        Self(there)
    }

    /// Whether a version is in a range as it stands in `Chart.yaml`.
    fn has(&self, chart: &str, range: &str) -> bool {
        let versions = self.0.get(chart).map(Vec::as_slice).unwrap_or_default();
        VersionConstraint::parse(range).is_ok_and(|range| versions.iter().any(|version| range.check(version)))
    }
}

fn read(file: &Path) -> Result<String, CommandError> {
    let bytes = fs_err::read(file)?;
    String::from_utf8(bytes).map_err(|_| CommandError::user(format!("{} is not UTF-8", file.display())))
}

fn write(file: &Path, text: &str) -> Result<(), CommandError> {
    let permissions = fs_err::metadata(file)?.permissions();
    let mut temporary = skeg_files::temporary_beside(file, Readers::Umask)?;
    temporary.write_all(text.as_bytes())?;
    temporary.as_file().set_permissions(permissions)?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn report(file: &Path, new: &str, rewritten: Rewritten) -> impl Iterator<Item = RewriteReport> {
    rewritten.replaced.into_iter().map(move |replaced| RewriteReport {
        file: file.to_owned(),
        line: replaced.line,
        name: replaced.chart,
        from: replaced.from,
        to: new.to_owned(),
    })
}

/// A lock file belongs to what was there before.
fn tell_stale_lock(file: &Path, printer: &Printer) {
    let Some(chart) = file.parent() else { return };
    if LOCKS.iter().any(|lock| chart.join(lock).is_file()) {
        let chart = chart.display();
        printer.hint(format!(
            "the lock file of `{chart}` is of before: run `skeg dependency update {chart}`"
        ));
    }
}
