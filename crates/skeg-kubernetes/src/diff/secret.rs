//! Values that nobody may see.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::diff::Shown;
use crate::field::find;
use crate::identity::type_of;

/// An annotation of kubectl that has the whole object in it.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

pub(super) fn is_secret(object: &Value) -> bool {
    let (group, _, kind) = type_of(object);
    group.is_empty() && kind == "Secret"
}

/// A Secret with `stringData` in its `data`, as the server has it; another object as it is.
pub(super) fn plain_data(object: &Value, is_secret: bool) -> Cow<'_, Value> {
    let Ok(Some(Value::Object(plain))) = find(object, &["stringData"]) else {
        return Cow::Borrowed(object);
    };
    let Value::Object(mut object_members) = object.clone() else {
        return Cow::Borrowed(object);
    };
    if !is_secret {
        return Cow::Borrowed(object);
    }
    object_members.shift_remove("stringData");
    let data = object_members
        .entry("data")
        .or_insert_with(|| Value::Object(Map::new()));
    if !data.is_object() {
        *data = Value::Object(Map::new());
    }
    for (name, value) in plain {
        data[name] = match value {
            Value::String(text) => Value::from(skeg_go::base64::encode(text.as_bytes())),
            value => value.clone(),
        };
    }
    Cow::Owned(Value::Object(object_members))
}

/// Whether the value of a Secret at these members is hidden, or everything below is.
pub(super) fn is_hidden(names: &[String]) -> bool {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    matches!(
        names.as_slice(),
        ["data" | "stringData", _, ..] | ["metadata", "annotations", LAST_APPLIED]
    )
}

/// A value of a Secret without itself; `is_encoded` of base64.
pub(super) fn hidden(value: &Value, is_encoded: bool) -> Shown {
    let text = match value {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        value => Cow::Owned(value.to_string()),
    };
    let decoded = skeg_go::base64::decode(text.as_bytes())
        .ok()
        .filter(|_| is_encoded);
    Shown::Hidden {
        bytes: decoded.map_or(text.len(), |decoded| decoded.len()),
    }
}

/// An object that may be shown: in a Secret each value is replaced by its length, `<hidden, 12 bytes>`.
///
/// ```
/// use serde_json::json;
/// use skeg_kubernetes::without_secrets;
///
/// let secret = json!({"apiVersion": "v1", "kind": "Secret", "data": {"a": "c2VjcmV0"}, "stringData": {"b": "xy"}});
/// let shown = without_secrets(&secret);
/// assert_eq!(shown["data"]["a"], "<hidden, 6 bytes>");
/// assert_eq!(shown["stringData"]["b"], "<hidden, 2 bytes>");
/// ```
pub fn without_secrets(object: &Value) -> Value {
    let mut shown = object.clone();
    if is_secret(object) {
        hide(&mut shown);
    }
    shown
}

/// The value at these members of a Secret, with what has to be hidden in it replaced.
pub(super) fn without_hidden(value: &Value, names: &[String]) -> Value {
    let mut object = value.clone();
    for name in names.iter().rev() {
        object = Value::Object(Map::from_iter([(name.clone(), object)]));
    }
    hide(&mut object);
    names.iter().fold(object, |mut object, name| {
        object.get_mut(name).map(Value::take).unwrap_or_default()
    })
}

/// Replaces all that has to be hidden in a Secret.
fn hide(secret: &mut Value) {
    for (name, is_encoded) in [("data", true), ("stringData", false)] {
        match secret.get_mut(name) {
            Some(Value::Object(values)) => {
                for value in values.values_mut() {
                    *value = Value::from(hidden(value, is_encoded).to_string());
                }
            }
            Some(value) => *value = Value::from(hidden(value, false).to_string()),
            None => {}
        }
    }
    let last_applied = secret
        .get_mut("metadata")
        .and_then(|metadata| metadata.get_mut("annotations"))
        .and_then(|annotations| annotations.get_mut(LAST_APPLIED));
    if let Some(value) = last_applied {
        *value = Value::from(hidden(value, false).to_string());
    }
}
