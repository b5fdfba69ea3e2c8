//! A cursor over a text that knows its line and column.

use super::{BYTE_ORDER_MARK, Portions, Text};
use crate::character::{BREAK, begins_space_or_ends, break_length, run_without};
use crate::error::{ParseError, ParseErrorKind, Result};
use crate::event::Mark;

/// A cursor over a text.
///
/// Whoever looks at characters asks for them first, by [`Self::need`], as many as Go-YAML asks for at that point.
#[derive(Debug)]
pub(crate) struct Input<'text> {
    text: &'text str,
    at: usize,
    line: usize,
    /// The characters before the line.
    line_start: usize,
    /// How many bytes more than characters there were so far. It wraps below zero where a character was taken that
    /// is not there.
    surplus: usize,
    is_ascii: bool,
    has_plain_breaks: bool,
    portions: Option<PortionReader<'text>>,
}

impl<'text> Input<'text> {
    pub(crate) fn new(text: &'text Text<'_>) -> Self {
        Self {
            text: &text.content,
            at: 0,
            line: 0,
            line_start: 0,
            surplus: 0,
            is_ascii: text.is_ascii,
            has_plain_breaks: text.has_plain_breaks,
            portions: text.portions.as_ref().map(PortionReader::new),
        }
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'text [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// The next byte; 0 at the end.
    pub(crate) fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    /// The byte that many bytes ahead; 0 behind the end.
    pub(crate) fn peek_at(&self, offset: usize) -> u8 {
        *self.text.as_bytes().get(self.at + offset).unwrap_or(&0)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(crate) fn is_at_blank(&self) -> bool {
        matches!(self.peek(), b' ' | b'\t')
    }

    pub(crate) fn is_at_break(&self) -> bool {
        break_length(self.rest()) > 0
    }

    pub(crate) fn is_at_break_or_end(&self) -> bool {
        self.is_at_end() || self.is_at_break()
    }

    /// Whether a blank, a line break or the end is that many bytes ahead.
    pub(crate) fn is_space_at(&self, offset: usize) -> bool {
        begins_space_or_ends(self.rest().get(offset..).unwrap_or_default())
    }

    /// Whether `---` or `...` is here, at the beginning of a line.
    pub(crate) fn is_at_document_indicator(&self) -> bool {
        self.is_at_indicator(b"---") || self.is_at_indicator(b"...")
    }

    pub(crate) fn is_at_indicator(&self, indicator: &[u8]) -> bool {
        self.column() == 0 && self.rest().starts_with(indicator) && self.is_space_at(3)
    }

    /// How many bytes are left in the line.
    pub(crate) fn line_length(&self) -> usize {
        let rest = &self.text[self.at..];
        if self.has_plain_breaks {
            return rest.find('\n').unwrap_or(rest.len());
        }
        let rest = rest.as_bytes();
        let mut length = 0;
        loop {
            length += run_without(&rest[length..], BREAK);
            if length == rest.len() || break_length(&rest[length..]) > 0 {
                return length;
            }
            length += 1;
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            line: self.line,
            column: self.column(),
        }
    }

    /// Characters from the beginning of the text.
    pub(crate) fn index(&self) -> usize {
        self.at.wrapping_sub(self.surplus)
    }

    pub(crate) fn line(&self) -> usize {
        self.line
    }

    pub(crate) fn column(&self) -> usize {
        self.index() - self.line_start
    }

    /// Bytes from the beginning of the text.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// The text from an offset to here.
    pub(crate) fn since(&self, start: usize) -> &'text str {
        self.slice(start, self.at)
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &'text str {
        &self.text[start..end]
    }

    /// Wants that many characters ahead.
    #[inline]
    pub(crate) fn need(&mut self, characters: usize) -> Result<()> {
        match &mut self.portions {
            None => Ok(()),
            Some(portions) => portions.fill(self.text, self.at, characters),
        }
    }

    /// Whether Go-YAML, at the beginning of a line, would take what is here for a byte order mark.
    pub(crate) fn takes_byte_order_mark(&self) -> bool {
        self.portions
            .as_ref()
            .is_some_and(|portions| portions.begins_with_mark)
    }

    /// Takes the next character, whatever it is, as part of the line.
    #[inline]
    pub(crate) fn skip(&mut self) {
        if self.is_ascii && !self.is_at_end() {
            self.at += 1;
            return;
        }
        let length = match self.peek() {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xff => 4,
        };
        if self.is_at_end() {
            self.surplus = self.surplus.wrapping_sub(1);
            if let Some(portions) = &mut self.portions {
                portions.ends_in_hand = portions.ends_in_hand.saturating_sub(1);
            }
            return;
        }
        self.at += length;
        self.surplus = self.surplus.wrapping_add(length - 1);
    }

    /// Takes some bytes of whole characters, and wants that many characters ahead after each of them.
    #[inline]
    pub(crate) fn run(&mut self, bytes: usize, characters: usize) -> Result<()> {
        if self.is_ascii && self.portions.is_none() {
            self.at += bytes;
            return Ok(());
        }
        self.run_carefully(bytes, characters)
    }

    fn run_carefully(&mut self, bytes: usize, characters: usize) -> Result<()> {
        let end = self.at + bytes;
        if self.portions.is_some() {
            while self.at < end {
                self.skip();
                self.need(characters)?;
            }
        } else {
            let run = &self.text.as_bytes()[self.at..end];
            let surplus = run.iter().filter(|byte| **byte & 0xc0 == 0x80).count();
            self.surplus = self.surplus.wrapping_add(surplus);
            self.at = end;
        }
        Ok(())
    }

    /// Takes a line break, if one is here, and tells what it means: a line feed, U+2028 or U+2029.
    pub(crate) fn take_break(&mut self) -> Option<&'static str> {
        let length = break_length(self.rest());
        let meaning = match (length, self.peek_at(2)) {
            (0, _) => return None,
            (3, 0xa8) => "\u{2028}",
            (3, _) => "\u{2029}",
            _ => "\n",
        };
        let characters = if self.peek() == b'\r' { length } else { 1 };
        self.at += length;
        self.surplus = self.surplus.wrapping_add(length - characters);
        self.line += 1;
        self.line_start = self.index();
        Some(meaning)
    }

