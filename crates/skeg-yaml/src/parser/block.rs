//! Block sequences and mappings.

use super::{Parser, State, after, fail, nothing_at};
use crate::error::Result;
use crate::event::{Event, EventKind};
use crate::scanner::TokenKind;

impl<'text> Parser<'text> {
    pub(super) fn parse_block_sequence_entry(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        match token {
            TokenKind::BlockEntry => self.skip(),
            TokenKind::BlockEnd => return Ok(self.end_collection(EventKind::SequenceEnd)),
            _ => return fail("did not find expected '-' indicator", mark),
        }
        match self.peek()?.0 {
            TokenKind::BlockEntry | TokenKind::BlockEnd => Ok(nothing_at(after(mark))),
            _ => self.parse_block_node(),
        }
    }

    pub(super) fn parse_indentless_entry(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        if !matches!(token, TokenKind::BlockEntry) {
            self.states.pop();
            let kind = EventKind::SequenceEnd;
            return Ok(Event { kind, mark });
        }
        self.skip();
        match self.peek()?.0 {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                Ok(nothing_at(after(mark)))
            }
            _ => self.parse_block_node(),
        }
    }

    pub(super) fn parse_block_key(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        match token {
            TokenKind::Key => self.skip(),
            TokenKind::BlockEnd => return Ok(self.end_collection(EventKind::MappingEnd)),
            _ => return fail("did not find expected key", mark),
        }
        self.go_to(State::BlockValue);
        match self.peek()?.0 {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(nothing_at(after(mark))),
            _ => self.parse_block_mapping_node(),
        }
    }

    pub(super) fn parse_block_value(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        let is_missing = !matches!(token, TokenKind::Value);
        self.go_to(State::BlockKey);
        if is_missing {
            return Ok(nothing_at(mark));
        }
        self.skip();
        match self.peek()?.0 {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(nothing_at(after(mark))),
            _ => self.parse_block_mapping_node(),
        }
    }
}
