//! Values as text, as most functions of Sprig take them.

use skeg_go::fmt::to_text;
use skeg_go::{GoString, GoValue};

/// The text of a value: of bytes what they are, of everything else what `%v` prints.
pub(crate) fn text(value: &GoValue) -> GoString {
    match value {
        GoValue::List(list) if list.named_type().is_none() => {
            list.to_bytes().unwrap_or_else(|| to_text(value))
        }
        _ => to_text(value),
    }
}

/// The texts of the elements of a list but for those that are `nil`; anything else is a list of one text.
pub(crate) fn texts(value: &GoValue) -> Vec<GoString> {
    match value {
        GoValue::Nil => Vec::new(),
        GoValue::List(list) => list.iter().filter(|item| !item.is_nil()).map(text).collect(),
        _ => vec![text(value)],
    }
}
