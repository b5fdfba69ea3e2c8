//! Two values, and where they differ.

use std::fmt::Write as _;

use serde_json::Value;

/// So much of a value is shown.
const SHOWN: usize = 300;

/// The places where two values differ, one a line: the place, what the one has, what the other has.
pub(super) fn values(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("", one, other, &mut found);
    found
}

/// The lines that only one of two texts has.
pub(super) fn texts(one: &str, other: &str) -> Vec<String> {
    if one == other {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (mark, text, against) in [('-', one, other), ('+', other, one)] {
        for line in text.lines() {
            if !against.lines().any(|known| known == line) {
                found.push(format!("{mark} {}", shown(line)));
            }
        }
    }
    if found.is_empty() {
        found.push(format!(
            "the same lines, but not the same text:\n{one}\nand\n{other}"
        ));
    }
    found
}

fn walk(place: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let new = other.keys().filter(|key| !one.contains_key(*key));
            for key in one.keys().chain(new) {
                let at = |map: &serde_json::Map<String, Value>| map.get(key).cloned();
                let place = format!("{place}/{key}");
                match (at(one), at(other)) {
                    (Some(one), Some(other)) => walk(&place, &one, &other, found),
                    (one, other) => found.push(line(&place, one.as_ref(), other.as_ref())),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                walk(&format!("{place}/{index}"), one, other, found);
            }
        }
        _ if one == other => {}
        _ => found.push(line(place, Some(one), Some(other))),
    }
}

fn line(place: &str, one: Option<&Value>, other: Option<&Value>) -> String {
    let mut text = place.to_owned();
    for (mark, value) in [('-', one), ('+', other)] {
        let value = value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let _infallible = write!(text, "\n    {mark} {}", shown(&value));
    }
    text
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{texts, values};

    #[track_caller]
    fn check(one: &Value, other: &Value, expected: &[&str]) {
        assert_eq!(values(one, other), expected);
    }

    #[test]
    fn differences_have_places() {
        check(&json!({"a": [1, 2]}), &json!({"a": [1, 2]}), &[]);
        check(
            &json!({"a": [1, 2]}),
            &json!({"a": [1, 3]}),
            &["/a/1\n    - 2\n    + 3"],
        );
        check(&json!({"a": 1}), &json!({}), &["/a\n    - 1\n    + nothing"]);
        check(&json!({}), &json!({"b": ""}), &["/b\n    - nothing\n    + \"\""]);
        check(&json!([1]), &json!([1, 2]), &["\n    - [1]\n    + [1,2]"]);
    }

    #[test]
    fn lines_that_differ_are_shown() {
        assert_eq!(texts("a\nb\n", "a\nc\n"), ["- b", "+ c"]);
        assert!(texts("a", "a").is_empty());
        assert_eq!(texts("a\nb", "b\na").len(), 1);
    }
}
