//! Fields of objects as Go's `unstructured` helpers read them: what is missing, null or of another type.
//!
//! Kubernetes' own rules differ by that, so it is kept apart: a null is a value, and a path through something that is
//! no map is an error.

use serde_json::Value;

/// A field is not what the API says it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{path}` is not {expected}")]
pub struct FieldError {
    /// The field, with dots: `metadata.generation`.
    pub path: String,
    /// What it should be, with an article: `an integer`.
    pub expected: &'static str,
}

impl FieldError {
    pub(crate) fn new(path: &[&str], expected: &'static str) -> Self {
        Self {
            path: path.join("."),
            expected,
        }
    }
}

/// The value at `path`; none where a part of the path is missing or null.
pub(crate) fn find<'a>(object: &'a Value, path: &[&str]) -> Result<Option<&'a Value>, FieldError> {
    let mut value = object;
    for (at, name) in path.iter().enumerate() {
        value = match value {
            Value::Object(map) => match map.get(*name) {
                Some(value) => value,
                None => return Ok(None),
            },
            Value::Null => return Ok(None),
            _ => return Err(FieldError::new(&path[..at], "a map")),
        };
    }
    Ok(Some(value))
}

/// The string at `path`; a null there is an error.
pub(crate) fn find_text<'a>(object: &'a Value, path: &[&str]) -> Result<Option<&'a str>, FieldError> {
    find(object, path)?
        .map(|value| value.as_str().ok_or_else(|| FieldError::new(path, "a string")))
        .transpose()
}

/// The integer at `path`; a null or a number with a fraction there is an error.
pub(crate) fn find_integer(object: &Value, path: &[&str]) -> Result<Option<i64>, FieldError> {
    find(object, path)?
        .map(|value| integer(value).ok_or_else(|| FieldError::new(path, "an integer")))
        .transpose()
}

/// The list at `path`; a null there is an error.
pub(crate) fn find_list<'a>(object: &'a Value, path: &[&str]) -> Result<Option<&'a [Value]>, FieldError> {
    find(object, path)?
        .map(|value| match value {
            Value::Array(items) => Ok(items.as_slice()),
            _ => Err(FieldError::new(path, "a list")),
        })
        .transpose()
}

/// The string at `path`, or `default` if there is none.
pub(crate) fn text_or<'a>(object: &'a Value, path: &[&str], default: &'a str) -> &'a str {
    find_text(object, path).ok().flatten().unwrap_or(default)
}

/// The integer at `path`, or `default` if there is none.
pub(crate) fn integer_or(object: &Value, path: &[&str], default: i64) -> i64 {
    find_integer(object, path).ok().flatten().unwrap_or(default)
}

/// A number that Kubernetes' JSON decoder makes an `int64` of: no fraction, no exponent, not too large.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    value.as_i64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(object: &Value, path: &[&str], expected: Result<Option<i64>, &str>) {
        let found = find_integer(object, path).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn what_is_missing_is_none() {
        check(&json!({}), &["a", "b"], Ok(None));
        check(&json!({"a": null}), &["a", "b"], Ok(None));
        check(&json!({"a": {"b": 7}}), &["a", "b"], Ok(Some(7)));
    }

    #[test]
    fn what_is_something_else_is_an_error() {
        check(&json!({"a": "x"}), &["a", "b"], Err("`a` is not a map"));
        check(
            &json!({"a": {"b": null}}),
            &["a", "b"],
            Err("`a.b` is not an integer"),
        );
        check(&json!({"a": 1.5}), &["a"], Err("`a` is not an integer"));
        check(&json!({"a": u64::MAX}), &["a"], Err("`a` is not an integer"));
    }

    #[test]
    fn defaults_stand_in_for_anything_unusable() {
        assert_eq!(integer_or(&json!({"a": "x"}), &["a"], 3), 3);
        assert_eq!(text_or(&json!({"a": 1}), &["a"], "none"), "none");
        assert_eq!(text_or(&json!({"a": "x"}), &["a"], "none"), "x");
    }
}
