//! The one error of the tasks: a sentence for the terminal. No task decides anything by it.

use std::fmt;

/// The result of everything a task does.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Why a task stopped, as one sentence.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Makes a failure of a sentence.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Adds what was being done to an error.
pub(crate) trait Context<T> {
    /// Puts `doing` before the error's own text.
    fn context(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure(format!("{doing}: {error}")))
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, doing: impl fmt::Display) -> Result<T> {
        self.ok_or_else(|| Failure(doing.to_string()))
    }
}
