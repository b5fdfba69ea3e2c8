//! Nodes: aliases, scalars and the beginnings of collections, with their tags and anchors.

use std::borrow::Cow;

use super::{Parser, State, fail};
use crate::error::Result;
use crate::event::{CollectionStart, Event, EventKind, Mark, Scalar, ScalarStyle};
use crate::scanner::{Tag, TokenKind};

/// Where a node stands, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Block,
    /// In a block mapping, where the dashes of a sequence need not be further in.
    BlockMapping,
    Flow,
}

/// What may stand before a node.
#[derive(Default)]
struct Properties<'text> {
    anchor: Option<&'text str>,
    tag: Option<(Tag<'text>, Mark)>,
}

impl<'text> Parser<'text> {
    pub(super) fn parse_block_node(&mut self) -> Result<Event<'text>> {
        self.parse_node(Place::Block)
    }

    pub(super) fn parse_block_mapping_node(&mut self) -> Result<Event<'text>> {
        self.parse_node(Place::BlockMapping)
    }

    pub(super) fn parse_flow_node(&mut self) -> Result<Event<'text>> {
        self.parse_node(Place::Flow)
    }

    fn parse_node(&mut self, place: Place) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        if let TokenKind::Alias(anchor) = *token {
            self.skip();
            let kind = EventKind::Alias { anchor };
            return Ok(Event { kind, mark });
        }
        let properties = self.parse_properties()?;
        let tag = match properties.tag {
            Some((tag, mark)) => Some(self.resolve_tag(tag, mark)?),
            None => None,
        };
        let kind = self.parse_content(place, properties.anchor, tag)?;
        Ok(Event { kind, mark })
    }

    /// An anchor and a tag, in either order.
    fn parse_properties(&mut self) -> Result<Properties<'text>> {
        let mut properties = Properties::default();
        loop {
            let (token, mark) = self.peek()?;
            match token {
                TokenKind::Anchor(anchor) if properties.anchor.is_none() => {
                    properties.anchor = Some(anchor);
                }
                TokenKind::Tag(tag) if properties.tag.is_none() => {
                    properties.tag = Some((tag.clone(), mark));
                }
                _ => return Ok(properties),
            }
            self.skip();
        }
    }

    fn resolve_tag(&self, tag: Tag<'text>, mark: Mark) -> Result<Cow<'text, str>> {
        let Some(handle) = tag.handle else {
            return Ok(tag.suffix);
        };
        match self.tag_prefixes.get(handle) {
            Some(prefix) => Ok(Cow::Owned(format!("{prefix}{}", tag.suffix))),
            None => fail("found undefined tag handle", mark),
        }
    }

    fn parse_content(
        &mut self,
        place: Place,
        anchor: Option<&'text str>,
        tag: Option<Cow<'text, str>>,
    ) -> Result<EventKind<'text>> {
        let (token, mark) = self.peek()?;
        let (state, flow, is_sequence) = match token {
            TokenKind::Scalar(..) => return Ok(self.take_scalar(anchor, tag)),
            TokenKind::BlockEntry if place == Place::BlockMapping => (State::IndentlessEntry, false, true),
            TokenKind::BlockSequenceStart if place != Place::Flow => (State::BlockSequenceEntry, false, true),
            TokenKind::BlockMappingStart if place != Place::Flow => (State::BlockKey, false, false),
            TokenKind::FlowSequenceStart => (State::FlowSequenceFirstEntry, true, true),
            TokenKind::FlowMappingStart => (State::FlowMappingFirstKey, true, false),
            _ if anchor.is_none() && tag.is_none() => {
                return fail("did not find expected node content", mark);
            }
            _ => {
                return Ok(EventKind::Scalar(Scalar {
                    value: Cow::Borrowed(""),
                    implicit: tag.is_none(),
                    tag,
                    anchor,
                    style: ScalarStyle::Plain,
                }));
            }
        };
        // The first dash of a sequence without indentation is its first entry already.
        if state != State::IndentlessEntry {
            self.skip();
        }
        self.states.push(state);
        let start = CollectionStart { tag, anchor, flow };
        Ok(if is_sequence {
            EventKind::SequenceStart(start)
        } else {
            EventKind::MappingStart(start)
        })
    }

    fn take_scalar(&mut self, anchor: Option<&'text str>, tag: Option<Cow<'text, str>>) -> EventKind<'text> {
        let token = self.scanner.take().kind;
        let (value, style) = match token {
            TokenKind::Scalar(value, style) => (value, style),
            _ => (Cow::Borrowed(""), ScalarStyle::Plain),
        };
        let implicit = match tag.as_deref() {
            None => style == ScalarStyle::Plain,
            Some(tag) => tag == "!",
        };
        EventKind::Scalar(Scalar {
            value,
            tag,
            anchor,
            style,
            implicit,
        })
    }
}
