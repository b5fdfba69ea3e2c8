//! Values as text, as most functions of Sprig take them.

use skeg_go::fmt::write_value;
use skeg_go::{GoString, GoValue};

/// The text of a value: of strings themselves, of bytes their text, of everything else what `%v` prints.
pub(crate) fn text(value: &GoValue) -> GoString {
    match value {
        GoValue::String(text) => text.clone(),
        _ => {
            let mut out = Vec::new();
            write(&mut out, value);
            GoString::from(out)
        }
    }
}

/// Appends the text of a value.
pub(crate) fn write(out: &mut Vec<u8>, value: &GoValue) {
    match value {
        GoValue::String(text) => out.extend_from_slice(text),
        GoValue::List(list) if list.named_type().is_none() => match list.to_bytes() {
            Some(bytes) => out.extend_from_slice(&bytes),
            None => write_value(out, value),
        },
        _ => write_value(out, value),
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
