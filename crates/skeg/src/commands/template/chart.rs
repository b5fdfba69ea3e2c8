//! Loading the chart that is rendered.

use std::path::Path;

use skeg_chart::{Chart, LoadChartError, LoadOptions, ScanArchiveError};

use crate::args::ChartSelectionArgs;
use crate::chart_location::ChartLocation;
use crate::chart_source::{fetch_chart, print_followed};
use crate::classic;
use crate::commands::template::TemplateArgs;
use crate::context::Context;
use crate::dependencies::{self, RunOptions, UpdateOptions, print_lines};
use crate::error::{CommandError, system_words};

/// Loads the chart.
pub(crate) fn load(
    location: ChartLocation,
    selection: &ChartSelectionArgs,
    context: &Context,
) -> Result<Chart, CommandError> {
    let options = LoadOptions {
        limits: context.limits_for_reading()?,
        ..LoadOptions::default()
    };
    match location {
        ChartLocation::Path(path) => load_path(&path, &options, context),
        ChartLocation::Reference(reference) => fetch_chart(&reference, selection, options, context),
        ChartLocation::Classic(chart) => classic::fetch_chart(&chart, selection, options, context),
    }
    .and_then(check_api_version)
}

/// Loads the chart, and before that fetches what it lacks if that is wanted.
pub(super) fn load_complete(
    location: ChartLocation,
    args: &TemplateArgs,
    context: &Context,
) -> Result<Chart, CommandError> {
    let directory = match &location {
        ChartLocation::Path(path) if path.is_dir() && args.dependency_update => Some(path.clone()),
        _ => None,
    };
    let chart = load(location, &args.selection, context)?;
    match directory {
        Some(directory) if lacks_dependencies(&chart) => {
            let options = UpdateOptions::default();
            let reports = dependencies::update(
                &directory,
                options,
                RunOptions::default(),
                &args.selection.access,
                context,
            )?;
            for report in &reports {
                print_lines(report, context.globals().debug, |line| {
                    context.printer().status(line);
                    Ok(())
                })?;
            }
            load(ChartLocation::Path(directory), &args.selection, context)
        }
        _ => Ok(chart),
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
fn check_api_version(chart: Chart) -> Result<Chart, CommandError> {
    match chart.metadata().api_version() {
        "v1" | "v2" => Ok(chart),
        "v3" => Err(CommandError::user("invalid chart apiVersion")),
        _ => Err(CommandError::user("unsupported chart version")),
    }
}
