//! What the cluster and Helm can do, as `.Capabilities` has it.

mod api_versions;
mod helm_version;
mod kube_version;
mod objects;

pub use helm_version::HelmVersion;
pub use kube_version::{KubeVersion, ParseKubeVersionError};

use skeg_go::GoValue;

use api_versions::API_VERSIONS;

/// The capabilities that templates see.
///
/// The default is that of Helm 4.3.1 without a cluster.
///
/// ```
/// use skeg_engine::Capabilities;
///
/// let capabilities = Capabilities::default();
/// assert_eq!(capabilities.kube_version.version(), "v1.37.0");
/// assert_eq!(capabilities.api_versions.len(), 57);
/// ```
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// The API versions, and kinds in them, in the order that templates see.
    pub api_versions: Vec<String>,
    /// The version of Helm.
    pub helm_version: HelmVersion,
}

impl Capabilities {
    /// The same with further API versions behind the others.
    #[must_use]
    pub fn with_api_versions(mut self, extra: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.api_versions.extend(extra.into_iter().map(Into::into));
        self
    }

    /// The object that templates get.
    pub(crate) fn to_object(&self) -> GoValue {
        objects::capabilities(self)
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            kube_version: KubeVersion::default(),
            api_versions: API_VERSIONS.iter().map(|&version| version.to_owned()).collect(),
            helm_version: HelmVersion::default(),
        }
    }
}
