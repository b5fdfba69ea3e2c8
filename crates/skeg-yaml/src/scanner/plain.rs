//! Plain scalars.

use super::Scanner;
use super::content::{Breaks, Content};
use super::token::TokenKind;
use crate::character::{FLOW_WORD_END, WORD_END, begins_space_or_ends, break_length, run_without};
use crate::error::Result;
use crate::event::ScalarStyle;

impl Scanner<'_> {
    pub(super) fn scan_plain(&mut self) -> Result<()> {
        self.note_key()?;
        self.key_allowed = false;
        let mark = self.input.mark();
        let in_flow = self.keys.flow_level() > 0;
        let indent = self.indent.map_or(0, |indent| indent + 1);
        let mut content = Content::new(self.input.offset());
        let mut blanks = self.input.offset();
        let mut breaks = Breaks::default();
        loop {
            self.input.need(4)?;
            if self.input.peek() == b'#' || self.input.is_at_document_indicator() {
                break;
            }
            let length = word_length(self.input.rest(), in_flow);
            if length > 0 {
                let start = self.input.offset();
                if breaks.first.is_some() {
                    breaks.fold(&self.input, &mut content);
                    blanks = start;
                }
                content.add_piece(&self.input, blanks, start + length);
                self.input.run(length, 2)?;
            }
            if !self.input.is_at_blank() && !self.input.is_at_break() {
                break;
            }
            self.input.need(1)?;
            blanks = self.input.offset();
            self.skip_between_words(indent, &mut breaks)?;
            if !in_flow && self.input.column() < indent {
                break;
            }
        }
        // A line has begun, on which a key may.
        if breaks.first.is_some() {
            self.key_allowed = true;
        }
        self.push(
            TokenKind::Scalar(content.finish(&self.input), ScalarStyle::Plain),
            mark,
        );
        Ok(())
    }

    /// Skips blanks and line breaks.
    fn skip_between_words(&mut self, indent: usize, breaks: &mut Breaks) -> Result<()> {
        loop {
            match self.input.peek() {
                b'\t' if breaks.first.is_some() && self.input.column() < indent => {
                    return self.fail("found a tab character that violates indentation");
                }
                b' ' | b'\t' => self.input.skip(),
                _ if self.input.is_at_break() => {
                    self.input.need(2)?;
                    breaks.take(&mut self.input);
                }
                _ => return Ok(()),
            }
            self.input.need(1)?;
        }
    }
}

/// The length of what a plain scalar has up to the next blank, line break or indicator.
fn word_length(text: &[u8], in_flow: bool) -> usize {
    let end = if in_flow { FLOW_WORD_END } else { WORD_END };
    let mut length = 0;
    loop {
        length += run_without(&text[length..], end);
        let rest = &text[length..];
        let goes_on = match rest.first() {
            Some(b':') => !begins_space_or_ends(&rest[1..]),
            Some(0xc2 | 0xe2) => break_length(rest) == 0,
            _ => false,
        };
        if !goes_on {
            return length;
        }
        length += 1;
    }
}
