//! Arguments by their position. Whoever calls has checked types and number; what is missing nevertheless is
//! the zero value.

use skeg_go::GoValue;

/// The bytes of the string at `index`.
pub(super) fn text(arguments: &[GoValue], index: usize) -> &[u8] {
    arguments
        .get(index)
        .and_then(GoValue::as_string)
        .map_or(&[], |text| text.as_bytes())
}

/// The integer at `index`.
pub(super) fn integer(arguments: &[GoValue], index: usize) -> i64 {
    match arguments.get(index) {
        Some(GoValue::Int(_, value)) => *value,
        Some(GoValue::Uint(_, value)) => i64::try_from(*value).unwrap_or(i64::MAX),
        _ => 0,
    }
}

/// The elements of the list at `index`; none of `nil`.
pub(super) fn list(arguments: &[GoValue], index: usize) -> &[GoValue] {
    arguments
        .get(index)
        .and_then(GoValue::as_list)
        .map_or(&[], |list| list.items())
}
