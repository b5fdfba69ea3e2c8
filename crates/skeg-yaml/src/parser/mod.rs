//! From tokens to events: a machine whose states stand on a stack, one for each open collection.

mod block;
mod document;
mod flow;
mod node;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::{ParseError, ParseErrorKind, Result};
use crate::event::{Event, EventKind, Mark, Scalar, ScalarStyle};
use crate::scanner::{Scanner, TokenKind};
use crate::text::Text;

/// Reads a YAML stream event by event.
///
/// The iterator is fused: it ends after the last document or the first error.
#[derive(Debug)]
pub struct Parser<'text> {
    scanner: Scanner<'text>,
    /// What may come next, in the innermost collection last; empty after the end.
    states: Vec<State>,
    /// What the handles of tags stand for.
    tag_prefixes: HashMap<&'text str, Cow<'text, str>>,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A document with or without `---`.
    FirstDocument,
    /// A document with `---`.
    NextDocument,
    /// The root of a document that began without `---`.
    Root,
    /// The root of a document that began with `---`; it may be missing.
    OptionalRoot,
    DocumentEnd,
    BlockSequenceEntry,
    /// An entry of a sequence that is no further in than the key it belongs to.
    IndentlessEntry,
    BlockKey,
    BlockValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    /// The key of a mapping that is an entry of a flow sequence without braces.
    PairKey,
    PairValue,
    PairEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    /// The value that an entry of a flow mapping lacks.
    FlowMappingNoValue,
}

impl<'text> Parser<'text> {
    /// Begins at the start of a text.
    pub fn new(text: &'text Text<'_>) -> Self {
        Self {
            scanner: Scanner::new(text),
            states: vec![State::FirstDocument],
            tag_prefixes: HashMap::new(),
        }
    }

    fn parse(&mut self, state: State) -> Result<Option<Event<'text>>> {
        match state {
            State::FirstDocument => self.parse_document_start(true),
            State::NextDocument => self.parse_document_start(false),
            State::Root => self.parse_root().map(Some),
            State::OptionalRoot => self.parse_optional_root().map(Some),
            State::DocumentEnd => self.parse_document_end().map(Some),
            State::BlockSequenceEntry => self.parse_block_sequence_entry().map(Some),
            State::IndentlessEntry => self.parse_indentless_entry().map(Some),
            State::BlockKey => self.parse_block_key().map(Some),
            State::BlockValue => self.parse_block_value().map(Some),
            State::FlowSequenceFirstEntry => self.parse_flow_sequence_entry(true).map(Some),
            State::FlowSequenceEntry => self.parse_flow_sequence_entry(false).map(Some),
            State::PairKey => self.parse_pair_key().map(Some),
            State::PairValue => self.parse_pair_value().map(Some),
            State::PairEnd => self.parse_pair_end().map(Some),
            State::FlowMappingFirstKey => self.parse_flow_mapping_key(true).map(Some),
            State::FlowMappingKey => self.parse_flow_mapping_key(false).map(Some),
            State::FlowMappingValue => self.parse_flow_mapping_value().map(Some),
            State::FlowMappingNoValue => self.parse_flow_mapping_no_value().map(Some),
        }
    }

    /// Changes what comes next in the innermost collection.
    fn go_to(&mut self, state: State) {
        if let Some(top) = self.states.last_mut() {
            *top = state;
        }
    }

    /// What the next token is, and where.
    fn peek(&mut self) -> Result<(&TokenKind<'text>, Mark)> {
        let token = self.scanner.peek()?;
        Ok((&token.kind, token.mark))
    }

    /// Skips the token that was looked at last.
    fn skip(&mut self) {
        drop(self.scanner.take());
    }

    /// Takes the token that ends the innermost collection.
    fn end_collection(&mut self, kind: EventKind<'text>) -> Event<'text> {
        self.states.pop();
        let mark = self.scanner.take().mark;
        Event { kind, mark }
    }
}

#[cold]
fn fail<T>(problem: &'static str, mark: Mark) -> Result<T> {
    let kind = ParseErrorKind::Parser;
    Err(Box::new(ParseError { kind, problem, mark }))
}

/// The scalar that is not written.
fn nothing_at<'text>(mark: Mark) -> Event<'text> {
    let kind = EventKind::Scalar(Scalar {
        value: Cow::Borrowed(""),
        tag: None,
        anchor: None,
        style: ScalarStyle::Plain,
        implicit: true,
    });
    Event { kind, mark }
}

/// Where an indicator of one character ends.
fn after(mark: Mark) -> Mark {
    Mark {
        line: mark.line,
        column: mark.column + 1,
    }
}

impl<'text> Iterator for Parser<'text> {
    type Item = std::result::Result<Event<'text>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        let state = *self.states.last()?;
        match self.parse(state) {
            Ok(Some(event)) => Some(Ok(event)),
            Ok(None) => {
                self.states.clear();
                None
            }
            Err(error) => {
                self.states.clear();
                Some(Err(*error))
            }
        }
    }
}

impl std::iter::FusedIterator for Parser<'_> {}
