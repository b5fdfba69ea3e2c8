//! JSON as Go's `encoding/json` writes it: members sorted, `<`, `>` and `&` escaped.

use serde_json::{Number, Value};

/// The text of a value, byte for byte what `json.Marshal` makes of the same maps and lists.
pub(crate) fn to_go_json(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&number_text(number)),
        Value::String(string) => skeg_go::json::write_string(text, string),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(text, at);
                write(text, item);
            }
            text.push(']');
        }
        Value::Object(map) => {
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                separate(text, at);
                skeg_go::json::write_string(text, name);
                text.push(':');
                write(text, value);
            }
            text.push('}');
        }
    }
}

fn separate(text: &mut String, at: usize) {
    if at > 0 {
        text.push(',');
    }
}

fn number_text(number: &Number) -> String {
    let float = if number.is_i64() { None } else { number.as_f64() };
    float
        .and_then(skeg_go::number::format_json)
        .unwrap_or_else(|| number.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        assert_eq!(to_go_json(value), expected);
    }

    #[test]
    fn values_are_written_as_go_does() {
        check(
            &json!({"b": [1, null, true], "a": {"<": "&"}}),
            r#"{"a":{"\u003c":"\u0026"},"b":[1,null,true]}"#,
        );
        check(
            &json!([1.0, 1.5, 1e21, -3, u64::MAX]),
            "[1,1.5,1e+21,-3,18446744073709552000]",
        );
        check(&json!({}), "{}");
    }
}
