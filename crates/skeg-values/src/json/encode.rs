//! Writing the values that templates compute with, as Go 1.27's `json.Marshal` does.

use std::io::Write as _;

use skeg_go::fmt::MAX_TEXT;
use skeg_go::number::format_json;
use skeg_go::{GoList, GoMap, GoObject, GoValue};

use crate::base64;

/// Go looks for cycles below this depth.
const CYCLE_DEPTH: usize = 1000;

/// Collections within collections.
const MAX_DEPTH: usize = 10_000;

/// A value that JSON cannot hold, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeJsonError {
    /// An infinity or NaN.
    #[error("json: unsupported value: {0}")]
    NonFinite(&'static str),
    /// A map that contains itself.
    #[error("json: unsupported value: encountered a cycle via {type_name}")]
    Cycle {
        /// The Go type of the map.
        type_name: String,
    },
    /// More than 10000 levels.
    #[error("json: exceeded max depth")]
    TooDeep,
    /// Lists that share lists, so that the text has no end in sight.
    #[error("json: the text is longer than {MAX_TEXT} bytes")]
    TooLong,
}

impl EncodeJsonError {
    /// Refuses infinities and NaN.
    pub(crate) fn check_number(value: f64) -> Result<(), Self> {
        if value.is_finite() {
            return Ok(());
        }
        Err(Self::NonFinite(if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }))
    }
}

/// Writes compact JSON as `json.Marshal`: keys sorted, `<`, `>` and `&` escaped.
pub fn encode_go(value: &GoValue) -> Result<Vec<u8>, EncodeJsonError> {
    write(
        value,
        Layout {
            html: true,
            pretty: false,
        },
    )
}

/// Writes JSON with an indentation of two blanks, as `json.MarshalIndent`.
pub fn encode_go_pretty(value: &GoValue) -> Result<Vec<u8>, EncodeJsonError> {
    write(
        value,
        Layout {
            html: true,
            pretty: true,
        },
    )
}

/// Writes compact JSON without escapes for HTML.
pub fn encode_go_raw(value: &GoValue) -> Result<Vec<u8>, EncodeJsonError> {
    write(
        value,
        Layout {
            html: false,
            pretty: false,
        },
    )
}

#[derive(Clone, Copy)]
struct Layout {
    html: bool,
    pretty: bool,
}

fn write(value: &GoValue, layout: Layout) -> Result<Vec<u8>, EncodeJsonError> {
    let mut writer = Writer {
        out: Vec::new(),
        layout,
        depth: 0,
        deep_maps: Vec::new(),
    };
    writer.value(value)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    layout: Layout,
    depth: usize,
    /// The maps that are being written, from where they are so deep that one may contain itself.
    deep_maps: Vec<GoMap>,
}

impl Writer {
    fn value(&mut self, value: &GoValue) -> Result<(), EncodeJsonError> {
        match value {
            GoValue::Nil => self.out.extend_from_slice(b"null"),
            GoValue::Bool(value) => self
                .out
                .extend_from_slice(if *value { b"true" } else { b"false" }),
            GoValue::Int(_, value) => self.display(value),
            GoValue::Uint(_, value) => self.display(value),
            GoValue::Float(value) => self.float(*value)?,
            GoValue::String(text) => write_string(&mut self.out, text, self.layout.html),
            GoValue::List(list) => self.list(list)?,
            GoValue::Map(map) => self.map(map)?,
            GoValue::Object(object) => self.object(&**object)?,
        }
        Ok(())
    }

