//! Patterns read into the form that the machine is built from.

use std::iter::Peekable;
use std::str::Chars;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};

use super::error::ParseGlobError;

const MAX_DEPTH: usize = 250;

pub(super) fn parse(pattern: &[u8]) -> Result<Hir, ParseGlobError> {
    let pattern = std::str::from_utf8(pattern).map_err(|_| ParseGlobError::InvalidUtf8)?;
    if pattern.contains(char::REPLACEMENT_CHARACTER) {
        return Err(ParseGlobError::InvalidUtf8);
    }
    let mut chars = pattern.chars().peekable();
    let mut outer = Vec::new();
    let mut current = Alternatives::default();
    while let Some(c) = chars.next() {
        match c {
            '{' => {
                if outer.len() == MAX_DEPTH {
                    return Err(ParseGlobError::NestingDepth);
                }
                outer.push(std::mem::take(&mut current));
            }
            ',' if !outer.is_empty() => current.end_alternative(),
            '}' if !outer.is_empty() => close(&mut current, &mut outer),
            '[' => current.push(bracketed(&mut chars)?),
            '?' => current.push(Hir::class(Class::Unicode(no_slash()))),
            '*' if chars.next_if_eq(&'*').is_some() => {
                current.push(repeated(ClassUnicode::new([full_range()])));
            }
            '*' => current.push(repeated(no_slash())),
            '\\' => {
                if let Some(c) = chars.next() {
                    current.push(literal(c));
                }
            }
            _ => current.push(literal(c)),
        }
    }
    // Braces that are not closed are closed at the end.
    while !outer.is_empty() {
        close(&mut current, &mut outer);
    }
    Ok(Hir::concat(vec![
        Hir::look(Look::Start),
        current.finish(),
        Hir::look(Look::End),
    ]))
}

/// What stands between braces.
#[derive(Debug, Default)]
struct Alternatives {
    done: Vec<Hir>,
    sequence: Vec<Hir>,
}

impl Alternatives {
    fn push(&mut self, hir: Hir) {
        self.sequence.push(hir);
    }

    fn end_alternative(&mut self) {
        self.done.push(Hir::concat(std::mem::take(&mut self.sequence)));
    }

    fn finish(mut self) -> Hir {
        self.end_alternative();
        Hir::alternation(self.done)
    }
}

fn close(current: &mut Alternatives, outer: &mut Vec<Alternatives>) {
    let inner = std::mem::replace(current, outer.pop().unwrap_or_default());
    current.push(inner.finish());
}

fn literal(c: char) -> Hir {
    let mut buffer = [0; 4];
    Hir::literal(c.encode_utf8(&mut buffer).as_bytes())
}

fn full_range() -> ClassUnicodeRange {
    ClassUnicodeRange::new('\0', char::MAX)
}

fn no_slash() -> ClassUnicode {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new('/', '/')]);
    class.negate();
    class
}

fn repeated(class: ClassUnicode) -> Hir {
    Hir::repetition(Repetition {
        min: 0,
        max: None,
        greedy: true,
        sub: Box::new(Hir::class(Class::Unicode(class))),
    })
}

/// What follows `[`: either one range or a list of characters, in which `-` has no meaning.
fn bracketed(chars: &mut Peekable<Chars<'_>>) -> Result<Hir, ParseGlobError> {
    let negated = chars.next_if_eq(&'!').is_some();
    let first = *chars.peek().ok_or(ParseGlobError::UnexpectedEnd)?;
    let mut after_first = chars.clone();
    after_first.next();
    let mut class = if after_first.next_if_eq(&'-').is_some() {
        *chars = after_first;
        range(first, chars)?
    } else {
        list(chars)?
    };
    if negated {
        class.negate();
    }
    Ok(Hir::class(Class::Unicode(class)))
}

/// What follows `[a-`.
fn range(low: char, chars: &mut Peekable<Chars<'_>>) -> Result<ClassUnicode, ParseGlobError> {
    let high = chars.next().ok_or(ParseGlobError::UnexpectedEnd)?;
    match chars.next() {
        None => Err(ParseGlobError::UnexpectedEnd),
        Some(']') if high < low => Err(ParseGlobError::Range { low, high }),
        Some(']') => Ok(ClassUnicode::new([ClassUnicodeRange::new(low, high)])),
        Some(_) => Err(ParseGlobError::ExpectedBracket),
    }
}

fn list(chars: &mut Peekable<Chars<'_>>) -> Result<ClassUnicode, ParseGlobError> {
    let mut ranges = Vec::new();
    loop {
        let c = match chars.next().ok_or(ParseGlobError::UnexpectedEnd)? {
            ']' => break,
            '\\' => chars.next().ok_or(ParseGlobError::UnexpectedEnd)?,
            c => c,
        };
        ranges.push(ClassUnicodeRange::new(c, c));
    }
    if ranges.is_empty() {
        return Err(ParseGlobError::EmptyRange);
    }
    Ok(ClassUnicode::new(ranges))
}
