//! From documents to values that templates compute with.

use skeg_go::{GoMap, GoValue};
use skeg_values::{Map, Value};

/// The value of a document, with its integers as Go's `int64` and `uint64`.
pub(crate) fn to_go(value: &Value) -> GoValue {
    match value {
        Value::Null => GoValue::Nil,
        Value::Bool(value) => GoValue::Bool(*value),
        Value::Int(value) => GoValue::int64(*value),
        Value::UInt(value) => GoValue::Uint(skeg_go::UintType::Uint64, *value),
        Value::Float(value) => GoValue::Float(*value),
        Value::String(text) => GoValue::string(text.as_str()),
        Value::List(items) => GoValue::list(items.iter().map(to_go).collect()),
        Value::Map(map) => GoValue::Map(map_to_go(map)),
    }
}

/// As [`to_go`], of a map.
pub(crate) fn map_to_go(map: &Map) -> GoMap {
    map.iter().map(|(key, value)| (key, to_go(value))).collect()
}
