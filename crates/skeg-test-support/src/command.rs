//! Running a program to its end, with a time limit, or in the background.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::filters::Filters;
use crate::output::CommandOutput;
#[cfg(target_os = "linux")]
use crate::terminal::Terminal;

/// After this time a command hangs: it is ended and the test fails.
const LIMIT: Duration = Duration::from_mins(2);

/// A program with arguments and an environment that has not been started.
#[derive(Debug)]
#[must_use = "a command does nothing until it is run or started"]
pub struct TestCommand {
    command: Command,
    program: PathBuf,
    stdin: Vec<u8>,
    limit: Duration,
    filters: Filters,
    /// Keeps the context's directory while the command may run in it.
    directory: Option<Arc<TempDir>>,
}

impl TestCommand {
    /// Prepares `program` with an empty environment.
    #[expect(
        clippy::disallowed_methods,
        reason = "starting programs is what the harness is for"
    )]
    pub(crate) fn new(program: &Path, directory: PathBuf) -> Self {
        let mut command = Command::new(program);
        command.env_clear().current_dir(directory);
        Self {
            command,
            program: program.to_owned(),
            stdin: Vec::new(),
            limit: LIMIT,
            filters: Filters::default(),
            directory: None,
        }
    }

    pub(crate) fn envs(mut self, variables: &BTreeMap<OsString, OsString>) -> Self {
        self.command.envs(variables);
        self
    }

    pub(crate) fn filters(mut self, filters: Filters) -> Self {
        self.filters = filters;
        self
    }

    pub(crate) fn keeping(mut self, directory: Arc<TempDir>) -> Self {
        self.directory = Some(directory);
        self
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Sets a variable for this command.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes a variable for this command.
    pub fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets the working directory.
    pub fn current_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Gives the command this standard input, which is empty otherwise.
    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// Sets the time after which the command counts as hanging (120 s otherwise).
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs the command to its end.
    ///
    /// # Panics
    ///
    /// Panics where the program cannot be started or does not end in time.
    #[must_use = "compare the output or assert its status with `.success()` or `.failure()`"]
    #[track_caller]
    pub fn run(self) -> CommandOutput {
        self.start().wait()
    }

    /// Starts the command.
    ///
    /// # Panics
    ///
    /// Panics where the program cannot be started.
    #[track_caller]
    pub fn start(mut self) -> RunningCommand {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let started = Instant::now();
        let mut child = match self.command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("cannot start `{}`: {error}", self.program.display()),
        };
        feed(child.stdin.take(), self.stdin);
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        RunningCommand {
            child,
            stdout,
            stderr,
            started,
            deadline: started + self.limit,
            filters: self.filters,
            _directory: self.directory,
        }
    }
}

#[cfg(target_os = "linux")]
impl TestCommand {
    /// Starts the command on a terminal, at which the text for standard input is typed: `\u{4}` is Ctrl-D.
    ///
    /// What the terminal shows, with what is typed, counts as standard error; standard output is part of that too unless
    /// it goes to a pipe.
    ///
    /// # Panics
    ///
    /// Panics where the program cannot be started.
    #[track_caller]
    pub fn start_on_terminal(self, pipes_output: bool) -> RunningCommand {
        match self.try_start_on_terminal(pipes_output) {
            Ok(running) => running,
            Err(error) => panic!("cannot start a program on a terminal: {error}"),
        }
    }

    fn try_start_on_terminal(mut self, pipes_output: bool) -> std::io::Result<RunningCommand> {
        let terminal = Terminal::open()?;
        terminal.attach(&mut self.command, pipes_output)?;
        let started = Instant::now();
        let mut child = self.command.spawn()?;
        // The screen is read until nobody else has the terminal.
        drop(self.command);
        let (keyboard, screen) = terminal.into_person()?;
        feed(Some(keyboard), self.stdin);
        let stdout = match child.stdout.take() {
            Some(pipe) => drain(Some(pipe)),
            None => drain(Some(std::io::empty())),
        };
        Ok(RunningCommand {
            child,
            stdout,
            stderr: drain(Some(screen)),
            started,
            deadline: started + self.limit,
            filters: self.filters,
            _directory: self.directory,
        })
    }
}

/// Writes `text` beside the command's run; one that does not read it may end first.
fn feed(pipe: Option<impl Write + Send + 'static>, text: Vec<u8>) {
    if let Some(mut pipe) = pipe {
        thread::spawn(move || drop(pipe.write_all(&text)));
    }
}

/// Reads a pipe to its end beside the command's run.
fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    if let Some(mut pipe) = pipe {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // A pipe that breaks ends the text.
            drop(pipe.read_to_end(&mut bytes));
            drop(sender.send(bytes));
        });
    }
    receiver
}

/// A program that runs; it is ended when dropped.
#[derive(Debug)]
pub struct RunningCommand {
    child: Child,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
    started: Instant,
    deadline: Instant,
    filters: Filters,
    _directory: Option<Arc<TempDir>>,
}

impl RunningCommand {
    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the interrupt of Ctrl-C.
    ///
    /// # Panics
    ///
    /// Panics where the process cannot be signalled.
    #[cfg(unix)]
    #[expect(
        clippy::disallowed_methods,
        reason = "sending a signal otherwise needs unsafe code"
    )]
    pub fn interrupt(&self) {
        let status = Command::new("/bin/kill")
            .args(["-INT", &self.id().to_string()])
            .status()
            .expect("because every Unix has /bin/kill");
        assert!(status.success(), "process {} is gone", self.id());
    }

    /// Ends the process at once, as a crash would.
    pub fn kill(&mut self) {
        // One that has ended already is as good.
        drop(self.child.kill());
    }

    /// Waits for the end.
    ///
    /// # Panics
    ///
    /// Panics where the command does not end in time.
    #[must_use = "compare the output or assert its status with `.success()` or `.failure()`"]
    #[track_caller]
    pub fn wait(mut self) -> CommandOutput {
        let stdout = self.collect(Stream::Output);
        let stderr = self.collect(Stream::Error);
        let status = self.child.wait().expect("because the process is our own child");
        CommandOutput {
            stdout,
            stderr,
            status: status.code(),
            duration: self.started.elapsed(),
            filters: self.filters.clone(),
        }
    }

    #[track_caller]
    fn collect(&mut self, stream: Stream) -> Vec<u8> {
        let receiver = match stream {
            Stream::Output => &self.stdout,
            Stream::Error => &self.stderr,
        };
        let left = self.deadline.saturating_duration_since(Instant::now());
        let Ok(bytes) = receiver.recv_timeout(left) else {
            self.kill();
            panic!("the command did not end within its time limit");
        };
        bytes
    }
}

#[derive(Clone, Copy)]
enum Stream {
    Output,
    Error,
}

impl Drop for RunningCommand {
    fn drop(&mut self) {
        self.kill();
        // Nothing can be done about one that cannot be waited for.
        drop(self.child.wait());
    }
}
