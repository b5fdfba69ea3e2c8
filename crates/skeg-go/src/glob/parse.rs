//! Patterns read into trees.

use std::iter::Peekable;
use std::str::Chars;

use super::error::ParseGlobError;

const MAX_DEPTH: usize = 250;
const MAX_PARTS: usize = 1000;

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// `{a,b}`, each a sequence.
    Braces(Vec<Vec<Node>>),
    /// A sequence as one part; only simplification makes it.
    Sequence(Vec<Node>),
    /// Alternatives that are parts; only simplification makes them.
    Alternatives(Vec<Node>),
    /// `*`
    Segment,
    /// `**`
    Anything,
    /// `?`
    One,
    /// `[ab]`
    List {
        characters: Vec<char>,
        negated: bool,
    },
    /// `[a-z]`
    Range {
        low: char,
        high: char,
        negated: bool,
    },
    Text(String),
    Nothing,
}

pub(super) fn parse(pattern: &[u8]) -> Result<Vec<Node>, ParseGlobError> {
    let pattern = std::str::from_utf8(pattern).map_err(|_| ParseGlobError::InvalidUtf8)?;
    if pattern.contains(char::REPLACEMENT_CHARACTER) {
        return Err(ParseGlobError::InvalidUtf8);
    }
    let mut chars = pattern.chars().peekable();
    let mut outer: Vec<Braces> = Vec::new();
    let mut sequence = Vec::new();
    let mut parts = 0;
    while let Some(c) = chars.next() {
        parts += 1;
        if parts > MAX_PARTS {
            return Err(ParseGlobError::TooLarge);
        }
        match c {
            '{' => {
                if outer.len() == MAX_DEPTH {
                    return Err(ParseGlobError::NestingDepth);
                }
                outer.push(Braces {
                    before: std::mem::take(&mut sequence),
                    alternatives: Vec::new(),
                });
            }
            ',' if let Some(braces) = outer.last_mut() => {
                braces.alternatives.push(std::mem::take(&mut sequence));
            }
            '}' if let Some(braces) = outer.pop() => sequence = braces.close(sequence),
            '[' => sequence.push(bracketed(&mut chars)?),
            '?' => sequence.push(Node::One),
            '*' if chars.next_if_eq(&'*').is_some() => sequence.push(Node::Anything),
            '*' => sequence.push(Node::Segment),
            _ => {
                let text = text(c, &mut chars, if outer.is_empty() { "?*[{" } else { "?*[{}," });
                if !text.is_empty() {
                    sequence.push(Node::Text(text));
                }
            }
        }
    }
    // Braces that are not closed are closed at the end.
    while let Some(braces) = outer.pop() {
        sequence = braces.close(sequence);
    }
    Ok(sequence)
}

/// Braces whose end has not come yet.
struct Braces {
    before: Vec<Node>,
    alternatives: Vec<Vec<Node>>,
}

impl Braces {
    fn close(mut self, last: Vec<Node>) -> Vec<Node> {
        self.alternatives.push(last);
        self.before.push(Node::Braces(self.alternatives));
        self.before
    }
}

/// The text from `first` up to one of the characters that end it.
fn text(first: char, chars: &mut Peekable<Chars<'_>>, ends: &str) -> String {
    let mut text = String::new();
    let mut next = Some(first);
    while let Some(c) = next {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
        next = chars.next_if(|c| !ends.contains(*c));
    }
    text
}

/// What follows `[`: either one range or a list of characters, in which `-` has no meaning.
fn bracketed(chars: &mut Peekable<Chars<'_>>) -> Result<Node, ParseGlobError> {
    let negated = chars.next_if_eq(&'!').is_some();
    let low = chars.next().ok_or(ParseGlobError::UnexpectedEnd)?;
    if chars.next_if_eq(&'-').is_none() {
        let characters = list(low, chars)?;
        return Ok(Node::List { characters, negated });
    }
    let high = chars.next().ok_or(ParseGlobError::UnexpectedEnd)?;
    match chars.next() {
        Some(']') if high < low => Err(ParseGlobError::Range { low, high }),
        None => Err(ParseGlobError::UnexpectedEnd),
        Some(']') => Ok(Node::Range { low, high, negated }),
        Some(_) => Err(ParseGlobError::ExpectedBracket),
    }
}

fn list(first: char, chars: &mut Peekable<Chars<'_>>) -> Result<Vec<char>, ParseGlobError> {
    let mut characters = Vec::new();
    let mut next = Some(first);
    loop {
        match next.ok_or(ParseGlobError::UnexpectedEnd)? {
            ']' => break,
            '\\' => characters.push(chars.next().ok_or(ParseGlobError::UnexpectedEnd)?),
            c => characters.push(c),
        }
        next = chars.next();
    }
    if characters.is_empty() {
        return Err(ParseGlobError::EmptyRange);
    }
    Ok(characters)
}
