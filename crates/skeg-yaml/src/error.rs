//! Why a stream could not be parsed.

use std::fmt;

use crate::event::Mark;

/// Errors are rare, and small results are fast.
pub(crate) type Result<T> = std::result::Result<T, Box<ParseError>>;

/// The stage that gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// The bytes are not text: bad encoding or control characters.
    Reader,
    /// The text does not split into tokens.
    Scanner,
    /// The tokens do not form a document.
    Parser,
}

/// Why a stream could not be parsed, in Go-YAML's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ParseError {
    /// The stage that gave up.
    pub kind: ParseErrorKind,
    /// What is wrong, such as `did not find expected key`.
    pub problem: &'static str,
    /// Where; at the origin for [`ParseErrorKind::Reader`].
    pub mark: Mark,
}

impl ParseError {
    /// The number that Go-YAML prints as the line; none on the first line.
    ///
    /// It is the line from one for the scanner's problems, and from zero for the parser's.
    pub fn line(&self) -> Option<usize> {
        match (self.mark.line, self.kind) {
            (0, _) => None,
            (line, ParseErrorKind::Scanner) => Some(line + 1),
            (line, _) => Some(line),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line() {
            Some(line) => write!(f, "line {line}: {}", self.problem),
            None => f.write_str(self.problem),
        }
    }
}
