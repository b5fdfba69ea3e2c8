//! JSON merge patches (RFC 7386): what is sent for kinds whose types Helm does not know.
//!
//! Source: `evanphx/json-patch` 5.9.11 and apimachinery 0.37.1, `util/jsonmergepatch`.

use serde_json::{Map, Value};

use crate::patch::PatchError;

type Object = Map<String, Value>;

/// The merge patch from one document to another: a null deletes, a list is replaced.
///
/// ```
/// use serde_json::json;
/// use skeg_kubernetes::merge_patch;
///
/// let original = json!({"spec": {"a": 1, "b": 2, "c": [1]}});
/// let modified = json!({"spec": {"a": 1, "b": 3, "d": {}}});
/// let patch = merge_patch(&original, &modified)?;
/// assert_eq!(patch, json!({"spec": {"b": 3, "c": null, "d": {}}}));
/// # Ok::<(), skeg_kubernetes::PatchError>(())
/// ```
pub fn merge_patch(original: &Value, modified: &Value) -> Result<Value, PatchError> {
    let original = object(original, "the original object")?;
    let modified = object(modified, "the modified object")?;
    Ok(Value::Object(difference(original, modified)))
}

/// The merge patch that takes `current`, the live object, to what `modified` wants, and deletes what `original` wanted
/// and `modified` does not.
pub fn three_way_merge_patch(
    original: &Value,
    modified: &Value,
    current: &Value,
) -> Result<Value, PatchError> {
    let original = object(original, "the original object")?;
    let modified = object(modified, "the modified object")?;
    let current = object(current, "the current object")?;
    let changes = changes(difference(current, modified));
    let deletions = deletions(difference(original, modified));
    if contradict(&changes, &deletions) {
        return Err(PatchError::Conflict);
    }
    let mut patch = deletions;
    apply_to(&mut patch, changes);
    Ok(Value::Object(patch))
}

/// What a document is after a merge patch, as the API server computes it.
///
/// Beyond RFC 7386, nulls in what is new are dropped even within lists.
pub fn apply_merge_patch(document: &mut Value, patch: Value) {
    match (document, patch) {
        (Value::Object(document), Value::Object(patch)) => apply_to(document, patch),
        // A map is replaced by what is none as it is.
        (document @ Value::Object(_), patch) => *document = patch,
        (document, patch) => *document = without_nulls(patch),
    }
}

fn object<'a>(value: &'a Value, subject: &'static str) -> Result<&'a Object, PatchError> {
    value.as_object().ok_or(PatchError::NotAMap(subject))
}

fn difference(original: &Object, modified: &Object) -> Object {
    let mut patch = Object::new();
    for (name, new) in modified {
        match (original.get(name), new) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                let inner = difference(old, new);
                if !inner.is_empty() {
                    patch.insert(name.clone(), Value::Object(inner));
                }
            }
            (Some(old), new) if old == new => {}
            (_, new) => {
                patch.insert(name.clone(), new.clone());
            }
        }
    }
    for name in original.keys().filter(|name| !modified.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    patch
}

/// A patch without its deletions. A map that is empty by itself is a value, one that becomes empty is not.
fn changes(patch: Object) -> Object {
    let keep = |(name, value)| match value {
        Value::Null => None,
        Value::Object(inner) if inner.is_empty() => Some((name, Value::Object(inner))),
        Value::Object(inner) => {
            let inner = changes(inner);
            (!inner.is_empty()).then_some((name, Value::Object(inner)))
        }
        value => Some((name, value)),
    };
    patch.into_iter().filter_map(keep).collect()
}

/// The deletions of a patch.
fn deletions(patch: Object) -> Object {
    let keep = |(name, value)| match value {
        Value::Null => Some((name, Value::Null)),
        Value::Object(inner) => {
            let inner = deletions(inner);
            (!inner.is_empty()).then_some((name, Value::Object(inner)))
        }
        _ => None,
    };
    patch.into_iter().filter_map(keep).collect()
}

fn contradict(one: &Object, other: &Object) -> bool {
    one.iter().any(|(name, one)| match (one, other.get(name)) {
        (_, None) => false,
        (Value::Object(one), Some(Value::Object(other))) => contradict(one, other),
        (one, Some(other)) => one != other,
    })
}

fn apply_to(document: &mut Object, patch: Object) {
    for (name, new) in patch {
        match (document.get_mut(&name), new) {
            (_, Value::Null) => {
                document.shift_remove(&name);
            }
            (None | Some(Value::Null), new) => {
                document.insert(name, without_nulls(new));
            }
            (Some(old), new) => apply_merge_patch(old, new),
        }
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let members = map.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                members
                    .map(|(name, value)| (name, without_nulls(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(original: &Value, modified: &Value, current: &Value, two: &Value, three: &Value) {
        assert_eq!(merge_patch(original, modified).as_ref(), Ok(two));
        assert_eq!(
            three_way_merge_patch(original, modified, current).as_ref(),
            Ok(three)
        );
    }

    #[test]
    fn what_changes_and_what_goes() {
        check(
            &json!({"a": 1, "b": {"c": 1, "d": 2}}),
            &json!({"a": 2, "b": {"c": 1}}),
            &json!({"a": 2, "b": {"c": 7, "d": 2, "e": 3}}),
            &json!({"a": 2, "b": {"d": null}}),
            &json!({"b": {"c": 1, "d": null}}),
        );
        check(
            &json!({"a": [1, {"b": null}]}),
            &json!({"a": [1]}),
            &json!({"a": [1]}),
            &json!({"a": [1]}),
            &json!({}),
        );
    }

    #[test]
    fn a_null_of_a_manifest_deletes() {
        check(
            &json!({}),
            &json!({"a": null, "b": {}, "c": {"d": null}}),
            &json!({"a": 1}),
            &json!({"a": null, "b": {}, "c": {"d": null}}),
            &json!({"a": null, "b": {}, "c": {"d": null}}),
        );
    }

    #[test]
    fn documents_are_maps() {
        let error = merge_patch(&json!([]), &json!({})).expect_err("because a list is none");
        assert_eq!(error.to_string(), "the original object is not a map");
        let error = three_way_merge_patch(&json!({}), &json!({}), &json!(null));
        assert_eq!(error, Err(PatchError::NotAMap("the current object")));
    }

    #[track_caller]
    fn check_applied(document: Value, patch: Value, expected: &Value) {
        let mut document = document;
        apply_merge_patch(&mut document, patch);
        assert_eq!(document, *expected);
    }

    #[test]
    fn patches_are_applied() {
        check_applied(
            json!({"a": 1, "b": {"c": 1}, "d": null}),
            json!({"a": null, "b": {"c": null, "e": 1}, "d": {"x": null}, "f": [{"g": null}, null]}),
            &json!({"b": {"e": 1}, "d": {}, "f": [{}, null]}),
        );
        check_applied(json!([1]), json!({"a": null}), &json!({}));
        check_applied(json!({"a": 1}), json!([{"b": null}]), &json!([{"b": null}]));
        check_applied(json!({"a": 1}), json!({"a": [{"b": null}]}), &json!({"a": [{}]}));
    }
}
