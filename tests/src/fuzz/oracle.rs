//! The program over the Go libraries.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take; Go's templates can run without end, where ours have limits.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program that answers requests.
#[derive(Debug)]
pub struct Oracle {
    /// Requests go through a thread: the program may have to get rid of answers before it reads on.
    requests: Option<Sender<String>>,
    answers: Receiver<io::Result<String>>,
    child: Child,
    program: PathBuf,
}

impl Oracle {
    /// Starts the program.
    ///
    /// # Errors
    /// It cannot be started.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that starts it")]
    pub fn start(program: &Path) -> io::Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Go says a lot when its stack overflows.
            .stderr(Stdio::null())
            .spawn()?;
        let mut stdin = child.stdin.take().expect("because it was piped");
        let stdout = BufReader::new(child.stdout.take().expect("because it was piped"));
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || stdout.lines().try_for_each(|line| sender.send(line)).ok());
        let (requests, receiver) = mpsc::channel::<String>();
        thread::spawn(move || {
            for lines in receiver {
                // Where the program has ended, reading its answers fails and says so.
                if stdin
                    .write_all(lines.as_bytes())
                    .and_then(|()| stdin.flush())
                    .is_err()
                {
                    return;
                }
            }
        });
        Ok(Self {
            requests: Some(requests),
            answers,
            child,
            program: program.to_owned(),
        })
    }

    /// Sends requests, then reads as many answers.
    ///
    /// # Errors
    /// The program has ended, does not answer any more, or has answered with something else than JSON.
    pub fn ask(&mut self, requests: &[Value]) -> io::Result<Vec<Value>> {
        let mut lines = String::new();
        for request in requests {
            lines += &request.to_string();
            lines.push('\n');
        }
        lines.push('\n');
        let sender = self
            .requests
            .as_ref()
            .expect("because it is taken at the end only");
        sender.send(lines).map_err(io::Error::other)?;
        requests.iter().map(|_| self.read()).collect()
    }

    /// Starts the program anew, after it has ended.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn restart(&mut self) -> io::Result<()> {
        *self = Self::start(&self.program)?;
        Ok(())
    }

    fn read(&mut self) -> io::Result<Value> {
        let line = self.answers.recv_timeout(PATIENCE).map_err(io::Error::other)??;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.requests.take());
        // It would end with its input, if it ever came to read it.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
