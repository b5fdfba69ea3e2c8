//! Where a setting is written.

use std::fmt;
use std::path::PathBuf;

/// The file, and the line if it has lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file or directory.
    pub path: PathBuf,
    /// The line where the registry begins, from one.
    pub line: Option<usize>,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())?;
        match self.line {
            Some(line) => write!(formatter, ":{line}"),
            None => Ok(()),
        }
    }
}

/// The line, from one, in which the byte at `offset` is.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}
