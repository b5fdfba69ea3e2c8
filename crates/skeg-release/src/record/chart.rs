//! The chart in a record. It is kept as the JSON that it was read from, since hardly anything is asked of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use skeg_chart::{Chart, ChartFile, Dependency, Lock, Metadata};
use skeg_engine::ProcessedChart;
use skeg_go::base64;
use skeg_go::json::write_string;
use skeg_values::{Map, Value, json};

use super::fields::split;
use super::json::Json;
use super::shape::is_named;
use super::write::{ObjectWriter, write_list};

/// Where the chart came from, among the annotations of the chart in a record: `oci://host/charts/demo`.
pub const SOURCE_ANNOTATION: &str = "skeg.dev/source";

/// The digest of the manifest or archive that the chart came from, among the annotations of the chart in a record.
pub const DIGEST_ANNOTATION: &str = "skeg.dev/digest";

/// Go's zero time, which stands where a schema has none.
const ZERO_TIME: &str = "\"0001-01-01T00:00:00Z\"";

/// A chart as a record has it: no charts inside, and values with those of the charts inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChart {
    json: Arc<str>,
    metadata: Option<StoredMetadata>,
}

/// What a record's chart says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredMetadata {
    /// The name.
    pub name: String,
    /// The version.
    pub version: String,
    /// The version of the application.
    pub app_version: String,
    /// Notes for other programs.
    pub annotations: BTreeMap<String, String>,
    /// The charts that it depends on, if all of the record was read.
    pub dependencies: Vec<StoredDependency>,
}

/// A dependency of a record's chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredDependency {
    /// The name, or its alias.
    pub name: String,
    /// All of it as JSON, in the order of Go's fields.
    pub json: String,
}

impl StoredChart {
    /// What Helm 4.3.1 keeps of a chart after its dependencies are worked out. Times of files are left out.
    pub fn new(chart: &Chart, processed: &ProcessedChart) -> Self {
        let mut metadata = chart.metadata().clone();
        metadata.set_dependencies(processed.dependencies.clone());
        let mut out = String::new();
        write_chart(&mut out, chart, &metadata, processed.values.as_ref());
        Self::of_text(&out)
    }

    /// A chart of which nothing but name and version is known, which is enough for Helm.
    pub fn named(name: &str, version: &str) -> Self {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        let mut metadata = ObjectWriter::new(object.key("metadata"));
        metadata.text("name", name);
        metadata.text("version", version);
        metadata.end();
        object.end();
        Self::of_text(&out)
    }

    fn of_text(text: &str) -> Self {
        let json = Json::check(text).expect("because it was written here");
        Self::read(json)
    }

    pub(super) fn read(json: Json<'_>) -> Self {
        let ([metadata], _) = split(json, ["metadata"]);
        Self {
            json: json.text().into(),
            metadata: metadata.value().map(StoredMetadata::read),
        }
    }

    /// The whole chart as JSON.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What it says about itself; `None` is a mistake that Helm shows as `MISSING`.
    pub fn metadata(&self) -> Option<&StoredMetadata> {
        self.metadata.as_ref()
    }

    /// The default values; none if there were none.
    pub fn values(&self) -> Option<Map> {
        let ([values], _) = self.split(["values"]);
        values.and_then(|text| read_map(&text))
    }

    /// Replaces the default values, as `--reuse-values` does.
    pub fn set_values(&mut self, values: &Map) {
        let text = json::to_string(&Value::from(values.clone()));
        self.set("values", &text);
    }

    /// An annotation of the chart.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        let annotations = &self.metadata.as_ref()?.annotations;
        annotations.get(key).map(String::as_str)
    }

    /// Adds an annotation to the chart. Helm keeps it as long as it keeps the record, and shows it in `get metadata`.
    pub fn annotate(&mut self, key: &str, value: &str) {
        let mut annotations = match &self.metadata {
            Some(metadata) => metadata.annotations.clone(),
            None => BTreeMap::new(),
        };
        annotations.insert(key.to_owned(), value.to_owned());
        let ([metadata], _) = self.split(["metadata"]);
        let metadata = metadata.unwrap_or_else(|| "{}".to_owned());
        let mut text = String::new();
        write_metadata(&mut text, &metadata, &annotations);
        self.set("metadata", &text);
    }

    /// How large the parts of the chart are as JSON, for who has to make a record smaller.
    pub(super) fn sizes(&self) -> Vec<(String, usize)> {
        let ([], parts) = self.split([]);
        let mut sizes = Vec::new();
        for (key, text) in parts {
            let files: Vec<serde_json::Value> = match &*key {
                "files" | "templates" => serde_json::from_str(&text).unwrap_or_default(),
                _ => Vec::new(),
            };
            if files.is_empty() {
                sizes.push((format!("chart.{key}"), text.len()));
            }
            sizes.extend(files.iter().map(|file| {
                let text = |key: &str| file[key].as_str().unwrap_or_default();
                // Base64 has three bytes in four characters.
                (text("name").to_owned(), text("data").len() / 4 * 3)
            }));
        }
        sizes
    }

    fn split<const N: usize>(&self, names: [&str; N]) -> ([Option<String>; N], Vec<(String, String)>) {
        let Ok(json) = Json::check(&self.json) else {
            return (std::array::from_fn(|_| None), Vec::new());
        };
        let (fields, others) = split(json, names);
        let text = |field: super::fields::Field<'_>| field.value().map(|json| json.text().to_owned());
        (fields.map(text), others)
    }

    /// Puts another value in the place of a field.
    fn set(&mut self, name: &str, text: &str) {
        let ([], parts) = self.split([]);
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        let mut is_missing = true;
        for (key, old) in &parts {
            let is_it = is_named(key, name);
            is_missing &= !is_it;
            object.key(key).push_str(if is_it { text } else { old });
        }
        if is_missing {
            object.key(name).push_str(text);
        }
        object.end();
        *self = Self::of_text(&out);
    }
}

