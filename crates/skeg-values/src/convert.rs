//! From document values to the values that templates compute with, and back.

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
