//! What is printed as YAML: document values, or the values that templates compute with.

use skeg_go::{GoList, GoMap, GoValue};

use crate::base64;
use crate::value::Value;

/// Keys that are longer may be too long for JSON read as YAML, which is at 1024 bytes with its escapes.
const LONG_KEY: usize = 160;

/// A type of values that can be printed.
pub(super) trait Source: Sized {
    /// Collections within collections; what is deeper is [`View::Delicate`].
    const MAX_DEPTH: usize;

    /// Shows what the value is.
    fn visit<R>(&self, visitor: impl FnOnce(View<'_, Self>) -> R) -> R;
}

/// What a value is.
pub(super) enum View<'value, S> {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Text(&'value str),
    List(&'value [S]),
    /// The entries in bytewise order of their keys.
    Map(Vec<(&'value str, &'value S)>),
    /// Something that may not survive the way through JSON and back as it is.
    Delicate,
}

impl Source for Value {
    const MAX_DEPTH: usize = usize::MAX;

    fn visit<R>(&self, visitor: impl FnOnce(View<'_, Self>) -> R) -> R {
        visitor(match self {
            Self::Null => View::Null,
            Self::Bool(value) => View::Bool(*value),
            Self::Int(value) => View::Int(*value),
            Self::UInt(value) => View::UInt(*value),
            Self::Float(value) => View::Float(*value),
            Self::String(text) => View::Text(text),
            Self::List(items) => View::List(items),
            Self::Map(map) => View::Map(map.iter().collect()),
        })
    }
}

impl Source for GoValue {
    // Below this depth, `json` looks for cycles.
    const MAX_DEPTH: usize = 1000;

    fn visit<R>(&self, visitor: impl FnOnce(View<'_, Self>) -> R) -> R {
        match self {
            Self::Nil => visitor(View::Null),
            Self::Bool(value) => visitor(View::Bool(*value)),
            Self::Int(_, value) => visitor(View::Int(*value)),
            Self::Uint(_, value) => visitor(View::UInt(*value)),
            Self::Float(value) if value.is_finite() => visitor(View::Float(*value)),
            Self::Float(_) => visitor(View::Delicate),
            Self::String(text) => visitor(sturdy_text(text).map_or(View::Delicate, View::Text)),
            Self::List(list) => visit_list(list, visitor),
            Self::Map(map) => visit_map(map, visitor),
            Self::Object(object) => object.to_json().visit(visitor),
        }
    }
}

fn visit_list<R>(list: &GoList, visitor: impl FnOnce(View<'_, GoValue>) -> R) -> R {
    if list.is_nil() {
        return visitor(View::Null);
    }
    match list.to_bytes() {
        Some(bytes) => visitor(View::Text(&base64::encode(&bytes))),
        None => visitor(View::List(list.items())),
    }
}

fn visit_map<R>(map: &GoMap, visitor: impl FnOnce(View<'_, GoValue>) -> R) -> R {
    if map.is_nil() {
        return visitor(View::Null);
    }
    let entries = map.entries();
    let view: Option<Vec<_>> = entries
        .iter()
        .map(|(key, value)| {
            let key = sturdy_text(key).filter(|key| key.len() <= LONG_KEY)?;
            Some((key, value))
        })
        .collect();
    visitor(view.map_or(View::Delicate, View::Map))
}

/// The text, if JSON written by Go and read as YAML holds the same.
fn sturdy_text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let has_suspects = bytes.iter().any(|byte| *byte >= 0x7f);
    let is_sturdy = |c: char| !matches!(c, '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    (!has_suspects || text.chars().all(is_sturdy)).then_some(text)
}
