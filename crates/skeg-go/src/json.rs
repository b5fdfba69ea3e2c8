//! JSON text as Go's `encoding/json` writes it.
//!
//! The pieces here know no value type: [`write_string`] writes one string. Numbers are in [`crate::number`].

/// Appends `text` as a JSON string in quotes, as `json.Marshal` does.
///
/// Besides what JSON demands, Go escapes `<`, `>` and `&` (HTML) and U+2028 and U+2029 (JavaScript), and
/// spells `\b \f \n \r \t` short.
pub fn write_string(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !may_be_escaped(byte) {
            continue;
        }
        let c = text[at..].chars().next();
        let Some((c, escape)) = c.and_then(|c| Some((c, escape(c)?))) else {
            continue;
        };
        out.push_str(&text[clean..at]);
        match escape {
            Escape::Short(letter) => {
                out.push('\\');
                out.push(letter);
            }
            Escape::Code => push_code(out, c),
        }
        clean = at + c.len_utf8();
    }
    out.push_str(&text[clean..]);
    out.push('"');
}

/// Replaces each byte that is not part of valid UTF-8 with U+FFFD, as `json.Marshal` does: one per byte,
/// where Rust's own lossy conversion writes one per broken sequence.
pub fn to_valid_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Whether an escaped character begins with this byte; U+2028 and U+2029 do with 0xe2, as do others.
fn may_be_escaped(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | b'"' | b'\\' | b'<' | b'>' | b'&' | 0xe2)
}

enum Escape {
    Short(char),
    Code,
}

fn escape(c: char) -> Option<Escape> {
    match c {
        '"' | '\\' => Some(Escape::Short(c)),
        '\u{8}' => Some(Escape::Short('b')),
        '\u{c}' => Some(Escape::Short('f')),
        '\n' => Some(Escape::Short('n')),
        '\r' => Some(Escape::Short('r')),
        '\t' => Some(Escape::Short('t')),
        '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' | '<' | '>' | '&' => Some(Escape::Code),
        _ => None,
    }
}

fn push_code(out: &mut String, c: char) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        let digit = (u32::from(c) >> shift) & 0xf;
        out.push(char::from_digit(digit, 16).expect("because a nibble is a hexadecimal digit"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        write_string(&mut out, text);
        assert_eq!(out, expected);
    }

    // Every expectation was printed by Go 1.26.8.
    #[test]
    fn strings_are_escaped_as_go_does() {
        check("", r#""""#);
        check("plain é 😀", r#""plain é 😀""#);
        check("<a href='x'>&", r#""\u003ca href='x'\u003e\u0026""#);
        check("\"\\/", r#""\"\\/""#);
        check("\u{8}\u{c}\n\r\t", r#""\b\f\n\r\t""#);
        check("\0\u{1}\u{1f}\u{7f}", "\"\\u0000\\u0001\\u001f\u{7f}\"");
        check("\u{2028}\u{2029}\u{85}", "\"\\u2028\\u2029\u{85}\"");
    }

    #[test]
    fn invalid_utf8_becomes_one_replacement_per_byte() {
        assert_eq!(to_valid_utf8(b"a\xff\xe2\x82z"), "a\u{fffd}\u{fffd}\u{fffd}z");
        assert_eq!(to_valid_utf8("é".as_bytes()), "é");
    }
}
