//! Quoted strings and characters, as `strconv` reads them.

use super::lexer::decode;

/// The value of a string in double or back quotes, which the lexer has found to be closed.
pub(crate) fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    let (quote, inner) = match literal {
        [quote @ (b'"' | b'`'), inner @ .., end] if quote == end => (*quote, inner),
        _ => return None,
    };
    if quote == b'`' {
        return Some(inner.iter().copied().filter(|byte| *byte != b'\r').collect());
    }
    if !inner.contains(&b'\\') && std::str::from_utf8(inner).is_ok() {
        return Some(inner.to_vec());
    }
    let mut value = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        let (unit, tail) = unquote_unit(rest, b'"')?;
        unit.push_to(&mut value);
        rest = tail;
    }
    Some(value)
}

/// The value of a character in single quotes; the error is Go's.
pub(crate) fn unquote_character(literal: &[u8]) -> Result<u32, String> {
    let inner = literal.get(1..).unwrap_or_default();
    let (unit, tail) = unquote_unit(inner, b'\'').ok_or("invalid syntax")?;
    if tail != b"'" {
        let literal = String::from_utf8_lossy(literal);
        return Err(format!("malformed character constant: {literal}"));
    }
    Ok(match unit {
        Unit::Byte(byte) => u32::from(byte),
        Unit::Character(character) => u32::from(character),
    })
}

enum Unit {
    Byte(u8),
    Character(char),
}

impl Unit {
    fn push_to(&self, value: &mut Vec<u8>) {
        match self {
            Self::Byte(byte) => value.push(*byte),
            Self::Character(character) => {
                value.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

/// The first character or escape sequence, and what follows it.
fn unquote_unit(text: &[u8], quote: u8) -> Option<(Unit, &[u8])> {
    match text {
        [] => None,
        [byte, ..] if *byte == quote => None,
        [b'\\', escape, rest @ ..] => unquote_escape(*escape, rest, quote),
        [b'\\'] => None,
        _ => {
            let (character, size) = decode(text)?;
            Some((Unit::Character(character), &text[size..]))
        }
    }
}

fn unquote_escape(escape: u8, rest: &[u8], quote: u8) -> Option<(Unit, &[u8])> {
    let byte = |byte| Some((Unit::Byte(byte), rest));
    match escape {
        b'a' => byte(7),
        b'b' => byte(8),
        b'f' => byte(12),
        b'n' => byte(b'\n'),
        b'r' => byte(b'\r'),
        b't' => byte(b'\t'),
        b'v' => byte(11),
        b'\\' => byte(b'\\'),
        b'"' | b'\'' if escape == quote => byte(escape),
        b'x' => {
            let (code, rest) = digits(rest, 2, 16)?;
            Some((Unit::Byte(u8::try_from(code).ok()?), rest))
        }
        b'u' | b'U' => {
            let count = if escape == b'u' { 4 } else { 8 };
            let (code, rest) = digits(rest, count, 16)?;
            Some((Unit::Character(char::from_u32(code)?), rest))
        }
        b'0'..=b'7' => {
            let (code, rest) = digits(rest, 2, 8)?;
            let code = u32::from(escape - b'0') * 64 + code;
            Some((Unit::Byte(u8::try_from(code).ok()?), rest))
        }
        _ => None,
    }
}

fn digits(text: &[u8], count: usize, radix: u32) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(count)?;
    let code = digits.iter().try_fold(0u32, |code, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        code.checked_mul(radix)?.checked_add(digit)
    })?;
    Some((code, rest))
}
