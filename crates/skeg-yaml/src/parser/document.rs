//! Documents and their directives.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use super::{Parser, State, fail, nothing_at};
use crate::error::Result;
use crate::event::{Event, EventKind};
use crate::scanner::{TagPrefix, TokenKind};

/// The handles that need no directive.
const DEFAULT_PREFIXES: [(&str, &str); 2] = [("!", "!"), ("!!", "tag:yaml.org,2002:")];

impl<'text> Parser<'text> {
    /// A document, or none at the end of the stream.
    pub(super) fn parse_document_start(&mut self, may_be_bare: bool) -> Result<Option<Event<'text>>> {
        if !may_be_bare {
            while matches!(self.peek()?.0, TokenKind::DocumentEnd) {
                self.skip();
            }
        }
        let (token, mark) = self.peek()?;
        let root = match token {
            TokenKind::StreamEnd => return Ok(None),
            TokenKind::VersionDirective(..) | TokenKind::TagDirective(..) | TokenKind::DocumentStart => {
                State::OptionalRoot
            }
            _ if may_be_bare => State::Root,
            _ => State::OptionalRoot,
        };
        self.parse_directives()?;
        if root == State::OptionalRoot {
            let (token, mark) = self.peek()?;
            if !matches!(token, TokenKind::DocumentStart) {
                return fail("did not find expected <document start>", mark);
            }
            self.skip();
        }
        self.go_to(State::DocumentEnd);
        self.states.push(root);
        let kind = EventKind::DocumentStart;
        Ok(Some(Event { kind, mark }))
    }

    fn parse_directives(&mut self) -> Result<()> {
        let mut has_version = false;
        loop {
            let (token, mark) = self.peek()?;
            match token {
                TokenKind::VersionDirective(..) if has_version => {
                    return fail("found duplicate %YAML directive", mark);
                }
                TokenKind::VersionDirective(1, 1) => has_version = true,
                TokenKind::VersionDirective(..) => {
                    return fail("found incompatible YAML document", mark);
                }
                TokenKind::TagDirective(prefix) => {
                    let prefix = prefix.clone();
                    if !self.add_tag_prefix(prefix) {
                        return fail("found duplicate %TAG directive", mark);
                    }
                }
                _ => break,
            }
            self.skip();
        }
        for (handle, prefix) in DEFAULT_PREFIXES {
            let prefix = Cow::Borrowed(prefix);
            self.add_tag_prefix(TagPrefix { handle, prefix });
        }
        Ok(())
    }

    /// Adds what a handle stands for; false if that is known.
    fn add_tag_prefix(&mut self, prefix: TagPrefix<'text>) -> bool {
        match self.tag_prefixes.entry(prefix.handle) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(prefix.prefix);
                true
            }
        }
    }

    pub(super) fn parse_root(&mut self) -> Result<Event<'text>> {
        self.states.pop();
        self.parse_block_node()
    }

    pub(super) fn parse_optional_root(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        let is_missing = matches!(
            token,
            TokenKind::VersionDirective(..)
                | TokenKind::TagDirective(..)
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::StreamEnd
        );
        if is_missing {
            self.states.pop();
            return Ok(nothing_at(mark));
        }
        self.parse_root()
    }

    pub(super) fn parse_document_end(&mut self) -> Result<Event<'text>> {
        let (token, mark) = self.peek()?;
        if matches!(token, TokenKind::DocumentEnd) {
            self.skip();
        }
        self.tag_prefixes.clear();
        self.go_to(State::NextDocument);
        let kind = EventKind::DocumentEnd;
        Ok(Event { kind, mark })
    }
}
