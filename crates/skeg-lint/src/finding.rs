//! What a check finds: how bad it is, where, and in Helm's words what.

use std::fmt;

use crate::rule::Rule;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something that could be better.
    Info,
    /// Something that breaks with a convention; the chart works all the same.
    Warning,
    /// Something that makes the chart fail.
    Error,
}

impl Severity {
    /// Helm's word for it, as it stands in brackets before a message.
    pub fn label(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

/// A place in a file; both numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

/// One thing that a check has found.
///
/// The text is that of `helm lint` 4.3.1: `[INFO] Chart.yaml: icon is recommended`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What was checked.
    pub rule: Rule,
    /// What it is about, in Helm's words: a path inside the chart, the chart's directory, or nothing.
    pub subject: String,
    /// What is wrong, in Helm's words; may have several lines.
    pub message: String,
    /// The file to look into, relative to the chart, where one is known.
    pub file: Option<String>,
    /// The place in the file, where it is known.
    pub position: Option<Position>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (severity, subject) = (self.severity.label(), &self.subject);
        write!(f, "[{severity}] {subject}: {}", self.message)
    }
}
