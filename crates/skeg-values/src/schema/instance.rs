//! Values as the validator reads them.

use serde_json::{Map as JsonMap, Number, Value as Json};
use skeg_go::GoValue;

use crate::Value;

/// What a schema can judge.
pub trait SchemaInstance {
    /// The value as JSON; the entries of maps are sorted, which decides the order of messages.
    #[doc(hidden)]
    fn to_instance(&self) -> Json;
}

pub(super) fn from_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::UInt(value) => Json::from(*value),
        Value::Float(value) => from_float(*value),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(from_value).collect()),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| (key.to_owned(), from_value(value)));
            Json::Object(entries.collect())
        }
    }
}

pub(super) fn from_go(value: &GoValue) -> Json {
    match value {
        GoValue::Nil => Json::Null,
        GoValue::Bool(value) => Json::Bool(*value),
        GoValue::Int(_, value) => Json::from(*value),
        GoValue::Uint(_, value) => Json::from(*value),
        GoValue::Float(value) => from_float(*value),
        GoValue::String(text) => Json::String(text.to_lossy().into_owned()),
        GoValue::List(list) => Json::Array(list.iter().map(from_go).collect()),
        GoValue::Map(map) => {
            let entries = map.entries();
            let entries = entries
                .iter()
                .map(|(key, value)| (key.to_lossy().into_owned(), from_go(value)));
            Json::Object(entries.collect::<JsonMap<_, _>>())
        }
        GoValue::Object(object) => from_go(&object.to_json()),
    }
}

/// What is no number in JSON cannot be in values either: YAML becomes JSON first.
fn from_float(value: f64) -> Json {
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}
