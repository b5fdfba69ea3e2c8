//! Typed values written as JSON: `{"int": "5"}`, `{"list": […]}`, `{"map": [["key", …]]}`; strings as they are,
//! or `{"b64": "…"}` where they are not UTF-8.

use serde_json::Value;
use skeg_go::{GoList, GoMap, GoString, GoType, GoValue, IntType, UintType};

/// The rows of a table, without the first line.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = Vec<Value>> {
    let parse = |line: &str| serde_json::from_str(line).expect("because rows are arrays");
    table.lines().skip(1).map(parse)
}

/// The bytes of a string.
pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        Value::Object(object) => base64(object["b64"].as_str().expect("because it is a string")),
        other => panic!("a string, not {other}"),
    }
}

/// The value.
pub(crate) fn typed(value: &Value) -> GoValue {
    let Value::Object(object) = value else {
        return match value {
            Value::Null => GoValue::Nil,
            Value::Bool(value) => GoValue::Bool(*value),
            text => GoValue::string(bytes(text)),
        };
    };
    let (name, inner) = object.iter().next().expect("because it has one entry");
    let element = match name.as_str() {
        "list" | "map" => GoType::Interface,
        "strings" | "stringmap" => GoType::String,
        "ints" => GoType::Int(IntType::Int),
        _ => GoType::Map(Box::new(GoType::Interface)),
    };
    match (name.as_str(), inner) {
        ("b64", _) => GoValue::string(bytes(value)),
        ("bytes", Value::String(text)) => GoList::bytes(base64(text)).into(),
        ("map" | "stringmap", Value::Array(entries)) => {
            let map = GoMap::typed(element);
            for entry in entries {
                map.insert(GoString::from(bytes(&entry[0])), typed(&entry[1]));
            }
            map.into()
        }
        (_, Value::Array(items)) => GoList::typed(element, items.iter().map(typed).collect()).into(),
        (_, Value::String(text)) => scalar(name, text),
        _ => panic!("no value is {value}"),
    }
}

fn scalar(name: &str, text: &str) -> GoValue {
    let signed = |int| GoValue::Int(int, text.parse().expect("because it is an integer"));
    let unsigned = |uint| GoValue::Uint(uint, text.parse().expect("because it is an integer"));
    match name {
        "int" => signed(IntType::Int),
        "int8" => signed(IntType::Int8),
        "int32" => signed(IntType::Int32),
        "int64" => signed(IntType::Int64),
        "uint" => unsigned(UintType::Uint),
        "uint8" => unsigned(UintType::Uint8),
        "uint64" => unsigned(UintType::Uint64),
        "float64" => GoValue::Float(f64::from_bits(text.parse().expect("because bits are an integer"))),
        _ => panic!("no type is {name}"),
    }
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let digit = ALPHABET.iter().position(|letter| *letter == byte);
        buffer = (buffer << 6
            | u32::try_from(digit.expect("because it is Base64")).expect("because it is small"))
            & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xff).expect("because it is masked"));
        }
    }
    bytes
}
