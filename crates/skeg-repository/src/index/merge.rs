//! Merging an index that is there into one that is made.

use std::path::Path;

use serde_json::{Map, Value as Json};
use skeg_go::semver::{Version, VersionConstraint};
use skeg_values::{Value, yaml};

use super::record::{DirectoryIndex, IndexDirectoryError, Record};
use super::{Index, ReadIndexError};

/// The fields of an entry in the order in which Go writes them.
const FIELDS: [&str; 25] = [
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
    "urls",
    "created",
    "removed",
    "digest",
    "checksum",
    "engine",
    "tillerVersion",
    "url",
];

const MAINTAINER: [&str; 3] = ["name", "email", "url"];

const DEPENDENCY: [&str; 8] = [
    "name",
    "version",
    "repository",
    "condition",
    "tags",
    "enabled",
    "import-values",
    "alias",
];

/// What is written even if it is empty.
const ALWAYS: [&str; 2] = ["urls", "created"];

impl DirectoryIndex {
    /// Adds the entries of another index that are not there yet; gives those that were left out because they are invalid.
    ///
    /// # Errors
    /// The file cannot be read, or is no index.
    pub fn merge(&mut self, path: &Path) -> Result<Index, IndexDirectoryError> {
        let bytes = fs_err::read(path).map_err(|error| IndexDirectoryError::Open {
            path: path.to_owned(),
            reason: skeg_go::errors::system_words(&error),
        })?;
        let failed = |source| IndexDirectoryError::Merge {
            path: path.to_owned(),
            source,
        };
        let checked = Index::parse(&bytes).map_err(failed)?;
        let value =
            yaml::decode(&bytes).map_err(|error| failed(ReadIndexError::Syntax(error.to_string())))?;
        let entries = value.get("entries").and_then(Value::as_map);
        for (chart, versions) in entries.into_iter().flat_map(skeg_values::Map::iter) {
            for entry in versions.as_list().unwrap_or_default() {
                self.merge_one(&checked, chart, entry).map_err(failed)?;
            }
        }
        Ok(checked)
    }

    fn merge_one(&mut self, checked: &Index, chart: &str, entry: &Value) -> Result<(), ReadIndexError> {
        let Some(entry) = entry.as_map() else {
            return Ok(());
        };
        let mut fields = ordered(entry, &FIELDS)?;
        let text = |fields: &Map<String, Json>, name: &str| {
            fields
                .get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let (name, version) = (text(&fields, "name"), text(&fields, "version"));
        let is_valid = checked
            .versions(chart)
            .iter()
            .any(|entry| entry.version() == version);
        if !is_valid || self.has(&name, &version) {
            return Ok(());
        }
        if !fields.contains_key("apiVersion") {
            fields.insert("apiVersion".to_owned(), "v1".into());
            fields = in_order(fields, &FIELDS);
        }
        self.charts
            .entry(name)
            .or_default()
            .push(Record { version, fields });
        Ok(())
    }

    /// Helm 4.3.1: a version is there if it stands there as it is, or if, taken as a range, it holds one that is there.
    fn has(&self, name: &str, version: &str) -> bool {
        let Some(records) = self.charts.get(name) else {
            return false;
        };
        let constraint = VersionConstraint::parse(version);
        records.iter().any(|record| record.version == version)
            || constraint.is_ok_and(|constraint| {
                let mut versions = records
                    .iter()
                    .filter_map(|record| Version::parse(&record.version).ok());
                versions.any(|version| constraint.check(&version))
            })
    }
}

/// The fields of a record in Go's order, without empty ones.
fn ordered(map: &skeg_values::Map, order: &[&str]) -> Result<Map<String, Json>, ReadIndexError> {
    if let Some(unknown) = map.keys().find(|key| !order.contains(key)) {
        let name = skeg_go::quote::quote(unknown);
        return Err(ReadIndexError::Json(format!(
            "error unmarshaling JSON: while decoding JSON: json: unknown field {name}"
        )));
    }
    let mut fields = Map::new();
    for (name, value) in map {
        let json = match name {
            "maintainers" => list(value, &MAINTAINER)?,
            "dependencies" => list(value, &DEPENDENCY)?,
            _ => to_json(value),
        };
        fields.insert(name.to_owned(), json);
    }
    Ok(in_order(fields, order))
}

fn in_order(mut fields: Map<String, Json>, order: &[&str]) -> Map<String, Json> {
    let is_dependency = order.len() == DEPENDENCY.len();
    let mut result = Map::new();
    for name in order {
        let value = fields.remove(*name).unwrap_or(Json::Null);
        let is_kept = ALWAYS.contains(name) || (is_dependency && matches!(*name, "name" | "repository"));
        let value = match (*name, value) {
            ("created", Json::Null) => "0001-01-01T00:00:00Z".into(),
            ("created", Json::String(time)) => shortened(&time).into(),
            ("name" | "repository", Json::Null) if is_dependency => "".into(),
            (_, value) => value,
        };
        if is_kept || !is_empty(&value) {
            result.insert((*name).to_owned(), value);
        }
    }
    result
}

/// A time without zeros at the end of its fraction, as Go prints it.
fn shortened(time: &str) -> String {
    let Some((whole, rest)) = time.split_once('.') else {
        return time.to_owned();
    };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(end);
    match fraction.trim_end_matches('0') {
        "" => format!("{whole}{zone}"),
        fraction => format!("{whole}.{fraction}{zone}"),
    }
}

fn list(value: &Value, order: &[&str]) -> Result<Json, ReadIndexError> {
    let Some(items) = value.as_list() else {
        return Ok(to_json(value));
    };
    let items = items.iter().map(|item| match item.as_map() {
        Some(map) => ordered(map, order).map(Json::Object),
        None => Ok(to_json(item)),
    });
    items.collect::<Result<Vec<_>, _>>().map(Json::Array)
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| (key.to_owned(), to_json(value)))
            .collect(),
        other => other
            .as_i64()
            .map(Json::from)
            .or_else(|| other.as_f64().map(Json::from))
            .unwrap_or_default(),
    }
}
