//! Which chart is meant on the command line.

use std::path::{Path, PathBuf};

use skeg_oci::RegistryHost;
use skeg_registry::ChartReference;

use crate::args::RepositoryArgs;
use crate::classic::{ClassicChart, named_base};
use crate::context::Context;
use crate::error::CommandError;
use crate::paths::clean;

/// What the argument names.
#[derive(Debug)]
pub(crate) enum ChartLocation {
    /// A directory or an archive, by its whole path.
    Path(PathBuf),
    /// A chart in a registry or an image layout.
    Reference(ChartReference),
    /// A chart in a classic repository.
    Classic(ClassicChart),
}

impl ChartLocation {
    /// The registry that the chart is in.
    pub(crate) fn host(&self) -> Option<&RegistryHost> {
        match self {
            Self::Path(_) | Self::Classic(_) => None,
            Self::Reference(reference) => reference.location().host(),
        }
    }

    /// Helm 4.3.1: what is there is a path; what is not is looked for in repositories, unless it looks like a path.
    pub(crate) fn find(
        text: &str,
        repository: &RepositoryArgs,
        context: &Context,
    ) -> Result<Self, CommandError> {
        let text = text.trim();
        if repository.address().is_some() {
            return Self::in_repository(text, repository, context);
        }
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
        Self::in_repository(text, repository, context)
    }

    /// Helm 4.3.1: what is no path.
    pub(crate) fn in_repository(
        text: &str,
        repository: &RepositoryArgs,
        context: &Context,
    ) -> Result<Self, CommandError> {
        if repository.address().is_none() {
            if ChartReference::has_scheme(text) {
                let reference = ChartReference::parse(text).map_err(CommandError::reference)?;
                return Ok(Self::Reference(reference));
            }
            if let Some(reference) = named_base(text, context)? {
                return Ok(Self::Reference(reference));
            }
        }
        ClassicChart::parse(text, repository).map(Self::Classic)
    }
}
