//! What a program did: its exit status and both streams.

use std::fmt;
use std::process::Output;

/// The end of one run of a program.
#[derive(Debug, Clone)]
#[must_use = "a run proves nothing until `success` or `failure` was asked for"]
pub struct Outcome {
    command: String,
    status: Option<i32>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Outcome {
    pub(crate) fn new(command: String, output: Output) -> Self {
        Self {
            command,
            status: output.status.code(),
            stdout: output.stdout,
            stderr: output.stderr,
        }
    }

    /// Asserts that the program exited with 0.
    ///
    /// # Panics
    ///
    /// When it did not, with all that it printed.
    #[track_caller]
    pub fn success(self) -> Self {
        assert!(self.status == Some(0), "expected success\n{self}");
        self
    }

    /// Asserts that the program exited with 1, as every error does.
    ///
    /// # Panics
    ///
    /// When it did not, with all that it printed.
    #[track_caller]
    pub fn failure(self) -> Self {
        assert!(self.status == Some(1), "expected exit code 1\n{self}");
        self
    }

    /// The exit code; `None` when a signal ended it.
    pub fn status(&self) -> Option<i32> {
        self.status
    }

    /// Standard output as text.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output as bytes.
    pub fn stdout_bytes(&self) -> &[u8] {
        &self.stdout
    }

    /// Standard error as text.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The first `sha256:…` on standard output.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[track_caller]
    pub fn digest(&self) -> String {
        let stdout = self.stdout();
        let Some(start) = stdout.find("sha256:") else {
            panic!("expected a digest\n{self}");
        };
        stdout[start..].chars().take("sha256:".len() + 64).collect()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "$ {}", self.command)?;
        write!(formatter, "{}", self.stdout())?;
        writeln!(formatter, "------- stderr -------")?;
        write!(formatter, "{}", self.stderr())?;
        match self.status {
            Some(code) => write!(formatter, "[exit status: {code}]"),
            None => write!(formatter, "[ended by a signal]"),
        }
    }
}
