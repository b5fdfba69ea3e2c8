//! Why a pattern was refused.

/// A text that is not a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseGlobError {
    /// It is not UTF-8, or has U+FFFD in it.
    #[error("could not read rune")]
    InvalidUtf8,
    /// `[` without `]`
    #[error("unexpected end of input")]
    UnexpectedEnd,
    /// `[a-bc]`
    #[error("expected close range character")]
    ExpectedBracket,
    /// `[z-a]`
    #[error("hi character '{high}' should be greater than lo '{low}'")]
    Range {
        /// Where it begins.
        low: char,
        /// Where it ends.
        high: char,
    },
    /// `[]`
    #[error("could not parse range")]
    EmptyRange,
    /// Braces within braces, more than 250.
    #[error("braces nest too deeply")]
    NestingDepth,
    /// More than 1000 parts.
    #[error("pattern too large")]
    TooLarge,
}
