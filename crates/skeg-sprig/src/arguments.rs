//! Arguments of a call by position, and the rows of the tables of functions.
//!
//! Whoever calls a function has checked its arguments; what is not there reads as the zero value of its type.

use skeg_go::{CallError, GoFunction, GoMap, GoValue, Parameter};

/// What a function does with its arguments.
pub(crate) type Call = fn(&[GoValue]) -> Result<GoValue, CallError>;

/// A function with a fixed number of parameters.
pub(crate) const fn fixed(name: &'static str, parameters: &'static [Parameter], call: Call) -> GoFunction {
    GoFunction {
        name,
        parameters,
        variadic: None,
        call,
    }
}

/// The argument, `nil` if there is none.
pub(crate) fn any(arguments: &[GoValue], index: usize) -> &GoValue {
    arguments.get(index).unwrap_or(&GoValue::Nil)
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

/// A map; `None` stands for Go's `nil` map, which is empty and takes no entries.
pub(crate) fn map(arguments: &[GoValue], index: usize) -> Option<&GoMap> {
    arguments.get(index).and_then(GoValue::as_map)
}
