//! Texts to lists and back.

use skeg_go::{CallError, GoMap, GoString, GoType, GoValue};

use super::combine::check_length;
use crate::arguments::{any, bytes, int};
use crate::find::find;
use crate::text::{text, texts};
use crate::unicode::decode;

/// `splitList SEPARATOR TEXT`
pub(super) fn split_list(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let parts = parts(bytes(arguments, 1), bytes(arguments, 0), usize::MAX);
    Ok(GoValue::strings(parts))
}

/// `split SEPARATOR TEXT`: the parts as a dictionary with the keys `_0`, `_1` and so on.
pub(super) fn split(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(numbered(parts(
        bytes(arguments, 1),
        bytes(arguments, 0),
        usize::MAX,
    )))
}

/// `splitn SEPARATOR LIMIT TEXT`: as [`split`], into no more parts than the limit, unless it is negative.
pub(super) fn split_n(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let limit = usize::try_from(int(arguments, 1)).unwrap_or(usize::MAX);
    Ok(numbered(parts(bytes(arguments, 2), bytes(arguments, 0), limit)))
}

fn numbered(parts: Vec<&[u8]>) -> GoValue {
    let map = GoMap::typed(GoType::String);
    for (index, part) in parts.into_iter().enumerate() {
        map.insert(format!("_{index}"), GoValue::string(part));
    }
    GoValue::Map(map)
}

fn parts<'text>(mut text: &'text [u8], separator: &[u8], limit: usize) -> Vec<&'text [u8]> {
    let mut parts = Vec::new();
    if limit == 0 {
        return parts;
    }
    if separator.is_empty() {
        while !text.is_empty() && parts.len() + 1 < limit {
            let (character, rest) = text.split_at(decode(text).1);
            parts.push(character);
            text = rest;
        }
        if !text.is_empty() {
            parts.push(text);
        }
        return parts;
    }
    while parts.len() + 1 < limit {
        let Some(at) = find(text, separator) else {
            break;
        };
        parts.push(&text[..at]);
        text = &text[at + separator.len()..];
    }
    parts.push(text);
    parts
}

/// `join SEPARATOR LIST`
pub(super) fn join(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let separator = bytes(arguments, 0);
    let texts = texts(any(arguments, 1));
    if let [text] = &texts[..] {
        return Ok(GoValue::String(text.clone()));
    }
    let mut out = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        check_length(&out)?;
        if place > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(text);
    }
    Ok(GoValue::from(out))
}

/// `toStrings LIST`
pub(super) fn to_strings(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let value = any(arguments, 0);
    match value {
        GoValue::List(list) if list.named_type().is_none() && *list.element() == GoType::String => {
            Ok(value.clone())
        }
        _ => Ok(GoValue::strings(texts(value))),
    }
}

/// `sortAlpha LIST`: the texts of the elements, sorted by their bytes; a slice of texts is sorted in place.
pub(super) fn sort_alpha(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let value = any(arguments, 0);
    let mut texts: Vec<GoString> = match value {
        GoValue::List(list) if list.sort_texts() => return Ok(value.clone()),
        GoValue::List(_) => texts(value),
        _ => vec![text(value)],
    };
    texts.sort_unstable();
    Ok(GoValue::strings(texts))
}
