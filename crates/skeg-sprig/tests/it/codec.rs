//! Go's values in JSON, as the recorded data has them.
//!
//! Scalars and lists of JSON are `nil`, `bool`, `string` and `[]interface {}`; everything else is an object with
//! one key, which names the type.

use std::any::Any;

use serde_json::{Value, json};
use skeg_go::{GoList, GoMap, GoObject, GoString, GoType, GoValue, IntType, Kind, UintType};

/// A `time.Month` or a `time.Duration`.
#[derive(Debug)]
struct TimeNumber {
    type_name: &'static str,
    number: i64,
}

impl GoObject for TimeNumber {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind(&self) -> Kind {
        match self.type_name {
            "time.Month" => Kind::Int,
            _ => Kind::Int64,
        }
    }

    fn to_text(&self) -> String {
        let text = match (self.type_name, self.number) {
            ("time.Month", 3) => "March",
            ("time.Duration", 3_000_000_000) => "3s",
            ("time.Duration", 0) => "0s",
            _ => panic!("no text for {self:?}"),
        };
        text.to_owned()
    }

    fn to_json(&self) -> GoValue {
        GoValue::int(self.number)
    }

    fn as_i64(&self) -> Option<i64> {
        Some(self.number)
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| other.type_name == self.type_name && other.number == self.number)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The value that recorded JSON stands for.
pub(crate) fn decode(json: &Value) -> GoValue {
    match json {
        Value::Null => GoValue::Nil,
        Value::Bool(value) => GoValue::Bool(*value),
        Value::String(text) => GoValue::from(text.as_str()),
        Value::Array(items) => GoValue::list(items.iter().map(decode).collect()),
        Value::Object(object) => {
            let (name, content) = object.iter().next().expect("a type");
            decode_typed(name, content)
        }
        Value::Number(_) => panic!("{json} has no type"),
    }
}

fn decode_typed(name: &str, content: &Value) -> GoValue {
    let text = content.as_str().unwrap_or_default();
    let items = content.as_array().into_iter().flatten();
    match name {
        "hex" => GoValue::string(bytes(text)),
        "bytes" => GoValue::List(GoList::bytes(bytes(text))),
        "int" => GoValue::int(text.parse().unwrap()),
        "int64" => GoValue::int64(text.parse().unwrap()),
        "uint8" => GoValue::Uint(UintType::Uint8, text.parse().unwrap()),
        "uint64" => GoValue::Uint(UintType::Uint64, text.parse().unwrap()),
        "float" => GoValue::Float(text.trim_start_matches('+').parse().unwrap()),
        "month" => time_number("time.Month", content),
        "duration" => time_number("time.Duration", content),
        "nil" => GoValue::List(GoList::nil(GoType::Interface)),
        "strings" => typed(GoType::String, items.map(decode)),
        "ints" => typed(
            GoType::Int(IntType::Int),
            items.map(|item| GoValue::int(item.as_i64().unwrap())),
        ),
        "lists" => typed(GoType::Slice(Box::new(GoType::Interface)), items.map(decode)),
        "map" => filled(GoMap::new(), content),
        "textmap" => filled(GoMap::typed(GoType::String), content),
        _ => panic!("no type {name}"),
    }
}

fn time_number(type_name: &'static str, content: &Value) -> GoValue {
    let number = content.as_i64().unwrap();
    GoValue::object(TimeNumber { type_name, number })
}

fn typed(element: GoType, items: impl Iterator<Item = GoValue>) -> GoValue {
    GoValue::List(GoList::typed(element, items.collect()))
}

fn filled(map: GoMap, content: &Value) -> GoValue {
    for (key, value) in content.as_object().unwrap() {
        map.insert(key.as_str(), decode(value));
    }
    GoValue::Map(map)
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The JSON that stands for a value.
pub(crate) fn encode(value: &GoValue) -> Value {
    match value {
        GoValue::Nil => Value::Null,
        GoValue::Bool(value) => json!(value),
        GoValue::Int(IntType::Int, number) => json!({ "int": number.to_string() }),
        GoValue::Int(IntType::Int64, number) => json!({ "int64": number.to_string() }),
        GoValue::Uint(UintType::Uint8, number) => json!({ "uint8": number.to_string() }),
        GoValue::Uint(UintType::Uint64, number) => json!({ "uint64": number.to_string() }),
        GoValue::Float(number) => json!({ "float": skeg_go::number::format_f64(*number) }),
        GoValue::String(text) => encode_text(text),
        GoValue::List(list) => encode_list(list),
        GoValue::Map(map) => {
            let entries = map.snapshot().into_iter();
            let entries: serde_json::Map<String, Value> = entries
                .map(|(key, value)| (key.to_lossy().into_owned(), encode(&value)))
                .collect();
            match map.element() {
                GoType::String => json!({ "textmap": entries }),
                _ => json!({ "map": entries }),
            }
        }
        GoValue::Object(object) if object.type_name() == "time.Month" => json!({ "month": object.as_i64() }),
        GoValue::Object(object) => json!({ "duration": object.as_i64() }),
        GoValue::Int(..) | GoValue::Uint(..) => panic!("no JSON for {value:?}"),
    }
}

fn encode_text(text: &GoString) -> Value {
    match text.to_str() {
        Some(text) => json!(text),
        None => json!({ "hex": hex(text) }),
    }
}

fn encode_list(list: &GoList) -> Value {
    let items = || list.iter().map(encode).collect::<Vec<_>>();
    match list.element() {
        GoType::Interface if list.is_nil() => json!({ "nil": true }),
        GoType::Interface => json!(items()),
        GoType::String => json!({ "strings": items() }),
        GoType::Slice(_) => json!({ "lists": items() }),
        GoType::Uint(UintType::Uint8) => json!({ "bytes": hex(&list.to_bytes().unwrap()) }),
        GoType::Int(IntType::Int) => {
            let number = |item: &GoValue| match item {
                GoValue::Int(_, number) => *number,
                _ => panic!("{item:?} is no int"),
            };
            json!({ "ints": list.iter().map(number).collect::<Vec<_>>() })
        }
        element => panic!("no JSON for {element:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
