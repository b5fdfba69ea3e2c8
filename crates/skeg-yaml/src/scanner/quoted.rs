//! Scalars in quotes.

use super::Scanner;
use super::content::{Breaks, Content};
use super::token::TokenKind;
use crate::character::{QUOTED_RUN_END, break_length, run_without};
use crate::error::Result;
use crate::event::ScalarStyle;

impl Scanner<'_> {
    pub(super) fn scan_quoted(&mut self, style: ScalarStyle) -> Result<()> {
        self.note_key()?;
        self.key_allowed = false;
        let mark = self.input.mark();
        let quote = self.input.peek();
        self.input.skip();
        let mut content = Content::new(self.input.offset());
        loop {
            self.input.need(4)?;
            if self.input.is_at_document_indicator() {
                return self.fail("found unexpected document indicator");
            }
            if self.input.is_at_end() {
                return self.fail("found unexpected end of stream");
            }
            let line_is_continued = self.scan_quoted_word(quote, &mut content)?;
            self.input.need(1)?;
            if self.input.peek() == quote {
                break;
            }
            self.scan_between_quoted_words(line_is_continued, &mut content)?;
        }
        self.input.skip();
        self.push(TokenKind::Scalar(content.finish(&self.input), style), mark);
        Ok(())
    }

    /// Reads up to a blank, a line break or the closing quote. It is true if an escaped line break was the end.
    fn scan_quoted_word(&mut self, quote: u8, content: &mut Content) -> Result<bool> {
        loop {
            let start = self.input.offset();
            let length = ordinary_length(self.input.rest(), quote);
            if length > 0 {
                content.add_piece(&self.input, start, start + length);
                self.input.run(length, 2)?;
            }
            let next = self.input.peek();
            if next == quote && quote == b'\'' && self.input.peek_at(1) == quote {
                content.add(&self.input, "'");
                self.input.skip();
                self.input.skip();
            } else if next == b'\\' && quote == b'"' {
                if break_length(&self.input.rest()[1..]) > 0 {
                    self.input.need(3)?;
                    self.input.skip();
                    self.input.take_break();
                    return Ok(true);
                }
                self.scan_escape(content)?;
            } else {
                return Ok(false);
            }
            self.input.need(2)?;
        }
    }

    /// Reads blanks and line breaks between words.
    fn scan_between_quoted_words(&mut self, line_is_continued: bool, content: &mut Content) -> Result<()> {
        let start = self.input.offset();
        let mut end = start;
        let mut breaks = Breaks::default();
        let mut has_breaks = line_is_continued;
        loop {
            if self.input.is_at_blank() {
                self.input.skip();
                end = self.input.offset();
            } else if self.input.is_at_break() {
                self.input.need(2)?;
                if line_is_continued {
                    // The first break is gone, and the others stay.
                    breaks
                        .others
                        .push_str(self.input.take_break().unwrap_or_default());
                } else {
                    breaks.take(&mut self.input);
                }
                has_breaks = true;
            } else {
                break;
            }
            self.input.need(1)?;
        }
        if has_breaks {
            breaks.fold(&self.input, content);
        } else {
            content.add_piece(&self.input, start, end);
        }
        Ok(())
    }

    fn scan_escape(&mut self, content: &mut Content) -> Result<()> {
        let meaning = match self.input.peek_at(1) {
            b'0' => "\0",
            b'a' => "\x07",
            b'b' => "\x08",
            b't' | b'\t' => "\t",
            b'n' => "\n",
            b'v' => "\x0b",
            b'f' => "\x0c",
            b'r' => "\r",
            b'e' => "\x1b",
            b' ' => " ",
            b'"' => "\"",
            b'\'' => "'",
            b'\\' => "\\",
            b'N' => "\u{85}",
            b'_' => "\u{a0}",
            b'L' => "\u{2028}",
            b'P' => "\u{2029}",
            b'x' => return self.scan_code(2, content),
            b'u' => return self.scan_code(4, content),
            b'U' => return self.scan_code(8, content),
            _ => return self.fail("found unknown escape character"),
        };
        self.input.skip();
        self.input.skip();
        content.add(&self.input, meaning);
        Ok(())
    }

    /// Reads a character that is written as a number.
    fn scan_code(&mut self, digits: usize, content: &mut Content) -> Result<()> {
        self.input.skip();
        self.input.skip();
        self.input.need(digits)?;
        let mut code: u32 = 0;
        for at in 0..digits {
            let Some(digit) = char::from(self.input.peek_at(at)).to_digit(16) else {
                return self.fail("did not find expected hexdecimal number");
            };
            code = code << 4 | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return self.fail("found invalid Unicode character escape code");
        };
        for _ in 0..digits {
            self.input.skip();
        }
        content.add(&self.input, character.encode_utf8(&mut [0; 4]));
        Ok(())
    }
}

/// The length of what begins here and means itself.
fn ordinary_length(text: &[u8], quote: u8) -> usize {
    let mut length = 0;
    loop {
        length += run_without(&text[length..], QUOTED_RUN_END);
        let goes_on = match text.get(length) {
            Some(0xc2 | 0xe2) => break_length(&text[length..]) == 0,
            Some(b'\\') => quote == b'\'',
            Some(byte @ (b'"' | b'\'')) => *byte != quote,
            _ => false,
        };
        if !goes_on {
            return length;
        }
        length += 1;
    }
}