    fn float(&mut self, value: f64) -> Result<(), EncodeJsonError> {
        if let Some(integer) = small_integer(value) {
            self.display(integer);
            return Ok(());
        }
        EncodeJsonError::check_number(value)?;
        let text = format_json(value).unwrap_or_default();
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn list(&mut self, list: &GoList) -> Result<(), EncodeJsonError> {
        if list.is_nil() {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        if let Some(bytes) = list.to_bytes() {
            self.out.push(b'"');
            self.out.extend_from_slice(base64::encode(&bytes).as_bytes());
            self.out.push(b'"');
            return Ok(());
        }
        self.open(b'[')?;
        for (index, item) in list.iter().enumerate() {
            self.next(index)?;
            self.value(item)?;
        }
        self.close(b']', list.is_empty());
        Ok(())
    }

    fn map(&mut self, map: &GoMap) -> Result<(), EncodeJsonError> {
        if map.is_nil() {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        let may_be_cyclic = self.depth >= CYCLE_DEPTH;
        if may_be_cyclic {
            if self.deep_maps.iter().any(|open| open.is_same(map)) {
                return Err(EncodeJsonError::Cycle {
                    type_name: map.type_name(),
                });
            }
            self.deep_maps.push(map.clone());
        }
        self.open(b'{')?;
        for (index, (key, value)) in map.entries().iter().enumerate() {
            self.entry(index, key, value)?;
        }
        self.close(b'}', map.is_empty());
        if may_be_cyclic {
            self.deep_maps.pop();
        }
        Ok(())
    }

    /// Structs have their fields in the order of their declaration.
    fn object(&mut self, object: &dyn GoObject) -> Result<(), EncodeJsonError> {
        let json = object.to_json();
        let (GoValue::Map(map), [_, ..]) = (&json, object.json_order()) else {
            return self.value(&json);
        };
        self.open(b'{')?;
        let mut index = 0;
        for name in object.json_order() {
            if let Some(value) = map.get(name) {
                self.entry(index, name.as_bytes(), &value)?;
                index += 1;
            }
        }
        self.close(b'}', index == 0);
        Ok(())
    }

    fn entry(&mut self, index: usize, key: &[u8], value: &GoValue) -> Result<(), EncodeJsonError> {
        self.next(index)?;
        write_string(&mut self.out, key, self.layout.html);
        self.out.push(b':');
        if self.layout.pretty {
            self.out.push(b' ');
        }
        self.value(value)
    }

    fn open(&mut self, bracket: u8) -> Result<(), EncodeJsonError> {
        if self.depth == MAX_DEPTH {
            return Err(EncodeJsonError::TooDeep);
        }
        self.depth += 1;
        self.out.push(bracket);
        Ok(())
    }

    /// What stands before an element.
    fn next(&mut self, index: usize) -> Result<(), EncodeJsonError> {
        if self.out.len() > MAX_TEXT {
            return Err(EncodeJsonError::TooLong);
        }
        if index > 0 {
            self.out.push(b',');
        }
        self.line_break();
        Ok(())
    }

    fn close(&mut self, bracket: u8, is_empty: bool) {
        self.depth -= 1;
        if !is_empty {
            self.line_break();
        }
        self.out.push(bracket);
    }

    fn line_break(&mut self) {
        if self.layout.pretty {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * self.depth, b' ');
        }
    }

    fn display(&mut self, value: impl std::fmt::Display) {
        write!(self.out, "{value}").expect("because a vector takes any bytes");
    }
}

/// The integer, if JSON writes the number as one that is exact.
#[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
#[expect(clippy::float_cmp, reason = "an integer is exactly its own")]
pub(crate) fn small_integer(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_integer =
        value.abs() < EXACT && value.trunc() == value && !(value == 0.0 && value.is_sign_negative());
    is_integer.then_some(value as i64)
}

/// Appends a string in quotes. Bytes that are not UTF-8 become U+FFFD, one each.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &[u8], html: bool) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        write_valid(out, chunk.valid().as_bytes(), html);
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    out.push(b'"');
}

fn write_valid(out: &mut Vec<u8>, text: &[u8], html: bool) {
    let mut clean = 0;
    for (at, &byte) in text.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            0x08 => b"\\b",
            0x0c => b"\\f",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..=0x1f => b"",
            b'<' | b'>' | b'&' if html => b"",
            0xe2 if matches!(text[at + 1..], [0x80, 0xa8 | 0xa9, ..]) => {
                out.extend_from_slice(&text[clean..at]);
                write_code(out, 0x2000 | u32::from(text[at + 2] & 0x3f));
                clean = at + 3;
                continue;
            }
            _ => continue,
        };
        out.extend_from_slice(&text[clean..at]);
        if escape.is_empty() {
            write_code(out, u32::from(byte));
        } else {
            out.extend_from_slice(escape);
        }
        clean = at + 1;
    }
    out.extend_from_slice(&text[clean..]);
}

fn write_code(out: &mut Vec<u8>, code: u32) {
    write!(out, "\\u{code:04x}").expect("because a vector takes any bytes");
}
