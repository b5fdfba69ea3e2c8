//! From bytes to characters, with Go-YAML's errors.

use std::borrow::Cow;

use super::{BYTE_ORDER_MARK, Portions, Text};

/// How many bytes Go-YAML's reader reads at once.
const PORTION: usize = 512;

/// The text, if it is UTF-8 without control characters and without byte order marks but at the beginning.
pub(super) fn ordinary(bytes: &[u8]) -> Option<Text<'_>> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(bytes);
    let mut has = Finds::default();
    for block in bytes.chunks(256) {
        has.look_for(block);
        if has.controls != 0 {
            return None;
        }
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let is_ascii = has.beyond_ascii == 0;
    if !is_ascii && has_suspects(bytes) {
        return None;
    }
    Some(Text {
        content: Cow::Borrowed(text),
        is_ascii,
        has_plain_breaks: has.returns == 0 && (is_ascii || !has_unusual_breaks(bytes)),
        portions: None,
    })
}

/// What there is in a text: not 0 if there is any.
#[derive(Default)]
struct Finds {
    controls: u8,
    returns: u8,
    beyond_ascii: u8,
}

impl Finds {
    /// Looks through a block, without branches and without an early end, so that the loop becomes vector instructions.
    fn look_for(&mut self, block: &[u8]) {
        for byte in block.iter().copied() {
            let is_space = u8::from(byte == b'\t') | u8::from(byte == b'\n') | u8::from(byte == b'\r');
            self.controls |= u8::from(byte < 0x20) & !is_space | u8::from(byte == 0x7f);
            self.returns |= u8::from(byte == b'\r');
            self.beyond_ascii |= byte & 0x80;
        }
    }
}

/// Whether there are line breaks beyond ASCII.
fn has_unusual_breaks(bytes: &[u8]) -> bool {
    bytes
        .windows(2)
        .any(|pair| matches!(pair, [0xc2, 0x85] | [0xe2, 0x80]))
}

/// Whether there are characters from U+0080 to U+009F but U+0085, or U+FEFF, U+FFFE, U+FFFF.
fn has_suspects(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, 0xc2 | 0xef)) {
        rest = &rest[at..];
        match rest {
            [0xc2, 0x85, ..] => {}
            [0xc2, 0x80..=0x9f, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..] => return true,
            _ => {}
        }
        rest = &rest[2..];
    }
    false
}

/// Decodes portion by portion, up to the first with a fault.
pub(super) fn in_portions(bytes: &[u8]) -> Text<'_> {
    let (encoding, length) = Encoding::detect(bytes);
    let mut portions = Portions {
        ends_early: bytes.len() < 3,
        ..Portions::default()
    };
    let mut text = String::new();
    let mut rest = &bytes[length..];
    let mut in_hand = PORTION - length;
    let mut held_back = 0;
    while !rest.is_empty() {
        let portion = &rest[..rest.len().min(in_hand)];
        let is_last = portion.len() == held_back || portions.ends_early;
        let mut decoded = String::with_capacity(portion.len());
        match encoding.decode(portion, is_last, &mut decoded) {
            Ok(length) => {
                text.push_str(&decoded);
                portions.ends.push(text.len());
                held_back = portion.len() - length;
                rest = &rest[length..];
                in_hand = PORTION;
            }
            Err(fault) => {
                portions.fault = Some(fault);
                break;
            }
        }
    }
    Text {
        is_ascii: text.is_ascii(),
        has_plain_breaks: false,
        content: Cow::Owned(text),
        portions: Some(portions),
    }
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
}

/// What a character cannot be read for.
enum Obstacle {
    /// The portion ends within it.
    Incomplete(&'static str),
    Fault(&'static str),
}

impl Encoding {
    /// The encoding, and how long the byte order mark is.
    fn detect(bytes: &[u8]) -> (Self, usize) {
        match bytes {
            [0xff, 0xfe, ..] => (Self::Utf16LittleEndian, 2),
            [0xfe, 0xff, ..] => (Self::Utf16BigEndian, 2),
            [0xef, 0xbb, 0xbf, ..] => (Self::Utf8, 3),
            _ => (Self::Utf8, 0),
        }
    }

    /// Decodes a portion, and tells how many of its bytes made whole characters.
    fn decode(self, portion: &[u8], is_last: bool, text: &mut String) -> Result<usize, &'static str> {
        let mut at = 0;
        while at < portion.len() {
            let character = match self {
                Self::Utf8 => next_utf_8(&portion[at..]),
                Self::Utf16LittleEndian => next_utf_16(&portion[at..], u16::from_le_bytes),
                Self::Utf16BigEndian => next_utf_16(&portion[at..], u16::from_be_bytes),
            };
            match character {
                Ok((character, length)) if is_allowed(character) => {
                    text.push(character);
                    at += length;
                }
                Ok(_) => return Err("control characters are not allowed"),
                Err(Obstacle::Incomplete(_)) if !is_last => break,
                Err(Obstacle::Incomplete(fault) | Obstacle::Fault(fault)) => return Err(fault),
            }
        }
        Ok(at)
    }
}

fn is_allowed(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..
    )
}

fn next_utf_8(bytes: &[u8]) -> Result<(char, usize), Obstacle> {
    let first = bytes[0];
    let (length, smallest, bits) = match first {
        0..=0x7f => return Ok((char::from(first), 1)),
        0xc0..=0xdf => (2, 0x80, first & 0x1f),
        0xe0..=0xef => (3, 0x800, first & 0x0f),
        0xf0..=0xf7 => (4, 0x1_0000, first & 0x07),
        _ => return Err(Obstacle::Fault("invalid leading UTF-8 octet")),
    };
    let Some(trailing) = bytes.get(1..length) else {
        return Err(Obstacle::Incomplete("incomplete UTF-8 octet sequence"));
    };
    if trailing.iter().any(|byte| byte & 0xc0 != 0x80) {
        return Err(Obstacle::Fault("invalid trailing UTF-8 octet"));
    }
    let code = trailing
        .iter()
        .fold(u32::from(bits), |code, byte| code << 6 | u32::from(byte & 0x3f));
    if code < smallest {
        return Err(Obstacle::Fault("invalid length of a UTF-8 sequence"));
    }
    let character = char::from_u32(code).ok_or(Obstacle::Fault("invalid Unicode character"))?;
    Ok((character, length))
}

fn next_utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<(char, usize), Obstacle> {
    let [first, second, rest @ ..] = bytes else {
        return Err(Obstacle::Incomplete("incomplete UTF-16 character"));
    };
    let high = unit([*first, *second]);
    if let Some(character) = char::from_u32(u32::from(high)) {
        return Ok((character, 2));
    }
    if high >= 0xdc00 {
        return Err(Obstacle::Fault("unexpected low surrogate area"));
    }
    let [third, fourth, ..] = rest else {
        return Err(Obstacle::Incomplete("incomplete UTF-16 surrogate pair"));
    };
    let low = unit([*third, *fourth]);
    if !(0xdc00..=0xdfff).contains(&low) {
        return Err(Obstacle::Fault("expected low surrogate area"));
    }
    let code = 0x1_0000 + (u32::from(high & 0x3ff) << 10) + u32::from(low & 0x3ff);
    let character = char::from_u32(code).expect("because a pair of surrogates makes a character");
    Ok((character, 4))
}
