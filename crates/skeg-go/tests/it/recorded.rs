//! Rows of recorded tables whose texts may be any bytes.

use serde_json::Value;

/// The rows of a table, without the line that says what printed it.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = Value> {
    let lines = table.lines().skip(1);
    lines.map(|line| serde_json::from_str(line).expect("because tables hold JSON"))
}

/// Bytes: a string, or an object that has them in hexadecimal.
#[track_caller]
pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        Value::Object(object) => {
            let hex = object["hex"].as_str().expect("because it is a string");
            let byte =
                |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("because it is hexadecimal");
            (0..hex.len()).step_by(2).map(byte).collect()
        }
        Value::Null => Vec::new(),
        _ => panic!("{value} is not text"),
    }
}

/// A text.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("because it is a string")
}

/// A number.
#[track_caller]
pub(crate) fn integer(value: &Value) -> i64 {
    value.as_i64().expect("because it is a whole number")
}
