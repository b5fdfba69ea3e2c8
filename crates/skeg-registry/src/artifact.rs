//! A chart as an OCI artifact: the manifest that Helm writes, and reading it back.

use bytes::Bytes;
use jiff::Timestamp;
use skeg_chart::Metadata;
use skeg_oci::{Annotations, Descriptor, ImageIndex, ImageManifest, ManifestError, MediaType, RawManifest};

/// The parts of a chart's manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartArtifact {
    /// `Chart.yaml` as JSON.
    pub config: Descriptor,
    /// The chart archive.
    pub archive: Descriptor,
    /// The provenance file of the archive.
    pub provenance: Option<Descriptor>,
    /// The annotations of the manifest.
    pub annotations: Annotations,
}

/// A chart's artifact with the bytes that are made for it; those of the archive are on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtifactContent {
    /// The parts.
    pub artifact: ChartArtifact,
    /// The manifest, whose digest is the chart's.
    pub manifest: RawManifest,
    /// The bytes of the config.
    pub config: Bytes,
}

/// Why a manifest is none of a chart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotAChartError {
    /// It is an image to run.
    #[error("this is a container image, not a chart")]
    ContainerImage,
    /// It is another kind of artifact.
    #[error("this is an artifact of type `{artifact_type}`, not a chart")]
    OtherArtifact {
        /// The artifact type, or the media type of the config.
        artifact_type: MediaType,
    },
    /// It has the config of a chart and no archive.
    #[error(
        "manifest does not contain a layer with mediatype {}",
        MediaType::HELM_CHART_CONTENT
    )]
    NoArchive,
    /// An index, none of whose manifests is a chart.
    #[error("this is an index that lists no chart")]
    IndexWithoutChart,
    /// The manifest cannot be read at all.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl NotAChartError {
    /// What an index is in which no chart was found.
    pub(crate) fn of_index(index: &ImageIndex) -> Self {
        let mut entries = index.manifests.iter();
        if entries.any(|entry| entry.platform.is_some()) {
            Self::ContainerImage
        } else {
            Self::IndexWithoutChart
        }
    }
}

impl ChartArtifact {
    /// Describes the artifact of a chart and makes its config and its manifest.
    ///
    /// `created` stands as `org.opencontainers.image.created`, in UTC.
    pub fn build(
        metadata: &Metadata,
        archive: Descriptor,
        provenance: Option<Descriptor>,
        created: Timestamp,
    ) -> ArtifactContent {
        let config = Bytes::from(metadata.to_config_json());
        let artifact = Self {
            config: Descriptor::of(MediaType::HELM_CONFIG, &config),
            archive,
            provenance,
            annotations: annotations(metadata, created),
        };
        let manifest = artifact.to_manifest();
        ArtifactContent {
            artifact,
            manifest,
            config,
        }
    }

    /// Makes the manifest: exactly the fields of Helm 4.3.1, the archive before its provenance.
    pub fn to_manifest(&self) -> RawManifest {
        let layers = [Some(&self.archive), self.provenance.as_ref()];
        let manifest = ImageManifest {
            schema_version: 2,
            media_type: None,
            artifact_type: None,
            config: self.config.clone(),
            layers: layers.into_iter().flatten().cloned().collect(),
            subject: None,
            annotations: Some(self.annotations.clone()),
        };
        manifest.to_raw()
    }

    /// Reads the parts of a chart out of an image manifest.
    ///
    /// # Errors
    /// The manifest is none of a chart; the error says what it is.
    pub fn from_manifest(manifest: ImageManifest) -> Result<Self, NotAChartError> {
        let config_type = &manifest.config.media_type;
        if *config_type != MediaType::HELM_CONFIG {
            if config_type.is_container_image_config() {
                return Err(NotAChartError::ContainerImage);
            }
            let artifact_type = manifest.artifact_type.unwrap_or_else(|| config_type.clone());
            return Err(NotAChartError::OtherArtifact { artifact_type });
        }
        let layer = |media_type| {
            manifest
                .layers
                .iter()
                .find(|layer| layer.media_type == media_type)
                .cloned()
        };
        let archive = layer(MediaType::HELM_CHART_CONTENT)
            .or_else(|| layer(MediaType::HELM_CHART_CONTENT_LEGACY))
            .ok_or(NotAChartError::NoArchive)?;
        Ok(Self {
            archive,
            provenance: layer(MediaType::HELM_PROVENANCE),
            config: manifest.config,
            annotations: manifest.annotations.unwrap_or_default(),
        })
    }

    /// The version in the annotations, if there is one.
    pub fn version(&self) -> Option<&str> {
        self.annotations.get(Annotations::VERSION)
    }
}

/// Tells whether an entry of an index may be a chart: those for a platform are container images.
pub(crate) fn may_be_chart(entry: &Descriptor) -> bool {
    entry.media_type.is_image_manifest() && entry.platform.is_none()
}

/// Helm 4.3.1: the fields of `Chart.yaml` that have a standard annotation, unless blank; then the chart's own
/// annotations, which may override all but title and version.
fn annotations(metadata: &Metadata, created: Timestamp) -> Annotations {
    let mut annotations = Annotations::new();
    let mut add = |key: &str, value: &str| {
        if !value.trim().is_empty() {
            annotations.insert(key, value);
        }
    };
    add(Annotations::DESCRIPTION, metadata.description());
    add(Annotations::TITLE, metadata.name());
    add(Annotations::VERSION, metadata.version());
    add(Annotations::URL, metadata.home());
    add(Annotations::CREATED, &created.to_string());
    add(
        Annotations::SOURCE,
        metadata.sources().first().map_or("", String::as_str),
    );
    add(Annotations::AUTHORS, &authors(metadata));
    for (key, value) in metadata.annotations() {
        if key != Annotations::TITLE && key != Annotations::VERSION {
            annotations.insert(key, value);
        }
    }
    annotations
}

fn authors(metadata: &Metadata) -> String {
    let author = |maintainer: &skeg_chart::Maintainer| match maintainer.email() {
        "" => maintainer.name().to_owned(),
        email => format!("{} ({email})", maintainer.name()),
    };
    metadata
        .maintainers()
        .iter()
        .map(author)
        .collect::<Vec<_>>()
        .join(", ")
}
