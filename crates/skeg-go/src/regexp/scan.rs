//! Characters and numbers at the beginning of a pattern.

use super::error::{ParsePatternError, Reason};

/// The first character, and what follows it. The text is not empty.
pub(super) fn decode(text: &[u8]) -> Result<(char, &[u8]), ParsePatternError> {
    match decode_char(text) {
        Some(c) => Ok((c, &text[c.len_utf8()..])),
        None => Err(ParsePatternError::new(Reason::InvalidUtf8, text)),
    }
}

/// The first character, if the text begins with one in UTF-8.
pub(crate) fn decode_char(text: &[u8]) -> Option<char> {
    let head = &text[..text.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}

/// A decimal number without leading zeros, and what follows it; the number is `None` when it is huge.
pub(super) fn take_number(text: &[u8]) -> Option<(Option<u32>, &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(count);
    if count == 0 || count > 1 && digits[0] == b'0' {
        return None;
    }
    let number = (count <= 9).then(|| {
        let add = |number: u32, digit: &u8| number * 10 + u32::from(digit - b'0');
        digits.iter().fold(0, add)
    });
    Some((number, rest))
}

/// The text, if all of it is UTF-8.
pub(super) fn check_utf8(text: &[u8]) -> Result<&str, ParsePatternError> {
    std::str::from_utf8(text)
        .map_err(|error| ParsePatternError::new(Reason::InvalidUtf8, &text[error.valid_up_to()..]))
}
