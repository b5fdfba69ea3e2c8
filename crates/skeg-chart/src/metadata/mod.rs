//! `Chart.yaml`: what a chart says about itself.
//!
//! The fields, their order and the checks are those of Helm 4.3.1 (`pkg/chart/v2`).

mod decode;
mod encode;
mod validate;

use std::collections::BTreeMap;

use crate::dependency::Dependency;
use crate::error::LoadMetadataError;
use crate::name::ChartName;
use crate::version::ChartVersion;

pub use decode::UncheckedMetadata;
pub(crate) use decode::name_in_chart_yaml;

/// The `apiVersion` of charts that keep their dependencies in `requirements.yaml`.
const API_VERSION_1: &str = "v1";

/// What `Chart.yaml` says, checked and cleaned as Helm does.
///
/// Unprintable characters are gone, white space is blanks; fields that are not there are empty. Unknown
/// keys of the file are not kept.
///
/// ```
/// use skeg_chart::Metadata;
///
/// let metadata = Metadata::parse(b"apiVersion: v2\nname: demo\nversion: 1.0.0\nappVersion: 1.20\n")?;
/// assert_eq!(metadata.name(), "demo");
/// assert_eq!(metadata.app_version(), "1.2");
/// assert_eq!(
///     metadata.to_config_json(),
///     r#"{"name":"demo","version":"1.0.0","apiVersion":"v2","appVersion":"1.2"}"#
/// );
/// # Ok::<(), skeg_chart::LoadMetadataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Metadata {
    name: ChartName,
    home: String,
    sources: Vec<String>,
    version: ChartVersion,
    description: String,
    keywords: Vec<String>,
    maintainers: Vec<Maintainer>,
    icon: String,
    api_version: String,
    condition: String,
    tags: String,
    app_version: String,
    deprecated: bool,
    annotations: BTreeMap<String, String>,
    kube_version: String,
    dependencies: Vec<Dependency>,
    chart_type: String,
}

/// Someone who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    name: String,
    email: String,
    url: String,
}

impl Metadata {
    /// Reads `Chart.yaml`. Without an `apiVersion` the chart is of version `v1`.
    pub fn parse(chart_yaml: &[u8]) -> Result<Self, LoadMetadataError> {
        Self::parse_with_requirements(chart_yaml, None)
    }

    /// Reads `Chart.yaml` and, laid over it, `requirements.yaml`.
    ///
    /// Helm 4.3.1 does so whatever the `apiVersion` is, and lets every field of `requirements.yaml`
    /// override that of `Chart.yaml`; it tells people with `v2` charts to move their dependencies.
    pub fn parse_with_requirements(
        chart_yaml: &[u8],
        requirements_yaml: Option<&[u8]>,
    ) -> Result<Self, LoadMetadataError> {
        let mut document = UncheckedMetadata::read("Chart.yaml", chart_yaml)?;
        if document.api_version.is_empty() {
            API_VERSION_1.clone_into(&mut document.api_version);
        }
        if let Some(requirements_yaml) = requirements_yaml {
            document.overlay(UncheckedMetadata::read("requirements.yaml", requirements_yaml)?);
        }
        Ok(document.validate()?)
    }

    /// The name of the chart.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// The name of the chart as a checked name.
    pub fn chart_name(&self) -> &ChartName {
        &self.name
    }

    /// The version of the chart, as it is written.
    pub fn version(&self) -> &str {
        self.version.as_str()
    }

    /// The version of the chart as a checked version.
    pub fn chart_version(&self) -> &ChartVersion {
        &self.version
    }

    /// Gives the chart another version.
    pub fn set_version(&mut self, version: ChartVersion) {
        self.version = version;
    }

    /// The format of the chart: `v1` or `v2`; Helm 4.3.1 does not check it here.
    pub fn api_version(&self) -> &str {
        &self.api_version
    }

    /// Whether the chart has its dependencies in `requirements.yaml`.
    pub fn is_v1(&self) -> bool {
        self.api_version == API_VERSION_1
    }

    /// The version of the application in the chart.
    pub fn app_version(&self) -> &str {
        &self.app_version
    }

    /// Gives the application another version.
    pub fn set_app_version(&mut self, app_version: impl Into<String>) {
        self.app_version = app_version.into();
    }

    /// `application`, `library` or nothing, which means an application.
    pub fn chart_type(&self) -> &str {
        &self.chart_type
    }

    /// One sentence on the chart.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The URL of the home page.
    pub fn home(&self) -> &str {
        &self.home
    }

    /// The URL of an icon.
    pub fn icon(&self) -> &str {
        &self.icon
    }

    /// The URLs of the source code.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// Words to find the chart by.
    pub fn keywords(&self) -> &[String] {
        &self.keywords
    }

    /// Who looks after the chart.
    pub fn maintainers(&self) -> &[Maintainer] {
        &self.maintainers
    }

    /// The condition that switches the chart on, where it is a dependency.
    pub fn condition(&self) -> &str {
        &self.condition
    }

    /// The tags that switch the chart on, where it is a dependency.
    pub fn tags(&self) -> &str {
        &self.tags
    }

    /// Whether the chart should no longer be used.
    pub fn deprecated(&self) -> bool {
        self.deprecated
    }

    /// Further notes, for other programs.
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.annotations
    }

    /// The versions of Kubernetes that the chart works with, as a constraint.
    pub fn kube_version(&self) -> &str {
        &self.kube_version
    }

    /// The charts that the chart depends on.
    pub fn dependencies(&self) -> &[Dependency] {
        &self.dependencies
    }

    /// Replaces the charts that the chart depends on.
    pub fn set_dependencies(&mut self, dependencies: Vec<Dependency>) {
        self.dependencies = dependencies;
    }
}

impl Maintainer {
    /// A person's or an organisation's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An address; may be empty.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// A web page; may be empty.
    pub fn url(&self) -> &str {
        &self.url
    }
}
