//! Finding and running a helper, with a limit on its time and its output.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::protocol::says_not_found;

/// The most that is read of a helper's output; a credential is a few KiB.
const MAX_OUTPUT: usize = 1 << 20;

/// The most of a helper's own words that a message quotes, in characters.
const MAX_QUOTE: usize = 200;

/// How long output may lag behind the end of a helper, which may have left children that hold its pipes.
const GRACE: Duration = Duration::from_secs(1);

/// A helper that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("docker-credential-{suffix} {action} failed")]
pub struct HelperError {
    /// The helper's name behind `docker-credential-`.
    pub suffix: String,
    /// What it was asked: `get`, `store`, `erase` or `list`.
    pub action: &'static str,
    /// What it did.
    #[source]
    pub failure: HelperFailure,
}

/// What a helper did instead of answering. Its output is quoted only where it can hold no credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HelperFailure {
    /// The configured name is empty or has characters that no program's name should have.
    #[error("this is no name of a program")]
    BadName,
    /// No directory of the search path has it.
    #[error("the program was not found in PATH")]
    Missing,
    /// It could not be started or watched.
    #[error("the program cannot be run")]
    Run(#[source] io::Error),
    /// It took too long and was killed.
    #[error("it did not answer within {0:?}")]
    TimedOut(Duration),
    /// It ended with a failure.
    #[error("{status}{}", quoted(message))]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// What it said, on one line; empty if it said nothing that may be shown.
        message: String,
    },
    /// It succeeded, but its output is no answer.
    #[error("its answer is not what the helper protocol prescribes")]
    Garbage,
    /// It printed more than any answer has.
    #[error("its answer is larger than {} KiB", MAX_OUTPUT >> 10)]
    TooLarge,
    /// The protocol has no way to say this.
    #[error("the helper protocol cannot carry this kind of credential")]
    Unsupported,
}

impl HelperError {
    pub(super) fn new(suffix: &str, action: &'static str, failure: HelperFailure) -> Self {
        let suffix = suffix.to_owned();
        Self {
            suffix,
            action,
            failure,
        }
    }

    /// Tells whether the helper only says that it has no credential.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(&self.failure, HelperFailure::Failed { message, .. } if says_not_found(message))
    }

    /// Drops the message if the helper repeats the secret in it.
    pub(super) fn without(mut self, secret: &str) -> Self {
        if let HelperFailure::Failed { message, .. } = &mut self.failure
            && message.contains(&one_line(secret))
        {
            message.clear();
        }
        self
    }
}

/// A message behind a colon, cut to [`MAX_QUOTE`].
fn quoted(message: &str) -> String {
    match message.char_indices().nth(MAX_QUOTE) {
        _ if message.is_empty() => String::new(),
        Some((end, _)) => format!(": {}…", &message[..end]),
        None => format!(": {message}"),
    }
}

/// The program's name for a helper's suffix.
pub(super) fn name_of(suffix: &str) -> String {
    format!("docker-credential-{suffix}")
}

/// Tells whether a suffix from a file may be put into a program's name: no path, nothing that cannot be printed.
pub(super) fn is_suffix(suffix: &str) -> bool {
    !suffix.is_empty()
        && suffix
            .chars()
            .all(|c| !matches!(c, '/' | '\\' | ':') && !c.is_control())
}

/// Finds a program in the absolute directories of a search path.
pub(super) fn find(name: &str, search_path: &OsStr) -> Option<PathBuf> {
    std::env::split_paths(search_path)
        .filter(|directory| directory.is_absolute())
        .flat_map(|directory| candidates(&directory, name))
        .find(|program| is_program(program))
}

fn candidates(directory: &Path, name: &str) -> Vec<PathBuf> {
    let mut candidates = vec![directory.join(name)];
    if cfg!(windows) {
        candidates.insert(0, directory.join(format!("{name}.exe")));
    }
    candidates
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    fs_err::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("exe"))
        && path.is_file()
}

/// Runs a helper with `input` on its standard input and returns what it prints.
pub(super) fn run(
    program: &Path,
    action: &str,
    input: &str,
    limit: Duration,
) -> Result<Vec<u8>, HelperFailure> {
    let deadline = Instant::now() + limit;
    let mut child = start(program, action).map_err(HelperFailure::Run)?;
    let output = Output::of(&mut child, input);
    let status = match wait(&mut child, &output.ended, deadline) {
        Ok(Some(status)) => status,
        Ok(None) => {
            kill(child);
            return Err(HelperFailure::TimedOut(limit));
        }
        Err(error) => {
            kill(child);
            return Err(HelperFailure::Run(error));
        }
    };
    let (stdout, stderr) = output.collect(Instant::now() + GRACE);
    if !status.success() {
        let message = message_of(&stdout, &stderr);
        return Err(HelperFailure::Failed { status, message });
    }
    if stdout.len() > MAX_OUTPUT {
        return Err(HelperFailure::TooLarge);
    }
    Ok(stdout)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this module is where helpers are started"
)]
fn start(program: &Path, action: &str) -> io::Result<Child> {
    let mut command = Command::new(program);
    command
        .arg(action)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn()
}