impl StoredMetadata {
    pub(super) fn read(json: Json<'_>) -> Self {
        let names = ["name", "version", "appVersion", "annotations", "dependencies"];
        let ([name, version, app_version, annotations, dependencies], _) = split(json, names);
        let dependencies = dependencies.items().filter(|item| !item.is_null());
        Self {
            name: name.text(),
            version: version.text(),
            app_version: app_version.text(),
            annotations: annotations.text_map(),
            dependencies: dependencies.map(StoredDependency::read).collect(),
        }
    }

    /// The name and the version, as Helm's tables have them.
    pub fn full_name(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }
}

impl StoredDependency {
    fn read(json: Json<'_>) -> Self {
        let ([name], _) = split(json, ["name"]);
        let mut fields = split(json, []).1;
        sort_fields(&mut fields, &Dependency::FIELDS);
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        object.foreign(&fields);
        object.end();
        Self {
            name: name.text(),
            json: out,
        }
    }
}

/// A map of values, whose numbers are float64 as everywhere in Helm.
pub(super) fn read_map(text: &str) -> Option<Map> {
    match json::parse(text.as_bytes()).ok()?.into_float_numbers() {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

fn write_chart(out: &mut String, chart: &Chart, metadata: &Metadata, values: Option<&Value>) {
    let mut object = ObjectWriter::new(out);
    object.key("metadata").push_str(&metadata.to_config_json());
    match chart.lock() {
        Some(lock) => write_lock(object.key("lock"), lock),
        None => object.key("lock").push_str("null"),
    }
    write_files(object.key("templates"), chart.templates());
    let values = values.map_or_else(|| "null".to_owned(), json::to_string);
    object.key("values").push_str(&values);
    match chart.schema() {
        Some(schema) => write_bytes(object.key("schema"), schema),
        None => object.key("schema").push_str("null"),
    }
    object.key("schemamodtime").push_str(ZERO_TIME);
    write_files(object.key("files"), chart.files());
    object.end();
}

fn write_files(out: &mut String, files: &[ChartFile]) {
    if files.is_empty() {
        return out.push_str("null");
    }
    write_list(out, files, |out, file| {
        let mut object = ObjectWriter::new(out);
        write_string(object.key("name"), file.path());
        write_bytes(object.key("data"), file.data());
        object.end();
    });
}

fn write_bytes(out: &mut String, bytes: &[u8]) {
    out.push('"');
    out.push_str(&base64::encode(bytes));
    out.push('"');
}

fn write_lock(out: &mut String, lock: &Lock) {
    let mut object = ObjectWriter::new(out);
    write_string(object.key("generated"), lock.generated());
    write_string(object.key("digest"), lock.digest());
    if lock.has_list() {
        write_list(
            object.key("dependencies"),
            lock.dependencies(),
            |out, dependency| {
                out.push_str(&dependency.to_json());
            },
        );
    } else {
        object.key("dependencies").push_str("null");
    }
    object.end();
}

/// Brings fields into an order; those that are not in it come last.
fn sort_fields(fields: &mut [(String, String)], order: &[&str]) {
    let place = |key: &str| order.iter().position(|name| is_named(key, name));
    fields.sort_by_key(|(key, _)| place(key).unwrap_or(usize::MAX));
}

/// Writes metadata with other annotations, the fields in Go's order.
fn write_metadata(out: &mut String, metadata: &str, annotations: &BTreeMap<String, String>) {
    let fields = Json::check(metadata).map(|json| split(json, ["annotations"]).1);
    let mut fields = fields.unwrap_or_default();
    let texts: Map = annotations
        .iter()
        .map(|(key, text)| (key.as_str(), text.as_str()))
        .collect();
    fields.push(("annotations".to_owned(), json::to_string(&texts.into())));
    sort_fields(&mut fields, &Metadata::FIELDS);
    let mut object = ObjectWriter::new(out);
    object.foreign(&fields);
    object.end();
}
