//! `values.yaml`.

use std::rc::Rc;

use skeg_go::{GoMap, GoValue};
use skeg_values::schema::{self, NoSource, SchemaSource};
use skeg_values::{StructReader, yaml};

use crate::finding::{Position, Severity};
use crate::linter::{Linter, Spot};
use crate::rule::Rule;
use skeg_go::errors::system_words;

const FILE: &str = "values.yaml";
const SCHEMA: &str = "values.schema.json";

/// Checks that there are values and that they keep to the schema.
pub(crate) fn check(linter: &mut Linter<'_>) {
    let path = linter.directory().join(FILE);
    if std::fs::metadata(&path).is_err() {
        let spot = Spot::file(Rule::ValuesFile, FILE);
        return linter.report(Severity::Info, &spot, "file does not exist");
    }
    let spot = Spot::file(Rule::ValuesSyntax, FILE);
    let content = match fs_err::read(&path) {
        Ok(content) => content,
        Err(error) => {
            let operation = if path.is_dir() { "read" } else { "open" };
            let reason = system_words(&error);
            let message = format!("unable to parse YAML: {operation} {}: {reason}", path.display());
            return linter.report(Severity::Error, &spot, message);
        }
    };
    match decode(&content) {
        Ok(values) => check_schema(linter, &values),
        Err((message, position)) => {
            let message = format!("unable to parse YAML: {message}");
            linter.report(Severity::Error, &spot.at(position), message);
        }
    }
}

/// The first document of the file.
fn decode(content: &[u8]) -> Result<GoMap, (String, Option<Position>)> {
    let value = yaml::decode(content).map_err(|error| {
        let position = error.line().map(|line| Position {
            line,
            column: error.column().unwrap_or(1),
        });
        (error.to_string(), position)
    })?;
    let is_map = StructReader::new(&value, "common.Values").and_then(StructReader::finish);
    is_map.map_err(|error| (error.to_string(), None))?;
    Ok(yaml::decode_go_map(content).unwrap_or_default())
}

/// Holds the values of this chart alone against its schema; Helm says it like this and once more with all charts.
fn check_schema(linter: &mut Linter<'_>, values: &GoMap) {
    let options = linter.options();
    let schema = fs_err::read(linter.directory().join(SCHEMA)).unwrap_or_default();
    if schema.is_empty() || options.skip_schema_validation {
        return;
    }
    let values = GoValue::from(lay_over(&options.values, values));
    let source = Source(options.schema_source.clone());
    if let Err(error) = schema::validate(&schema, &values, source) {
        let spot = Spot::file(Rule::ValuesSchema, FILE);
        linter.report(Severity::Error, &spot, error.to_string());
    }
}

/// The values of the chart under those of the user; what the user sets to `null` is not there.
fn lay_over(user: &GoMap, chart: &GoMap) -> GoMap {
    let merged: GoMap = chart.snapshot().into_iter().collect();
    for (key, value) in user.snapshot() {
        match (merged.get(&key), value) {
            (Some(_), GoValue::Nil) => drop(merged.remove(&key)),
            (Some(GoValue::Map(below)), GoValue::Map(above)) => {
                merged.insert(key, lay_over(&above, &below));
            }
            (_, value) => drop(merged.insert(key, value)),
        }
    }
    merged
}

/// What schemas refer to.
struct Source(Option<Rc<dyn SchemaSource>>);

impl SchemaSource for Source {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        match &self.0 {
            Some(source) => source.load(url),
            None => NoSource.load(url),
        }
    }
}
