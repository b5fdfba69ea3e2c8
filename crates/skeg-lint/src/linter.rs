//! Running the rules over a chart.

use std::cell::OnceCell;
use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use fs_err as fs;
use skeg_chart::{
    Chart, FollowedSymlink, Limits, LoadChartError, LoadOptions, ParseChartNameError, ScanArchiveError,
    UnpackArchiveError, unpack_archive,
};
use skeg_engine::{KubeVersion, Surroundings};
use skeg_go::GoMap;
use skeg_values::schema::SchemaSource;

use crate::finding::{Finding, Position, Severity};
use crate::rule::Rule;
use crate::rules::{chartfile, crds, dependencies, templates, values};
use skeg_go::errors::{chain, system_words};

/// What a chart is checked with.
#[derive(Clone)]
pub struct LintOptions {
    /// The namespace of the release that the templates are rendered for.
    pub namespace: String,
    /// Values over those of the chart.
    pub values: GoMap,
    /// The version of Kubernetes; that of Helm's own libraries if there is none.
    pub kube_version: Option<KubeVersion>,
    /// Whether the schema of the values is passed over.
    pub skip_schema_validation: bool,
    /// Where the schemas are that the schema of the values refers to; without it they cannot be loaded.
    pub schema_source: Option<Rc<dyn SchemaSource>>,
    /// What the chart may hold.
    pub limits: Limits,
    /// The clock and the source of random bytes.
    pub surroundings: Surroundings,
}

impl fmt::Debug for LintOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LintOptions")
            .field("namespace", &self.namespace)
            .field("values", &self.values)
            .field("kube_version", &self.kube_version)
            .field("skip_schema_validation", &self.skip_schema_validation)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// What was found in a chart.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Findings {
    /// The findings, in the order of Helm.
    pub list: Vec<Finding>,
    /// What Helm logs on the way, such as what a chart would have required.
    pub log: Vec<String>,
    /// The symbolic links that are followed, once for each time that Helm loads the chart.
    pub symlinks: Vec<FollowedSymlink>,
}

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LintError {
    /// There is no `Chart.yaml`.
    #[error("unable to check Chart.yaml file in chart: stat {}: {}", path.display(), system_words(reason))]
    NoChart {
        /// Where it should be.
        path: PathBuf,
        /// Why it is not there.
        reason: io::Error,
    },
    /// The archive cannot be opened.
    #[error("unable to open tarball: open {}: {}", path.display(), system_words(reason))]
    OpenArchive {
        /// The archive.
        path: PathBuf,
        /// Why not.
        reason: io::Error,
    },
    /// The archive cannot be unpacked.
    #[error("unable to extract tarball: {}", in_words_of_helm(.0))]
    Unpack(UnpackArchiveError),
    /// There is no directory in the archive.
    #[error("unable to read temporary output directory")]
    ReadUnpacked(#[source] io::Error),
}

fn in_words_of_helm(error: &UnpackArchiveError) -> String {
    match error {
        UnpackArchiveError::Archive(error) => match error {
            ScanArchiveError::Directory { archive } => format!("read {}: is a directory", archive.display()),
            ScanArchiveError::NotGzip { gzip, .. } => (*gzip).to_owned(),
            ScanArchiveError::Archive { source, .. } => source.in_words_of_go(),
            ScanArchiveError::MissingChartYaml { .. } => "chart name not specified".to_owned(),
            ScanArchiveError::Metadata { source, .. } => chain(source),
            other => chain(other),
        },
        UnpackArchiveError::Name { source, .. } if *source == ParseChartNameError::Missing => {
            "chart name not specified".to_owned()
        }
        UnpackArchiveError::Name { source, .. } => source.to_string(),
        other => chain(other),
    }
}

/// Checks the chart in a directory, with the rules, the order and the words of `helm lint` 4.3.1.
///
/// # Errors
/// There is no `Chart.yaml`.
pub fn lint_directory(directory: &Path, options: &LintOptions) -> Result<Findings, LintError> {
    let chart_yaml = clean(&directory.join("Chart.yaml"));
    if let Err(reason) = std::fs::metadata(&chart_yaml) {
        return Err(LintError::NoChart {
            path: chart_yaml,
            reason,
        });
    }
    let mut linter = Linter::new(directory, options);
    chartfile::check(&mut linter);
    values::check(&mut linter);
    templates::check(&mut linter);
    dependencies::check(&mut linter);
    crds::check(&mut linter);
    Ok(linter.findings)
}

/// Checks the chart in an archive, which is unpacked into the empty directory `scratch`.
///
/// # Errors
/// The archive cannot be unpacked, or there is no `Chart.yaml` in it.
pub fn lint_archive(archive: &Path, scratch: &Path, options: &LintOptions) -> Result<Findings, LintError> {
    if let Err(reason) = fs::File::open(archive) {
        let path = archive.to_owned();
        return Err(LintError::OpenArchive { path, reason });
    }
    unpack_archive(archive, scratch, &options.limits).map_err(LintError::Unpack)?;
    let mut entries = fs::read_dir(scratch).map_err(LintError::ReadUnpacked)?;
    let first = entries
        .next()
        .unwrap_or_else(|| Err(io::ErrorKind::NotFound.into()));
    lint_directory(&first.map_err(LintError::ReadUnpacked)?.path(), options)
}

/// The tools of the rules: the chart, and where findings go.
pub(crate) struct Linter<'options> {
    directory: PathBuf,
    options: &'options LintOptions,
    findings: Findings,
    chart: OnceCell<Result<Chart, LoadChartError>>,
}

