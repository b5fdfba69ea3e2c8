//! The iterator of events.

use crate::error::ParseError;
use crate::event::{Event, EventKind};
use crate::raw::RawParser;

/// Reads a YAML stream event by event.
///
/// The encoding (UTF-8, UTF-16) is found by the byte order mark, as libyaml does. The iterator is fused: it
/// ends after [`EventKind::StreamEnd`] or the first error.
#[derive(Debug)]
pub struct Parser<'input> {
    raw: RawParser<'input>,
    done: bool,
}

impl<'input> Parser<'input> {
    /// Begins at the start of `input`.
    pub fn new(input: &'input [u8]) -> Self {
        Self {
            raw: RawParser::new(input),
            done: false,
        }
    }
}

impl Iterator for Parser<'_> {
    type Item = Result<Event, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let event = self.raw.parse();
        self.done = !matches!(&event, Ok(event) if event.kind != EventKind::StreamEnd);
        Some(event)
    }
}

impl std::iter::FusedIterator for Parser<'_> {}
