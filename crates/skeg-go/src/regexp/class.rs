//! Classes of characters: brackets, `\d`, `\pL`, `[:alpha:]`.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::error::{ParsePatternError, Reason};
use super::escape;
use super::parse::Flags;
use super::scan::{check_utf8, decode};
use super::unicode;

type ClassAndRest<'t> = (ClassUnicode, &'t [u8]);

/// `(?s).`
pub(super) fn any_char() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('\0', char::MAX)])
}

/// `.`
pub(super) fn any_char_but_newline() -> ClassUnicode {
    ClassUnicode::new([
        ClassUnicodeRange::new('\0', '\x09'),
        ClassUnicodeRange::new('\x0b', char::MAX),
    ])
}

/// A character in any case.
pub(super) fn folded_char(c: char) -> ClassUnicode {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    fold(&mut class);
    class
}

/// Reads what begins with `[`.
pub(super) fn bracketed(text: &[u8], flags: Flags) -> Result<ClassAndRest<'_>, ParsePatternError> {
    let mut rest = &text[1..];
    let negated = rest.first() == Some(&b'^');
    if negated {
        rest = &rest[1..];
    }
    let mut ranges = Vec::new();
    let mut is_first = true;
    while is_first || rest.first() != Some(&b']') {
        is_first = false;
        if let Some((class, after)) = posix(rest, flags)? {
            ranges.extend_from_slice(class.ranges());
            rest = after;
        } else if let Some((class, after)) = escaped(rest, flags)? {
            ranges.extend_from_slice(class.ranges());
            rest = after;
        } else {
            let (low, high, after) = range(rest, text)?;
            push_range(&mut ranges, low, high, flags);
            rest = after;
        }
    }
    let mut class = ClassUnicode::new(ranges);
    if negated {
        class.negate();
    }
    Ok((class, &rest[1..]))
}

/// Reads `\d`, `\pL`, `\p{Greek}` and their kin; `None` if the text begins with something else.
pub(super) fn escaped(text: &[u8], flags: Flags) -> Result<Option<ClassAndRest<'_>>, ParsePatternError> {
    if text.first() != Some(&b'\\') {
        return Ok(None);
    }
    let ascii: &[(char, char)] = match text.get(1) {
        Some(b'd' | b'D') => &[('0', '9')],
        Some(b's' | b'S') => &[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')],
        Some(b'w' | b'W') => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        Some(b'p' | b'P') => return unicode_class(text, flags).map(Some),
        _ => return Ok(None),
    };
    let negated = text[1].is_ascii_uppercase();
    Ok(Some((ascii_class(ascii, negated, flags), &text[2..])))
}

fn unicode_class(text: &[u8], flags: Flags) -> Result<ClassAndRest<'_>, ParsePatternError> {
    let after = &text[2..];
    let (part, name, rest) = if after.first() == Some(&b'{') {
        let Some(end) = text.iter().position(|byte| *byte == b'}') else {
            check_utf8(text)?;
            return Err(ParsePatternError::new(Reason::CharRange, text));
        };
        (&text[..=end], check_utf8(&text[3..end])?, &text[end + 1..])
    } else if after.is_empty() {
        (text, "", after)
    } else {
        let (_, rest) = decode(after)?;
        let width = after.len() - rest.len();
        (&text[..2 + width], check_utf8(&after[..width])?, rest)
    };
    let (name, caret) = match name.strip_prefix('^') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let Some(mut class) = unicode::class(name) else {
        return Err(ParsePatternError::new(Reason::CharRange, part));
    };
    finish(&mut class, (text[1] == b'P') != caret, flags);
    Ok((class, rest))
}

/// Reads `[:alpha:]`; `None` if the text begins with something else.
fn posix(text: &[u8], flags: Flags) -> Result<Option<ClassAndRest<'_>>, ParsePatternError> {
    if !text.starts_with(b"[:") {
        return Ok(None);
    }
    let Some(end) = text[2..].windows(2).position(|pair| pair == b":]") else {
        return Ok(None);
    };
    let name = &text[2..2 + end];
    let (negated, name) = match name.strip_prefix(b"^") {
        Some(name) => (true, name),
        None => (false, name),
    };
    let (part, rest) = text.split_at(end + 4);
    let ascii: &[(char, char)] = match name {
        b"alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        b"alpha" => &[('A', 'Z'), ('a', 'z')],
        b"ascii" => &[('\0', '\x7f')],
        b"blank" => &[('\t', '\t'), (' ', ' ')],
        b"cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        b"digit" => &[('0', '9')],
        b"graph" => &[('!', '~')],
        b"lower" => &[('a', 'z')],
        b"print" => &[(' ', '~')],
        b"punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        b"space" => &[('\t', '\r'), (' ', ' ')],
        b"upper" => &[('A', 'Z')],
        b"word" => &[('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')],
        b"xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return Err(ParsePatternError::new(Reason::CharRange, part)),
    };
    Ok(Some((ascii_class(ascii, negated, flags), rest)))
}

fn ascii_class(ranges: &[(char, char)], negated: bool, flags: Flags) -> ClassUnicode {
    let range = |(low, high): &(char, char)| ClassUnicodeRange::new(*low, *high);
    let mut class = ClassUnicode::new(ranges.iter().map(range));
    finish(&mut class, negated, flags);
    class
}

fn finish(class: &mut ClassUnicode, negated: bool, flags: Flags) {
    if flags.has(Flags::FOLD_CASE) {
        fold(class);
    }
    if negated {
        class.negate();
    }
}

fn fold(class: &mut ClassUnicode) {
    class
        .try_case_fold_simple()
        .expect("because the tables of Unicode's simple case folding are built in");
}

/// Reads `a` or `a-z`; `whole` is the class from its bracket on.
fn range<'t>(text: &'t [u8], whole: &[u8]) -> Result<(u32, u32, &'t [u8]), ParsePatternError> {
    let (low, mut rest) = member(text, whole)?;
    let mut high = low;
    if rest.len() >= 2 && rest[0] == b'-' && rest[1] != b']' {
        (high, rest) = member(&rest[1..], whole)?;
        if high < low {
            let part = &text[..text.len() - rest.len()];
            return Err(ParsePatternError::new(Reason::CharRange, part));
        }
    }
    Ok((low, high, rest))
}

fn member<'t>(text: &'t [u8], whole: &[u8]) -> Result<(u32, &'t [u8]), ParsePatternError> {
    match text.first() {
        None => Err(ParsePatternError::new(Reason::MissingBracket, whole)),
        Some(b'\\') => escape::character(text),
        Some(_) => decode(text).map(|(c, rest)| (u32::from(c), rest)),
    }
}

/// Adds a range of codes, without the surrogates, which no text has.
fn push_range(ranges: &mut Vec<ClassUnicodeRange>, low: u32, high: u32, flags: Flags) {
    let parts = [(low, high.min(0xD7FF)), (low.max(0xE000), high)];
    let parts = parts.into_iter().filter(|(low, high)| low <= high);
    let parts = parts.filter_map(|(low, high)| Some((char::from_u32(low)?, char::from_u32(high)?)));
    let mut class = ClassUnicode::new(parts.map(|(low, high)| ClassUnicodeRange::new(low, high)));
    finish(&mut class, false, flags);
    ranges.extend_from_slice(class.ranges());
}
