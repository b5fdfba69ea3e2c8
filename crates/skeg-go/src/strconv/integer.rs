//! Integers in any base.

use super::{NumberError, NumberProblem};

/// `strconv.ParseUint`. With a `base` of 0 the text tells it: `0b`, `0o`, `0x`, or `0` for octal, and `_` may stand
/// between digits. `bits` is the size of the type, at most 64.
pub fn parse_uint(text: &[u8], base: u32, bits: u32) -> Result<u64, NumberError<u64>> {
    magnitude(text, base, bits).map_err(|error| error.from("ParseUint", text))
}

/// `strconv.ParseInt`: as [`parse_uint`], with a sign.
pub fn parse_int(text: &[u8], base: u32, bits: u32) -> Result<i64, NumberError<i64>> {
    let error = |problem, value| NumberError::new("ParseInt", text, problem, value);
    let (negative, digits) = match text.split_first() {
        Some((b'-', digits)) => (true, digits),
        Some((b'+', digits)) => (false, digits),
        _ => (false, text),
    };
    let magnitude = match magnitude(digits, base, bits) {
        Ok(magnitude) => magnitude,
        Err(failure) if failure.problem() == NumberProblem::Range => failure.into_value(),
        Err(_) => return Err(error(NumberProblem::Syntax, 0)),
    };
    let least = i64::MIN >> (64 - bits.clamp(1, 64));
    match (negative, magnitude) {
        (true, _) if magnitude > least.unsigned_abs() => Err(error(NumberProblem::Range, least)),
        (true, _) => Ok(0_i64.wrapping_sub_unsigned(magnitude)),
        (false, _) => match i64::try_from(magnitude) {
            Ok(number) if number <= !least => Ok(number),
            _ => Err(error(NumberProblem::Range, !least)),
        },
    }
}

/// `strconv.Atoi`
pub fn atoi(text: &[u8]) -> Result<i64, NumberError<i64>> {
    parse_int(text, 10, 64).map_err(|error| error.from("Atoi", text))
}

/// `strconv.FormatInt`; `base` is from 2 to 36.
pub fn format_int(number: i64, base: u32) -> String {
    let magnitude = format_uint(number.unsigned_abs(), base);
    if number < 0 {
        format!("-{magnitude}")
    } else {
        magnitude
    }
}

/// `strconv.FormatUint`; `base` is from 2 to 36.
pub fn format_uint(mut number: u64, base: u32) -> String {
    if base == 10 {
        return number.to_string();
    }
    let base = u64::from(base.clamp(2, 36));
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % base).expect("because it is less than the base");
        digits.extend(char::from_digit(digit, 36));
        number /= base;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

/// An integer without a sign.
fn magnitude(text: &[u8], base: u32, bits: u32) -> Result<u64, NumberError<u64>> {
    let error = |problem, value| Err(NumberError::new("ParseUint", text, problem, value));
    if text.is_empty() {
        return error(NumberProblem::Syntax, 0);
    }
    let (radix, digits) = if base == 0 { prefix(text) } else { (base, text) };
    let most = u64::MAX >> (64 - bits.clamp(1, 64));
    let mut number: u64 = 0;
    for byte in digits {
        if *byte == b'_' && base == 0 {
            continue;
        }
        let Some(digit) = char::from(*byte).to_digit(36).filter(|digit| *digit < radix) else {
            return error(NumberProblem::Syntax, 0);
        };
        let next = number
            .checked_mul(u64::from(radix))
            .and_then(|number| number.checked_add(u64::from(digit)));
        match next.filter(|number| *number <= most) {
            Some(next) => number = next,
            None => return error(NumberProblem::Range, most),
        }
    }
    if !underscores_separate_digits(text) && base == 0 {
        return error(NumberProblem::Syntax, 0);
    }
    Ok(number)
}

/// The base that a text of Go's syntax tells, and its digits.
fn prefix(text: &[u8]) -> (u32, &[u8]) {
    match text {
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', ..] => (8, &text[1..]),
        _ => (10, text),
    }
}

/// Whether each `_` stands between digits, or between a prefix such as `0x` and a digit.
pub(super) fn underscores_separate_digits(text: &[u8]) -> bool {
    let text = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    let (is_hexadecimal, after_digit, text) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (true, true, rest),
        [b'0', b'b' | b'B' | b'o' | b'O', rest @ ..] => (false, true, rest),
        _ => (false, false, text),
    };
    let is_digit = |byte: u8| byte.is_ascii_digit() || is_hexadecimal && byte.is_ascii_hexdigit();
    let mut previous = if after_digit { b'0' } else { b'.' };
    for byte in text {
        let fits = match byte {
            b'_' => is_digit(previous),
            _ => previous != b'_' || is_digit(*byte),
        };
        if !fits {
            return false;
        }
        previous = *byte;
    }
    previous != b'_'
}
