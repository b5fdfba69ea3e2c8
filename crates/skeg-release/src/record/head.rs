//! What a list shows of a record.

use super::chart::StoredMetadata;
use super::error::DecodeReleaseError;
use super::fields::split;
use super::info::Info;
use super::json::Json;
use super::shape;
use super::status::ApplyMethod;

/// A record without templates, values, manifests and hooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseHead {
    /// The name of the release.
    pub name: String,
    /// The namespace.
    pub namespace: String,
    /// The revision.
    pub version: i64,
    /// What has become of it, without the notes.
    pub info: Info,
    /// What the chart says about itself; `None` is a mistake that Helm shows as `MISSING`.
    pub chart: Option<StoredMetadata>,
    /// How the objects were applied.
    pub apply_method: ApplyMethod,
}

impl ReleaseHead {
    /// Reads the head of a record.
    ///
    /// # Errors
    /// The text is not JSON, or something in the head is of another kind than it must be.
    pub fn from_json(text: &str) -> Result<Self, DecodeReleaseError> {
        let json = Json::check(text)?;
        shape::check(json, &shape::HEAD)?;
        let names = ["name", "info", "chart", "version", "namespace", "apply_method"];
        let ([name, info, chart, version, namespace, method], _) = split(json, names);
        let metadata = chart.value().and_then(|chart| {
            let ([metadata], _) = split(chart, ["metadata"]);
            metadata.value()
        });
        Ok(Self {
            name: name.text(),
            namespace: namespace.text(),
            version: version.int(),
            info: info.value().map(Info::read).ok_or(DecodeReleaseError::NoInfo)?,
            chart: metadata.map(StoredMetadata::read),
            apply_method: method.apply_method(),
        })
    }

    /// The name and version of the chart, as Helm's tables have them.
    pub fn chart_name(&self) -> String {
        let metadata = self.chart.as_ref();
        metadata.map_or_else(|| "MISSING".to_owned(), StoredMetadata::full_name)
    }

    /// The version of the application, as Helm's tables have it.
    pub fn app_version(&self) -> &str {
        self.chart
            .as_ref()
            .map_or("MISSING", |metadata| &metadata.app_version)
    }
}

impl From<&super::Release> for ReleaseHead {
    fn from(release: &super::Release) -> Self {
        let chart = release.chart.as_ref();
        Self {
            name: release.name.clone(),
            namespace: release.namespace.clone(),
            version: release.version,
            info: release.info.clone(),
            chart: chart.and_then(|chart| chart.metadata()).cloned(),
            apply_method: release.apply_method.clone(),
        }
    }
}
