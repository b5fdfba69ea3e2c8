//! Loading the chart that is rendered.

use std::path::Path;

use skeg_chart::{Chart, LoadChartError, LoadOptions, ScanArchiveError};

use crate::args::ChartSelectionArgs;
use crate::chart_location::ChartLocation;
use crate::chart_source::{Announce, FetchOptions, FetchedChart, fetch_chart, print_followed};
use crate::classic;
use crate::context::Context;
use crate::dependencies::{self, RunOptions, UpdateOptions, print_lines};
use crate::error::{CommandError, system_words};

/// Loads the chart.
pub(crate) fn load(
    location: ChartLocation,
    selection: &ChartSelectionArgs,
    context: &Context,
) -> Result<Chart, CommandError> {
    let loaded = load_announced(location, selection, Announce::Aside, context)?;
    Ok(loaded.chart)
}

fn load_announced(
    location: ChartLocation,
    selection: &ChartSelectionArgs,
    announce: Announce,
    context: &Context,
) -> Result<FetchedChart, CommandError> {
    let load = LoadOptions {
        limits: context.limits_for_reading()?,
        ..LoadOptions::default()
    };
    let loaded = match location {
        ChartLocation::Path(path) => FetchedChart::local(load_path(&path, &load, context)?),
        ChartLocation::Reference(reference) => {
            fetch_chart(&reference, selection, FetchOptions { load, announce }, context)?
        }
        ChartLocation::Classic(chart) => {
            classic::fetch_chart(&chart, selection, FetchOptions { load, announce }, context)?
        }
    };
    check_api_version(&loaded.chart)?;
    Ok(loaded)
}

/// How a chart is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LoadManner {
    /// Whether missing dependencies are fetched first.
    pub(crate) updates_dependencies: bool,
    /// Where it is said which chart was taken.
    pub(crate) announce: Announce,
}

/// Loads the chart, and before that fetches what it lacks if that is wanted.
pub(crate) fn load_complete(
    location: ChartLocation,
    selection: &ChartSelectionArgs,
    manner: LoadManner,
    context: &Context,
) -> Result<FetchedChart, CommandError> {
    let directory = match &location {
        ChartLocation::Path(path) if path.is_dir() && manner.updates_dependencies => Some(path.clone()),
        _ => None,
    };
    let loaded = load_announced(location, selection, manner.announce, context)?;
    match directory {
        Some(directory) if lacks_dependencies(&loaded.chart) => {
            let options = UpdateOptions::default();
            let reports = dependencies::update(
                &directory,
                options,
                RunOptions::default(),
                &selection.access,
                context,
            )?;
            for report in &reports {
                print_lines(report, context.globals().debug, |line| {
                    context.printer().status(line);
                    Ok(())
                })?;
            }
            load_announced(
                ChartLocation::Path(directory),
                selection,
                manner.announce,
                context,
            )
        }
        _ => Ok(loaded),
    }
}

/// Helm 4.3.1 looks for the names alone.
fn lacks_dependencies(chart: &Chart) -> bool {
    let is_there = |name: &str| {
        chart
            .subcharts()
            .iter()
            .any(|inner| inner.metadata().name() == name)
    };
    chart
        .metadata()
        .dependencies()
        .iter()
        .any(|dependency| !is_there(dependency.name()))
}

fn load_path(path: &Path, options: &LoadOptions, context: &Context) -> Result<Chart, CommandError> {
    let chart_yaml = path.join("Chart.yaml");
    if path.is_dir()
        && let Err(error) = std::fs::metadata(&chart_yaml)
    {
        let (path, reason) = (chart_yaml.display(), system_words(&error));
        return Err(CommandError::user(format!(
            "unable to detect chart at {path}: open {path}: {reason}"
        )));
    }
    let chart = Chart::load(path, options).map_err(in_words_of_helm)?;
    for link in chart.symlinks() {
        print_followed(link, context.printer());
    }
    Ok(chart)
}

/// Helm 4.3.1 does not say what is wrong with an archive; here a hint does.
fn in_words_of_helm(error: LoadChartError) -> CommandError {
    match error {
        LoadChartError::Archive(ScanArchiveError::Archive { source, .. }) => {
            let hint = format!("package the chart anew: {}", crate::error::chain(&source));
            CommandError::user("unable to load chart archive").hint(hint)
        }
        LoadChartError::Archive(ScanArchiveError::MissingChartYaml { .. }) => {
            CommandError::user("unable to detect chart version, no Chart.yaml found")
        }
        other => CommandError::user(other),
    }
}

/// Charts of later versions are for later programs.
fn check_api_version(chart: &Chart) -> Result<(), CommandError> {
    match chart.metadata().api_version() {
        "v1" | "v2" => Ok(()),
        "v3" => Err(CommandError::user("invalid chart apiVersion")),
        _ => Err(CommandError::user("unsupported chart version")),
    }
}
