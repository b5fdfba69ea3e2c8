//! Parts of a text.

use skeg_go::unicode::is_space;
use skeg_go::{CallError, GoValue};

use crate::arguments::{bytes, cut, int, string};
use crate::unicode::push_rune;

/// `trunc LENGTH TEXT`: the first bytes, or the last ones if the length is negative.
pub(super) fn truncate(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let length = int(arguments, 0);
    let text = string(arguments, 1);
    let size = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
    if size >= text.len() {
        return Ok(GoValue::String(text));
    }
    let part = if length < 0 {
        &text[text.len() - size..]
    } else {
        &text[..size]
    };
    Ok(cut(&text, part))
}

/// `substr START END TEXT`
pub(super) fn substring(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let (start, end) = (int(arguments, 0), int(arguments, 1));
    let text = string(arguments, 2);
    let length = text.len();
    let place = |index: i64| usize::try_from(index).ok().filter(|index| *index <= length);
    let part = match (place(start), place(end)) {
        (None, Some(end)) if start < 0 => &text[..end],
        (None, None) if start < 0 => return Err(out_of_range(&end_beyond(end, length))),
        (Some(start), None) => &text[start..],
        (None, None) => return Err(out_of_range(&format!("[{start}:{length}]"))),
        (Some(from), Some(to)) if from <= to => &text[from..to],
        _ => return Err(out_of_range(&format!("[{start}:{end}]"))),
    };
    Ok(cut(&text, part))
}

fn end_beyond(end: i64, length: usize) -> String {
    if end < 0 {
        format!("[:{end}]")
    } else {
        format!("[:{end}] with length {length}")
    }
}

fn out_of_range(bounds: &str) -> CallError {
    CallError::new(format!("runtime error: slice bounds out of range {bounds}"))
}

/// `abbrev WIDTH TEXT`: an ellipsis for what is too long.
pub(super) fn abbrev(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = string(arguments, 1);
    match usize::try_from(int(arguments, 0)) {
        Ok(width) if width >= 4 && width < text.len() => Ok(GoValue::from(head(&text, width))),
        _ => Ok(GoValue::String(text)),
    }
}

/// `abbrevboth OFFSET WIDTH TEXT`: ellipses for what is too long, at both ends.
pub(super) fn abbrev_both(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = string(arguments, 2);
    let offset = int(arguments, 0);
    let width = match usize::try_from(int(arguments, 1)) {
        Ok(width) if width < text.len() && width >= if offset > 0 { 7 } else { 4 } => width,
        _ => return Ok(GoValue::String(text)),
    };
    let kept = width - 3;
    // An offset below all bounds counts as one beyond them.
    let latest = text.len() - kept;
    let offset = match usize::try_from(offset) {
        Ok(offset) => offset.min(latest),
        Err(_) if length_without(&text, offset) < 0 => latest,
        Err(_) => 0,
    };
    if offset <= 4 {
        return Ok(GoValue::from(head(&text, width)));
    }
    if width < 7 {
        return Ok(GoValue::from(""));
    }
    let mut out = b"...".to_vec();
    match &text[offset..] {
        rest if rest.len() > kept => out.extend(head(rest, kept)),
        _ => out.extend_from_slice(&text[latest..]),
    }
    Ok(GoValue::from(out))
}

fn length_without(text: &[u8], offset: i64) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX).wrapping_sub(offset)
}

/// The beginning of a text that is longer than `width`, which is at least four.
fn head(text: &[u8], width: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(width);
    out.extend_from_slice(&text[..width - 3]);
    out.extend_from_slice(b"...");
    out
}

/// `initials TEXT`: the first byte of each word, read as a character.
pub(super) fn initials(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut out = Vec::new();
    let mut after_space = true;
    for byte in bytes(arguments, 0) {
        let character = char::from(*byte);
        let is_space = is_space(character);
        if after_space && !is_space {
            push_rune(&mut out, character);
        }
        after_space = is_space;
    }
    Ok(GoValue::from(out))
}
