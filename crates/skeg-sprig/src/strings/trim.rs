//! Taking away at the ends, and blanks everywhere.

use skeg_go::unicode::{is_space, trim_space};
use skeg_go::{CallError, GoValue};

use crate::arguments::{bytes, cut, string};
use crate::unicode::{Runes, decode, decode_last, push_rune};

/// `trim TEXT`: without white space at both ends.
pub(super) fn trim(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = string(arguments, 0);
    Ok(cut(&text, trim_space(&text)))
}

/// `trimAll CUTSET TEXT`: without any of the characters at both ends.
pub(super) fn trim_all(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let cutset = bytes(arguments, 0);
    let text = string(arguments, 1);
    if let [byte @ 0..=0x7f] = cutset {
        return Ok(cut(&text, trim_matching(&text, |rune| rune == char::from(*byte))));
    }
    let cutset: Vec<char> = Runes(cutset).collect();
    Ok(cut(&text, trim_matching(&text, |rune| cutset.contains(&rune))))
}

/// `trimSuffix SUFFIX TEXT`
pub(super) fn trim_suffix(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = string(arguments, 1);
    let rest = text.strip_suffix(bytes(arguments, 0)).unwrap_or(&text);
    Ok(cut(&text, rest))
}

/// `trimPrefix PREFIX TEXT`
pub(super) fn trim_prefix(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = string(arguments, 1);
    let rest = text.strip_prefix(bytes(arguments, 0)).unwrap_or(&text);
    Ok(cut(&text, rest))
}

/// `nospace TEXT`: without white space.
///
/// It reads each byte as a character, so where it takes something away, what is not ASCII gets encoded twice.
pub(super) fn no_space(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = string(arguments, 0);
    let is_blank = |byte: &u8| is_space(char::from(*byte));
    if !text.iter().any(is_blank) {
        return Ok(GoValue::String(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let kept = text.iter().filter(|byte| !is_blank(byte));
    kept.for_each(|byte| push_rune(&mut out, char::from(*byte)));
    Ok(GoValue::from(out))
}

fn trim_matching(mut text: &[u8], matches: impl Fn(char) -> bool) -> &[u8] {
    while !text.is_empty() {
        let (rune, width) = decode(text);
        if !matches(rune) {
            break;
        }
        text = &text[width..];
    }
    while !text.is_empty() {
        let (rune, width) = decode_last(text);
        if !matches(rune) {
            break;
        }
        text = &text[..text.len() - width];
    }
    text
}
