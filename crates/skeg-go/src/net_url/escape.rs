//! Percent signs and what may go without them in which part of a URL.

use super::error::Problem;

/// A part of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    PathSegment,
    Host,
    /// The zone of an IPv6 address.
    Zone,
    User,
    Query,
    Fragment,
}

/// Whether a byte needs no escape.
pub(super) fn is_plain(byte: u8, part: Part) -> bool {
    let others: &[u8] = match part {
        Part::Path => b"$&+,/:;=@",
        Part::PathSegment => b"$&+:=@",
        Part::Host | Part::Zone => b"!\"$&'()*+,:;<=>[]",
        Part::User => b"$&+,;=",
        Part::Query => b"",
        Part::Fragment => b"!$&()*+,/:;=?@",
    };
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || others.contains(&byte)
}

pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for &byte in text {
        if is_plain(byte, part) {
            escaped.push(byte);
        } else if byte == b' ' && part == Part::Query {
            escaped.push(b'+');
        } else {
            let digit = |nibble: u8| b"0123456789ABCDEF"[usize::from(nibble)];
            escaped.extend([b'%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    escaped
}

pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, Problem> {
    let is_host = matches!(part, Part::Host | Part::Zone);
    let mut unescaped = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let escape = || [b"%", &after[..after.len().min(2)]].concat();
            let decoded = hexadecimal(after).ok_or_else(|| Problem::Escape(escape()))?;
            if !may_be_escaped(decoded, part) {
                return Err(Problem::Escape(escape()));
            }
            unescaped.push(decoded);
            rest = &after[2..];
        } else if byte == b'+' && part == Part::Query {
            unescaped.push(b' ');
        } else if is_host && byte.is_ascii() && !is_plain(byte, part) {
            return Err(Problem::HostCharacter(byte));
        } else {
            unescaped.push(byte);
        }
    }
    Ok(unescaped)
}

fn hexadecimal(text: &[u8]) -> Option<u8> {
    let digit = |index: usize| char::from(*text.get(index)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// Hosts have escapes for bytes beyond ASCII only, zones for what could do without as well.
fn may_be_escaped(byte: u8, part: Part) -> bool {
    match part {
        Part::Host => !byte.is_ascii() || byte == b'%',
        Part::Zone => matches!(byte, b'%' | b' ') || is_plain(byte, Part::Host),
        _ => true,
    }
}
