//! Manifests and indexes, and the exact bytes that their digests name.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Annotations, Descriptor, Digest, MediaType, json};

/// An image manifest: one config and some layers.
///
/// The fields stand in the order in which Go's `ocispec.Manifest` prints them.
/// Spec: image-spec v1.1, "OCI Image Manifest Specification".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageManifest {
    /// Always 2.
    pub schema_version: u32,
    /// The media type of this document; Helm writes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// What kind of artifact this is, if the config does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<MediaType>,
    /// The config blob.
    pub config: Descriptor,
    /// The layer blobs.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub layers: Vec<Descriptor>,
    /// The manifest that this one refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Annotations of the artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Annotations>,
}

/// An image index: a list of manifests.
///
/// Spec: image-spec v1.1, "OCI Image Index Specification".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageIndex {
    /// Always 2.
    pub schema_version: u32,
    /// The media type of this document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// What kind of artifact this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<MediaType>,
    /// The manifests.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub manifests: Vec<Descriptor>,
    /// The manifest that this index refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Annotations of the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Annotations>,
}

/// A parsed manifest of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manifest {
    /// One artifact.
    Image(Box<ImageManifest>),
    /// A list of manifests.
    Index(Box<ImageIndex>),
}

/// A manifest as the exact bytes that came, with their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawManifest {
    media_type: MediaType,
    bytes: Vec<u8>,
    digest: Digest,
}

/// Why some bytes are no manifest.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The bytes are no JSON of the form that the media type promises.
    #[error("manifest {digest} is not a valid `{media_type}`")]
    Malformed {
        /// The digest of the bytes.
        digest: Digest,
        /// The media type that they came with.
        media_type: MediaType,
        /// Where the parser stopped.
        #[source]
        source: serde_json::Error,
    },
    /// The media type is none of an image manifest or index.
    #[error("`{media_type}` is not the media type of a manifest")]
    MediaType {
        /// The media type that the bytes came with.
        media_type: MediaType,
    },
}

impl ImageManifest {
    /// Serialises to the bytes that Go's `json.Marshal` would give.
    pub fn to_raw(&self) -> RawManifest {
        RawManifest::new(MediaType::OCI_MANIFEST, json::to_bytes(self))
    }
}

impl ImageIndex {
    /// Makes an index without manifests.
    pub fn empty() -> Self {
        Self {
            schema_version: 2,
            media_type: Some(MediaType::OCI_INDEX),
            artifact_type: None,
            manifests: Vec::new(),
            subject: None,
            annotations: None,
        }
    }

    /// Serialises to the bytes that Go's `json.Marshal` would give.
    pub fn to_raw(&self) -> RawManifest {
        RawManifest::new(MediaType::OCI_INDEX, json::to_bytes(self))
    }
}

impl RawManifest {
    /// Takes the bytes of a manifest and the media type they came with.
    pub fn new(media_type: MediaType, bytes: Vec<u8>) -> Self {
        let digest = Digest::sha256_of(&bytes);
        Self {
            media_type,
            bytes,
            digest,
        }
    }

    /// The exact bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The media type that the bytes came with.
    pub fn media_type(&self) -> &MediaType {
        &self.media_type
    }

    /// The SHA-256 digest of the bytes.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The descriptor of the manifest.
    pub fn descriptor(&self) -> Descriptor {
        Descriptor::new(
            self.media_type.clone(),
            self.digest.clone(),
            self.bytes.len() as u64,
        )
    }

    /// Parses the bytes as what the media type says they are.
    ///
    /// # Errors
    /// The media type is none of a manifest, or the bytes do not follow it.
    pub fn parse(&self) -> Result<Manifest, ManifestError> {
        let parsed = if self.media_type.is_index() {
            serde_json::from_slice(&self.bytes).map(|index| Manifest::Index(Box::new(index)))
        } else if self.media_type.is_image_manifest() {
            serde_json::from_slice(&self.bytes).map(|manifest| Manifest::Image(Box::new(manifest)))
        } else {
            return Err(ManifestError::MediaType {
                media_type: self.media_type.clone(),
            });
        };
        parsed.map_err(|source| ManifestError::Malformed {
            digest: self.digest.clone(),
            media_type: self.media_type.clone(),
            source,
        })
    }
}

/// Go programs print an empty list as `null`.
fn null_as_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Descriptor>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of a manifest that Helm 4.3.1 pushed: no `mediaType`, HTML characters escaped.
    const HELM: &str = concat!(
        r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","#,
        r#""digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0},"#,
        r#""layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","#,
        r#""digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}],"#,
        r#""annotations":{"org.opencontainers.image.description":"a \u0026 b","org.opencontainers.image.title":"demo"}}"#,
    );

    #[test]
    fn a_manifest_of_helm_round_trips_to_the_same_bytes() {
        let raw = RawManifest::new(MediaType::OCI_MANIFEST, HELM.as_bytes().to_vec());
        let Manifest::Image(manifest) = raw.parse().unwrap() else {
            panic!("not an image manifest");
        };
        assert_eq!(
            manifest
                .annotations
                .as_ref()
                .unwrap()
                .get(Annotations::DESCRIPTION),
            Some("a & b")
        );
        assert_eq!(manifest.to_raw(), raw);
    }

    #[test]
    fn null_lists_are_empty() {
        let raw = RawManifest::new(
            MediaType::OCI_INDEX,
            br#"{"schemaVersion":2,"manifests":null,"annotations":null}"#.to_vec(),
        );
        let Manifest::Index(index) = raw.parse().unwrap() else {
            panic!("not an index");
        };
        assert!(index.manifests.is_empty() && index.annotations.is_none());
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        let html = RawManifest::new(MediaType::new("text/html"), b"<html>".to_vec());
        assert_eq!(
            html.parse().unwrap_err().to_string(),
            "`text/html` is not the media type of a manifest"
        );
        let broken = RawManifest::new(MediaType::OCI_MANIFEST, b"{}".to_vec());
        assert!(
            broken
                .parse()
                .unwrap_err()
                .to_string()
                .ends_with("is not a valid `application/vnd.oci.image.manifest.v1+json`")
        );
    }
}
