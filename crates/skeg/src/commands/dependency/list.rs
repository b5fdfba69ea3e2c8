//! `skeg dependency list`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use skeg_chart::{Chart, Dependency, LoadOptions, Metadata};
use skeg_go::semver::{Version, VersionConstraint};

use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::{CommandError, system_words};
use crate::table::Table;

/// List the dependencies of a chart, and what is in charts/
///
/// The chart is a directory or an archive. Nothing is fetched.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "ls", override_usage = "skeg dependency list CHART [flags]")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    chart: super::ChartArgs,

    /// Cut off cells that are wider; 0 is no limit
    #[arg(long, value_name = "WIDTH", default_value_t = 80)]
    max_col_width: usize,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListReport {
    dependencies: Vec<ListedDependency>,
    /// Charts in `charts/` that nobody asked for.
    undeclared: Vec<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedDependency {
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    alias: String,
    version: String,
    repository: String,
    status: &'static str,
}

/// Helm 4.3.1: a table, an empty line and warnings, all on standard output.
pub(crate) fn list(args: &ListArgs, context: &Context) -> Result<(), CommandError> {
    let path = crate::dependencies::clean_path(&args.chart.chart);
    let options = LoadOptions {
        limits: context.limits_for_reading()?,
        ..LoadOptions::default()
    };
    let chart = load(&path, &options)?;
    let dependencies = chart.metadata().dependencies();
    let rows: Vec<ListedDependency> = dependencies
        .iter()
        .map(|one| ListedDependency::new(one, &path, &chart, &options))
        .collect();
    let found = Undeclared::find(&path, dependencies, &options);
    let report = ListReport {
        dependencies: rows,
        undeclared: found.undeclared,
    };
    let printer = context.printer();
    if args.output.output.print(&report, printer)? {
        return Ok(());
    }
    if dependencies.is_empty() {
        printer.line(format!(
            "WARNING: no dependencies at {}",
            shown(&path.join("charts"))
        ))?;
        return Ok(());
    }
    let mut table = Table::new(["NAME", "VERSION", "REPOSITORY", "STATUS"]).max_width(args.max_col_width);
    for one in &report.dependencies {
        table.row([&one.name, &one.version, &one.repository, one.status]);
    }
    table.print_padded(context)?;
    printer.line("")?;
    found
        .warnings
        .iter()
        .try_for_each(|warning| printer.line(warning))?;
    Ok(())
}

/// Loads a chart with everything in it.
pub(super) fn load(path: &Path, options: &LoadOptions) -> Result<Chart, CommandError> {
    std::fs::metadata(path).map_err(|error| {
        let reason = system_words(&error);
        CommandError::user(format!("stat {}: {reason}", path.display()))
    })?;
    Chart::load(path, options).map_err(CommandError::user)
}

impl ListedDependency {
    fn new(dependency: &Dependency, path: &Path, chart: &Chart, options: &LoadOptions) -> Self {
        Self {
            name: dependency.name().to_owned(),
            alias: dependency.alias().to_owned(),
            version: dependency.version().to_owned(),
            repository: dependency.repository().to_owned(),
            status: status(dependency, path, chart, options),
        }
    }
}

/// What is in `charts/` for a dependency, in the words of Helm 4.3.1.
fn status(dependency: &Dependency, path: &Path, chart: &Chart, options: &LoadOptions) -> &'static str {
    let prefix = format!("{}-", dependency.name());
    let version = |name: &str| {
        name.strip_prefix(&prefix)?
            .strip_suffix(".tgz")
            .map(str::to_owned)
    };
    let archives: Vec<(PathBuf, String)> = files(&path.join("charts"))
        .into_iter()
        .filter_map(|file| {
            let version = version(file.file_name()?.to_str()?)?;
            Some((file, version))
        })
        .collect();
    let strict: Vec<_> = archives
        .iter()
        .filter(|(_, version)| Version::parse_strict(version).is_ok())
        .collect();
    match (archives.as_slice(), strict.as_slice()) {
        ([(archive, _)], _) | ([_, _, ..], [(archive, _)]) => {
            return archive_status(archive, dependency, options);
        }
        ([_, _, ..], [_, _, ..]) => return "too many matches",
        _ => {}
    }
    let unpacked = chart
        .subcharts()
        .iter()
        .rfind(|inner| inner.metadata().name() == dependency.name());
    match unpacked {
        None => "missing",
        Some(inner) => version_status(inner.metadata(), dependency).unwrap_or("unpacked"),
    }
}

fn archive_status(archive: &Path, dependency: &Dependency, options: &LoadOptions) -> &'static str {
    match Chart::load(archive, options) {
        Err(_) => "corrupt",
        Ok(chart) if chart.metadata().name() != dependency.name() => "misnamed",
        Ok(chart) => version_status(chart.metadata(), dependency).unwrap_or("ok"),
    }
}

/// What is wrong with a chart's version, if anything is.
pub(super) fn version_status(metadata: &Metadata, dependency: &Dependency) -> Option<&'static str> {
    if metadata.version() == dependency.version() {
        return None;
    }
    let range = dependency.version().split('@').next().unwrap_or_default();
    match (
        VersionConstraint::parse(range),
        Version::parse(metadata.version()),
    ) {
        (Ok(range), Ok(version)) if range.check(&version) => None,
        (Ok(_), Ok(_)) => Some("wrong version"),
        _ => Some("invalid version"),
    }
}

/// Charts in `charts/` that `Chart.yaml` does not name.
#[derive(Default)]
struct Undeclared {
    undeclared: Vec<PathBuf>,
    warnings: Vec<String>,
}

impl Undeclared {
    fn find(path: &Path, dependencies: &[Dependency], options: &LoadOptions) -> Self {
        let mut found = Self::default();
        for file in files(&path.join("charts")) {
            let is_archive = file.extension().is_some_and(|extension| extension == "tgz");
            if !file.is_dir() && !is_archive {
                continue;
            }
            let shown = shown(&file);
            match Chart::load(&file, options) {
                Err(_) => found.warnings.push(format!("WARNING: {shown:?} is not a chart.")),
                Ok(chart)
                    if dependencies
                        .iter()
                        .any(|one| one.name() == chart.metadata().name()) => {}
                Ok(_) => {
                    found
                        .warnings
                        .push(format!("WARNING: {shown:?} is not in Chart.yaml."));
                    found.undeclared.push(file);
                }
            }
        }
        found
    }
}

/// A path as Go's `filepath.Join` makes it.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// What is in a directory, by name; nothing if there is none.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(directory).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}
