//! Reading Go's string and character literals, as `strconv.Unquote` does.

/// The bytes that a Go literal stands for: `"…"`, `` `…` `` or `'c'`; `None` if it is none.
pub fn unquote(literal: &[u8]) -> Option<Vec<u8>> {
    let (quote, rest) = literal.split_first()?;
    let (last, inner) = rest.split_last()?;
    if last != quote {
        return None;
    }
    match quote {
        b'`' => raw(inner),
        b'"' => interpreted(inner, b'"'),
        b'\'' => single(inner),
        _ => None,
    }
}

/// The character that a literal in single quotes stands for, quotes included.
pub fn unquote_char(literal: &[u8]) -> Option<u32> {
    let inner = literal.strip_prefix(b"'")?.strip_suffix(b"'")?;
    let (piece, rest) = next_piece(inner, b'\'')?;
    rest.is_empty().then_some(match piece {
        Piece::Char(c) => u32::from(c),
        Piece::Byte(byte) => u32::from(byte),
    })
}

fn raw(inner: &[u8]) -> Option<Vec<u8>> {
    if inner.contains(&b'`') {
        return None;
    }
    Some(inner.iter().copied().filter(|byte| *byte != b'\r').collect())
}

fn interpreted(mut inner: &[u8], quote: u8) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(inner.len());
    while !inner.is_empty() {
        let (piece, rest) = next_piece(inner, quote)?;
        piece.write(&mut out);
        inner = rest;
    }
    Some(out)
}

fn single(inner: &[u8]) -> Option<Vec<u8>> {
    // Go takes `''` for an empty text.
    if inner.is_empty() {
        return Some(Vec::new());
    }
    let (piece, rest) = next_piece(inner, b'\'')?;
    let mut out = Vec::new();
    piece.write(&mut out);
    rest.is_empty().then_some(out)
}

/// What one character or one escape stands for.
enum Piece {
    /// A character, written as UTF-8.
    Char(char),
    /// `\xff` or `\377`: a byte, whether or not it makes UTF-8.
    Byte(u8),
}

impl Piece {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Self::Byte(byte) => out.push(*byte),
        }
    }
}

fn next_piece(text: &[u8], quote: u8) -> Option<(Piece, &[u8])> {
    let (first, rest) = text.split_first()?;
    match first {
        b'\n' => None,
        b'\\' => escape(rest, quote),
        byte if *byte == quote => None,
        byte if byte.is_ascii() => Some((Piece::Char(char::from(*byte)), rest)),
        _ => {
            let chunk = text[..text.len().min(4)].utf8_chunks().next()?;
            match chunk.valid().chars().next() {
                Some(c) => Some((Piece::Char(c), &text[c.len_utf8()..])),
                None => Some((Piece::Char(char::REPLACEMENT_CHARACTER), rest)),
            }
        }
    }
}

fn escape(text: &[u8], quote: u8) -> Option<(Piece, &[u8])> {
    let (letter, rest) = text.split_first()?;
    let c = match letter {
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\u{b}',
        b'\\' => '\\',
        b'\'' | b'"' if *letter == quote => char::from(*letter),
        b'x' => return byte(rest, 16, 2),
        b'u' => return character(rest, 4),
        b'U' => return character(rest, 8),
        b'0'..=b'7' => return byte(text, 8, 3),
        _ => return None,
    };
    Some((Piece::Char(c), rest))
}

fn byte(text: &[u8], base: u32, count: usize) -> Option<(Piece, &[u8])> {
    let (code, rest) = digits(text, base, count)?;
    Some((Piece::Byte(u8::try_from(code).ok()?), rest))
}

fn character(text: &[u8], count: usize) -> Option<(Piece, &[u8])> {
    let (code, rest) = digits(text, 16, count)?;
    Some((Piece::Char(char::from_u32(code)?), rest))
}

/// Reads exactly `count` digits.
fn digits(text: &[u8], base: u32, count: usize) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(count)?;
    let add = |number: u32, digit: &u8| Some(number.checked_mul(base)? + char::from(*digit).to_digit(base)?);
    Some((digits.iter().try_fold(0, add)?, rest))
}
