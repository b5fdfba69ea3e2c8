//! Go's package `path`, which is `path/filepath` on Unix too: purely lexical, on bytes.

use std::error::Error;
use std::fmt;

/// `path.Clean`: the shortest equivalent of a path.
pub fn clean(path: &[u8]) -> Vec<u8> {
    let is_rooted = path.first() == Some(&b'/');
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if is_rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (is_rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

/// `path.Join`: the parts that are not empty, joined and cleaned.
pub fn join<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let parts: Vec<&[u8]> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        Vec::new()
    } else {
        clean(&parts.join(&b'/'))
    }
}

/// `path.Base`: the last part; `.` of nothing, `/` of slashes only.
pub fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let Some(end) = path.iter().rposition(|byte| *byte != b'/') else {
        return b"/";
    };
    let path = &path[..=end];
    &path[after_last_slash(path)..]
}

/// `path.Dir`: all but the last part, cleaned.
pub fn dir(path: &[u8]) -> Vec<u8> {
    clean(&path[..after_last_slash(path)])
}

/// `path.Ext`: from the last point of the last part on.
pub fn ext(path: &[u8]) -> &[u8] {
    let last = &path[after_last_slash(path)..];
    let point = last.iter().rposition(|byte| *byte == b'.');
    point.map_or(b"", |at| &last[at..])
}

/// `path.IsAbs`
pub fn is_abs(path: &[u8]) -> bool {
    path.first() == Some(&b'/')
}

fn after_last_slash(path: &[u8]) -> usize {
    path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1)
}

/// A pattern that [`matches()`] does not understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPatternError;

impl fmt::Display for BadPatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("syntax error in pattern")
    }
}

impl Error for BadPatternError {}

/// `path.Match`: whether a shell pattern matches all of `name`.
///
/// `*` and `?` match anything but `/`; `[a-z]` and `[^a-z]` match one character; `\` escapes.
pub fn matches(pattern: &[u8], name: &[u8]) -> Result<bool, BadPatternError> {
    let (mut pattern, mut name) = (pattern, name);
    while !pattern.is_empty() {
        let (starred, piece, rest) = split_piece(pattern);
        pattern = rest;
        if starred && piece.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        match after_piece(piece, name, starred, rest.is_empty())? {
            Some(unmatched) => name = unmatched,
            None => return check_rest(rest),
        }
    }
    Ok(name.is_empty())
}

/// The pattern has failed to match; whether what is left of it is well-formed is told all the same.
fn check_rest(mut pattern: &[u8]) -> Result<bool, BadPatternError> {
    while !pattern.is_empty() {
        let (_, piece, rest) = split_piece(pattern);
        match_piece(piece, b"")?;
        pattern = rest;
    }
    Ok(false)
}

/// Leading stars, and the piece up to the next one.
fn split_piece(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let pattern = &pattern[stars..];
    let mut in_class = false;
    let mut at = 0;
    while let Some(byte) = pattern.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    let (piece, rest) = pattern.split_at(at.min(pattern.len()));
    (stars > 0, piece, rest)
}

/// What of `name` is left after the piece; at its beginning, or anywhere before a slash after a star.
fn after_piece<'a>(
    piece: &[u8],
    name: &'a [u8],
    starred: bool,
    is_last: bool,
) -> Result<Option<&'a [u8]>, BadPatternError> {
    let mut start = 0;
    loop {
        if let Some(rest) = match_piece(piece, &name[start..])?
            && (rest.is_empty() || !is_last)
        {
            return Ok(Some(rest));
        }
        if !starred || name.get(start).is_none_or(|byte| *byte == b'/') {
            return Ok(None);
        }
        start += 1;
    }
}

/// What of `name` is left after a piece without stars. All of the piece is read even if it does not match.
fn match_piece<'a>(piece: &[u8], name: &'a [u8]) -> Result<Option<&'a [u8]>, BadPatternError> {
    let mut piece = piece;
    let mut left = Some(name);
    while let Some((first, rest)) = piece.split_first() {
        piece = rest;
        left = left.filter(|name| !name.is_empty());
        match first {
            b'[' => {
                let character = left.map_or(0, |name| decode(name).0);
                let (is_member, rest) = match_class(piece, character)?;
                piece = rest;
                left = left.filter(|_| is_member).map(|name| &name[decode(name).1..]);
            }
            b'?' => {
                left = left
                    .filter(|name| name[0] != b'/')
                    .map(|name| &name[decode(name).1..]);
            }
            b'\\' => {
                let (escaped, rest) = piece.split_first().ok_or(BadPatternError)?;
                piece = rest;
                left = left.and_then(|name| name.strip_prefix(std::slice::from_ref(escaped)));
            }
            literal => left = left.and_then(|name| name.strip_prefix(std::slice::from_ref(literal))),
        }
    }
    Ok(left)
}

/// Reads a class after its bracket.
fn match_class(class: &[u8], character: u32) -> Result<(bool, &[u8]), BadPatternError> {
    let (negated, mut class) = match class.strip_prefix(b"^") {
        Some(rest) => (true, rest),
        None => (false, class),
    };
    let mut is_member = false;
    let mut is_first = true;
    loop {
        if let Some(rest) = class.strip_prefix(b"]").filter(|_| !is_first) {
            return Ok((is_member != negated, rest));
        }
        let (low, rest) = class_character(class)?;
        class = rest;
        let mut high = low;
        if let Some(rest) = class.strip_prefix(b"-") {
            (high, class) = class_character(rest)?;
        }
        is_member |= (low..=high).contains(&character);
        is_first = false;
    }
}

/// A character of a class, which is never the last one of a pattern.
fn class_character(class: &[u8]) -> Result<(u32, &[u8]), BadPatternError> {
    let class = match class.first() {
        None | Some(b'-' | b']') => return Err(BadPatternError),
        Some(b'\\') => &class[1..],
        Some(_) => class,
    };
    let (character, length) = decode(class);
    let rest = class.get(length..).filter(|rest| !rest.is_empty());
    match rest {
        Some(rest) if !(character == 0xfffd && length == 1) => Ok((character, rest)),
        _ => Err(BadPatternError),
    }
}

/// The first character and its length; U+FFFD of length 1 where the text is not UTF-8.
fn decode(text: &[u8]) -> (u32, usize) {
    let chunk = text[..text.len().min(4)].utf8_chunks().next();
    match chunk.and_then(|chunk| chunk.valid().chars().next()) {
        Some(c) => (u32::from(c), c.len_utf8()),
        None => (0xfffd, 1),
    }
}