/// Ends a helper that is of no more use. Children of its own are not reached; the threads that read them are let go.
fn kill(mut child: Child) {
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        tracing::debug!(%error, "a credential helper cannot be killed");
    }
}

/// Waits for the end of a helper; `None` if the deadline comes first.
///
/// The end of its output wakes this up, so that the usual helper costs no delay.
fn wait(child: &mut Child, ended: &Receiver<()>, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    let mut step = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        if ended.recv_timeout(step.min(left)) == Err(RecvTimeoutError::Disconnected) {
            thread::sleep(step.min(left));
        }
        step = (step * 2).min(Duration::from_millis(20));
    }
}

/// What a helper prints, read by threads of its own.
struct Output {
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    /// Closed once both have ended.
    ended: Receiver<()>,
}

impl Output {
    /// Feeds a helper and reads what it prints, side by side: a helper may print before it has read all.
    fn of(child: &mut Child, input: &str) -> Self {
        let (sender, ended) = channel();
        let stdout = Arc::default();
        let stderr = Arc::default();
        if let Some(pipe) = child.stdout.take() {
            read_aside(pipe, Arc::clone(&stdout), sender.clone());
        }
        if let Some(pipe) = child.stderr.take() {
            read_aside(pipe, Arc::clone(&stderr), sender);
        }
        if let Some(mut pipe) = child.stdin.take() {
            let input = input.to_owned();
            // A helper that does not read its input is not thereby wrong: the error is of no interest.
            thread::spawn(move || pipe.write_all(input.as_bytes()));
        }
        Self {
            stdout,
            stderr,
            ended,
        }
    }

    /// Waits until both outputs have ended, or for the deadline, and returns what came.
    fn collect(self, deadline: Instant) -> (Vec<u8>, Vec<u8>) {
        let left = deadline.saturating_duration_since(Instant::now());
        if self.ended.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
            tracing::debug!("a credential helper left its output open");
        }
        let take = |bytes: &Mutex<Vec<u8>>| {
            std::mem::take(&mut *bytes.lock().unwrap_or_else(PoisonError::into_inner))
        };
        (take(&self.stdout), take(&self.stderr))
    }
}

/// Reads a pipe to its end and keeps the first [`MAX_OUTPUT`] bytes and one more; `running` is dropped at the end.
fn read_aside(mut pipe: impl Read + Send + 'static, kept: Arc<Mutex<Vec<u8>>>, running: Sender<()>) {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let room = (MAX_OUTPUT + 1).saturating_sub(kept.len());
            kept.extend_from_slice(&buffer[..count.min(room)]);
        }
        drop(running);
    });
}

/// What a helper that failed says, fit to be shown: one line, without anything that looks like a credential.
fn message_of(stdout: &[u8], stderr: &[u8]) -> String {
    [stdout, stderr]
        .into_iter()
        .map(|bytes| one_line(&String::from_utf8_lossy(bytes)))
        .find(|line| !line.is_empty() && !may_hold_secret(line))
        .unwrap_or_default()
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A helper that dies after it began its answer leaves it on standard output.
fn may_hold_secret(line: &str) -> bool {
    line.contains('{') || line.to_ascii_lowercase().contains("\"secret\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_short_and_hold_no_credential() {
        let check = |stdout: &str, stderr: &str, expected: &str| {
            assert_eq!(message_of(stdout.as_bytes(), stderr.as_bytes()), expected);
        };
        check("no\r\nkeychain\x1b[1m\n", "", "no keychain [1m");
        check("", "on stderr", "on stderr");
        check(r#"{"Username":"u","Secret":"hunter2"}"#, "crashed", "crashed");
        check(r#""Secret":"hunter2""#, "", "");
    }

    #[test]
    fn long_messages_are_cut_when_they_are_shown() {
        assert_eq!(quoted(""), "");
        assert_eq!(quoted("short"), ": short");
        assert_eq!(quoted(&"ä".repeat(500)), format!(": {}…", "ä".repeat(MAX_QUOTE)));
    }

    #[test]
    fn suffixes_are_no_paths() {
        for suffix in ["pass", "desktop.exe", "ecr-login", "my_helper 2"] {
            assert!(is_suffix(suffix), "{suffix:?}");
        }
        for suffix in ["", "../x", "a/b", "a\\b", "c:x", "a\0b", "a\nb"] {
            assert!(!is_suffix(suffix), "{suffix:?}");
        }
    }
}
