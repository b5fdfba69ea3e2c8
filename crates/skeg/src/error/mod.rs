//! Errors of commands: what kind they are, what they say, and what to do next.
//!
//! Libraries say what went wrong; this module adds the words of the command line (flags, other commands) as hints. The
//! matches over library errors are where a new variant has to be thought of.

mod reading;
mod registry;
mod render;
mod writing;

use std::error::Error as StdError;
use std::io;
use std::path::Path;

use crate::printer::WriteOutputError;

pub(crate) use skeg_go::errors::{chain, system_words};

pub(crate) use self::render::RenderExplanation;

/// What a command ends with when it fails.
#[derive(Debug)]
pub(crate) struct CommandError {
    kind: CommandErrorKind,
    error: Box<dyn StdError + Send + Sync>,
    /// Lines that show where the mistake is.
    explanation: Vec<String>,
    hints: Vec<String>,
    /// A temporary path, and what the user calls the thing that lies there.
    renamed: Option<(String, String)>,
}

/// What kind of failure it is. Every kind ends with exit code 1, as in Helm, but for a closed pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommandErrorKind {
    /// The user can set it right: an argument, a file, a registry's refusal.
    User,
    /// The reader of our output has gone; nothing is said.
    BrokenPipe,
    /// Two things differ, which was to be found out; nothing more is said.
    Different,
    /// A signal ended it.
    Interrupted {
        /// The number of the signal.
        signal: u8,
    },
    /// This should not have happened.
    Internal,
}

impl CommandError {
    /// An error that the user can set right, with the whole chain of its causes.
    pub(crate) fn user(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind: CommandErrorKind::User,
            error: error.into(),
            explanation: Vec::new(),
            hints: Vec::new(),
            renamed: None,
        }
    }

    /// A failure that is a defect of this program.
    pub(crate) fn internal(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind: CommandErrorKind::Internal,
            ..Self::user(error)
        }
    }

    /// Two things differ, and the exit code is to say so.
    pub(crate) fn different() -> Self {
        Self {
            kind: CommandErrorKind::Different,
            ..Self::user("there are differences")
        }
    }

    /// The user, or the system, asked to stop.
    pub(crate) fn interrupted(signal: u8) -> Self {
        Self {
            kind: CommandErrorKind::Interrupted { signal },
            ..Self::user("interrupted")
        }
    }

    /// Adds something to do next; the same hint is never said twice.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
        self
    }

    /// Adds lines that tell more about the reason.
    #[must_use]
    pub(crate) fn explained(mut self, lines: Vec<String>) -> Self {
        self.explanation.extend(lines);
        self
    }

    /// The same with another error on the next line, as Go joins errors.
    #[must_use]
    pub(crate) fn joined(mut self, other: &Self) -> Self {
        self.error = format!("{}\n{}", self.message(), other.message()).into();
        self.explanation.extend(other.explanation.iter().cloned());
        other
            .hints
            .iter()
            .fold(self, |error, hint| error.hint(hint.as_str()))
    }

    /// The same with words in front.
    #[must_use]
    pub(crate) fn prefixed(mut self, prefix: &str) -> Self {
        if matches!(self.kind, CommandErrorKind::User | CommandErrorKind::Internal) {
            self.error = format!("{prefix}{}", self.message()).into();
            self.renamed = None;
        }
        self
    }

    /// The same thing to do next after other words.
    pub(crate) fn reworded(&self, text: String) -> Self {
        let hints = self.hints.iter();
        hints.fold(Self::user(text), |error, hint| error.hint(hint.as_str()))
    }

    /// Adds lines that show where the mistake is, and what to do about it.
    #[must_use]
    pub(crate) fn explain(mut self, explanation: RenderExplanation) -> Self {
        self.explanation = explanation.lines;
        explanation.hints.into_iter().fold(self, Self::hint)
    }

    /// Calls what lies at a temporary path by the name that the user gave.
    #[must_use]
    pub(crate) fn about(mut self, path: &Path, name: &impl ToString) -> Self {
        self.renamed = Some((path.display().to_string(), name.to_string()));
        self
    }

    /// Adds a hint if there is one.
    #[must_use]
    pub(crate) fn maybe_hint(self, hint: Option<impl Into<String>>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    pub(crate) fn kind(&self) -> CommandErrorKind {
        self.kind
    }

    pub(crate) fn explanation(&self) -> &[String] {
        &self.explanation
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The error and its causes on one line, `outer: inner: innermost`, as Helm prints them.
    pub(crate) fn message(&self) -> String {
        let message = chain(self.error.as_ref());
        match &self.renamed {
            Some((path, name)) => message.replace(path, name),
            None => message,
        }
    }
}

impl From<WriteOutputError> for CommandError {
    fn from(error: WriteOutputError) -> Self {
        let kind = match error.0.kind() {
            io::ErrorKind::BrokenPipe => CommandErrorKind::BrokenPipe,
            _ => CommandErrorKind::User,
        };
        Self {
            kind,
            ..Self::user(error)
        }
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::user(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Layer {
        text: &'static str,
        #[source]
        source: Option<Box<Layer>>,
    }

    #[test]
    fn the_words_of_the_system_are_kept_plain() {
        let error = CommandError::user(r#"No such file or directory (os error 2) at path "/x/.tmpAbC""#);
        assert_eq!(error.message(), "No such file or directory");
        let error = CommandError::user("file '/tmp/a/chart.tgz' is bad")
            .about(Path::new("/tmp/a/chart.tgz"), &"oci://h/a");
        assert_eq!(error.message(), "file 'oci://h/a' is bad");
    }

    #[test]
    fn causes_follow_on_the_same_line_once() {
        let inner = Layer {
            text: "connection refused",
            source: None,
        };
        let middle = Layer {
            text: "cannot connect: connection refused",
            source: Some(Box::new(inner)),
        };
        let outer = Layer {
            text: "cannot pull",
            source: Some(Box::new(middle)),
        };
        assert_eq!(chain(&outer), "cannot pull: cannot connect: connection refused");
    }
}
