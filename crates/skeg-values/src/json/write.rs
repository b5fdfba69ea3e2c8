//! Writing JSON.

use std::fmt::Write as _;

use skeg_go::json::write_string;
use skeg_go::number::format_json;

use crate::value::Value;

/// Writes compact JSON as `json.Marshal`: keys sorted bytewise, `<`, `>` and `&` escaped.
///
/// Infinities and NaN, which JSON does not have and decoding refuses, become `null`.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write_display(out, value),
        Value::Int(value) => write_display(out, value),
        Value::UInt(value) => write_display(out, value),
        Value::Float(value) => out.push_str(format_json(*value).as_deref().unwrap_or("null")),
        Value::String(text) => write_string(out, text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write(out, item);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_string(out, key);
                out.push(':');
                write(out, value);
            }
            out.push('}');
        }
    }
}

fn write_display(out: &mut String, value: impl std::fmt::Display) {
    write!(out, "{value}").expect("because a string takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

    #[test]
    fn writes_as_go_does() {
        let map: Map = [
            (
                "b",
                Value::from(vec![Value::Null, Value::from(1e21), Value::from(u64::MAX)]),
            ),
            ("a<", Value::from("\u{2028}é")),
            ("Z", Value::from(Map::new())),
        ]
        .into_iter()
        .collect();
        let value = Value::from(map);
        assert_eq!(
            to_string(&value),
            r#"{"Z":{},"a\u003c":"\u2028é","b":[null,1e+21,18446744073709551615]}"#
        );
    }
}
