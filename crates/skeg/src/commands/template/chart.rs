//! Which chart is meant, and loading it.

use std::path::{Path, PathBuf};

use skeg_chart::{Chart, LoadOptions};
use skeg_registry::ChartReference;

use crate::args::ChartSelectionArgs;
use crate::chart_source::{fetch_chart, print_followed};
use crate::context::Context;
use crate::error::{CommandError, system_words};
use crate::paths::clean;

const CLASSIC: &str = "classic repositories are not supported yet; name the chart as `oci://HOST/PATH/NAME`";

/// What the argument names.
#[derive(Debug)]
pub(super) enum ChartLocation {
    /// A directory or an archive.
    Path(PathBuf),
    /// A chart in a repository.
    Reference(ChartReference),
}

impl ChartLocation {
    /// Helm 4.3.1: what is there is a path; what is not is looked for in repositories, unless it looks like a path.
    pub(super) fn find(text: &str) -> Result<Self, CommandError> {
        let text = text.trim();
        let path = Path::new(text);
        if ChartReference::has_scheme(text) {
            let reference = ChartReference::parse(text).map_err(CommandError::reference)?;
            return Ok(Self::Reference(reference));
        }
        if path.exists() {
            return Ok(Self::Path(path.to_owned()));
        }
        if path.is_absolute() || text.starts_with('.') {
            let quoted = skeg_go::quote::quote(text);
            return Err(CommandError::user(format!("path {quoted} not found")));
        }
        Err(in_classic_repository(text))
    }

    /// Loads the chart.
    pub(super) fn load(
        self,
        selection: &ChartSelectionArgs,
        context: &Context,
    ) -> Result<Chart, CommandError> {
        let options = LoadOptions {
            limits: context.limits()?,
            ..LoadOptions::default()
        };
        match self {
            Self::Path(path) => load_path(&path, &options, context),
            Self::Reference(reference) => fetch_chart(&reference, selection, options, context),
        }
        .and_then(check_api_version)
    }
}

/// Helm names charts by their whole paths.
fn load_path(path: &Path, options: &LoadOptions, context: &Context) -> Result<Chart, CommandError> {
    let path = clean(&std::path::absolute(path)?);
    let chart_yaml = path.join("Chart.yaml");
    if path.is_dir()
        && let Err(error) = std::fs::metadata(&chart_yaml)
    {
        let (path, reason) = (chart_yaml.display(), system_words(&error));
        return Err(CommandError::user(format!(
            "unable to detect chart at {path}: open {path}: {reason}"
        )));
    }
    let chart = Chart::load(&path, options).map_err(CommandError::user)?;
    for link in chart.symlinks() {
        print_followed(link, context.printer());
    }
    Ok(chart)
}

/// Charts of later versions are for later programs.
fn check_api_version(chart: Chart) -> Result<Chart, CommandError> {
    match chart.metadata().api_version() {
        "v1" | "v2" => Ok(chart),
        "v3" => Err(CommandError::user("invalid chart apiVersion")),
        _ => Err(CommandError::user("unsupported chart version")),
    }
}

fn in_classic_repository(text: &str) -> CommandError {
    if let Some((scheme, _)) = text.split_once("://") {
        let error = CommandError::user(format!("scheme {} not supported", skeg_go::quote::quote(scheme)));
        return error.hint(CLASSIC);
    }
    match text.split_once('/') {
        Some((repository, _)) => CommandError::user(format!("repo {repository} not found")).hint(CLASSIC),
        None => CommandError::user(format!(
            "non-absolute URLs should be in form of repo_name/path_to_chart, got: {text}"
        ))
        .hint("name a directory, an archive, or a chart in a registry as `oci://HOST/PATH/NAME`"),
    }
}
