//! Shell globs as Go's `path.Match` has them.
//!
//! `*` is any run without `/`, `?` any one character but `/`, `[a-z]` and `[^a-z]` classes, `\c` the
//! character itself. There is no `**` and no `[!…]`.

use std::iter::Peekable;
use std::str::Chars;

/// A parsed pattern.
#[derive(Clone, Debug)]
pub struct PathPattern {
    tokens: Vec<Token>,
}

#[derive(Clone, Debug)]
enum Token {
    AnyRun,
    AnyOne,
    Literal(char),
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl PathPattern {
    /// Parses a pattern; `None` where Go says "syntax error in pattern".
    pub fn parse(pattern: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut rest = pattern.chars().peekable();
        while let Some(next) = rest.next() {
            tokens.push(match next {
                '*' => Token::AnyRun,
                '?' => Token::AnyOne,
                '[' => parse_class(&mut rest)?,
                '\\' => Token::Literal(rest.next()?),
                other => Token::Literal(other),
            });
        }
        Some(Self { tokens })
    }

    /// Whether the pattern covers the whole of `name`.
    ///
    /// Linear in `name` times the longest part between two stars: a mismatch only ever goes back to
    /// the latest star, which is also what Go does.
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut token, mut at) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while token < self.tokens.len() || at < name.len() {
            match self.tokens.get(token) {
                Some(Token::AnyRun) => {
                    retry = Some((token, at));
                    token += 1;
                    continue;
                }
                Some(single) if name.get(at).is_some_and(|&c| single.accepts(c)) => {
                    token += 1;
                    at += 1;
                    continue;
                }
                _ => {}
            }
            match retry {
                Some((star, from)) if name.get(from).is_some_and(|&c| c != '/') => {
                    retry = Some((star, from + 1));
                    token = star + 1;
                    at = from + 1;
                }
                _ => return false,
            }
        }
        true
    }
}

impl Token {
    /// Whether a token that stands for one character stands for this one.
    fn accepts(&self, character: char) -> bool {
        match self {
            Self::AnyRun => false,
            Self::AnyOne => character != '/',
            Self::Literal(literal) => *literal == character,
            Self::Class { negated, ranges } => {
                let inside = ranges
                    .iter()
                    .any(|&(low, high)| (low..=high).contains(&character));
                inside != *negated
            }
        }
    }
}

/// Parses what follows a `[`.
fn parse_class(rest: &mut Peekable<Chars<'_>>) -> Option<Token> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    while ranges.is_empty() || rest.next_if_eq(&']').is_none() {
        let low = class_character(rest)?;
        let high = match rest.next_if_eq(&'-') {
            Some(_) => class_character(rest)?,
            None => low,
        };
        ranges.push((low, high));
    }
    Some(Token::Class { negated, ranges })
}

/// One end of a class range: any character but a bare `-` or `]`, and never the pattern's last.
fn class_character(rest: &mut Peekable<Chars<'_>>) -> Option<char> {
    let character = match rest.next()? {
        '-' | ']' => return None,
        '\\' => rest.next()?,
        other => other,
    };
    rest.peek().map(|_| character)
}
