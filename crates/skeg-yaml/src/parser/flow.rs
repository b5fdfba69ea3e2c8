//! Flow sequences and mappings.

use super::{Parser, State, after, fail, nothing_at};
use crate::error::Result;
use crate::event::{CollectionStart, Event, EventKind};
use crate::scanner::TokenKind;

impl<'text> Parser<'text> {
    pub(super) fn parse_flow_sequence_entry(&mut self, is_first: bool) -> Result<Event<'text>> {
        if !is_first {
            let (token, mark) = self.peek()?;
            match token {
                TokenKind::FlowEntry => self.skip(),
                TokenKind::FlowSequenceEnd => {}
                _ => return fail("did not find expected ',' or ']'", mark),
            }
        }
        let (token, mark) = self.peek()?;
        match token {
            TokenKind::FlowSequenceEnd => Ok(self.end_collection(EventKind::SequenceEnd)),
            TokenKind::Key => {
                self.skip();
                self.go_to(State::FlowSequenceEntry);
                self.states.push(State::PairKey);
                let kind = EventKind::MappingStart(CollectionStart {
                    flow: true,
                    ..CollectionStart::default()
                });
                Ok(Event { kind, mark })
            }
            _ => {
                self.go_to(State::FlowSequenceEntry);
                self.parse_flow_node()
            }
        }
    }

    pub(super) fn parse_pair_key(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        let is_missing = matches!(
            token,
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd
        );
        self.go_to(State::PairValue);
        if is_missing {
            // Go-YAML skips what shows that the key is missing.
            self.skip();
            return Ok(nothing_at(after(mark)));
        }
        self.parse_flow_node()
    }

    pub(super) fn parse_pair_value(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        let is_missing = !matches!(token, TokenKind::Value);
        self.go_to(State::PairEnd);
        if is_missing {
            return Ok(nothing_at(mark));
        }
        self.skip();
        match self.peek()?.0 {
            TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => Ok(nothing_at(mark)),
            _ => self.parse_flow_node(),
        }
    }

    pub(super) fn parse_pair_end(&mut self) -> Result<Event<'text>> {
        let (_, mark) = self.peek()?;
        self.states.pop();
        let kind = EventKind::MappingEnd;
        Ok(Event { kind, mark })
    }

    pub(super) fn parse_flow_mapping_key(&mut self, is_first: bool) -> Result<Event<'text>> {
        if !is_first {
            let (token, mark) = self.peek()?;
            match token {
                TokenKind::FlowEntry => self.skip(),
                TokenKind::FlowMappingEnd => {}
                _ => return fail("did not find expected ',' or '}'", mark),
            }
        }
        match self.peek()?.0 {
            TokenKind::FlowMappingEnd => Ok(self.end_collection(EventKind::MappingEnd)),
            TokenKind::Key => {
                self.skip();
                self.go_to(State::FlowMappingValue);
                let (token, mark) = self.peek()?;
                match token {
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                        Ok(nothing_at(mark))
                    }
                    _ => self.parse_flow_node(),
                }
            }
            _ => {
                self.go_to(State::FlowMappingNoValue);
                self.parse_flow_node()
            }
        }
    }

    pub(super) fn parse_flow_mapping_value(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        let is_missing = !matches!(token, TokenKind::Value);
        self.go_to(State::FlowMappingKey);
        if is_missing {
            return Ok(nothing_at(mark));
        }
        self.skip();
        let (token, mark) = self.peek()?;
        match token {
            TokenKind::FlowEntry | TokenKind::FlowMappingEnd => Ok(nothing_at(mark)),
            _ => self.parse_flow_node(),
        }
    }

    pub(super) fn parse_flow_mapping_no_value(&mut self) -> Result<Event<'text>> {
        let (_, mark) = self.peek()?;
        self.go_to(State::FlowMappingKey);
        Ok(nothing_at(mark))
    }
}
