//! Constant numbers: Go's syntax of integers and floats, and every type that has their value.

use skeg_go::{GoValue, quote};

use super::literal::unquote_character;
use super::token::Kind;
use crate::ast::{Number, Span};
use crate::complex::Complex;

/// Reads a constant; the error is Go's.
pub(crate) fn parse_number(literal: &[u8], span: Span, kind: Kind) -> Result<Number, String> {
    match kind {
        Kind::CharacterConstant => {
            let code = unquote_character(literal)?;
            let int = i64::from(code);
            return Ok(Number {
                span,
                int: Some(int),
                float: Some(f64::from(code)),
                ideal: Some(GoValue::int(int)),
            });
        }
        Kind::Complex => return complex_pair(literal, span),
        _ => {}
    }
    let text = std::str::from_utf8(literal).unwrap_or_default();
    if let Some(imaginary) = text.strip_suffix('i').and_then(parse_float) {
        return Ok(complex(span, 0.0, imaginary));
    }
    let number = plain(text, span)?;
    Ok(number)
}

fn plain(text: &str, span: Span) -> Result<Number, String> {
    let is_float_syntax = text.contains(['.', 'e', 'E', 'p', 'P']);
    if let Some(integer) = parse_integer(text) {
        let float = integer.as_float();
        let int = integer.as_int();
        let as_float = is_float_syntax && !is_hexadecimal(text);
        let ideal = if as_float {
            Some(GoValue::Float(float))
        } else {
            int.map(GoValue::int)
        };
        return Ok(Number {
            span,
            int,
            float: Some(float),
            ideal,
        });
    }
    match parse_float(text) {
        Some(_) if !is_float_syntax => Err(format!("integer overflow: {}", quote::quote(text))),
        Some(float) => Ok(Number {
            span,
            int: integral(float),
            float: Some(float),
            ideal: Some(GoValue::Float(float)),
        }),
        None => Err(format!("illegal number syntax: {}", quote::quote(text))),
    }
}

/// Whether Go takes it for an integer, in spite of the `e` among its digits.
fn is_hexadecimal(text: &str) -> bool {
    text.len() > 2 && (text.starts_with("0x") || text.starts_with("0X")) && !text.contains(['p', 'P'])
}

/// An integer that fits 64 bits, with or without a sign.
enum Integer {
    Signed(i64),
    /// Above what a signed one can be.
    Large(u64),
}

impl Integer {
    fn as_int(&self) -> Option<i64> {
        match self {
            Self::Signed(int) => Some(*int),
            Self::Large(_) => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "Go converts likewise")]
    fn as_float(&self) -> f64 {
        match self {
            Self::Signed(int) => *int as f64,
            Self::Large(uint) => *uint as f64,
        }
    }
}

/// `strconv.ParseInt` and `strconv.ParseUint` with base 0.
fn parse_integer(text: &str) -> Option<Integer> {
    let (is_negative, has_sign, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, &text[1..]),
        b'+' => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    if !underscores_are_fine(text) {
        return None;
    }
    let (radix, digits) = split_radix(digits);
    let digits: String = digits.chars().filter(|digit| *digit != '_').collect();
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = u64::from_str_radix(&digits, radix).ok()?;
    if is_negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Integer::Signed);
    }
    match i64::try_from(magnitude) {
        Ok(int) => Some(Integer::Signed(int)),
        Err(_) if has_sign => None,
        Err(_) => Some(Integer::Large(magnitude)),
    }
}

fn split_radix(digits: &str) -> (u32, &str) {
    let prefix = digits.as_bytes().get(1).map(u8::to_ascii_lowercase);
    match (digits.starts_with('0'), prefix) {
        (true, Some(b'x')) => (16, &digits[2..]),
        (true, Some(b'o')) => (8, &digits[2..]),
        (true, Some(b'b')) => (2, &digits[2..]),
        (true, Some(_)) => (8, &digits[1..]),
        _ => (10, digits),
    }
}

/// Whether every underscore stands between digits or after the base.
fn underscores_are_fine(text: &str) -> bool {
    if !text.contains('_') {
        return true;
    }
    let digits = text.trim_start_matches(['+', '-']);
    let bytes = digits.as_bytes();
    let has_base = matches!(bytes, [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..]);
    let is_hexadecimal = matches!(bytes, [b'0', b'x' | b'X', ..]);
    let mut last = if has_base { b'0' } else { b'^' };
    for byte in &bytes[if has_base { 2 } else { 0 }..] {
        let is_digit = byte.is_ascii_digit() || (is_hexadecimal && byte.is_ascii_hexdigit());
        let class = match byte {
            _ if is_digit => b'0',
            b'_' if last != b'0' => return false,
            b'_' => b'_',
            _ if last == b'_' => return false,
            _ => b'!',
        };
        last = class;
    }
    last != b'_'
}

/// `strconv.ParseFloat`; none if it is no number or too large for one.
fn parse_float(text: &str) -> Option<f64> {
    if !underscores_are_fine(text) {
        return None;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_hexadecimal = unsigned.starts_with("0x") || unsigned.starts_with("0X");
    let digits: String = text.chars().filter(|digit| *digit != '_').collect();
    let value = if is_hexadecimal {
        hexadecimal_float(&digits)?
    } else {
        let starts_as_number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        starts_as_number.then(|| digits.parse::<f64>().ok()).flatten()?
    };
    value.is_finite().then_some(value)
}

/// `0x1.8p3`; at most 15 digits are exact, which is more than anybody writes.
fn hexadecimal_float(text: &str) -> Option<f64> {
    let is_negative = text.starts_with('-');
    let unsigned = text.trim_start_matches(['+', '-']);
    let (mantissa, exponent) = unsigned[2..].split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let exponent: i32 = exponent.parse().ok()?;
    let shift = i32::try_from(fraction.len()).ok()?.checked_mul(4)?;
    let value = value * 2f64.powi(exponent.checked_sub(shift)?);
    Some(if is_negative { -value } else { value })
}

/// The integer of the same value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "it is compared with what it was"
)]
fn integral(float: f64) -> Option<i64> {
    let int = float as i64;
    (int as f64 == float && float < 9.2e18).then_some(int)
}

/// `1+2i`, which the lexer has found to end in `i` and to have a sign within.
fn complex_pair(literal: &[u8], span: Span) -> Result<Number, String> {
    let text = std::str::from_utf8(literal).unwrap_or_default();
    let parts = text.strip_suffix('i').and_then(|text| {
        let middle = text.rfind(['+', '-'])?;
        let before = text[..middle].ends_with(['e', 'E', 'p', 'P']);
        let middle = if before {
            text[..middle].rfind(['+', '-'])?
        } else {
            middle
        };
        Some((parse_float(&text[..middle])?, parse_float(&text[middle..])?))
    });
    match parts {
        Some((real, imaginary)) => Ok(complex(span, real, imaginary)),
        None => Err("syntax error scanning complex number".to_owned()),
    }
}

fn complex(span: Span, real: f64, imaginary: f64) -> Number {
    let float = (imaginary == 0.0).then_some(real);
    Number {
        span,
        int: float.and_then(integral),
        float,
        ideal: Some(GoValue::object(Complex { real, imaginary })),
    }
}
