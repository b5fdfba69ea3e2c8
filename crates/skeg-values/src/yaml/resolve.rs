//! What a scalar means: go-yaml v2's rules, YAML 1.1 with some of 1.2.

use super::timestamp;
use crate::base64;

/// The meaning of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    /// The text stands for itself.
    Text,
    /// The text stands for itself, but would be taken for a time by those who look for one.
    Timestamp,
    /// `!!binary`: what the base64 text holds.
    Binary(Vec<u8>),
}

const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// Resolves the text of a scalar with the tag it was given.
///
/// Tags that are not YAML's own scalar tags mean text. The error is go-yaml's message.
pub(crate) fn resolve(tag: Option<&str>, text: &str) -> Result<Scalar, String> {
    let Some(name) = tag.unwrap_or_default().strip_prefix(TAG_PREFIX) else {
        return Ok(tag.map_or_else(|| resolve_plain(text), |_| Scalar::Text));
    };
    match name {
        "binary" => return decode_base64(text).map(Scalar::Binary),
        "bool" | "int" | "float" | "null" | "timestamp" => {}
        _ => return Ok(Scalar::Text),
    }
    // Only without a tag, or asked for, do digits with dashes make a time.
    let resolved = match resolve_plain(text) {
        Scalar::Timestamp if name != "timestamp" => Scalar::Text,
        resolved => resolved,
    };
    match (name, resolved) {
        ("bool", resolved @ Scalar::Bool(_))
        | ("int", resolved @ (Scalar::Int(_) | Scalar::UInt(_)))
        | ("float", resolved @ Scalar::Float(_))
        | ("null", resolved @ Scalar::Null)
        | ("timestamp", resolved @ Scalar::Timestamp) => Ok(resolved),
        #[expect(clippy::cast_precision_loss, reason = "Go rounds here as well")]
        ("float", Scalar::Int(value)) => Ok(Scalar::Float(value as f64)),
        (name, resolved) => Err(format!(
            "cannot decode !!{} `{text}` as a !!{name}",
            tag_name(&resolved)
        )),
    }
}

/// Resolves a plain scalar without a tag.
pub(crate) fn resolve_plain(text: &str) -> Scalar {
    let Some(first) = text.bytes().next() else {
        return Scalar::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            resolve_word(text).unwrap_or(Scalar::Text)
        }
        b'.' => resolve_word(text)
            .or_else(|| parse_dotted_float(text).map(Scalar::Float))
            .unwrap_or(Scalar::Text),
        b'+' | b'-' | b'0'..=b'9' => resolve_word(text).unwrap_or_else(|| resolve_number(text)),
        _ => Scalar::Text,
    }
}

fn tag_name(scalar: &Scalar) -> &'static str {
    match scalar {
        Scalar::Null => "null",
        Scalar::Bool(_) => "bool",
        Scalar::Int(_) | Scalar::UInt(_) => "int",
        Scalar::Float(_) => "float",
        Scalar::Text => "str",
        Scalar::Timestamp => "timestamp",
        Scalar::Binary(_) => "binary",
    }
}

fn resolve_word(text: &str) -> Option<Scalar> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn resolve_number(text: &str) -> Scalar {
    if timestamp::is_timestamp(text) {
        return Scalar::Timestamp;
    }
    let digits = text.replace('_', "");
    parse_integer(&digits)
        .or_else(|| parse_float(&digits).map(Scalar::Float))
        .or_else(|| parse_signed_binary(&digits))
        .unwrap_or(Scalar::Text)
}

/// Go's `strconv.ParseInt` and `ParseUint` with base 0: `0x`, `0o`, `0b`, and a leading zero for octal.
fn parse_integer(text: &str) -> Option<Scalar> {
    let (sign, unsigned) = match text.as_bytes().first()? {
        b'+' | b'-' => text.split_at(1),
        _ => ("", text),
    };
    let (radix, digits) = split_radix(unsigned);
    // Rust's parser would take a second sign.
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match sign {
        "-" => 0_i64.checked_sub_unsigned(magnitude).map(Scalar::Int),
        "+" => i64::try_from(magnitude).ok().map(Scalar::Int),
        _ => Some(i64::try_from(magnitude).map_or(Scalar::UInt(magnitude), Scalar::Int)),
    }
}

fn split_radix(text: &str) -> (u32, &str) {
    let has_digits = text.len() >= 3;
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] if has_digits => (16, &text[2..]),
        [b'0', b'o' | b'O', ..] if has_digits => (8, &text[2..]),
        [b'0', b'b' | b'B', ..] if has_digits => (2, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    }
}

/// go-yaml's own second look at `0b`, whose digits may have a sign: `0b-1` is -1.
fn parse_signed_binary(text: &str) -> Option<Scalar> {
    let digits = text.strip_prefix("0b")?;
    i64::from_str_radix(digits, 2).ok().map(Scalar::Int)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, within the range of a float64.
fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_valid = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    let mantissa_is_valid =
        all_digits(whole) && all_digits(fraction) && (!whole.is_empty() || !fraction.is_empty());
    if !exponent_is_valid || !mantissa_is_valid {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Go's `strconv.ParseFloat` of what begins with a point, where underscores may stand between digits.
fn parse_dotted_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let is_digit = |index: Option<usize>| {
        index
            .and_then(|index| bytes.get(index))
            .is_some_and(u8::is_ascii_digit)
    };
    let underscores_are_valid = bytes
        .iter()
        .enumerate()
        .all(|(at, byte)| *byte != b'_' || is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    if !underscores_are_valid {
        return None;
    }
    parse_float(&text.replace('_', ""))
}

fn decode_base64(text: &str) -> Result<Vec<u8>, String> {
    base64::decode(text.as_bytes()).map_err(|_| "!!binary value contains invalid base64 data".to_owned())
}
