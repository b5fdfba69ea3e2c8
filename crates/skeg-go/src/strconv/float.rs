//! Floating-point numbers, decimal and hexadecimal.

use super::integer::underscores_separate_digits;
use super::{NumberError, NumberProblem};

/// `strconv.ParseFloat(text, 64)`: `1.5e3`, `0x1.8p3`, `1_000`, `inf`, `Infinity`, `nan`.
pub fn parse_float(text: &[u8]) -> Result<f64, NumberError<f64>> {
    let error = |problem, value| Err(NumberError::new("ParseFloat", text, problem, value));
    let (sign, unsigned) = match text {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, text),
    };
    if unsigned.eq_ignore_ascii_case(b"inf") || unsigned.eq_ignore_ascii_case(b"infinity") {
        return Ok(sign * f64::INFINITY);
    }
    if text.eq_ignore_ascii_case(b"nan") {
        return Ok(f64::NAN);
    }
    if text.contains(&b'_') && !underscores_separate_digits(text) {
        return error(NumberProblem::Syntax, 0.0);
    }
    let digits: Vec<u8> = unsigned.iter().copied().filter(|byte| *byte != b'_').collect();
    let magnitude = match digits.as_slice() {
        [b'0', b'x' | b'X', rest @ ..] if has_prefix(unsigned) => hexadecimal(rest),
        _ => decimal(&digits),
    };
    match magnitude {
        None => error(NumberProblem::Syntax, 0.0),
        Some(f64::INFINITY) => error(NumberProblem::Range, sign * f64::INFINITY),
        Some(magnitude) => Ok(sign * magnitude),
    }
}

/// Whether something follows the prefix `0x`; it must be there before underscores are taken away.
fn has_prefix(unsigned: &[u8]) -> bool {
    matches!(unsigned, [b'0', b'x' | b'X', _, ..])
}

/// A decimal number, which Rust reads as Go does once the words for infinity and NaN are excluded.
fn decimal(digits: &[u8]) -> Option<f64> {
    let is_digit_first = matches!(digits.first(), Some(b'0'..=b'9' | b'.'));
    std::str::from_utf8(digits)
        .ok()
        .filter(|_| is_digit_first)?
        .parse()
        .ok()
}

/// A hexadecimal number after its prefix: digits with or without a point, `p`, and a decimal exponent.
fn hexadecimal(text: &[u8]) -> Option<f64> {
    let at = text.iter().position(|byte| matches!(byte, b'p' | b'P'))?;
    let exponent = exponent(&text[at + 1..])?;
    let (mut mantissa, mut lost, mut shift) = (0_u64, false, 0_i64);
    let (mut seen_point, mut seen_digit) = (false, false);
    for byte in &text[..at] {
        if *byte == b'.' && !seen_point {
            seen_point = true;
            continue;
        }
        let digit = u64::from(char::from(*byte).to_digit(16)?);
        seen_digit = true;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | digit;
            shift -= if seen_point { 4 } else { 0 };
        } else {
            lost |= digit != 0;
            shift += if seen_point { 0 } else { 4 };
        }
    }
    seen_digit.then(|| rounded(mantissa, lost, exponent + shift))
}

/// A signed decimal exponent; so large that more makes no difference.
fn exponent(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |number: i64, digit: &u8| {
        if number < 10_000 {
            number * 10 + i64::from(digit - b'0')
        } else {
            number
        }
    };
    Some(sign * digits.iter().fold(0, add))
}

/// `mantissa` times two to `exponent`, rounded half to even; `lost` says that the mantissa had further digits.
fn rounded(mantissa: u64, lost: bool, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    // The highest bit to the top: the number is 0.1… times two to `top`.
    let zeros = mantissa.leading_zeros();
    let top = exponent + 64 - i64::from(zeros);
    if top > 1024 {
        return f64::INFINITY;
    }
    let mantissa = mantissa << zeros;
    // Numbers below 2^-1022 have fewer bits.
    let kept = (53 + (top + 1021).min(0)).max(-1);
    if kept < 0 {
        return 0.0;
    }
    let dropped = 64 - u32::try_from(kept).expect("because it is not negative");
    let wide = u128::from(mantissa) << 1 | u128::from(lost);
    let (whole, rest) = (wide >> (dropped + 1), wide & ((1 << (dropped + 1)) - 1));
    let half = 1_u128 << dropped;
    let up = rest > half || rest == half && whole & 1 == 1;
    let whole = u64::try_from(whole).expect("because 53 bits are left") + u64::from(up);
    scaled(whole, top - kept)
}

/// `whole`, of at most 53 bits, times two to `exponent`, which the type can represent unless it is too large.
fn scaled(mut whole: u64, mut exponent: i64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    if whole == 1 << 53 {
        whole >>= 1;
        exponent += 1;
    }
    let zeros = whole.leading_zeros() - 11;
    let biased = exponent - i64::from(zeros) + 1075;
    let bits = match u64::try_from(biased) {
        // 2046 is the largest exponent of a finite number.
        Ok(2047..) => return f64::INFINITY,
        Ok(biased @ 1..) => biased << 52 | (whole << zeros & ((1 << 52) - 1)),
        // The exponent is that of the smallest numbers, -1074.
        _ => whole,
    };
    f64::from_bits(bits)
}
