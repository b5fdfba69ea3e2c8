//! Go's `strconv.Quote` and its like: the verb `%q`, and reading such literals.

mod printable;
mod unquote;

pub use unquote::{unquote, unquote_char};

use crate::unicode::is_in;
use printable::BOUNDARIES;

/// Quotes as `strconv.Quote`: `\a \b \f \n \r \t \v`, `\x7f`, and `\u`/`\U` for what does not print.
pub fn quote(text: &str) -> String {
    quote_bytes(text.as_bytes())
}

/// Quotes as [`quote`]; bytes that are not UTF-8 become `\xff`.
pub fn quote_bytes(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    write_quoted(&mut out, bytes, Escaping::Unprintable);
    String::from_utf8(out).expect("because invalid bytes are escaped")
}

/// Which characters are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escaping {
    /// Those that do not print: `%q`.
    Unprintable,
    /// All but ASCII too: `%+q`.
    NonAscii,
}

/// Appends `bytes` in double quotes.
pub fn write_quoted(out: &mut Vec<u8>, bytes: &[u8], escaping: Escaping) {
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    for chunk in bytes.utf8_chunks() {
        let text = chunk.valid();
        let mut clean = 0;
        for (at, c) in text.char_indices() {
            if !is_plain(c, '"', escaping) {
                out.extend_from_slice(&text.as_bytes()[clean..at]);
                write_escaped(out, c);
                clean = at + c.len_utf8();
            }
        }
        out.extend_from_slice(&text.as_bytes()[clean..]);
        chunk
            .invalid()
            .iter()
            .for_each(|byte| write_code(out, b'x', u32::from(*byte), 2));
    }
    out.push(b'"');
}

/// Appends a character in single quotes, as `strconv.QuoteRune`; what is no character is U+FFFD.
pub fn write_quoted_rune(out: &mut Vec<u8>, rune: u32, escaping: Escaping) {
    let c = char::from_u32(rune).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.push(b'\'');
    if is_plain(c, '\'', escaping) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        write_escaped(out, c);
    }
    out.push(b'\'');
}

/// Whether the text can stand between backquotes as it is (`strconv.CanBackquote`).
pub fn can_backquote(bytes: &[u8]) -> bool {
    let plain = |c: char| !matches!(c, '\0'..='\u{8}' | '\n'..='\u{1f}' | '`' | '\u{7f}' | '\u{feff}');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain))
}

fn is_plain(c: char, quote: char, escaping: Escaping) -> bool {
    c != quote && c != '\\' && is_print(c) && (c.is_ascii() || escaping == Escaping::Unprintable)
}

fn write_escaped(out: &mut Vec<u8>, c: char) {
    let letter = match c {
        '"' | '\'' | '\\' => c as u8,
        '\u{7}' => b'a',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{b}' => b'v',
        '\0'..='\u{7f}' => return write_code(out, b'x', u32::from(c), 2),
        '\u{80}'..='\u{ffff}' => return write_code(out, b'u', u32::from(c), 4),
        _ => return write_code(out, b'U', u32::from(c), 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

fn write_code(out: &mut Vec<u8>, letter: u8, code: u32, digits: u32) {
    out.extend_from_slice(&[b'\\', letter]);
    for place in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(code >> (4 * place) & 0xf) as usize]);
    }
}

/// `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII blank.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    is_in(&BOUNDARIES, c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(quote_bytes(bytes), expected);
    }

    // Every expectation was printed by Go 1.26.8.
    #[test]
    fn quotes_as_go() {
        check(b"", r#""""#);
        check(b"plain", r#""plain""#);
        check(b"\"\\", r#""\"\\""#);
        check(b"\x07\x08\x0c\n\r\t\x0b", r#""\a\b\f\n\r\t\v""#);
        check(b"\0\x1b\x7f", r#""\x00\x1b\x7f""#);
        check("é 😀 \u{301}".as_bytes(), "\"é 😀 \u{301}\"");
        check(
            "\u{85}\u{a0}\u{2028}\u{feff}".as_bytes(),
            r#""\u0085\u00a0\u2028\ufeff""#,
        );
        check(
            "\u{e000}\u{f0000}\u{e0001}".as_bytes(),
            r#""\ue000\U000f0000\U000e0001""#,
        );
        check(b"a\xff\xe2\x82", r#""a\xff\xe2\x82""#);
    }
}
