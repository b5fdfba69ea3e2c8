//! Stands in for `skeg_go::fmt` until that is there.

use std::io::Write as _;

use skeg_go::{GoValue, number};

pub(crate) fn write_value(out: &mut Vec<u8>, value: &GoValue) {
    match value {
        GoValue::Nil => out.extend_from_slice(b"<nil>"),
        GoValue::Bool(value) => write!(out, "{value}").expect("because a vector takes any bytes"),
        GoValue::Int(_, value) => write!(out, "{value}").expect("because a vector takes any bytes"),
        GoValue::Uint(_, value) => write!(out, "{value}").expect("because a vector takes any bytes"),
        GoValue::Float(value) => {
            let text = number::format_f64(*value);
            out.extend_from_slice(text.as_bytes());
        }
        GoValue::String(text) => out.extend_from_slice(text),
        GoValue::List(list) => {
            out.push(b'[');
            for (place, item) in list.items().iter().enumerate() {
                out.extend_from_slice(if place > 0 { b" " } else { b"" });
                write_value(out, item);
            }
            out.push(b']');
        }
        GoValue::Map(map) => {
            out.extend_from_slice(b"map[");
            for (place, (key, item)) in map.entries().iter().enumerate() {
                out.extend_from_slice(if place > 0 { b" " } else { b"" });
                out.extend_from_slice(key);
                out.push(b':');
                write_value(out, item);
            }
            out.push(b']');
        }
        GoValue::Object(object) => out.extend_from_slice(object.to_text().as_bytes()),
    }
}

pub(crate) fn sprint(arguments: &[GoValue]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut was_string = true;
    for (place, argument) in arguments.iter().enumerate() {
        let is_string = argument.as_string().is_some();
        if place > 0 && !is_string && !was_string {
            out.push(b' ');
        }
        write_value(&mut out, argument);
        was_string = is_string;
    }
    out
}

pub(crate) fn sprintln(arguments: &[GoValue]) -> Vec<u8> {
    let mut out = Vec::new();
    for (place, argument) in arguments.iter().enumerate() {
        out.extend_from_slice(if place > 0 { b" " } else { b"" });
        write_value(&mut out, argument);
    }
    out.push(b'\n');
    out
}

pub(crate) fn sprintf(format: &[u8], arguments: &[GoValue]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut arguments = arguments.iter();
    let mut bytes = format.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        match bytes.next() {
            Some(b'%') | None => out.push(b'%'),
            Some(b'q') => {
                let mut text = Vec::new();
                write_value(&mut text, arguments.next().unwrap_or(&GoValue::Nil));
                out.extend_from_slice(skeg_go::quote::quote_bytes(&text).as_bytes());
            }
            Some(_) => write_value(&mut out, arguments.next().unwrap_or(&GoValue::Nil)),
        }
    }
    out
}
