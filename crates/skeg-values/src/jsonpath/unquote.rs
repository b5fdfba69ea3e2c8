//! Quoted text with Go's escapes.

/// Removes the quotes and resolves escapes as Go's `strconv.UnquoteChar`. `None` for unknown escapes.
///
/// `\x80` to `\xff` and their octal forms, which are bytes to Go, become U+FFFD unless they form UTF-8.
pub(super) fn unquote(quoted: &str) -> Option<String> {
    let quote = quoted.chars().next()?;
    let text = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == quote {
            return None;
        }
        if c == '\\' {
            rest = unescape(rest, quote, &mut bytes)?;
        } else {
            push(&mut bytes, c);
        }
    }
    Some(skeg_go::json::to_valid_utf8(&bytes))
}

/// Resolves what follows a backslash and returns the rest.
fn unescape<'text>(text: &'text str, quote: char, bytes: &mut Vec<u8>) -> Option<&'text str> {
    let letter = text.chars().next()?;
    let rest = &text[letter.len_utf8()..];
    match letter {
        'a' => bytes.push(7),
        'b' => bytes.push(8),
        'f' => bytes.push(12),
        'n' => bytes.push(b'\n'),
        'r' => bytes.push(b'\r'),
        't' => bytes.push(b'\t'),
        'v' => bytes.push(11),
        '\\' => bytes.push(b'\\'),
        '\'' | '"' if letter == quote => push(bytes, letter),
        'x' => {
            bytes.push(u8::from_str_radix(digits(rest, 2, 16)?, 16).ok()?);
            return Some(&rest[2..]);
        }
        'u' | 'U' => {
            let length = if letter == 'u' { 4 } else { 8 };
            let code = u32::from_str_radix(digits(rest, length, 16)?, 16).ok()?;
            push(bytes, char::from_u32(code)?);
            return Some(&rest[length..]);
        }
        '0'..='7' => {
            bytes.push(u8::from_str_radix(digits(text, 3, 8)?, 8).ok()?);
            return Some(&text[3..]);
        }
        _ => return None,
    }
    Some(rest)
}

fn digits(text: &str, length: usize, radix: u32) -> Option<&str> {
    text.get(..length)
        .filter(|digits| digits.chars().all(|c| c.is_digit(radix)))
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
