//! `eq ne lt le gt ge`

use std::rc::Rc;

use skeg_go::{CallError, GoMap, GoObject, GoValue, Kind, fmt};

use crate::complex::Complex;

/// A value of a type that can be compared.
enum Basic<'v> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Text(&'v [u8]),
    Complex(&'v Complex),
    /// A value of another type, or none.
    Other,
}

impl<'v> Basic<'v> {
    fn of(value: &'v GoValue) -> Self {
        match value {
            GoValue::Bool(value) => Self::Bool(*value),
            GoValue::Int(_, value) => Self::Int(*value),
            GoValue::Uint(_, value) => Self::Uint(*value),
            GoValue::Float(value) => Self::Float(*value),
            GoValue::String(text) => Self::Text(text),
            GoValue::Object(object) => match object.as_i64() {
                Some(number) => Self::Int(number),
                None => value.as_object().map_or(Self::Other, Self::Complex),
            },
            GoValue::Nil | GoValue::List(_) | GoValue::Map(_) => Self::Other,
        }
    }
}

/// Whether the first argument is equal to one of the others.
pub(super) fn equals_any(arguments: &[GoValue]) -> Result<bool, CallError> {
    let Some((first, others)) = arguments.split_first() else {
        return Ok(false);
    };
    if others.is_empty() {
        return Err(CallError::new("missing argument for comparison"));
    }
    for other in others {
        if equals(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[expect(clippy::float_cmp, reason = "Go compares exactly as well")]
fn equals(left: &GoValue, right: &GoValue) -> Result<bool, CallError> {
    match (Basic::of(left), Basic::of(right)) {
        (Basic::Bool(left), Basic::Bool(right)) => Ok(left == right),
        (Basic::Int(left), Basic::Int(right)) => Ok(left == right),
        (Basic::Uint(left), Basic::Uint(right)) => Ok(left == right),
        (Basic::Float(left), Basic::Float(right)) => Ok(left == right),
        (Basic::Text(left), Basic::Text(right)) => Ok(left == right),
        (Basic::Complex(left), Basic::Complex(right)) => Ok(left == right),
        (Basic::Int(int), Basic::Uint(uint)) | (Basic::Uint(uint), Basic::Int(int)) => {
            Ok(u64::try_from(int) == Ok(uint))
        }
        (Basic::Other, Basic::Other) => others_are_equal(left, right),
        _ if left.is_nil() || right.is_nil() => Ok(false),
        _ => Err(incompatible(left, right)),
    }
}

fn incompatible(left: &GoValue, right: &GoValue) -> CallError {
    CallError::new(format!(
        "incompatible types for comparison: {} and {}",
        left.type_name(),
        right.type_name()
    ))
}

/// Compares values that are not of basic types: nil with anything, structs and pointers with their like.
fn others_are_equal(left: &GoValue, right: &GoValue) -> Result<bool, CallError> {
    let kinds = (left.kind(), right.kind());
    if kinds.0 != kinds.1 && kinds.0 != Kind::Invalid && kinds.1 != Kind::Invalid {
        return Err(CallError::new(format!(
            "non-comparable types {}: {}, {}: {}",
            shown(left),
            left.type_name(),
            right.type_name(),
            shown_plain(right)
        )));
    }
    if is_nil(left) || is_nil(right) {
        return Ok(is_nil(left) == is_nil(right));
    }
    match (left, right) {
        (GoValue::Object(left), GoValue::Object(right)) if is_comparable(&**right) => {
            Ok(objects_are_equal(left, right))
        }
        _ => {
            let message = format!("non-comparable type {}: {}", shown(right), right.type_name());
            Err(CallError::new(message))
        }
    }
}

fn is_nil(value: &GoValue) -> bool {
    match value {
        GoValue::Nil => true,
        GoValue::Map(map) => GoMap::is_nil(map),
        GoValue::List(list) => list.is_nil(),
        _ => false,
    }
}

/// Whether Go can compare values of the type: pointers, and structs whose fields it can compare.
fn is_comparable(object: &dyn GoObject) -> bool {
    if object.kind() == Kind::Pointer {
        return true;
    }
    let is_plain = |value: &GoValue| !matches!(value, GoValue::List(_) | GoValue::Map(_));
    let fields = object.fields().unwrap_or_default();
    fields.iter().all(|(_, value)| is_plain(value))
}

fn objects_are_equal(left: &Rc<dyn GoObject>, right: &Rc<dyn GoObject>) -> bool {
    if left.kind() == Kind::Pointer {
        return Rc::ptr_eq(left, right);
    }
    left.type_name() == right.type_name() && left.is_equal(&**right)
}

fn shown(value: &GoValue) -> String {
    let text = fmt::sprintf(b"%s", std::slice::from_ref(value));
    String::from_utf8_lossy(&text).into_owned()
}

fn shown_plain(value: &GoValue) -> String {
    let text = fmt::sprintf(b"%v", std::slice::from_ref(value));
    String::from_utf8_lossy(&text).into_owned()
}

/// `lt`
pub(super) fn is_less(arguments: &[GoValue]) -> Result<bool, CallError> {
    let [left, right] = arguments else {
        return Ok(false);
    };
    match (Basic::of(left), Basic::of(right)) {
        (Basic::Other, _)
        | (_, Basic::Other)
        | (Basic::Bool(_), Basic::Bool(_))
        | (Basic::Complex(_), Basic::Complex(_)) => Err(invalid()),
        (Basic::Int(left), Basic::Int(right)) => Ok(left < right),
        (Basic::Uint(left), Basic::Uint(right)) => Ok(left < right),
        (Basic::Float(left), Basic::Float(right)) => Ok(left < right),
        (Basic::Text(left), Basic::Text(right)) => Ok(left < right),
        (Basic::Int(left), Basic::Uint(right)) => {
            Ok(u64::try_from(left).is_ok_and(|left| left < right) || left < 0)
        }
        (Basic::Uint(left), Basic::Int(right)) => Ok(u64::try_from(right).is_ok_and(|right| left < right)),
        _ => Err(incompatible(left, right)),
    }
}

fn invalid() -> CallError {
    CallError::new("invalid type for comparison")
}

/// `le`: less, or equal.
pub(super) fn is_less_or_equal(arguments: &[GoValue]) -> Result<bool, CallError> {
    Ok(is_less(arguments)? || equals_any(arguments)?)
}
