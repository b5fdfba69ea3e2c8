//! Lines: indenting and wrapping.

use skeg_go::{CallError, GoValue};

use crate::arguments::{bytes, int};
use crate::find::find;

use super::combine::repetition;

/// `indent SPACES TEXT`
pub(super) fn indent(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    indented(b"", arguments)
}

/// `nindent SPACES TEXT`: begins with a new line.
pub(super) fn indent_on_new_line(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    indented(b"\n", arguments)
}

fn indented(start: &[u8], arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = bytes(arguments, 1);
    let breaks = memchr::memchr_iter(b'\n', text).count();
    let width = repetition(int(arguments, 0), 1, breaks + 1)?;
    let mut out = Vec::with_capacity(start.len() + text.len() + width * (breaks + 1));
    out.extend_from_slice(start);
    let mut from = 0;
    for line_break in memchr::memchr_iter(b'\n', text) {
        out.resize(out.len() + width, b' ');
        out.extend_from_slice(&text[from..=line_break]);
        from = line_break + 1;
    }
    out.resize(out.len() + width, b' ');
    out.extend_from_slice(&text[from..]);
    Ok(GoValue::from(out))
}

/// `wrap COLUMN TEXT`: breaks lines at blanks, and no words.
pub(super) fn wrap(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let wrapped = wrapped(bytes(arguments, 1), int(arguments, 0), b"\n", false);
    Ok(GoValue::from(wrapped))
}

/// `wrapWith COLUMN BREAK TEXT`: breaks lines at blanks, and words that are too long.
pub(super) fn wrap_with(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let line_break = match bytes(arguments, 1) {
        b"" => b"\n",
        line_break => line_break,
    };
    let wrapped = wrapped(bytes(arguments, 2), int(arguments, 0), line_break, true);
    Ok(GoValue::from(wrapped))
}

fn wrapped(mut text: &[u8], column: i64, line_break: &[u8], breaks_words: bool) -> Vec<u8> {
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let mut out = Vec::with_capacity(text.len() + text.len() / column);
    while text.len() > column {
        if text[0] == b' ' {
            text = &text[1..];
            continue;
        }
        let blank_in_line = text[..=column].iter().rposition(|byte| *byte == b' ');
        let (end, next) = match blank_in_line {
            Some(blank) => (blank, blank + 1),
            None if breaks_words => (column, column),
            None => match find(&text[column..], b" ") {
                Some(blank) => (column + blank, column + blank + 1),
                None => break,
            },
        };
        out.extend_from_slice(&text[..end]);
        out.extend_from_slice(line_break);
        text = &text[next..];
    }
    out.extend_from_slice(text);
    out
}
