//! The record of a revision: Helm's JSON.
//!
//! Written it has the order of Go's fields and leaves out what is empty, as `json.Marshal` of Helm 4.3.1; what is
//! read may be anything that Helm reads. What others have added to a record is kept when it is written again.

mod chart;
mod codec;
mod error;
mod fields;
mod head;
mod info;
mod json;
mod shape;
mod status;
mod time;
mod write;

use std::collections::BTreeMap;

use skeg_engine::Rendered;
use skeg_go::json::to_valid_utf8;
use skeg_values::{Map, Value};

pub use chart::{DIGEST_ANNOTATION, SOURCE_ANNOTATION, StoredChart, StoredDependency, StoredMetadata};
pub(crate) use codec::decode_base64;
pub use codec::{MAX_JSON_SIZE, decode_release, encode_release};
pub use error::DecodeReleaseError;
pub use head::ReleaseHead;
pub use info::{HookRecord, HookRun, Info};
pub use status::{ApplyMethod, Status};
pub use time::RecordTime;

use fields::split;
use json::Json;
use write::ObjectWriter;

/// Labels that say what a record is; the others are the user's.
pub const SYSTEM_LABELS: [&str; 6] = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

/// A revision of a release.
///
/// ```
/// use skeg_release::{Release, Status};
///
/// let mut release = Release::new("web", "shop", 3);
/// release.info.status = Status::Deployed;
/// let text = release.to_json();
/// assert_eq!(
///     text,
///     r#"{"name":"web","info":{"status":"deployed"},"version":3,"namespace":"shop"}"#
/// );
/// assert_eq!(Release::from_json(&text)?, release);
/// # Ok::<(), skeg_release::DecodeReleaseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Release {
    /// The name of the release.
    pub name: String,
    /// What has become of it.
    pub info: Info,
    /// The chart.
    pub chart: Option<StoredChart>,
    /// The values of the user, `null` among them; none is what an empty map is read as.
    pub config: Option<Map>,
    /// The resources as one document, in the order of installation.
    pub manifest: String,
    /// The hooks.
    pub hooks: Vec<HookRecord>,
    /// The revision.
    pub version: i64,
    /// The namespace.
    pub namespace: String,
    /// How the objects were applied.
    pub apply_method: ApplyMethod,
    /// The labels of the Secret or `ConfigMap` that holds the record; those of the system are among them as Helm has
    /// them there. They are not part of the JSON.
    pub labels: BTreeMap<String, String>,
    /// What the server calls the state of the object that this was read from.
    pub(crate) resource_version: Option<String>,
    /// What others have written here.
    foreign: Vec<(String, String)>,
}

impl Release {
    /// A revision of which nothing is known but what it is called.
    pub fn new(name: impl Into<String>, namespace: impl Into<String>, version: i64) -> Self {
        Self {
            name: name.into(),
            namespace: namespace.into(),
            version,
            ..Self::default()
        }
    }

    /// Takes over what was rendered: manifests, hooks and notes.
    pub fn set_rendered(&mut self, rendered: &Rendered) {
        self.manifest = to_valid_utf8(&rendered.manifest(false));
        self.hooks = rendered.hooks.iter().map(HookRecord::from).collect();
        self.info.notes = to_valid_utf8(&rendered.notes);
    }

    /// Gives the revision a status and a description.
    pub fn set_status(&mut self, status: Status, description: impl Into<String>) {
        self.info.status = status;
        self.info.description = description.into();
    }

    /// The labels without those of the system.
    pub fn user_labels(&self) -> BTreeMap<String, String> {
        let labels = self.labels.iter();
        let own = labels.filter(|(key, _)| !SYSTEM_LABELS.contains(&key.as_str()));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// Forgets which state of the object this was read from: an update then replaces whatever is there, as Helm's does.
    pub fn forget_state(&mut self) {
        self.resource_version = None;
    }

    /// Whether the label of the record says this, on which Helm relies more than on the record itself.
    pub fn is_labelled(&self, status: &Status) -> bool {
        let label = self.labels.get("status").map(String::as_str);
        label.unwrap_or(self.info.status.as_str()) == status.as_str()
    }

    /// Reads the JSON of a record.
    ///
    /// # Errors
    /// Helm 4.3.1 cannot read it either, or would crash over it.
    pub fn from_json(text: &str) -> Result<Self, DecodeReleaseError> {
        let json = Json::check(text)?;
        shape::check(json, &shape::RELEASE)?;
        let names = [
            "name",
            "info",
            "chart",
            "config",
            "manifest",
            "hooks",
            "version",
            "namespace",
            "apply_method",
        ];
        let (fields, foreign) = split(json, names);
        let [
            name,
            info,
            chart,
            config,
            manifest,
            hooks,
            version,
            namespace,
            method,
        ] = fields;
        Ok(Self {
            name: name.text(),
            info: info.value().map(Info::read).ok_or(DecodeReleaseError::NoInfo)?,
            chart: chart.value().map(StoredChart::read),
            config: config.value().and_then(|json| chart::read_map(json.text())),
            manifest: manifest.text(),
            hooks: hooks
                .items()
                .filter(|hook| !hook.is_null())
                .map(HookRecord::read)
                .collect(),
            version: version.int(),
            namespace: namespace.text(),
            apply_method: method.apply_method(),
            labels: BTreeMap::new(),
            resource_version: None,
            foreign,
        })
    }

    /// The JSON of the record.
    pub fn to_json(&self) -> String {
        let chart = self.chart.as_ref().map_or(0, |chart| chart.json().len());
        let mut out = String::with_capacity(1024 + chart + self.manifest.len() * 9 / 8);
        self.write(&mut out, self.chart.as_ref(), None);
        out
    }

    /// The JSON that `status` prints: no chart, and `resources` as they are on the cluster, a JSON object.
    pub fn to_status_json(&self, resources: Option<&str>) -> String {
        let mut out = String::new();
        self.write(&mut out, None, resources);
        out
    }

    fn write(&self, out: &mut String, chart: Option<&StoredChart>, resources: Option<&str>) {
        let mut object = ObjectWriter::new(out);
        object.text("name", &self.name);
        self.info.write(object.key("info"), resources);
        if let Some(chart) = chart {
            object.key("chart").push_str(chart.json());
        }
        if let Some(config) = self.config.as_ref().filter(|config| !config.is_empty()) {
            let config = skeg_values::json::to_string(&Value::from(config.clone()));
            object.key("config").push_str(&config);
        }
        object.text("manifest", &self.manifest);
        if !self.hooks.is_empty() {
            HookRecord::write_all(&self.hooks, object.key("hooks"));
        }
        object.int("version", self.version);
        object.text("namespace", &self.namespace);
        object.text("apply_method", self.apply_method.as_str());
        object.foreign(&self.foreign);
        object.end();
    }

    /// What takes up space in the record, the largest first: parts of it, and their size as JSON in bytes.
    ///
    /// Compressed they are a fraction of that, all by about the same factor.
    pub fn sizes(&self) -> Vec<(String, usize)> {
        let config = self.config.clone().map(Value::from);
        let mut sizes = vec![
            ("manifest".to_owned(), self.manifest.len()),
            ("notes".to_owned(), self.info.notes.len()),
            (
                "hooks".to_owned(),
                self.hooks.iter().map(|hook| hook.manifest.len()).sum(),
            ),
            (
                "config".to_owned(),
                config.map_or(0, |config| skeg_values::json::to_string(&config).len()),
            ),
        ];
        sizes.extend(self.chart.iter().flat_map(StoredChart::sizes));
        sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        sizes
    }
}
