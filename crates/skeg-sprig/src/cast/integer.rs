//! Whole numbers in texts, as Go's `strconv` reads them.

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
