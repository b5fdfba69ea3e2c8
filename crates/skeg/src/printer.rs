//! Output: data on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use skeg_go::quote;

/// Where a command's output goes.
///
/// Nothing else in this crate writes to the terminal. In table mode the lines are Helm's on Helm's streams; whatever
/// Helm does not print goes to standard error.
pub struct Printer {
    stdout: Mutex<Box<dyn Write + Send>>,
    stderr: Mutex<Box<dyn Write + Send>>,
    output: Manner,
    error: Manner,
}

/// Who reads a stream, and what they may be shown.
#[derive(Clone, Copy, Debug, Default)]
struct Manner {
    is_terminal: bool,
    has_colours: bool,
}

impl Manner {
    fn on(stream: &impl IsTerminal) -> Self {
        Self {
            is_terminal: stream.is_terminal(),
            has_colours: false,
        }
    }
}

/// Standard output cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to standard output")]
pub struct WriteOutputError(#[from] pub(crate) io::Error);

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColourChoice {
    /// Never.
    Never,
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
}

impl Printer {
    /// Prints to the streams of this process.
    pub fn of_process() -> Self {
        Self {
            stdout: Mutex::new(Box::new(io::BufWriter::new(io::stdout()))),
            stderr: Mutex::new(Box::new(io::stderr())),
            output: Manner::on(&io::stdout()),
            error: Manner::on(&io::stderr()),
        }
    }

    /// Prints to the given streams, which are no terminals.
    pub fn to_streams(stdout: impl Write + Send + 'static, stderr: impl Write + Send + 'static) -> Self {
        Self {
            stdout: Mutex::new(Box::new(stdout)),
            stderr: Mutex::new(Box::new(stderr)),
            output: Manner::default(),
            error: Manner::default(),
        }
    }

    /// Decides about colours.
    #[must_use]
    pub fn with_colour(mut self, choice: ColourChoice, no_color: bool) -> Self {
        let decide = |is_terminal: bool| match choice {
            ColourChoice::Never => false,
            ColourChoice::Auto => is_terminal && !no_color,
            ColourChoice::Always => true,
        };
        self.error.has_colours = decide(self.error.is_terminal);
        self.output.has_colours = decide(self.output.is_terminal);
        self
    }

    /// Tells whether data for a person may have colours.
    pub(crate) fn colours_data(&self) -> bool {
        self.output.has_colours
    }

    /// Tells whether a person may be watching standard error.
    pub fn is_interactive(&self) -> bool {
        self.error.is_terminal
    }

    /// Writes data to standard output as it is.
    ///
    /// # Errors
    /// The stream cannot be written; a closed pipe is such an error.
    pub fn data(&self, bytes: impl AsRef<[u8]>) -> Result<(), WriteOutputError> {
        Ok(lock(&self.stdout).write_all(bytes.as_ref())?)
    }

    /// Writes one line of data to standard output.
    ///
    /// # Errors
    /// As for [`Printer::data`].
    pub fn line(&self, text: impl AsRef<str>) -> Result<(), WriteOutputError> {
        self.data(format!("{}\n", text.as_ref()))
    }

    /// Sends what is buffered for standard output on its way.
    ///
    /// # Errors
    /// As for [`Printer::data`].
    pub fn flush(&self) -> Result<(), WriteOutputError> {
        Ok(lock(&self.stdout).flush()?)
    }

    /// Writes one line to standard error as it is. That it cannot be written is nothing to fail for.
    pub fn status(&self, text: impl AsRef<str>) {
        drop(writeln!(lock(&self.stderr), "{}", text.as_ref()));
    }

    /// Writes a question to standard error and stays on its line.
    pub fn prompt(&self, question: &str) {
        let mut stderr = lock(&self.stderr);
        drop(write!(stderr, "{question}").and_then(|()| stderr.flush()));
    }

    /// Writes a warning in the form of Helm's log: `level=WARN msg="…"`.
    pub fn warning(&self, text: &str) {
        let level = self.paint("33", "WARN");
        self.status(format!("level={level} msg={}", quote::quote(text)));
    }

    /// Writes a warning with fields: `level=WARN msg="…" key=value`.
    pub fn warning_about(&self, text: &str, fields: &[(&str, String)]) {
        let level = self.paint("33", "WARN");
        self.status(format!(
            "level={level} msg={}{}",
            quote::quote(text),
            join(fields)
        ));
    }

    /// Writes to standard error as it is, lines or not.
    pub fn status_bytes(&self, bytes: &[u8]) {
        let mut stderr = lock(&self.stderr);
        drop(stderr.write_all(bytes).and_then(|()| stderr.flush()));
    }

    /// Writes what went wrong in the form of Helm's log, which it does besides failing: `level=ERROR msg="…" key=value`.
    pub fn log_error(&self, text: &str, fields: &[(&str, String)]) {
        let level = self.paint("31", "ERROR");
        self.status(format!(
            "level={level} msg={}{}",
            quote::quote(text),
            join(fields)
        ));
    }

    /// Writes something that is good to know and no reason to worry: `level=INFO msg="…"`.
    pub fn note(&self, text: &str) {
        self.info(text, &[]);
    }

    /// Writes what a person may want to know in the form of Helm's log: `level=INFO msg="…" key=value`.
    pub fn info(&self, text: &str, fields: &[(&str, String)]) {
        self.status(format!("level=INFO msg={}{}", quote::quote(text), join(fields)));
    }

    /// Writes a hint about what to do next.
    pub fn hint(&self, text: impl AsRef<str>) {
        self.status(format!("{}: {}", self.paint("36", "hint"), text.as_ref()));
    }

    /// Writes an error in the form of Helm's: `Error: …`.
    pub fn error(&self, text: impl AsRef<str>) {
        self.status(format!("{}: {}", self.paint("31", "Error"), text.as_ref()));
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.error.has_colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The fields of a line of the log, a blank before each.
fn join(fields: &[(&str, String)]) -> String {
    let value = |value: &str| {
        let is_graphic = |c: char| c.is_ascii_graphic() && c != '"' && c != '=';
        let is_plain = !value.is_empty() && value.chars().all(is_graphic);
        if is_plain {
            value.to_owned()
        } else {
            quote::quote(value)
        }
    };
    let fields = fields.iter().map(|(key, text)| format!(" {key}={}", value(text)));
    fields.collect::<Vec<_>>().concat()
}

fn lock<T: ?Sized>(stream: &Mutex<Box<T>>) -> MutexGuard<'_, Box<T>> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}
