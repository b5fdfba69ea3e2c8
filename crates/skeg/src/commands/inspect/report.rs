//! What `inspect` tells of a manifest.

use std::collections::BTreeMap;

use serde::Serialize;
use skeg_oci::{Annotations, Descriptor, Manifest, RawManifest};
use skeg_registry::ChartReference;

use super::title;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InspectReport {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) digest: String,
    pub(super) media_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) artifact_type: Option<String>,
    pub(super) created: Option<String>,
    /// Of the manifest, the config and the layers together; of an index, of its manifests.
    pub(super) total_size: u64,
    /// How many manifests refer to this one; none if the registry does not tell.
    pub(super) referrers: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) chart: Option<ChartReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) config: Option<PartReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) layers: Vec<PartReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) manifests: Vec<PartReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<PartReport>,
    pub(super) annotations: BTreeMap<String, String>,
}

/// What the config of a chart says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChartReport {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) app_version: String,
    pub(super) description: String,
    pub(super) deprecated: bool,
}

/// A config, a layer, a manifest of an index, or a subject.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartReport {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) artifact_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
}

impl InspectReport {
    pub(super) fn new(reference: &ChartReference, manifest: &RawManifest, parsed: &Manifest) -> Self {
        let own_size = manifest.bytes().len() as u64;
        let mut report = Self {
            reference: reference.to_string(),
            digest: manifest.digest().to_string(),
            media_type: manifest.media_type().to_string(),
            artifact_type: None,
            created: None,
            total_size: own_size,
            referrers: None,
            chart: None,
            config: None,
            layers: Vec::new(),
            manifests: Vec::new(),
            subject: None,
            annotations: BTreeMap::new(),
        };
        let (artifact_type, subject, annotations) = match parsed {
            Manifest::Image(image) => {
                report.config = Some(PartReport::new(&image.config));
                report.layers = image.layers.iter().map(PartReport::new).collect();
                (&image.artifact_type, &image.subject, &image.annotations)
            }
            Manifest::Index(index) => {
                report.manifests = index.manifests.iter().map(PartReport::new).collect();
                (&index.artifact_type, &index.subject, &index.annotations)
            }
        };
        report.artifact_type = artifact_type.as_ref().map(ToString::to_string);
        report.subject = subject.as_ref().map(PartReport::new);
        if let Some(annotations) = annotations {
            report.created = annotations.get(Annotations::CREATED).map(str::to_owned);
            let pairs = annotations.iter();
            report.annotations = pairs
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect();
        }
        let parts = report
            .config
            .iter()
            .chain(&report.layers)
            .chain(&report.manifests);
        // Sizes are what a manifest claims.
        report.total_size = parts.fold(own_size, |total, part| total.saturating_add(part.size));
        report
    }
}

impl ChartReport {
    pub(super) fn new(metadata: &skeg_chart::Metadata) -> Self {
        Self {
            name: metadata.name().to_owned(),
            version: metadata.version().to_owned(),
            app_version: metadata.app_version().to_owned(),
            description: metadata.description().to_owned(),
            deprecated: metadata.deprecated(),
        }
    }
}

impl PartReport {
    fn new(descriptor: &Descriptor) -> Self {
        let platform = descriptor.platform.as_ref().map(|platform| {
            let variant = platform.variant.as_deref().map(|variant| format!("/{variant}"));
            format!(
                "{}/{}{}",
                platform.os,
                platform.architecture,
                variant.unwrap_or_default()
            )
        });
        Self {
            media_type: descriptor.media_type.to_string(),
            digest: descriptor.digest.to_string(),
            size: descriptor.size,
            artifact_type: descriptor.artifact_type.as_ref().map(ToString::to_string),
            platform,
            title: title(descriptor).map(str::to_owned),
        }
    }
}
