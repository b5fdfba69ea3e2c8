//! From document values to the values that templates compute with, and back.

use serde_json::{Number, Value as Json};
use skeg_go::json::to_valid_utf8;
use skeg_go::{GoList, GoMap, GoValue, UintType};

use crate::base64;
use crate::json::EncodeJsonError;
use crate::value::{Map, Value};

/// Collections within collections.
const MAX_DEPTH: usize = 1000;

impl From<&Value> for GoValue {
    /// Integers become `int64` and `uint64`; where Helm has float64, see [`Value::into_float_numbers`].
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::int64(*value),
            Value::UInt(value) => Self::Uint(UintType::Uint64, *value),
            Value::Float(value) => Self::Float(*value),
            Value::String(text) => Self::string(text.as_str()),
            Value::List(items) => Self::list(items.iter().map(Self::from).collect()),
            Value::Map(map) => GoMap::from(map).into(),
        }
    }
}

impl From<&Value> for Json {
    /// The entries of maps keep their order. Infinities and NaN become `null`.
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::from(*value),
            Value::UInt(value) => Self::from(*value),
            Value::Float(value) => float_to_json(*value),
            Value::String(text) => Self::String(text.clone()),
            Value::List(items) => Self::Array(items.iter().map(Self::from).collect()),
            Value::Map(map) => {
                let entries = map.iter().map(|(key, value)| (key.to_owned(), Self::from(value)));
                Self::Object(entries.collect())
            }
        }
    }
}

impl From<Json> for Value {
    /// Integers that no `i64` holds become floats.
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => number
                .as_i64()
                .map_or_else(|| Self::Float(number.as_f64().unwrap_or_default()), Self::Int),
            Json::String(text) => Self::String(text),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(fields) => Self::Map(
                fields
                    .into_iter()
                    .map(|(key, value)| (key, Self::from(value)))
                    .collect(),
            ),
        }
    }
}

/// What is no number in JSON cannot be in values either: YAML becomes JSON first.
pub(crate) fn float_to_json(value: f64) -> Json {
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}

impl From<&Map> for GoMap {
    fn from(map: &Map) -> Self {
        map.iter()
            .map(|(key, value)| (key, GoValue::from(value)))
            .collect()
    }
}

impl Value {
    /// The document value that JSON would make of a runtime value: bytes become base64, structs become maps, text
    /// that is not UTF-8 is repaired.
    ///
    /// # Errors
    /// Infinities and NaN; a map that contains itself, or more than 1000 levels.
    pub fn from_go(value: &GoValue) -> Result<Self, EncodeJsonError> {
        from_go(value, 0)
    }
}

fn from_go(value: &GoValue, depth: usize) -> Result<Value, EncodeJsonError> {
    if depth > MAX_DEPTH {
        return Err(EncodeJsonError::TooDeep);
    }
    Ok(match value {
        GoValue::Nil => Value::Null,
        GoValue::Bool(value) => Value::Bool(*value),
        GoValue::Int(_, value) => Value::Int(*value),
        GoValue::Uint(_, value) => Value::from(*value),
        GoValue::Float(value) => {
            EncodeJsonError::check_number(*value)?;
            Value::Float(*value)
        }
        GoValue::String(text) => Value::String(to_valid_utf8(text)),
        GoValue::List(list) => from_list(list, depth)?,
        GoValue::Map(map) if map.is_nil() => Value::Null,
        GoValue::Map(map) => from_map(map, depth)?,
        GoValue::Object(object) => from_go(&object.to_json(), depth + 1)?,
    })
}

fn from_list(list: &GoList, depth: usize) -> Result<Value, EncodeJsonError> {
    if let Some(bytes) = list.to_bytes() {
        return Ok(Value::String(base64::encode(&bytes)));
    }
    let items: Result<Vec<Value>, _> = list.iter().map(|item| from_go(item, depth + 1)).collect();
    items.map(Value::List)
}

fn from_map(map: &GoMap, depth: usize) -> Result<Value, EncodeJsonError> {
    let mut converted = Map::new();
    for (key, value) in map.entries().iter() {
        converted.insert(to_valid_utf8(key), from_go(value, depth + 1)?);
    }
    Ok(Value::Map(converted))
}
