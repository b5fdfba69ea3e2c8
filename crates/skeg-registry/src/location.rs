//! Where a repository of charts is: in a registry, or in an image layout on disk.

use std::fmt;
use std::path::{Path, PathBuf};

use skeg_oci::{RegistryHost, RepositoryName};

/// The scheme of registries.
pub(crate) const REGISTRY_SCHEME: &str = "oci";

/// The scheme of image layouts on disk.
pub(crate) const LAYOUT_SCHEME: &str = "oci-layout";

/// A repository of charts.
///
/// It prints without the scheme of a registry, as Helm prints it, and with the scheme of a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepositoryLocation {
    /// A repository of a registry.
    Registry {
        /// The registry.
        host: RegistryHost,
        /// The repository within it.
        repository: RepositoryName,
    },
    /// An OCI image layout in a directory.
    Layout {
        /// The directory that holds `oci-layout`, `index.json` and `blobs`.
        directory: PathBuf,
    },
}

impl RepositoryLocation {
    /// The registry's host; none for a layout.
    pub fn host(&self) -> Option<&RegistryHost> {
        match self {
            Self::Registry { host, .. } => Some(host),
            Self::Layout { .. } => None,
        }
    }

    /// The last component of the path, which is the chart's name by Helm's convention.
    pub fn chart_name(&self) -> &str {
        match self {
            Self::Registry { repository, .. } => repository.last_component(),
            Self::Layout { directory } => last_component(directory),
        }
    }

    /// The location as a URL: `oci://…` or `oci-layout://…`.
    pub fn to_url(&self) -> String {
        match self {
            Self::Registry { .. } => format!("{REGISTRY_SCHEME}://{self}"),
            Self::Layout { .. } => self.to_string(),
        }
    }
}

pub(crate) fn last_component(directory: &Path) -> &str {
    directory
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

impl fmt::Display for RepositoryLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry { host, repository } => write!(f, "{host}/{repository}"),
            Self::Layout { directory } => write!(f, "{LAYOUT_SCHEME}://{}", directory.display()),
        }
    }
}
