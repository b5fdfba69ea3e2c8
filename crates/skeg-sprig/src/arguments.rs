//! Arguments that have been checked against the parameters.

use skeg_go::GoValue;

/// The text at `index`.
pub(crate) fn text(arguments: &[GoValue], index: usize) -> &[u8] {
    match arguments.get(index) {
        Some(GoValue::String(text)) => text,
        _ => &[],
    }
}

/// The integer at `index`.
pub(crate) fn integer(arguments: &[GoValue], index: usize) -> i64 {
    match arguments.get(index) {
        Some(GoValue::Int(_, number)) => *number,
        _ => 0,
    }
}
