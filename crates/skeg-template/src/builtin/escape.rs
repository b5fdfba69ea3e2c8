//! `html`, `js`, `urlquery`

use std::io::Write as _;

use skeg_go::{GoValue, Kind, quote};

use super::write_printed;

/// The arguments as one text, each as an action would print it.
pub(super) fn joined(arguments: &[GoValue]) -> Vec<u8> {
    if let [GoValue::String(text)] = arguments {
        return text.to_vec();
    }
    let mut out = Vec::new();
    let mut after_string = true;
    for value in arguments {
        let is_string = matches!(value.kind(), Kind::String | Kind::Invalid);
        if !is_string && !after_string {
            out.push(b' ');
        }
        write_printed(&mut out, value);
        after_string = is_string;
    }
    out
}

pub(super) fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(*byte),
        }
    }
    out
}

pub(super) fn js(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        chunk
            .valid()
            .chars()
            .for_each(|character| push_js(&mut out, character));
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\xff");
        }
    }
    out
}

fn push_js(out: &mut Vec<u8>, character: char) {
    let code = u32::from(character);
    match character {
        '\\' => out.extend_from_slice(b"\\\\"),
        '\'' => out.extend_from_slice(b"\\'"),
        '"' => out.extend_from_slice(b"\\\""),
        '<' | '>' | '&' | '=' => write_unicode(out, code),
        _ if quote::is_print(character) || character == '\u{7f}' => {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        _ => write_unicode(out, code),
    }
}

fn write_unicode(out: &mut Vec<u8>, code: u32) {
    write!(out, "\\u{code:04X}").expect("because a vector takes any bytes");
}

/// `url.QueryEscape`
pub(super) fn url_query(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b' ' => out.push(b'+'),
            b'-' | b'_' | b'.' | b'~' => out.push(*byte),
            _ if byte.is_ascii_alphanumeric() => out.push(*byte),
            _ => write!(out, "%{byte:02X}").expect("because a vector takes any bytes"),
        }
    }
    out
}
