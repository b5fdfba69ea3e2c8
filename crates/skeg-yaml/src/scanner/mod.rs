//! From text to tokens, as far as the parser asks for them.
//!
//! A token is not handed out while it may turn out to be the beginning of a key, since then two tokens come before it.

mod block_scalar;
mod content;
mod directive;
mod indentation;
mod plain;
mod properties;
mod quoted;
mod simple_key;
mod token;

use std::collections::VecDeque;

pub(crate) use token::{Tag, TagPrefix, Token, TokenKind};

use crate::character::{INDICATOR, is, run_of};
use crate::error::{ParseError, ParseErrorKind, Result};
use crate::event::{Mark, ScalarStyle};
use crate::text::{Input, Text};
use simple_key::SimpleKeys;

#[derive(Debug)]
pub(crate) struct Scanner<'text> {
    input: Input<'text>,
    tokens: VecDeque<Token<'text>>,
    /// The number of tokens that the parser has taken.
    taken: usize,
    /// The first token is what it is, whatever follows.
    head_is_settled: bool,
    keys: SimpleKeys,
    /// A key may begin here.
    key_allowed: bool,
    /// The column of the current block collection; none outside of all.
    indent: Option<usize>,
    outer_indents: Vec<Option<usize>>,
}

impl<'text> Scanner<'text> {
    pub(crate) fn new(text: &'text Text<'_>) -> Self {
        Self {
            input: Input::new(text),
            tokens: VecDeque::new(),
            taken: 0,
            head_is_settled: false,
            keys: SimpleKeys::new(),
            key_allowed: true,
            indent: None,
            outer_indents: Vec::new(),
        }
    }

    /// The next token.
    pub(crate) fn peek(&mut self) -> Result<&Token<'text>> {
        if !self.head_is_settled {
            while self.tokens.is_empty() || self.head_may_be_key()? {
                self.scan_token()?;
            }
            self.head_is_settled = true;
        }
        Ok(self.tokens.front().expect("because one was scanned"))
    }

    /// Takes the token that was looked at last.
    pub(crate) fn take(&mut self) -> Token<'text> {
        self.head_is_settled = false;
        self.taken += 1;
        self.tokens.pop_front().expect("because it was looked at")
    }

    /// Scans one token, with those that its indentation ends or begins.
    fn scan_token(&mut self) -> Result<()> {
        self.skip_space()?;
        self.dedent_to(Some(self.input.column()));
        self.input.need(4)?;
        if self.input.is_at_end() {
            return self.scan_stream_end();
        }
        if self.input.column() == 0 {
            match self.input.peek() {
                b'%' => return self.scan_directive(),
                b'-' if self.input.is_at_indicator(b"---") => {
                    return self.scan_document_indicator(TokenKind::DocumentStart);
                }
                b'.' if self.input.is_at_indicator(b"...") => {
                    return self.scan_document_indicator(TokenKind::DocumentEnd);
                }
                _ => {}
            }
        }
        self.scan_in_line()
    }

    /// Scans a token that may stand anywhere.
    fn scan_in_line(&mut self) -> Result<()> {
        let in_flow = self.keys.flow_level() > 0;
        match self.input.peek() {
            b'[' => self.open_flow(TokenKind::FlowSequenceStart),
            b'{' => self.open_flow(TokenKind::FlowMappingStart),
            b']' => self.close_flow(TokenKind::FlowSequenceEnd),
            b'}' => self.close_flow(TokenKind::FlowMappingEnd),
            b',' => self.scan_flow_entry(),
            b'-' if self.input.is_space_at(1) => self.scan_block_entry(),
            b'?' if in_flow || self.input.is_space_at(1) => self.scan_key(),
            b':' if in_flow || self.input.is_space_at(1) => self.scan_value(),
            b'*' => self.scan_name(TokenKind::Alias),
            b'&' => self.scan_name(TokenKind::Anchor),
            b'!' => self.scan_tag(),
            b'|' if !in_flow => self.scan_block_scalar(ScalarStyle::Literal),
            b'>' if !in_flow => self.scan_block_scalar(ScalarStyle::Folded),
            b'\'' => self.scan_quoted(ScalarStyle::SingleQuoted),
            b'"' => self.scan_quoted(ScalarStyle::DoubleQuoted),
            // Whatever follows these here makes no indicator of them.
            b'-' | b'?' | b':' => self.scan_plain(),
            byte if byte == b'\t' || is(byte, INDICATOR) => {
                self.fail("found character that cannot start any token")
            }
            _ => self.scan_plain(),
        }
    }

    /// Skips spaces, comments and line breaks, and tabs where no key can begin.
    fn skip_space(&mut self) -> Result<()> {
        loop {
            self.input.need(1)?;
            if self.input.column() == 0 && self.input.takes_byte_order_mark() {
                self.input.skip();
            }
            self.input.need(1)?;
            let takes_tabs = self.keys.flow_level() > 0 || !self.key_allowed;
            let blanks = self.input.rest().iter();
            let blanks = blanks
                .take_while(|byte| **byte == b' ' || takes_tabs && **byte == b'\t')
                .count();
            self.input.run(blanks, 1)?;
            self.skip_comment()?;
            if !self.input.is_at_break() {
                return Ok(());
            }
            self.input.need(2)?;
            self.input.take_break();
            if self.keys.flow_level() == 0 {
                self.key_allowed = true;
            }
        }
    }

    /// Skips a comment, if one begins here.
    fn skip_comment(&mut self) -> Result<()> {
        if self.input.peek() != b'#' {
            return Ok(());
        }
        let length = self.input.line_length();
        self.input.run(length, 1)
    }

    /// Skips blanks and a comment to the end of the line.
    fn skip_line_rest(&mut self) -> Result<()> {
        self.input.need(1)?;
        self.skip_blanks()?;
        self.skip_comment()?;
        if !self.input.is_at_break_or_end() {
            return self.fail("did not find expected comment or line break");
        }
        if self.input.is_at_break() {
            self.input.need(2)?;
            self.input.take_break();
        }
        Ok(())
    }

    fn skip_blanks(&mut self) -> Result<()> {
        let blanks = self.input.rest().iter();
        let blanks = blanks.take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.input.run(blanks, 1)
    }

    /// How many bytes of one of the classes are next.
    fn length_of(&self, classes: u8) -> usize {
        run_of(self.input.rest(), classes)
    }

    fn open_flow(&mut self, kind: TokenKind<'text>) -> Result<()> {
        self.note_key()?;
        self.open_flow_level()?;
        self.key_allowed = true;
        self.indicator(kind, 1);
        Ok(())
    }

    fn close_flow(&mut self, kind: TokenKind<'text>) -> Result<()> {
        self.drop_key()?;
        self.close_flow_level();
        self.key_allowed = false;
        self.indicator(kind, 1);
        Ok(())
    }

    fn scan_flow_entry(&mut self) -> Result<()> {
        self.drop_key()?;
        self.key_allowed = true;
        self.indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    /// Takes that many characters as a token.
    fn indicator(&mut self, kind: TokenKind<'text>, length: usize) {
        let mark = self.input.mark();
        for _ in 0..length {
            self.input.skip();
        }
        self.push(kind, mark);
    }

    fn push(&mut self, kind: TokenKind<'text>, mark: Mark) {
        self.tokens.push_back(Token { kind, mark });
    }

    /// An error where the scanner is.
    #[cold]
    fn fail<T>(&self, problem: &'static str) -> Result<T> {
        Err(Box::new(ParseError {
            kind: ParseErrorKind::Scanner,
            problem,
            mark: self.input.mark(),
        }))
    }
}
