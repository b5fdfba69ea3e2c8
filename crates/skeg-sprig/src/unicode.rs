//! Characters as Go's `unicode` and `unicode/utf8` see them.
//!
//! Bytes that are not UTF-8 decode to U+FFFD one at a time. Cases change one character into one.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// The first character of a text that is not empty, and how many bytes it has.
pub(crate) fn decode(text: &[u8]) -> (char, usize) {
    let width = match text.first() {
        None => return (char::REPLACEMENT_CHARACTER, 0),
        Some(byte @ 0..=0x7f) => return (char::from(*byte), 1),
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        Some(_) => return (char::REPLACEMENT_CHARACTER, 1),
    };
    let character = text
        .get(..width)
        .and_then(|bytes| std::str::from_utf8(bytes).ok());
    match character.and_then(|text| text.chars().next()) {
        Some(character) => (character, width),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

/// The last character of a text that is not empty, and how many bytes it has.
pub(crate) fn decode_last(text: &[u8]) -> (char, usize) {
    for width in 1..=text.len().min(4) {
        let tail = &text[text.len() - width..];
        let (character, decoded) = decode(tail);
        if decoded == width && (width > 1 || character != char::REPLACEMENT_CHARACTER) {
            return (character, width);
        }
    }
    (char::REPLACEMENT_CHARACTER, text.len().min(1))
}

/// The characters of a text, as `range` over a string goes.
pub(crate) struct Runes<'text>(pub(crate) &'text [u8]);

impl Iterator for Runes<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if self.0.is_empty() {
            return None;
        }
        let (character, width) = decode(self.0);
        self.0 = &self.0[width..];
        Some(character)
    }
}

/// Appends a character.
pub(crate) fn push_rune(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// `unicode.IsSpace`
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace()
}

/// `unicode.IsUpper`
pub(crate) fn is_upper(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_uppercase();
    }
    category(character) == GeneralCategory::UppercaseLetter
}

/// `unicode.IsLower`
pub(crate) fn is_lower(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_lowercase();
    }
    category(character) == GeneralCategory::LowercaseLetter
}

/// `unicode.IsTitle`
pub(crate) fn is_title(character: char) -> bool {
    !character.is_ascii() && category(character) == GeneralCategory::TitlecaseLetter
}

/// `unicode.IsLetter`
pub(crate) fn is_letter(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    GeneralCategoryGroup::Letter.contains(category(character))
}

/// `unicode.IsDigit`
pub(crate) fn is_digit(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_digit();
    }
    category(character) == GeneralCategory::DecimalNumber
}

/// `unicode.IsNumber`
pub(crate) fn is_number(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_digit();
    }
    GeneralCategoryGroup::Number.contains(category(character))
}

/// `unicode.IsPunct`
pub(crate) fn is_punctuation(character: char) -> bool {
    GeneralCategoryGroup::Punctuation.contains(category(character))
}

fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}

/// `unicode.ToUpper`
pub(crate) fn to_upper(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => simple_upper(character),
    }
}

/// The upper case of characters whose full upper case is several characters. Only Greek letters with a
/// subscript have one, which is a title case.
fn simple_upper(character: char) -> char {
    let title = match character {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            u32::from(character) + 8
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => u32::from(character) + 9,
        _ => return character,
    };
    char::from_u32(title).unwrap_or(character)
}

/// `unicode.ToLower`
pub(crate) fn to_lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

/// `unicode.ToTitle`
pub(crate) fn to_title(character: char) -> char {
    match character {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => character,
        _ => to_upper(character),
    }
}
