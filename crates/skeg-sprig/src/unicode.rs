//! Characters out of bytes, as Go's `unicode/utf8` reads them: what is not UTF-8 is U+FFFD, byte by byte.

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

/// `unicode.IsTitle`
pub(crate) fn is_title(character: char) -> bool {
    matches!(
        character,
        '\u{1c5}' | '\u{1c8}' | '\u{1cb}' | '\u{1f2}' | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}'
            | '\u{1fa8}'..='\u{1faf}' | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}'
    )
}