    /// Ends the line at the end of the text, if it has begun.
    pub(crate) fn end_line(&mut self) {
        if self.column() != 0 {
            self.line += 1;
            self.line_start = self.index();
        }
    }
}

/// What Go-YAML's reader has in hand of a text that is not ordinary.
#[derive(Debug)]
struct PortionReader<'text> {
    portions: &'text Portions,
    next: usize,
    /// Where the characters in hand end.
    end: usize,
    /// The NUL characters in hand that stand for the end.
    ends_in_hand: usize,
    /// Whether the characters in hand began with a byte order mark when the reader read the last time.
    begins_with_mark: bool,
}

impl<'text> PortionReader<'text> {
    fn new(portions: &'text Portions) -> Self {
        Self {
            portions,
            next: 0,
            end: 0,
            ends_in_hand: 0,
            begins_with_mark: false,
        }
    }

    #[cold]
    fn fill(&mut self, text: &str, at: usize, characters: usize) -> Result<()> {
        if self.has(text, at, characters) {
            return Ok(());
        }
        self.begins_with_mark = text[at..].starts_with(BYTE_ORDER_MARK);
        while !self.has(text, at, characters) {
            if let Some(end) = self.portions.ends.get(self.next) {
                self.end = *end;
                self.next += 1;
                if !self.portions.ends_early {
                    continue;
                }
            } else if let Some(problem) = self.portions.fault {
                return Err(Box::new(ParseError {
                    kind: ParseErrorKind::Reader,
                    problem,
                    mark: Mark::default(),
                }));
            }
            self.ends_in_hand += 1;
            break;
        }
        Ok(())
    }

    fn has(&self, text: &str, at: usize, characters: usize) -> bool {
        let Some(missing) = characters.checked_sub(self.ends_in_hand) else {
            return true;
        };
        text.get(at..self.end)
            .unwrap_or_default()
            .chars()
            .take(missing)
            .count()
            == missing
    }
}
