//! Go's `strconv.Quote`, the verb `%q`.

use std::fmt::Write as _;

/// Quotes as `strconv.Quote`: `\a \b \f \n \r \t \v`, `\x7f`, and `\u`/`\U` for what does not print.
pub fn quote(text: &str) -> String {
    quote_bytes(text.as_bytes())
}

/// Quotes as [`quote`]; bytes that are not UTF-8 become `\xff`.
pub fn quote_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push(&mut out, c));
        for byte in chunk.invalid() {
            write!(out, "\\x{byte:02x}").expect("because a string takes any text");
        }
    }
    out.push('"');
    out
}

fn push(out: &mut String, c: char) {
    let short = match c {
        '"' | '\\' => c,
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        _ if is_print(c) => {
            out.push(c);
            return;
        }
        _ => {
            let code = u32::from(c);
            match code {
                0..=0x7f => write!(out, "\\x{code:02x}"),
                0x80..=0xffff => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            }
            .expect("because a string takes any text");
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

/// Approximates `strconv.IsPrint` (letters, marks, numbers, punctuation, symbols and the ASCII blank) with
/// what Rust's own debug format leaves unescaped. They differ in combining marks, which Go prints.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    let escaped = c.escape_debug();
    escaped.len() == 1 || is_mark_escaped_by_rust(c)
}

/// Rust escapes grapheme extenders (combining marks) in debug output; Go prints them.
fn is_mark_escaped_by_rust(c: char) -> bool {
    // Inside a string, after another character, Rust's `str::escape_debug` leaves them alone.
    let mut text = String::from("a");
    text.push(c);
    text.escape_debug().count() == 2
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
