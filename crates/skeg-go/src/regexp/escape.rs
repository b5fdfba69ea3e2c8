//! Characters after a backslash.

use super::error::{ParsePatternError, Reason};
use super::scan::decode;

const MAX_CODE: u32 = 0x10_FFFF;

/// Reads an escaped character, whose code may be that of a surrogate, at the beginning of `text`.
pub(super) fn character(text: &[u8]) -> Result<(u32, &[u8]), ParsePatternError> {
    let after = &text[1..];
    if after.is_empty() {
        return Err(ParsePatternError::new(Reason::TrailingBackslash, b""));
    }
    let (c, rest) = decode(after)?;
    let invalid = |rest: &[u8]| {
        let part = &text[..text.len() - rest.len()];
        Err(ParsePatternError::new(Reason::Escape, part))
    };
    let code = match c {
        '0' => return Ok(octal(after)),
        '1'..='7' if rest.first().is_some_and(|byte| matches!(byte, b'0'..=b'7')) => {
            return Ok(octal(after));
        }
        'x' if rest.first() == Some(&b'{') => return braced_hexadecimal(text, &rest[1..]),
        'x' if !rest.is_empty() => {
            let (high, rest) = decode(rest)?;
            if rest.is_empty() {
                return invalid(rest);
            }
            let (low, rest) = decode(rest)?;
            return match (high.to_digit(16), low.to_digit(16)) {
                (Some(high), Some(low)) => Ok((high * 16 + low, rest)),
                _ => invalid(rest),
            };
        }
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => u32::from(c),
        _ => return invalid(rest),
    };
    Ok((code, rest))
}

/// Up to three octal digits.
fn octal(text: &[u8]) -> (u32, &[u8]) {
    let is_octal = |byte: &&u8| matches!(byte, b'0'..=b'7');
    let count = text.iter().take(3).take_while(is_octal).count();
    let (digits, rest) = text.split_at(count);
    let code = digits
        .iter()
        .fold(0, |code, digit| code * 8 + u32::from(digit - b'0'));
    (code, rest)
}

/// What follows `\x{`.
fn braced_hexadecimal<'t>(text: &'t [u8], digits: &'t [u8]) -> Result<(u32, &'t [u8]), ParsePatternError> {
    let mut rest = digits;
    let mut code = 0;
    let mut count = 0;
    while !rest.is_empty() {
        let (c, after) = decode(rest)?;
        rest = after;
        if c == '}' && count > 0 {
            return Ok((code, rest));
        }
        let Some(digit) = c.to_digit(16) else { break };
        code = code * 16 + digit;
        if code > MAX_CODE {
            break;
        }
        count += 1;
    }
    let part = &text[..text.len() - rest.len()];
    Err(ParsePatternError::new(Reason::Escape, part))
}
