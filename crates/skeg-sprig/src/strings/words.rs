//! Words joined by their case, by hyphens or by underscores.

use skeg_go::unicode::{is_letter, is_number, is_punctuation, is_space, is_upper, lower, upper};
use skeg_go::{CallError, GoValue};

use crate::arguments::bytes;
use crate::unicode::{Runes, decode, push_rune};

/// `snakecase TEXT`
pub(super) fn snake_case(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(Joiner::join(bytes(arguments, 0), b'_')))
}

/// `kebabcase TEXT`
pub(super) fn kebab_case(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(Joiner::join(bytes(arguments, 0), b'-')))
}

/// `camelcase TEXT`: each word begins in upper case, the first one too.
///
/// Connectors at the beginning stay; between words one of them vanishes.
pub(super) fn camel_case(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut runes = Runes(bytes(arguments, 0));
    let mut out = Vec::with_capacity(runes.0.len());
    let Some(mut last) = runes.next() else {
        return Ok(GoValue::from(out));
    };
    while is_connector(last) {
        push_rune(&mut out, last);
        let Some(next) = runes.next() else {
            // There is nothing but connectors: the last one is written twice.
            push_rune(&mut out, last);
            return Ok(GoValue::from(out));
        };
        last = next;
    }
    let mut in_upper = is_upper(last);
    last = upper(last);
    for mut rune in runes {
        if !is_connector(last) {
            push_rune(&mut out, last);
            if in_upper && is_upper(rune) {
                rune = lower(rune);
            } else {
                in_upper = false;
            }
        } else if is_connector(rune) {
            push_rune(&mut out, last);
        } else {
            in_upper = is_upper(rune);
            rune = upper(rune);
        }
        last = rune;
    }
    push_rune(&mut out, last);
    Ok(GoValue::from(out))
}

fn is_connector(rune: char) -> bool {
    rune == '-' || rune == '_' || is_space(rune)
}

/// A letter that is not one of the common ideographs.
fn is_alphabetic(rune: char) -> bool {
    let is_ideograph =
        matches!(rune, '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}');
    !is_ideograph && is_letter(rune)
}

/// What characters of one word have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing but bytes that are not UTF-8, or the end of the text.
    Invalid,
    /// Digits.
    Number,
    /// Capitals, or a capital and the small letters after it.
    Capital,
    /// Letters without capitals.
    Letters,
    /// Hyphens, underscores and blanks.
    Connector,
    /// Punctuation.
    Punctuation,
    /// Everything else.
    Other,
}

impl Kind {
    fn of(rune: char) -> Self {
        if is_connector(rune) {
            Self::Connector
        } else if is_punctuation(rune) {
            Self::Punctuation
        } else if is_upper(rune) {
            Self::Capital
        } else if is_alphabetic(rune) {
            Self::Letters
        } else if is_number(rune) {
            Self::Number
        } else {
            Self::Other
        }
    }

    /// Whether a connector belongs between a word and one of this kind.
    fn wants_connector(self) -> bool {
        !matches!(self, Self::Connector | Self::Punctuation)
    }
}

/// Walks over the words of a text and writes them with connectors between.
struct Joiner<'text> {
    rest: &'text [u8],
    kind: Kind,
    word: &'text [u8],
    connector: u8,
    out: Vec<u8>,
}

impl<'text> Joiner<'text> {
    fn join(text: &'text [u8], connector: u8) -> Vec<u8> {
        let mut joiner = Self {
            rest: text,
            kind: Kind::Invalid,
            word: &[],
            connector,
            out: Vec::with_capacity(text.len() + 8),
        };
        joiner.advance();
        while !joiner.rest.is_empty() {
            joiner.step();
        }
        joiner.write_word();
        joiner.out
    }

