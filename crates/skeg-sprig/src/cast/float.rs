//! Floating-point numbers in texts, as Go's `strconv` reads them.

/// `strconv.ParseFloat` to 64 bits; what is too large is no number.
///
/// Rust reads decimal numbers alike. Go also reads hexadecimal ones, and underscores between digits.
pub(crate) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let (sign, unsigned) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if let Some(name) = unsigned.bytes().next().filter(u8::is_ascii_alphabetic) {
        let is_signed = unsigned.len() < text.len();
        let is_nan = matches!(name, b'n' | b'N');
        return text.parse().ok().filter(|_| !(is_signed && is_nan));
    }
    let joined;
    let digits = if unsigned.contains('_') {
        joined = without_underscores(unsigned)?;
        &joined
    } else {
        unsigned
    };
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => parse_hexadecimal(digits)?,
        None if digits.starts_with(['+', '-']) => return None,
        None => digits.parse::<f64>().ok()?,
    };
    number.is_finite().then_some(sign * number)
}

/// The number without underscores, if each of them stands between digits.
fn without_underscores(number: &str) -> Option<String> {
    let bytes = number.as_bytes();
    let is_hexadecimal = matches!(bytes, [b'0', b'x' | b'X', ..]);
    let is_digit = |index: usize| {
        let Some(byte) = bytes.get(index) else {
            return false;
        };
        byte.is_ascii_digit() || (is_hexadecimal && (byte.is_ascii_hexdigit() || index == 1))
    };
    let mut underscores = number.match_indices('_').map(|(index, _)| index);
    let are_between_digits = underscores.all(|index| index > 0 && is_digit(index - 1) && is_digit(index + 1));
    are_between_digits.then(|| number.replace('_', ""))
}

/// Reads `1.8p3`: hexadecimal digits times two to a power, which must be there.
fn parse_hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') {
        -100_000
    } else {
        100_000
    });
    exponent = exponent.clamp(-100_000, 100_000) - 4 * i64::try_from(fraction.len()).ok()?;
    let mut significand = 0_u64;
    for digit in whole.chars().chain(fraction.chars()) {
        let digit = u64::from(digit.to_digit(16)?);
        if significand >> 58 == 0 {
            significand = significand << 4 | digit;
        } else {
            // What is cut off only matters in that there is something.
            significand |= u64::from(digit != 0);
            exponent += 4;
        }
    }
    Some(scale(significand, exponent))
}

/// `significand` times two to a power.
#[expect(clippy::cast_precision_loss, reason = "this is where the number gets rounded")]
fn scale(significand: u64, mut exponent: i64) -> f64 {
    let mut value = significand as f64;
    while exponent != 0 && value != 0.0 && value.is_finite() {
        let step = exponent.clamp(-1000, 1000);
        value *= 2_f64.powi(i32::try_from(step).unwrap_or(0));
        exponent -= step;
    }
    value
}
