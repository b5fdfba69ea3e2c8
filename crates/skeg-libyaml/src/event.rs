//! The events of a YAML stream, owned.

/// A position in the input, as the Rust port of libyaml counts: everything from zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Bytes from the beginning, without a byte order mark.
    pub index: u64,
    /// Lines from the beginning.
    pub line: u64,
    /// Characters from the beginning of the line.
    pub column: u64,
}

/// One event and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// Where it begins.
    pub start: Mark,
    /// Where it ends.
    pub end: Mark,
}

/// What a YAML stream consists of, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The stream begins; always the first event.
    StreamStart,
    /// The stream ends; always the last event.
    StreamEnd,
    /// A document begins.
    DocumentStart {
        /// Without `---`.
        implicit: bool,
    },
    /// A document ends.
    DocumentEnd {
        /// Without `...`.
        implicit: bool,
    },
    /// `*anchor`.
    Alias {
        /// The name after the star.
        anchor: String,
    },
    /// A scalar of any style.
    Scalar(Scalar),
    /// A sequence begins.
    SequenceStart(CollectionStart),
    /// The innermost sequence ends.
    SequenceEnd,
    /// A mapping begins; its children are key, value, key, value.
    MappingStart(CollectionStart),
    /// The innermost mapping ends.
    MappingEnd,
}

/// A scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text with escapes, folding and chomping applied.
    pub value: String,
    /// The tag with its handle resolved (`tag:yaml.org,2002:int`); the bare tag `!` stays as it is.
    pub tag: Option<String>,
    /// The name after `&`.
    pub anchor: Option<String>,
    /// How it was written.
    pub style: ScalarStyle,
    /// Whether the tag is left to the plain text: a plain scalar without a tag, or any with the tag `!`.
    pub plain_implicit: bool,
    /// Whether the tag is left to the quotes: a quoted or block scalar without a tag.
    pub quoted_implicit: bool,
}

/// The head of a sequence or mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CollectionStart {
    /// The tag with its handle resolved.
    pub tag: Option<String>,
    /// The name after `&`.
    pub anchor: Option<String>,
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
