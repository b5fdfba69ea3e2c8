//! Whether the server has what a manifest says, perhaps in other words.

use serde_json::Value;

use super::quantity::is_same_amount;

/// Members whose values, or the values in them, are amounts in the types of Kubernetes.
const AMOUNTS: [&str; 16] = [
    "allocatable",
    "averageValue",
    "capacity",
    "default",
    "defaultRequest",
    "divisor",
    "hard",
    "limits",
    "max",
    "maxLimitRequestRatio",
    "min",
    "overhead",
    "requests",
    "sizeLimit",
    "used",
    "value",
];

/// Whether two scalars are the same. `names` are the members they are in, the innermost last; amounts are only looked
/// for where a type of Kubernetes may have them.
pub(super) fn is_same_scalar(wanted: &Value, live: &Value, names: &[String]) -> bool {
    if wanted == live {
        return true;
    }
    if let (Value::Number(wanted), Value::Number(live)) = (wanted, live) {
        return wanted.as_f64() == live.as_f64();
    }
    let is_amount = names
        .iter()
        .rev()
        .take(2)
        .any(|name| AMOUNTS.contains(&name.as_str()));
    match (is_amount, text(wanted), text(live)) {
        (true, Some(wanted), Some(live)) => is_same_amount(&wanted, &live),
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a value says nothing, so that the server may leave it out of a type of Kubernetes.
pub(super) fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_zero),
    }
}
