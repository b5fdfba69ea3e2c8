//! Values as Go's `%#v` prints them, for the messages that quote a value.

use skeg_go::number::format_f64;
use skeg_go::quote::quote;

use crate::value::Value;

/// Prints `value` as Go prints what go-yaml v2 decodes into `any`.
pub(super) fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(element).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Map(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{}:{}", quote(key), element(value)))
                .collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::UInt(value) => format!("{value:#x}"),
        Value::Float(value) => format_f64(*value),
        Value::String(text) => quote(text),
    }
}

fn element(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        value => go_syntax(value),
    }
}
