//! Templates of replacements: `$1`, `${name}`, `$$`.

use crate::unicode;

use super::scan::decode_char;

/// A piece of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t [u8]),
    Number(usize),
    Name(&'t [u8]),
}

/// The pieces of a template. A `$` that begins nothing stands for itself.
pub(super) fn pieces(template: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(dollar) = rest.iter().position(|byte| *byte == b'$') {
        pieces.push(Piece::Text(&rest[..dollar]));
        let after = &rest[dollar + 1..];
        if let Some(after) = after.strip_prefix(b"$") {
            pieces.push(Piece::Text(b"$"));
            rest = after;
        } else if let Some((piece, after)) = reference(after) {
            pieces.push(piece);
            rest = after;
        } else {
            pieces.push(Piece::Text(b"$"));
            rest = after;
        }
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(b""));
    pieces
}

fn reference(text: &[u8]) -> Option<(Piece<'_>, &[u8])> {
    let (text, is_braced) = match text.strip_prefix(b"{") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let mut width = 0;
    while let Some(c) = decode_char(&text[width..]) {
        if !is_name_char(c) {
            break;
        }
        width += c.len_utf8();
    }
    let (name, mut rest) = text.split_at(width);
    if name.is_empty() {
        return None;
    }
    if is_braced {
        rest = rest.strip_prefix(b"}")?;
    }
    let is_number = name.iter().all(u8::is_ascii_digit) && (name.len() == 1 || name[0] != b'0');
    if !is_number || name.len() > 9 {
        return Some((Piece::Name(name), rest));
    }
    let add = |number: usize, digit: &u8| number * 10 + usize::from(digit - b'0');
    Some((Piece::Number(name.iter().fold(0, add)), rest))
}

/// Go's letters and digits, and the underscore.
fn is_name_char(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    unicode::is_letter(c) || unicode::is_digit(c)
}