    /// Writes the current word and takes on the next one.
    fn step(&mut self) {
        let kind = self.kind;
        self.write_word();
        self.advance();
        match kind {
            Kind::Connector | Kind::Punctuation => {}
            Kind::Number => self.finish_number(),
            _ if self.kind != Kind::Number => {
                if self.kind.wants_connector() {
                    self.out.push(self.connector);
                }
            }
            _ if self.rest.is_empty() => {}
            _ => self.step_over_number(),
        }
    }

    /// A number after a word belongs to it, unless small letters follow.
    fn step_over_number(&mut self) {
        let number = self.word;
        self.advance();
        if self.kind == Kind::Letters {
            self.out.push(self.connector);
            self.out.extend_from_slice(number);
            self.finish_number();
            return;
        }
        self.out.extend_from_slice(number);
        if self.kind.wants_connector() {
            self.out.push(self.connector);
        }
    }

    /// Small letters and numbers after a number belong to it.
    fn finish_number(&mut self) {
        while matches!(self.kind, Kind::Letters | Kind::Number) {
            self.write_word();
            self.advance();
        }
        if self.kind != Kind::Invalid && self.kind.wants_connector() {
            self.out.push(self.connector);
        }
    }

    fn write_word(&mut self) {
        if !matches!(self.kind, Kind::Capital | Kind::Connector) {
            self.out.extend_from_slice(self.word);
            return;
        }
        for rune in Runes(self.word) {
            if is_connector(rune) {
                self.out.push(self.connector);
            } else if is_upper(rune) {
                push_rune(&mut self.out, lower(rune));
            } else {
                push_rune(&mut self.out, rune);
            }
        }
    }

    /// Splits the next word off.
    fn advance(&mut self) {
        let nothing = (char::REPLACEMENT_CHARACTER, 0);
        let (first, mut end) = next_valid(self.rest, nothing.0).unwrap_or(nothing);
        if first == nothing.0 {
            self.kind = Kind::Invalid;
            (self.word, self.rest) = (self.rest, &[]);
            return;
        }
        self.kind = Kind::of(first);
        end = match self.kind {
            Kind::Capital => self.end_of_capitals(end, first),
            Kind::Other => self.end_while(end, first, |rune| Kind::of(rune) == Kind::Other),
            Kind::Letters => self.end_while(end, first, is_small),
            Kind::Number => self.end_while(end, first, is_number),
            Kind::Punctuation => self.end_while(end, first, is_punctuation),
            Kind::Connector | Kind::Invalid => self.end_while(end, first, is_connector),
        };
        (self.word, self.rest) = self.rest.split_at(end);
    }

    /// Several capitals are a word but for the last of them, if a letter follows it.
    fn end_of_capitals(&self, start: usize, first: char) -> usize {
        let Some((mut capital, width)) = next_valid(&self.rest[start..], first) else {
            return start;
        };
        if !is_upper(capital) {
            return self.end_while(start, first, is_small);
        }
        let (mut end, mut last) = (start + width, width);
        loop {
            match next_valid(&self.rest[end..], capital) {
                Some((rune, width)) if is_upper(rune) => {
                    capital = rune;
                    end += width;
                    last = width;
                }
                Some((rune, _)) if is_alphabetic(rune) => return end - last,
                _ => return end,
            }
        }
    }

    fn end_while(&self, mut end: usize, mut last: char, belongs: impl Fn(char) -> bool) -> usize {
        while let Some((rune, width)) = next_valid(&self.rest[end..], last) {
            if !belongs(rune) {
                break;
            }
            last = rune;
            end += width;
        }
        end
    }
}

fn is_small(rune: char) -> bool {
    is_alphabetic(rune) && !is_upper(rune)
}

/// The next character that is UTF-8, and where it ends; bytes that are not are skipped. Where there is nothing else, they
/// count as one more of the character before.
fn next_valid(text: &[u8], before: char) -> Option<(char, usize)> {
    let mut end = 0;
    while end < text.len() {
        let (rune, width) = decode(&text[end..]);
        end += width;
        if rune != char::REPLACEMENT_CHARACTER {
            return Some((rune, end));
        }
    }
    (end > 0).then_some((before, end))
}
