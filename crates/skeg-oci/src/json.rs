//! JSON as Go's `encoding/json` prints it: compact, with `<`, `>`, `&` and two line separators escaped.

use serde::Serialize;

/// Serialises a model value to the bytes that Go's `json.Marshal` would give.
///
/// The five characters can only stand inside strings, so replacing them afterwards is exact.
pub(crate) fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let text = serde_json::to_string(value).expect("because model types have string keys and finite numbers");
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            other => escaped.push(other),
        }
    }
    escaped.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_characters_are_escaped_as_in_go() {
        assert_eq!(
            to_bytes(&"a <b> & \u{2028}é"),
            r#""a \u003cb\u003e \u0026 \u2028é""#.as_bytes()
        );
    }
}
