//! Values that are neither maps nor lists, as Go compares and sorts them.

use serde_json::Value;

use crate::patch::PatchError;

/// The type of a value in Go's eyes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Null,
    Bool,
    Integer,
    Float,
    Text,
    List,
    Map,
}

pub(super) fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Bool,
        Value::Number(number) if number.is_i64() => Kind::Integer,
        Value::Number(_) => Kind::Float,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::List,
        Value::Object(_) => Kind::Map,
    }
}

/// The one type of all elements of both lists; of no elements it is an error too.
pub(super) fn element_kind(one: &[Value], other: &[Value]) -> Result<Kind, PatchError> {
    let mut kinds = one.iter().chain(other).map(kind);
    match kinds.next() {
        Some(Kind::List) => Err(PatchError::ListOfLists),
        Some(first) if first != Kind::Null && kinds.all(|kind| kind == first) => Ok(first),
        _ => Err(PatchError::MixedList),
    }
}

/// A value as `fmt.Sprintf("%v")` prints it; of a missing one too.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "<nil>".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if !number.is_i64() => float_text(number.as_f64().unwrap_or_default()),
        Some(value) => value.to_string(),
    }
}

fn float_text(number: f64) -> String {
    let is_tiny = number != 0.0 && number.abs() < 1e-4;
    if is_tiny || number.abs() >= 1e21 {
        return skeg_go::number::format_f64(number);
    }
    skeg_go::number::format_json(number).unwrap_or_default()
}

/// Sorts by [`text`] with Go's algorithm, which shows in the order of equal elements.
pub(super) fn sort_by_text(values: &mut [Value], key: impl Fn(&Value) -> String) {
    skeg_go::sort::sort(values, |one, other| key(one) <= key(other));
}

/// Drops repeated elements in apimachinery's way: the last one takes the place.
pub(super) fn deduplicate(values: &mut Vec<Value>) {
    let mut one = 0;
    while one < values.len() {
        let mut other = one + 1;
        while other < values.len() {
            if values[one] == values[other] {
                values.swap_remove(other);
            } else {
                other += 1;
            }
        }
        one += 1;
    }
}
