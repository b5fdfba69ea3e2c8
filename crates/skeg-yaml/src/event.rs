//! The events of a YAML stream, borrowed from its text where they can be.

use std::borrow::Cow;

/// A position in the text, counted from zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Lines from the beginning.
    pub line: usize,
    /// Characters from the beginning of the line.
    pub column: usize,
}

/// One event and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'text> {
    /// What happened.
    pub kind: EventKind<'text>,
    /// Where it begins.
    pub mark: Mark,
}

/// What a YAML stream consists of, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind<'text> {
    /// A document begins.
    DocumentStart,
    /// A document ends.
    DocumentEnd,
    /// `*anchor`, which the parser does not look up.
    Alias {
        /// The name after the star.
        anchor: &'text str,
    },
    /// A scalar of any style.
    Scalar(Scalar<'text>),
    /// A sequence begins.
    SequenceStart(CollectionStart<'text>),
    /// The innermost sequence ends.
    SequenceEnd,
    /// A mapping begins; its children are key, value, key, value.
    MappingStart(CollectionStart<'text>),
    /// The innermost mapping ends.
    MappingEnd,
}

/// A scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar<'text> {
    /// The text with escapes, folding and chomping applied.
    pub value: Cow<'text, str>,
    /// The tag with its handle resolved (`tag:yaml.org,2002:int`); the bare tag `!` stays as it is.
    pub tag: Option<Cow<'text, str>>,
    /// The name after `&`.
    pub anchor: Option<&'text str>,
    /// How it was written.
    pub style: ScalarStyle,
    /// Whether the text decides what it means: a plain scalar without a tag, or any text with the tag `!`.
    pub implicit: bool,
}

/// The head of a sequence or mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CollectionStart<'text> {
    /// The tag with its handle resolved.
    pub tag: Option<Cow<'text, str>>,
    /// The name after `&`.
    pub anchor: Option<&'text str>,
    /// Written in brackets or braces.
    pub flow: bool,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}
