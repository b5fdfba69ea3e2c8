//! Numbers out of anything, with the rules of `spf13/cast`: what cannot be read is zero.

use skeg_go::{GoObject, GoValue};

/// `cast.ToInt64`, and `cast.ToInt`, which differs in its type only.
pub(crate) fn to_i64(value: &GoValue) -> i64 {
    match value {
        GoValue::Int(_, value) => *value,
        GoValue::Uint(_, value) => value.cast_signed(),
        GoValue::Float(value) => truncate(*value),
        GoValue::Bool(value) => i64::from(*value),
        GoValue::String(text) => parse_int(without_zero_fraction(text), 0).unwrap_or(0),
        GoValue::Object(object) => calendar_number(object.as_ref()).unwrap_or(0),
        GoValue::Nil | GoValue::List(_) | GoValue::Map(_) => 0,
    }
}

/// `cast.ToFloat64`
#[expect(clippy::cast_precision_loss, reason = "Go rounds as well")]
pub(crate) fn to_f64(value: &GoValue) -> f64 {
    match value {
        GoValue::Int(_, value) => *value as f64,
        GoValue::Uint(_, value) => *value as f64,
        GoValue::Float(value) => *value,
        GoValue::Bool(value) => f64::from(u8::from(*value)),
        GoValue::String(text) => parse_float(text).unwrap_or(0.0),
        GoValue::Object(object) => calendar_number(object.as_ref()).unwrap_or(0) as f64,
        GoValue::Nil | GoValue::List(_) | GoValue::Map(_) => 0.0,
    }
}

/// Months and days of the week count as numbers; no other type of its own does.
fn calendar_number(object: &dyn GoObject) -> Option<i64> {
    match object.type_name() {
        "time.Month" | "time.Weekday" => object.as_i64(),
        _ => None,
    }
}

/// Go's `int64(value)` on the machines that Helm is built for: what does not fit is the smallest number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit has been sorted out"
)]
pub(crate) fn truncate(value: f64) -> i64 {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if (-BOUND..BOUND).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

/// `1.00` as `1`, everything else as it is.
fn without_zero_fraction(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|byte| **byte == b'0').count();
    match text[..text.len() - zeros].split_last() {
        Some((b'.', whole)) if zeros > 0 => whole,
        _ => text,
    }
}

/// Why a number cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// It is none.
    Syntax,
    /// It is too large; this is the nearest one.
    Range(i64),
}

/// `strconv.ParseInt` to 64 bits; a base of zero stands for what the prefix says.
pub(crate) fn parse_integer(text: &[u8], base: u32) -> Result<i64, NumberError> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let (base, digits) = if base == 0 {
        detect_base(digits)?
    } else {
        (base, digits.to_vec())
    };
    if digits.is_empty() {
        return Err(NumberError::Syntax);
    }
    let mut magnitude: Option<u64> = Some(0);
    for digit in digits {
        let digit = char::from(digit).to_digit(base).ok_or(NumberError::Syntax)?;
        magnitude = magnitude
            .and_then(|magnitude| magnitude.checked_mul(u64::from(base)))
            .and_then(|magnitude| magnitude.checked_add(u64::from(digit)));
    }
    let signed = magnitude.and_then(|magnitude| {
        if is_negative {
            0_i64.checked_sub_unsigned(magnitude)
        } else {
            i64::try_from(magnitude).ok()
        }
    });
    signed.ok_or(NumberError::Range(if is_negative { i64::MIN } else { i64::MAX }))
}

/// The number that a text is in a base, if it is one.
pub(crate) fn parse_int(text: &[u8], base: u32) -> Option<i64> {
    parse_integer(text, base).ok()
}

/// The base by its prefix, and the digits without underscores.
fn detect_base(text: &[u8]) -> Result<(u32, Vec<u8>), NumberError> {
    let (base, digits) = match text {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', b'o' | b'O', digits @ ..] => (8, digits),
        [b'0', b'b' | b'B', digits @ ..] => (2, digits),
        [b'0', digits @ ..] if !digits.is_empty() => (8, digits),
        digits => (10, digits),
    };
    if base != 10 && digits.is_empty() {
        return Err(NumberError::Syntax);
    }
    let begins_badly = base == 10 && digits.first() == Some(&b'_');
    if begins_badly || digits.last() == Some(&b'_') || digits.windows(2).any(|pair| pair == b"__") {
        return Err(NumberError::Syntax);
    }
    let digits = digits.iter().copied().filter(|byte| *byte != b'_').collect();
    Ok((base, digits))
}

/// `strconv.ParseFloat` to 64 bits. What is too large is no number.
pub(crate) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let value: f64 = text.parse().ok()?;
    (value.is_finite() || !text.contains(|c: char| c.is_ascii_digit())).then_some(value)
}