/// What is found without its words.
pub(crate) struct Spot<'text> {
    pub(crate) rule: Rule,
    /// What the finding is about, in Helm's words.
    pub(crate) subject: &'text str,
    /// The file to look into.
    pub(crate) file: Option<&'text str>,
    pub(crate) position: Option<Position>,
}

impl<'text> Spot<'text> {
    /// About a file of the chart.
    pub(crate) fn file(rule: Rule, path: &'text str) -> Self {
        Self {
            rule,
            subject: path,
            file: Some(path),
            position: None,
        }
    }

    /// About something that is no file.
    pub(crate) fn subject(rule: Rule, subject: &'text str) -> Self {
        Self {
            rule,
            subject,
            file: None,
            position: None,
        }
    }

    /// At a place in the file.
    pub(crate) fn at(self, position: Option<Position>) -> Self {
        Self { position, ..self }
    }

    /// In a file other than the one that Helm names.
    pub(crate) fn in_file(self, file: &'text str) -> Self {
        Self {
            file: Some(file),
            ..self
        }
    }
}

impl<'options> Linter<'options> {
    fn new(directory: &Path, options: &'options LintOptions) -> Self {
        Self {
            directory: absolute(directory),
            options,
            findings: Findings::default(),
            chart: OnceCell::new(),
        }
    }

    pub(crate) fn options(&self) -> &'options LintOptions {
        self.options
    }

    /// The directory of the chart, as an absolute path.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Notes something that is wrong.
    pub(crate) fn report(&mut self, severity: Severity, spot: &Spot<'_>, message: impl Into<String>) {
        self.findings.list.push(Finding {
            severity,
            rule: spot.rule,
            subject: spot.subject.to_owned(),
            message: message.into(),
            file: spot.file.map(str::to_owned),
            position: spot.position,
        });
    }

    /// Notes what Helm logs.
    pub(crate) fn log(&mut self, lines: &[String]) {
        self.findings.log.extend_from_slice(lines);
    }

    /// Notes that Helm loads the chart here, and says once more which links it follows.
    pub(crate) fn note_loading(&mut self) {
        let followed = self.chart().map(|chart| chart.symlinks().to_vec());
        self.findings.symlinks.extend(followed.unwrap_or_default());
    }

    /// The chart; in words why it cannot be loaded.
    pub(crate) fn chart(&self) -> Result<&Chart, String> {
        let load = || {
            let options = LoadOptions {
                limits: self.options.limits,
                ..LoadOptions::default()
            };
            Chart::load(&self.directory, &options)
        };
        self.chart
            .get_or_init(load)
            .as_ref()
            .map_err(|error| chain(error))
    }
}

/// The path from the root, without `.` and `..`.
fn absolute(path: &Path) -> PathBuf {
    clean(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

/// The path without `.`, and without `..` behind a name.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => {
                clean.pop();
            }
            Component::ParentDir if clean.has_root() => {}
            other => clean.push(other),
        }
    }
    clean
}
