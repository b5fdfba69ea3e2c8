//! What a command printed and how it ended, ready to be compared.

use std::fmt;
use std::time::Duration;

use crate::filters::Filters;

/// The output of a finished command.
///
/// `Display` writes what a test compares: standard output, then standard error below a line
/// `----- stderr -----` where there is any, then the exit status. Paths, hosts and digests are
/// replaced by the context's filters in [`skeg_snapshot!`](crate::skeg_snapshot) only.
#[derive(Debug, Clone)]
pub struct CommandOutput {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) status: Option<i32>,
    pub(crate) duration: Duration,
    pub(crate) filters: Filters,
}

#[expect(
    clippy::return_self_not_must_use,
    reason = "an assertion is complete without looking further at the output"
)]
impl CommandOutput {
    /// Standard output as text; invalid UTF-8 is replaced.
    #[must_use]
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output as it was written.
    #[must_use]
    pub fn stdout_bytes(&self) -> &[u8] {
        &self.stdout
    }

    /// Standard error as text; invalid UTF-8 is replaced.
    #[must_use]
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The exit status; `None` where a signal ended the command.
    #[must_use]
    pub fn status(&self) -> Option<i32> {
        self.status
    }

    /// How long the command ran.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The whole text after the context's filters.
    #[must_use]
    pub fn filtered(&self) -> String {
        self.filters.apply(&self.to_string())
    }

    /// Asserts that the command ended with status 0.
    ///
    /// # Panics
    ///
    /// Panics, with the output, where it did not.
    #[track_caller]
    pub fn success(self) -> Self {
        self.exits_with(0)
    }

    /// Asserts that the command ended with status 1.
    ///
    /// # Panics
    ///
    /// Panics, with the output, where it did not.
    #[track_caller]
    pub fn failure(self) -> Self {
        self.exits_with(1)
    }

    /// Asserts that the command ended with this status.
    ///
    /// # Panics
    ///
    /// Panics, with the output, where it did not.
    #[track_caller]
    pub fn exits_with(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "unexpected exit status of:\n{self}");
        self
    }
}

impl fmt::Display for CommandOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_text(f, &self.stdout())?;
        if !self.stderr.is_empty() {
            f.write_str("----- stderr -----\n")?;
            write_text(f, &self.stderr())?;
        }
        match self.status {
            Some(status) => writeln!(f, "[exit status: {status}]"),
            None => writeln!(f, "[ended by a signal]"),
        }
    }
}

/// Writes `text` and makes a missing final newline visible.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(text)?;
    if !text.is_empty() && !text.ends_with('\n') {
        f.write_str("\n[no final newline]\n")?;
    }
    Ok(())
}
