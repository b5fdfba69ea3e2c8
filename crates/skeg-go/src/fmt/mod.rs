//! Go's package `fmt`: [`sprintf`], [`sprint`] and [`sprintln`] over [`GoValue`]s.
//!
//! Bytes that are not UTF-8 stay as they are. Addresses (`%p`, pointers inside of other values) are a constant.
//! Values that contain themselves, over which Go's stack overflows, are cut off at [`MAX_DEPTH`] levels.

mod directive;
mod number;
mod plain;
mod printer;
mod text;

pub use plain::write_value;

use crate::{GoString, GoValue};

/// The bytes after which values are not followed any more: lists that share lists can be printed without end.
pub const MAX_TEXT: usize = 1 << 28;

/// How deep values are followed.
pub const MAX_DEPTH: usize = 10_000;

/// `fmt.Sprintf`
pub fn sprintf(format: &[u8], args: &[GoValue]) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len() + 16);
    write_formatted(&mut out, format, args);
    out
}

/// Appends what [`sprintf`] returns.
pub fn write_formatted(out: &mut Vec<u8>, format: &[u8], args: &[GoValue]) {
    directive::Formatter::new(out, format, args).run();
}

/// `fmt.Sprint`: a blank between two values of which neither is a string.
pub fn sprint(args: &[GoValue]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut after_string = true;
    for value in args {
        let is_string = value.kind() == crate::Kind::String;
        if !is_string && !after_string {
            out.push(b' ');
        }
        write_value(&mut out, value);
        after_string = is_string;
    }
    out
}

/// `fmt.Sprintln`: a blank between all values, and a line feed.
pub fn sprintln(args: &[GoValue]) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, value) in args.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        write_value(&mut out, value);
    }
    out.push(b'\n');
    out
}

/// The text of a value, `%v`; strings are shared, not copied.
pub fn to_text(value: &GoValue) -> GoString {
    if let GoValue::String(text) = value {
        return text.clone();
    }
    let mut out = Vec::new();
    write_value(&mut out, value);
    GoString::from(out)
}
