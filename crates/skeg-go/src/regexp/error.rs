//! Why a pattern was refused, in Go's words.

/// A pattern that is not a regular expression of Go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {reason}: `{}`", String::from_utf8_lossy(.part))]
pub struct ParsePatternError {
    /// What is wrong.
    pub reason: Reason,
    /// The part of the pattern that is wrong.
    pub part: Vec<u8>,
}

impl ParsePatternError {
    pub(super) fn new(reason: Reason, part: &[u8]) -> Self {
        let part = part.to_vec();
        Self { reason, part }
    }
}

/// What can be wrong with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A range that ends before it begins, or a class that nobody knows.
    #[error("invalid character class range")]
    CharRange,
    /// `\` before a letter or digit that has no meaning.
    #[error("invalid escape sequence")]
    Escape,
    /// A group whose name is not a word, or does not end.
    #[error("invalid named capture")]
    NamedCapture,
    /// `(?` before something that has no meaning.
    #[error("invalid or unsupported Perl syntax")]
    PerlOperator,
    /// `a**`
    #[error("invalid nested repetition operator")]
    NestedRepetition,
    /// `{2,1}`, or more than 1000 times.
    #[error("invalid repeat count")]
    RepeatCount,
    /// The pattern is not UTF-8.
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// `[` without `]`
    #[error("missing closing ]")]
    MissingBracket,
    /// `(` without `)`
    #[error("missing closing )")]
    MissingParenthesis,
    /// `*` after nothing.
    #[error("missing argument to repetition operator")]
    MissingRepeatArgument,
    /// `\` at the end.
    #[error("trailing backslash at end of expression")]
    TrailingBackslash,
    /// `)` without `(`
    #[error("unexpected )")]
    UnexpectedParenthesis,
    /// Groups within groups, more than 1000.
    #[error("expression nests too deeply")]
    NestingDepth,
    /// The machine for it would be too big.
    #[error("expression too large")]
    TooLarge,
}
