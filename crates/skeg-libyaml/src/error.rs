//! Why a stream could not be parsed.

use crate::event::Mark;

/// The stage that gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// The bytes are not text: bad encoding or control characters.
    Reader,
    /// The text does not split into tokens.
    Scanner,
    /// The tokens do not form a document.
    Parser,
    /// Anything else, such as lack of memory.
    Other,
}

/// libyaml's error, in its own words.
///
/// The text is [`Self::problem`] alone: which of the marks belongs before it is Go-YAML's rule and stands in
/// `skeg-values`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ParseError {
    /// The stage that gave up.
    pub kind: ParseErrorKind,
    /// What is wrong, such as `did not find expected key`.
    pub problem: String,
    /// Where; at the origin when libyaml does not say (all [`ParseErrorKind::Reader`] errors).
    pub problem_mark: Mark,
    /// The byte where, for [`ParseErrorKind::Reader`] errors.
    pub problem_offset: u64,
    /// While doing what, such as `while parsing a block mapping`.
    pub context: Option<String>,
    /// Where that began.
    pub context_mark: Mark,
}
