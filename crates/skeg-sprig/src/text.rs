//! Values as text, as most functions of Sprig take them.

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

/// Stand-in.
pub(crate) fn write_value(out: &mut Vec<u8>, value: &GoValue) {
    match value {
        GoValue::Nil => out.extend_from_slice(b"<nil>"),
        GoValue::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        GoValue::Int(_, value) => out.extend_from_slice(value.to_string().as_bytes()),
        GoValue::Uint(_, value) => out.extend_from_slice(value.to_string().as_bytes()),
        GoValue::Float(value) => out.extend_from_slice(skeg_go::number::format_f64(*value).as_bytes()),
        GoValue::String(text) => out.extend_from_slice(text),
        GoValue::List(list) => {
            out.push(b'[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_value(out, item);
            }
            out.push(b']');
        }
        GoValue::Map(map) => {
            out.extend_from_slice(b"map[");
            for (index, (key, item)) in map.snapshot().iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                out.extend_from_slice(key);
                out.push(b':');
                write_value(out, item);
            }
            out.push(b']');
        }
        GoValue::Object(object) => out.extend_from_slice(object.to_text().as_bytes()),
    }
}

/// The text of a value as `fmt.Sprint` has it.
pub(crate) fn sprint(value: &GoValue) -> Vec<u8> {
    let mut out = Vec::new();
    write_value(&mut out, value);
    out
}
