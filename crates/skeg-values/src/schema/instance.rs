//! Values as the validator reads them.

use serde_json::{Map as JsonMap, Value as Json};
use skeg_go::GoValue;

use crate::convert::float_to_json;

/// What a schema can judge.
pub trait SchemaInstance {
    /// The value as JSON; the entries of maps are sorted, which decides the order of messages.
    #[doc(hidden)]
    fn to_instance(&self) -> Json;
}

pub(super) fn from_go(value: &GoValue) -> Json {
    match value {
        GoValue::Nil => Json::Null,
        GoValue::Bool(value) => Json::Bool(*value),
        GoValue::Int(_, value) => Json::from(*value),
        GoValue::Uint(_, value) => Json::from(*value),
        GoValue::Float(value) => float_to_json(*value),
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
