//! `Chart.yaml` and `requirements.yaml` as they are written, before any check.

use std::collections::BTreeMap;

use skeg_values::{StructReader, Value, yaml};

use super::Maintainer;
use crate::dependency::Dependency;
use crate::error::{DecodeDocumentError, LoadMetadataError};

/// The fields of `Chart.yaml` as they are written: nothing is required, checked or cleaned.
///
/// This is for who explains what is wrong with a chart; who uses one takes [`super::Metadata`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the fields are those of `Metadata`, which describes them"
)]
pub struct UncheckedMetadata {
    pub name: String,
    pub home: String,
    pub sources: Vec<String>,
    pub version: String,
    pub description: String,
    pub keywords: Vec<String>,
    pub maintainers: Vec<Option<Maintainer>>,
    pub icon: String,
    pub api_version: String,
    pub condition: String,
    pub tags: String,
    pub app_version: String,
    pub deprecated: bool,
    pub annotations: BTreeMap<String, String>,
    pub kube_version: String,
    pub dependencies: Vec<Option<Dependency>>,
    pub chart_type: String,
}

impl UncheckedMetadata {
    /// Decodes a file.
    pub(super) fn read(file: &'static str, content: &[u8]) -> Result<Self, LoadMetadataError> {
        Self::parse(content).map_err(|source| LoadMetadataError::Decode { file, source })
    }

    /// Reads the fields of a `Chart.yaml`.
    ///
    /// # Errors
    /// It is no YAML, or a field is of another kind than it should be.
    pub fn parse(content: &[u8]) -> Result<Self, DecodeDocumentError> {
        let value = yaml::decode_for_struct(content)?;
        let mut reader = StructReader::new(&value, "v2.Metadata")?;
        let metadata = Self {
            name: reader.string("name"),
            home: reader.string("home"),
            sources: reader.strings("sources"),
            version: reader.string("version"),
            description: reader.string("description"),
            keywords: reader.strings("keywords"),
            maintainers: reader.structs("maintainers", "v2.Maintainer", Maintainer::read),
            icon: reader.string("icon"),
            api_version: reader.string("apiVersion"),
            condition: reader.string("condition"),
            tags: reader.string("tags"),
            app_version: reader.string("appVersion"),
            deprecated: reader.bool("deprecated"),
            annotations: reader.string_map("annotations").unwrap_or_default(),
            kube_version: reader.string("kubeVersion"),
            dependencies: reader.structs("dependencies", "v2.Dependency", Dependency::read),
            chart_type: reader.string("type"),
        };
        reader.finish()?;
        Ok(metadata)
    }

    /// Takes over what another document says, as Go does when it decodes into a filled struct: maps grow,
    /// lists of records are laid over each other, everything else is replaced.
    pub(super) fn overlay(&mut self, other: Self) {
        replace(&mut self.name, other.name);
        replace(&mut self.home, other.home);
        replace_list(&mut self.sources, other.sources);
        replace(&mut self.version, other.version);
        replace(&mut self.description, other.description);
        replace_list(&mut self.keywords, other.keywords);
        overlay_list(&mut self.maintainers, other.maintainers, Maintainer::overlay);
        replace(&mut self.icon, other.icon);
        replace(&mut self.api_version, other.api_version);
        replace(&mut self.condition, other.condition);
        replace(&mut self.tags, other.tags);
        replace(&mut self.app_version, other.app_version);
        self.deprecated |= other.deprecated;
        self.annotations.extend(other.annotations);
        replace(&mut self.kube_version, other.kube_version);
        overlay_list(&mut self.dependencies, other.dependencies, Dependency::overlay);
        replace(&mut self.chart_type, other.chart_type);
    }
}

impl Maintainer {
    fn read(reader: &mut StructReader<'_>) -> Self {
        Self {
            name: reader.string("name"),
            email: reader.string("email"),
            url: reader.string("url"),
        }
    }

    fn overlay(&mut self, other: Self) {
        replace(&mut self.name, other.name);
        replace(&mut self.email, other.email);
        replace(&mut self.url, other.url);
    }
}

impl Dependency {
    /// Reads the fields that are there; numbers in `import-values` are float64, as everywhere that Helm
    /// decodes into `any`.
    pub(crate) fn read(reader: &mut StructReader<'_>) -> Self {
        let import_values = reader.values("import-values");
        Self {
            name: reader.string("name"),
            version: reader.string("version"),
            repository: reader.string("repository"),
            condition: reader.string("condition"),
            tags: reader.strings("tags"),
            enabled: reader.bool("enabled"),
            import_values: import_values.into_iter().map(Value::into_float_numbers).collect(),
            alias: reader.string("alias"),
        }
    }

    fn overlay(&mut self, other: Self) {
        replace(&mut self.name, other.name);
        replace(&mut self.version, other.version);
        replace(&mut self.repository, other.repository);
        replace(&mut self.condition, other.condition);
        replace_list(&mut self.tags, other.tags);
        self.enabled |= other.enabled;
        replace_list(&mut self.import_values, other.import_values);
        replace(&mut self.alias, other.alias);
    }
}

fn replace(target: &mut String, text: String) {
    if !text.is_empty() {
        *target = text;
    }
}

fn replace_list<T>(target: &mut Vec<T>, items: Vec<T>) {
    if !items.is_empty() {
        *target = items;
    }
}

fn overlay_list<T>(target: &mut Vec<Option<T>>, items: Vec<Option<T>>, overlay: impl Fn(&mut T, T)) {
    if items.is_empty() {
        return;
    }
    let mut previous = std::mem::take(target).into_iter();
    for item in items {
        target.push(match (previous.next().flatten(), item) {
            (Some(mut below), Some(above)) => {
                overlay(&mut below, above);
                Some(below)
            }
            (_, above) => above,
        });
    }
}

/// The `name` of a `Chart.yaml` of which nothing else is asked.
pub(crate) fn name_in_chart_yaml(content: &[u8]) -> Result<String, LoadMetadataError> {
    UncheckedMetadata::read("Chart.yaml", content).map(|document| document.name)
}
