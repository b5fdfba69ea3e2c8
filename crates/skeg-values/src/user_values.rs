//! The values that a user gives: files of `-f` and arguments of the `--set` family, merged in Helm's order.

use skeg_go::{GoMap, GoValue};

use crate::documents::{SeparatorError, split_document, with_last_line_break};
use crate::json;
use crate::set::{self, ReadFileError, SetError};
use crate::yaml::{self, DecodeGoError};

/// A file of values that cannot be decoded, in Helm's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeValuesError {
    /// Something follows `---` on its line that is no comment.
    #[error(transparent)]
    Separator(#[from] SeparatorError),
    /// A document is not YAML, or no map.
    #[error("cannot unmarshal yaml document: {0}")]
    Document(#[from] DecodeGoError),
}

/// Values that cannot be merged, in Helm's words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UserValuesError {
    /// A file of `-f` that cannot be read.
    #[error(transparent)]
    Read(ReadFileError),
    /// A file of `-f` that cannot be decoded.
    #[error("failed to parse {path}: {source}")]
    File {
        /// The file, as it was given.
        path: String,
        /// What is wrong with it.
        source: DecodeValuesError,
    },
    /// An argument of `--set-json` that is an object.
    #[error("failed parsing --set-json data JSON: {0}")]
    JsonObject(String),
    /// An argument of `--set-json` with names.
    #[error("failed parsing --set-json data {0}")]
    Json(String),
    /// An argument of another flag of the family.
    #[error("failed parsing {flag} data: {source}")]
    Set {
        /// The flag, such as `--set`.
        flag: &'static str,
        /// What is wrong.
        source: SetError,
    },
}

/// All that a command line says about values, each list in the order of its flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserValues {
    /// `-f`, `--values`
    pub files: Vec<String>,
    /// `--set-json`
    pub json: Vec<String>,
    /// `--set`
    pub typed: Vec<String>,
    /// `--set-string`
    pub strings: Vec<String>,
    /// `--set-file`
    pub file_values: Vec<String>,
    /// `--set-literal`
    pub literals: Vec<String>,
}

impl UserValues {
    /// Merges everything; later flags win, and kinds of flags are later in the order of the fields here.
    ///
    /// `read` reads the files of `-f` and of `--set-file`.
    pub fn merge(
        &self,
        read: &mut dyn FnMut(&str) -> Result<Vec<u8>, ReadFileError>,
    ) -> Result<GoMap, UserValuesError> {
        let mut values = GoMap::new();
        for path in &self.files {
            let content = read(path).map_err(UserValuesError::Read)?;
            let file = decode_values(&content).map_err(|source| UserValuesError::File {
                path: path.clone(),
                source,
            })?;
            values = merge_maps(&values, &file);
        }
        for argument in &self.json {
            values = merge_json(values, argument)?;
        }
        let error = |flag| move |source| UserValuesError::Set { flag, source };
        for argument in &self.typed {
            set::typed(argument, &values).map_err(error("--set"))?;
        }
        for argument in &self.strings {
            set::strings(argument, &values).map_err(error("--set-string"))?;
        }
        for argument in &self.file_values {
            set::files(argument, &values, read).map_err(error("--set-file"))?;
        }
        for argument in &self.literals {
            set::literal(argument, &values).map_err(error("--set-literal"))?;
        }
        Ok(values)
    }
}

fn merge_json(values: GoMap, argument: &str) -> Result<GoMap, UserValuesError> {
    let trimmed = argument.trim();
    if !trimmed.starts_with('{') {
        set::json(argument, &values).map_err(|_| UserValuesError::Json(argument.to_owned()))?;
        return Ok(values);
    }
    let decoded = json::decode_go_map(trimmed.as_bytes());
    match decoded.error {
        None => Ok(merge_maps(&values, &decoded.value)),
        Some(_) => Err(UserValuesError::JsonObject(argument.to_owned())),
    }
}

/// Decodes a file of values: documents between lines of `---` are merged, later ones winning. Every number is a
/// float64.
pub fn decode_values(content: &[u8]) -> Result<GoMap, DecodeValuesError> {
    let mut values = GoMap::new();
    let content = with_last_line_break(content);
    let mut rest = &*content;
    while !rest.is_empty() {
        let (document, following) = split_document(rest)?;
        let map = yaml::decode_go_map(document)?;
        values = if values.is_empty() {
            map
        } else {
            merge_maps(&values, &map)
        };
        rest = following;
    }
    Ok(values)
}

/// Merges two maps into a new one: maps within maps are merged, of anything else `above` wins (`MergeMaps` of
/// Helm's loader). What is not merged is shared.
pub fn merge_maps(below: &GoMap, above: &GoMap) -> GoMap {
    let merged: GoMap = below.snapshot().into_iter().collect();
    for (key, value) in above.entries().iter() {
        let value = match (merged.get(key), value) {
            (Some(GoValue::Map(below)), GoValue::Map(above)) => merge_maps(&below, above).into(),
            _ => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    merged
}
