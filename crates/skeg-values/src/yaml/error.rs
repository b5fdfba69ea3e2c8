//! Why YAML could not be decoded, in the words of sigs.k8s.io/yaml.

use std::num::NonZeroU64;

/// YAML that could not be decoded.
///
/// The text is what Helm shows: `error converting YAML to JSON: yaml: line 2: did not find expected key`.
/// Go-YAML's line numbers are off by one in places; [`DecodeError::line`] and [`DecodeError::column`] are right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error converting YAML to JSON: {message}")]
pub struct DecodeError {
    // Boxed text and positions from 1 keep the results of the recursive decoder small.
    message: Box<str>,
    line: Option<NonZeroU64>,
    column: Option<NonZeroU64>,
}

impl DecodeError {
    pub(crate) fn new(message: String) -> Self {
        Self {
            message: message.into(),
            line: None,
            column: None,
        }
    }

    pub(crate) fn at(message: String, line: u64, column: u64) -> Self {
        Self {
            message: message.into(),
            line: NonZeroU64::new(line),
            column: NonZeroU64::new(column),
        }
    }

    /// Go-YAML's part of the text, beginning with `yaml: ` (or `json: ` for what JSON cannot hold).
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line of the mistake, from 1, where it is known.
    pub fn line(&self) -> Option<u64> {
        self.line.map(NonZeroU64::get)
    }

    /// The column of the mistake in characters, from 1, where it is known.
    pub fn column(&self) -> Option<u64> {
        self.column.map(NonZeroU64::get)
    }
}
