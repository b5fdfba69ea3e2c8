//! Media types of manifests, configs and layers.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A media type as it stands in a descriptor or a `Content-Type` header, without parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaType(Cow<'static, str>);

impl MediaType {
    /// An OCI image manifest.
    pub const OCI_MANIFEST: Self = Self::known("application/vnd.oci.image.manifest.v1+json");
    /// An OCI image index.
    pub const OCI_INDEX: Self = Self::known("application/vnd.oci.image.index.v1+json");
    /// A Docker manifest, schema 2.
    pub const DOCKER_MANIFEST: Self = Self::known("application/vnd.docker.distribution.manifest.v2+json");
    /// A Docker manifest list.
    pub const DOCKER_MANIFEST_LIST: Self =
        Self::known("application/vnd.docker.distribution.manifest.list.v2+json");
    /// The config of an OCI container image.
    pub const OCI_IMAGE_CONFIG: Self = Self::known("application/vnd.oci.image.config.v1+json");
    /// The config of a Docker container image.
    pub const DOCKER_IMAGE_CONFIG: Self = Self::known("application/vnd.docker.container.image.v1+json");
    /// The empty JSON object that stands for "no config".
    pub const EMPTY_JSON: Self = Self::known("application/vnd.oci.empty.v1+json");
    /// The config of a Helm chart: its `Chart.yaml` as JSON.
    pub const HELM_CONFIG: Self = Self::known("application/vnd.cncf.helm.config.v1+json");
    /// The archive of a Helm chart.
    pub const HELM_CHART_CONTENT: Self = Self::known("application/vnd.cncf.helm.chart.content.v1.tar+gzip");
    /// The archive of a Helm chart as Helm before 3.7 wrote it.
    pub const HELM_CHART_CONTENT_LEGACY: Self = Self::known("application/tar+gzip");
    /// The provenance file of a Helm chart.
    pub const HELM_PROVENANCE: Self = Self::known("application/vnd.cncf.helm.chart.provenance.v1.prov");

    const fn known(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Takes a media type from a header or a file; parameters behind `;` and blanks around are dropped.
    pub fn new(text: &str) -> Self {
        let essence = text.split(';').next().unwrap_or_default().trim();
        Self(Cow::Owned(essence.to_owned()))
    }

    /// The media type as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it is an image manifest, of OCI or of Docker.
    pub fn is_image_manifest(&self) -> bool {
        *self == Self::OCI_MANIFEST || *self == Self::DOCKER_MANIFEST
    }

    /// Tells whether it is an index of manifests, of OCI or of Docker.
    pub fn is_index(&self) -> bool {
        *self == Self::OCI_INDEX || *self == Self::DOCKER_MANIFEST_LIST
    }

    /// Tells whether it is the config of a container image, of OCI or of Docker.
    pub fn is_container_image_config(&self) -> bool {
        *self == Self::OCI_IMAGE_CONFIG || *self == Self::DOCKER_IMAGE_CONFIG
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_dropped() {
        let media_type = MediaType::new(" application/vnd.oci.image.index.v1+json; charset=utf-8");
        assert_eq!(media_type, MediaType::OCI_INDEX);
        assert!(media_type.is_index() && !media_type.is_image_manifest());
    }
}
