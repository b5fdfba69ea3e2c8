//! Values with types of Go's, and bytes, as JSON: `{"int": "5"}`, `{"list": […]}`, `{"map": [["key", …]]}`;
//! strings, booleans and `null` as they are, strings that are not UTF-8 as `{"b64": "…"}`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use skeg_go::{GoList, GoMap, GoType, GoValue, IntType, UintType};

/// Bytes as a string, if they are one.
pub(super) fn text(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(_) => json!({ "b64": STANDARD.encode(bytes) }),
    }
}

/// An answer without an error.
pub(super) fn ok(value: impl Into<Value>) -> Value {
    json!({ "ok": value.into() })
}

/// An answer that is an error.
pub(super) fn failed(message: &str) -> Value {
    json!({ "error": message })
}

/// The answer that a result is.
pub(super) fn answer<T: Into<Value>, E: std::fmt::Display>(result: Result<T, E>) -> Value {
    match result {
        Ok(value) => ok(value),
        Err(error) => failed(&error.to_string()),
    }
}

/// A string that is one.
pub(super) fn plain<'a>(request: &'a Value, name: &str) -> &'a str {
    request[name].as_str().unwrap_or_default()
}

/// Any bytes.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        other => {
            let encoded = other["b64"].as_str().unwrap_or_default();
            STANDARD.decode(encoded).unwrap_or_default()
        }
    }
}

/// The value that is written so.
pub(super) fn value(written: &Value) -> GoValue {
    let Value::Object(object) = written else {
        return match written {
            Value::Bool(value) => GoValue::Bool(*value),
            Value::String(text) => GoValue::from(text.as_str()),
            _ => GoValue::Nil,
        };
    };
    let (name, inner) = object.iter().next().expect("because it has one member");
    match (name.as_str(), inner) {
        ("b64", _) => GoValue::string(bytes(written)),
        ("bytes", Value::String(text)) => GoList::bytes(STANDARD.decode(text).unwrap_or_default()).into(),
        ("map", Value::Array(entries)) => {
            let entries = entries.iter().map(|entry| (bytes(&entry[0]), value(&entry[1])));
            GoValue::Map(entries.collect::<GoMap>())
        }
        ("strings", Value::Array(items)) => {
            GoList::typed(GoType::String, items.iter().map(value).collect()).into()
        }
        (_, Value::Array(items)) => GoValue::list(items.iter().map(value).collect()),
        (_, Value::String(text)) => scalar(name, text),
        _ => GoValue::Nil,
    }
}

fn scalar(name: &str, digits: &str) -> GoValue {
    match name {
        "int" => GoValue::int(digits.parse().unwrap_or_default()),
        "int64" => GoValue::Int(IntType::Int64, digits.parse().unwrap_or_default()),
        "uint8" => GoValue::Uint(UintType::Uint8, digits.parse().unwrap_or_default()),
        "uint64" => GoValue::Uint(UintType::Uint64, digits.parse().unwrap_or_default()),
        _ => GoValue::Float(f64::from_bits(digits.parse().unwrap_or_default())),
    }
}
