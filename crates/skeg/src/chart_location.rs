//! Which chart is meant on the command line.

use std::path::{Path, PathBuf};

use skeg_oci::RegistryHost;
use skeg_registry::ChartReference;

use crate::error::CommandError;
use crate::paths::clean;

const CLASSIC: &str = "classic repositories are not supported yet; name the chart as `oci://HOST/PATH/NAME`";

/// What the argument names.
#[derive(Debug)]
pub(crate) enum ChartLocation {
    /// A directory or an archive, by its whole path.
    Path(PathBuf),
    /// A chart in a repository.
    Reference(ChartReference),
}

impl ChartLocation {
    /// The registry that the chart is in.
    pub(crate) fn host(&self) -> Option<&RegistryHost> {
        match self {
            Self::Path(_) => None,
            Self::Reference(reference) => reference.location().host(),
        }
    }

    /// Helm 4.3.1: what is there is a path; what is not is looked for in repositories, unless it looks like a path.
    pub(crate) fn find(text: &str) -> Result<Self, CommandError> {
        let text = text.trim();
        let path = Path::new(text);
        if ChartReference::has_scheme(text) {
            let reference = ChartReference::parse(text).map_err(CommandError::reference)?;
            return Ok(Self::Reference(reference));
        }
        if path.exists() {
            return Ok(Self::Path(clean(&std::path::absolute(path)?)));
        }
        if path.is_absolute() || text.starts_with('.') {
            let quoted = skeg_go::quote::quote(text);
            return Err(CommandError::user(format!("path {quoted} not found")));
        }
        Err(in_classic_repository(text))
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
