//! Arguments of a call by position, and the rows of the tables of functions.
//!
//! Whoever calls a function has checked its arguments; what is not there reads as the zero value of its type.

use skeg_go::{CallError, GoList, GoMap, GoString, GoValue};

/// The argument, `nil` if there is none.
pub(crate) fn any(arguments: &[GoValue], index: usize) -> &GoValue {
    arguments.get(index).unwrap_or(&GoValue::Nil)
}

/// A `bool`.
pub(crate) fn boolean(arguments: &[GoValue], index: usize) -> bool {
    matches!(arguments.get(index), Some(GoValue::Bool(true)))
}

/// An `int`.
pub(crate) fn int(arguments: &[GoValue], index: usize) -> i64 {
    match arguments.get(index) {
        Some(GoValue::Int(_, value)) => *value,
        _ => 0,
    }
}

/// The bytes of a `string`.
pub(crate) fn bytes(arguments: &[GoValue], index: usize) -> &[u8] {
    match arguments.get(index) {
        Some(GoValue::String(text)) => text,
        _ => &[],
    }
}

/// A `string`.
pub(crate) fn string(arguments: &[GoValue], index: usize) -> GoString {
    match arguments.get(index) {
        Some(GoValue::String(text)) => text.clone(),
        _ => GoString::default(),
    }
}

/// A map; `None` stands for Go's `nil` map, which is empty and takes no entries.
pub(crate) fn map(arguments: &[GoValue], index: usize) -> Option<&GoMap> {
    let map = arguments.get(index).and_then(GoValue::as_map);
    map.filter(|map| !map.is_nil())
}

/// The arguments from `index` on.
pub(crate) fn from(arguments: &[GoValue], index: usize) -> &[GoValue] {
    arguments.get(index..).unwrap_or_default()
}

/// The same text when nothing was cut off, else a new one: saves copies.
pub(crate) fn cut(whole: &GoString, part: &[u8]) -> GoValue {
    if part.len() == whole.len() {
        GoValue::String(whole.clone())
    } else {
        GoValue::string(part)
    }
}

/// Lists of type `[]interface {}`.
pub(crate) fn list(items: Vec<GoValue>) -> GoValue {
    GoValue::List(GoList::new(items))
}

/// What Go's runtime says when something is wanted of `nil`.
pub(crate) fn nil_dereference() -> CallError {
    CallError::new("runtime error: invalid memory address or nil pointer dereference")
}
