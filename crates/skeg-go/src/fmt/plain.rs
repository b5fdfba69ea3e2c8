//! `%v` without flags, which is nearly all that templates print.

use std::io::Write as _;

use super::{MAX_DEPTH, MAX_TEXT};
use crate::{GoObject, GoString, GoValue, Kind, number};

/// Where pointers inside of other values point to; in Go that differs from run to run.
pub(super) const ADDRESS: u64 = 0xc0_0001_2000;

/// Appends what `%v` prints.
pub fn write_value(out: &mut Vec<u8>, value: &GoValue) {
    let _ = write_nested(out, value, 0);
}

/// Values that are nested too deep or print too much; nothing is written any more.
#[derive(Debug)]
struct TooDeep;

fn write_nested(out: &mut Vec<u8>, value: &GoValue, depth: usize) -> Result<(), TooDeep> {
    match value {
        GoValue::Nil => out.extend_from_slice(b"<nil>"),
        GoValue::Bool(true) => out.extend_from_slice(b"true"),
        GoValue::Bool(false) => out.extend_from_slice(b"false"),
        GoValue::Int(_, number) => push(out, format_args!("{number}")),
        GoValue::Uint(_, number) => push(out, format_args!("{number}")),
        GoValue::Float(number) => number::write_f64(out, *number),
        GoValue::String(text) => out.extend_from_slice(text),
        GoValue::List(list) => write_items(out, b"[", list.items(), depth)?,
        GoValue::Map(map) => write_map(out, map.entries().iter(), depth)?,
        GoValue::Object(object) => write_object(out, &**object, depth)?,
    }
    Ok(())
}

fn write_items(out: &mut Vec<u8>, open: &[u8], items: &[GoValue], depth: usize) -> Result<(), TooDeep> {
    out.extend_from_slice(open);
    let depth = deeper(depth)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        write_nested(out, item, depth)?;
        check_length(out)?;
    }
    out.push(b']');
    Ok(())
}

fn write_map<'a>(
    out: &mut Vec<u8>,
    entries: impl Iterator<Item = (&'a GoString, &'a GoValue)>,
    depth: usize,
) -> Result<(), TooDeep> {
    out.extend_from_slice(b"map[");
    let depth = deeper(depth)?;
    for (index, (key, value)) in entries.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(key);
        out.push(b':');
        write_nested(out, value, depth)?;
        check_length(out)?;
    }
    out.push(b']');
    Ok(())
}

fn write_object(out: &mut Vec<u8>, object: &dyn GoObject, depth: usize) -> Result<(), TooDeep> {
    let Some(fields) = object.fields() else {
        out.extend_from_slice(object.to_text().as_bytes());
        return Ok(());
    };
    if object.kind() == Kind::Pointer {
        if depth > 0 {
            push(out, format_args!("{ADDRESS:#x}"));
            return Ok(());
        }
        out.push(b'&');
    }
    let depth = deeper(depth)?;
    out.push(b'{');
    for (index, (_, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        write_nested(out, value, depth)?;
        check_length(out)?;
    }
    out.push(b'}');
    Ok(())
}

fn check_length(out: &[u8]) -> Result<(), TooDeep> {
    if out.len() <= MAX_TEXT {
        Ok(())
    } else {
        Err(TooDeep)
    }
}

fn deeper(depth: usize) -> Result<usize, TooDeep> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(TooDeep)
    }
}

fn push(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("because memory takes any text");
}
