//! Merging an index that is there into one that is made.

use std::path::Path;

use serde_json::{Map, Value as Json};
use skeg_chart::{Dependency, Maintainer, Metadata};
use skeg_go::semver::{Version, VersionConstraint};
use skeg_values::{Value, yaml};

use super::record::{DirectoryIndex, IndexDirectoryError, Record};
use super::{Index, ReadIndexError};

/// A record of an index as Go writes it.
struct Shape {
    /// The names of the fields, in this order.
    fields: &'static [&'static [&'static str]],
    /// What is written even if it is empty.
    always: &'static [&'static str],
}

const ENTRY: Shape = Shape {
    fields: &[&Metadata::FIELDS, &OF_INDEX],
    always: &["urls", "created"],
};

const MAINTAINER: Shape = Shape {
    fields: &[&Maintainer::FIELDS],
    always: &[],
};

const DEPENDENCY: Shape = Shape {
    fields: &[&Dependency::FIELDS],
    always: &["name", "repository"],
};

/// The fields of an entry that a chart does not have.
const OF_INDEX: [&str; 8] = [
    "urls",
    "created",
    "removed",
    "digest",
    "checksum",
    "engine",
    "tillerVersion",
    "url",
];

impl Shape {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().copied().flatten().copied()
    }
}

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
        let mut fields = ordered(entry, &ENTRY)?;
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
            fields = in_order(fields, &ENTRY);
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
fn ordered(map: &skeg_values::Map, shape: &Shape) -> Result<Map<String, Json>, ReadIndexError> {
    if let Some(unknown) = map.keys().find(|key| shape.names().all(|name| name != *key)) {
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
            _ => Json::from(value),
        };
        fields.insert(name.to_owned(), json);
    }
    Ok(in_order(fields, shape))
}

fn in_order(mut fields: Map<String, Json>, shape: &Shape) -> Map<String, Json> {
    let mut result = Map::new();
    for name in shape.names() {
        let value = fields.remove(name).unwrap_or(Json::Null);
        let is_kept = shape.always.contains(&name);
        let value = match (name, value) {
            ("created", Json::Null) => "0001-01-01T00:00:00Z".into(),
            ("created", Json::String(time)) => shortened(&time).into(),
            ("name" | "repository", Json::Null) if is_kept => "".into(),
            (_, value) => value,
        };
        if is_kept || !is_empty(&value) {
            result.insert(name.to_owned(), value);
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

fn list(value: &Value, shape: &Shape) -> Result<Json, ReadIndexError> {
    let Some(items) = value.as_list() else {
        return Ok(Json::from(value));
    };
    let items = items.iter().map(|item| match item.as_map() {
        Some(map) => ordered(map, shape).map(Json::Object),
        None => Ok(Json::from(item)),
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
