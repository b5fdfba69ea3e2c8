//! What the scanner makes of the text.

use std::borrow::Cow;

use crate::event::{Mark, ScalarStyle};

/// A token and where it begins.
#[derive(Debug)]
pub(crate) struct Token<'text> {
    pub(crate) kind: TokenKind<'text>,
    pub(crate) mark: Mark,
}

#[derive(Debug)]
pub(crate) enum TokenKind<'text> {
    StreamEnd,
    /// `%YAML 1.1`
    VersionDirective(u8, u8),
    /// `%TAG !handle! prefix`
    TagDirective(TagPrefix<'text>),
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    /// The indentation grows: at a dash,
    BlockSequenceStart,
    /// or at a key.
    BlockMappingStart,
    /// The indentation shrinks.
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    /// A dash.
    BlockEntry,
    /// A comma.
    FlowEntry,
    /// A question mark, or the place where it could be.
    Key,
    /// A colon.
    Value,
    Alias(&'text str),
    Anchor(&'text str),
    Tag(Tag<'text>),
    Scalar(Cow<'text, str>, ScalarStyle),
}

/// What a handle stands for.
#[derive(Clone, Debug)]
pub(crate) struct TagPrefix<'text> {
    pub(crate) handle: &'text str,
    pub(crate) prefix: Cow<'text, str>,
}

/// A tag as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Tag<'text> {
    /// None if the suffix is all of the tag.
    pub(crate) handle: Option<&'text str>,
    pub(crate) suffix: Cow<'text, str>,
}
