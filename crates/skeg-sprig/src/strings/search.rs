//! Finding and replacing.

use skeg_go::{CallError, GoValue};

use super::combine::check_length;
use crate::arguments::{bytes, string};
use crate::find::find;
use crate::unicode::decode;

/// `contains PART TEXT`
pub(super) fn contains(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Bool(
        find(bytes(arguments, 1), bytes(arguments, 0)).is_some(),
    ))
}

/// `hasPrefix PREFIX TEXT`
pub(super) fn has_prefix(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Bool(
        bytes(arguments, 1).starts_with(bytes(arguments, 0)),
    ))
}

/// `hasSuffix SUFFIX TEXT`
pub(super) fn has_suffix(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Bool(bytes(arguments, 1).ends_with(bytes(arguments, 0))))
}

/// `replace OLD NEW TEXT`
pub(super) fn replace(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let (old, new) = (bytes(arguments, 0), bytes(arguments, 1));
    let text = string(arguments, 2);
    if old == new {
        return Ok(GoValue::String(text));
    }
    if old.is_empty() {
        return surround_characters(&text, new).map(GoValue::from);
    }
    let Some(first) = find(&text, old) else {
        return Ok(GoValue::String(text));
    };
    let mut out = Vec::with_capacity(text.len() + new.len());
    let mut rest: &[u8] = &text;
    let mut next = Some(first);
    while let Some(at) = next {
        check_length(&out)?;
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(new);
        rest = &rest[at + old.len()..];
        next = find(rest, old);
    }
    out.extend_from_slice(rest);
    Ok(GoValue::from(out))
}

/// An empty text is found before each character and at the end.
fn surround_characters(mut text: &[u8], new: &[u8]) -> Result<Vec<u8>, CallError> {
    let mut out = new.to_vec();
    while !text.is_empty() {
        check_length(&out)?;
        let (_, width) = decode(text);
        out.extend_from_slice(&text[..width]);
        out.extend_from_slice(new);
        text = &text[width..];
    }
    Ok(out)
}
