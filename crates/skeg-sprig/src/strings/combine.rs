//! New texts out of values: quoting, joining, repeating.

use skeg_go::fmt::{MAX_TEXT, write_value};
use skeg_go::quote::{Escaping, write_quoted};
use skeg_go::{CallError, GoValue};

use crate::arguments::{any, bytes, int, string};
use crate::text::text;

/// Fails if there is more text already than a function may make.
pub(super) fn check_length(text: &[u8]) -> Result<(), CallError> {
    if text.len() <= MAX_TEXT {
        Ok(())
    } else {
        Err(too_long())
    }
}

fn too_long() -> CallError {
    CallError::new(format!("the text would be longer than {MAX_TEXT} bytes"))
}

/// `hello`
pub(super) fn hello(_: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from("Hello!"))
}

/// `toString VALUE`
pub(super) fn to_string(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::String(text(any(arguments, 0))))
}

/// `quote VALUE…`: what is not `nil`, each in double quotes.
pub(super) fn quote(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    spaced(arguments, |out, value| {
        write_quoted(out, &text(value), Escaping::Unprintable);
    })
}

/// `squote VALUE…`: what is not `nil`, each in single quotes.
pub(super) fn single_quote(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    spaced(arguments, |out, value| {
        out.push(b'\'');
        write_value(out, value);
        out.push(b'\'');
    })
}

/// `cat VALUE…`: what is not `nil`, with blanks between.
pub(super) fn cat(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    spaced(arguments, write_value)
}

fn spaced(values: &[GoValue], write: impl Fn(&mut Vec<u8>, &GoValue)) -> Result<GoValue, CallError> {
    let mut out = Vec::new();
    let mut is_first = true;
    for value in values.iter().filter(|value| !value.is_nil()) {
        if !is_first {
            out.push(b' ');
        }
        is_first = false;
        write(&mut out, value);
    }
    Ok(GoValue::from(out))
}

/// `plural ONE MANY COUNT`
pub(super) fn plural(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let index = usize::from(int(arguments, 2) != 1);
    Ok(GoValue::String(string(arguments, index)))
}

/// `repeat COUNT TEXT`
pub(super) fn repeat(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = bytes(arguments, 1);
    let count = repetition(int(arguments, 0), text.len(), 1)?;
    Ok(GoValue::from(text.repeat(count)))
}

/// How often a text of `length` bytes is repeated, `times` over in one result.
pub(super) fn repetition(count: i64, length: usize, times: usize) -> Result<usize, CallError> {
    let Ok(count) = usize::try_from(count) else {
        return Err(CallError::new("strings: negative Repeat count"));
    };
    if length == 0 {
        return Ok(0);
    }
    let total = count
        .checked_mul(length)
        .filter(|total| i64::try_from(*total).is_ok());
    let Some(total) = total else {
        return Err(CallError::new("strings: Repeat output length overflow"));
    };
    match total.checked_mul(times) {
        Some(total) if total <= MAX_TEXT => Ok(count),
        _ => Err(too_long()),
    }
}
