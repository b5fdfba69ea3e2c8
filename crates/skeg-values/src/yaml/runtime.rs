//! YAML and the values that templates compute with: `yaml.Unmarshal` and `yaml.Marshal` of sigs.k8s.io/yaml.

use skeg_go::{GoMap, GoValue};
use skeg_yaml::Text;

use super::decode::{self, Duplicates, NonFinite};
use super::encode;
use super::error::DecodeError;
use super::node::Document;
use super::quick::{self, Whole};
use crate::json::{self, EncodeJsonError, kind_name};
use crate::value::Value;

/// YAML that could not be decoded into a Go type, in the words of sigs.k8s.io/yaml.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeGoError {
    /// The text is not YAML, or JSON cannot hold it.
    #[error(transparent)]
    Document(#[from] DecodeError),
    /// Something else is wanted at the top.
    #[error(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go value of type {expected}"
    )]
    WrongKind {
        /// What it is, such as `array`.
        kind: &'static str,
        /// The Go type that is wanted.
        expected: &'static str,
    },
}

/// A value that could not be printed, in the words of sigs.k8s.io/yaml.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// JSON cannot hold the value.
    #[error("error marshaling into JSON: {0}")]
    Json(#[from] EncodeJsonError),
    /// The JSON, read as YAML, is a mistake: it has control characters, or keys of more than 1024 bytes.
    #[error("{}", .0.message())]
    Yaml(DecodeError),
}

impl EncodeError {
    /// Whether nothing is wrong with the value but its size.
    pub fn is_too_long(&self) -> bool {
        matches!(self, Self::Json(EncodeJsonError::TooLong))
    }
}

/// Decodes the first document of a YAML stream into `any`: as [`super::decode`], but every number is a float64.
pub fn decode_go(yaml: &[u8]) -> Result<GoValue, DecodeError> {
    if let Some(Whole(value)) = quick::read(yaml) {
        return Ok(value);
    }
    decode_go_slowly(yaml)
}

fn decode_go_slowly(yaml: &[u8]) -> Result<GoValue, DecodeError> {
    let text = Text::new(yaml);
    let document = Document::parse(&text)?;
    decode::decode(&document, Duplicates::LastWins, NonFinite::Refuse)
}

/// Decodes into `map[string]interface {}`; an empty document is an empty map.
pub fn decode_go_map(yaml: &[u8]) -> Result<GoMap, DecodeGoError> {
    match decode_go(yaml)? {
        GoValue::Map(map) => Ok(map),
        GoValue::Nil => Ok(GoMap::new()),
        other => Err(wrong_kind(&other, "map[string]interface {}")),
    }
}

/// Decodes into `[]interface {}`; an empty document is an empty slice.
pub fn decode_go_list(yaml: &[u8]) -> Result<Vec<GoValue>, DecodeGoError> {
    match decode_go(yaml)? {
        GoValue::List(list) => Ok(list.items().to_vec()),
        GoValue::Nil => Ok(Vec::new()),
        other => Err(wrong_kind(&other, "[]interface {}")),
    }
}

fn wrong_kind(value: &GoValue, expected: &'static str) -> DecodeGoError {
    DecodeGoError::WrongKind {
        kind: kind_name(value),
        expected,
    }
}

/// Prints a value as `yaml.Marshal` does, with a line break at the end.
pub fn encode_go(value: &GoValue) -> Result<Vec<u8>, EncodeError> {
    encode::encode(value).or_else(|_| encode_through_json(value))
}

/// The way that Helm goes: JSON, read as YAML, then printed.
fn encode_through_json(value: &GoValue) -> Result<Vec<u8>, EncodeError> {
    let json = json::encode_go(value)?;
    let text = Text::new(&json);
    let document = Document::parse(&text).map_err(EncodeError::Yaml)?;
    let value: Value =
        decode::decode(&document, Duplicates::LastWins, NonFinite::Keep).map_err(EncodeError::Yaml)?;
    Ok(encode::encode(&value).unwrap_or_default())
}
