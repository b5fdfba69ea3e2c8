//! Escapes in the strings of JSON, as Go reads them. Which message a bad one gets is the readers' own.

/// The character of the escape that the text starts with, and the length of the escape; `None` if there is no whole
/// escape. Halves of surrogate pairs are replaced.
pub(super) fn read(json: &[u8]) -> Option<(char, usize)> {
    let c = match json.get(1)? {
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return read_unicode(json),
        _ => return None,
    };
    Some((c, 2))
}

/// Reads `\uXXXX`, and the second half of a surrogate pair if there is one.
fn read_unicode(json: &[u8]) -> Option<(char, usize)> {
    let first = code_unit(json)?;
    let Some(high @ 0..=0x3ff) = first.checked_sub(0xd800) else {
        return Some((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6));
    };
    let second = json.get(6..).and_then(code_unit);
    if let Some(low @ 0..=0x3ff) = second.and_then(|unit| unit.checked_sub(0xdc00)) {
        let code = 0x1_0000 + (high << 10 | low);
        return Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12));
    }
    Some((char::REPLACEMENT_CHARACTER, 6))
}

/// The code of the `\uXXXX` that the text starts with.
fn code_unit(json: &[u8]) -> Option<u32> {
    let digits = json.get(..6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| {
        char::from(*digit).to_digit(16).map(|digit| unit << 4 | digit)
    })
}
