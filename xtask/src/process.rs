//! Starting programs and reading the environment: the only module of the tasks that does either.

use std::ffi::OsStr;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::thread;

use crate::failure::Context;
use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;

/// A command that starts `name` in the root of the workspace.
#[expect(
    clippy::disallowed_methods,
    reason = "the tasks exist to run other programs; this is the one place"
)]
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(paths::root());
    command
}

/// Lets a command run in `home`, where no configuration of the machine reaches it.
pub(crate) fn isolate<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    command
        .current_dir(home)
        .env("HOME", home)
        .env("DOCKER_CONFIG", home.join("docker"))
        .env("HELM_CONFIG_HOME", home.join("config"))
        .env("HELM_CACHE_HOME", home.join("cache"))
        .env("HELM_DATA_HOME", home.join("data"))
}

/// The cargo that runs this task.
pub(crate) fn cargo() -> Command {
    program(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()))
}

/// A program of the package `skeg-tests`, built as tests are.
pub(crate) fn of_tests(name: &str) -> Command {
    let mut command = cargo();
    command.args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "skeg-tests",
        "--bin",
        name,
        "--",
    ]);
    command
}

/// An environment variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "a development tool is configured by its environment; this is the one place"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether this is a continuous-integration run, where nothing may be left out.
pub(crate) fn is_ci() -> bool {
    variable("CI").is_some_and(|value| value != "false" && value != "0")
}

/// Finds a program in `PATH`.
pub(crate) fn find_in_path(name: &str) -> Option<PathBuf> {
    let path = variable("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(paths::executable(name)))
        .find(|candidate| candidate.is_file())
}

/// Ways to run a command to its end.
pub(crate) trait Run {
    /// Prints the command, runs it on this terminal, and fails when it fails.
    fn run(&mut self) -> Result<()>;

    /// Runs the command silently and returns its standard output; fails when it fails, with its
    /// standard error in the message.
    fn capture(&mut self) -> Result<String>;

    /// Prints the command, runs it, shows its output as it comes and returns all lines of it.
    /// The flag says whether it succeeded.
    fn watch(&mut self) -> Result<(Vec<String>, bool)>;
}

impl Run for Command {
    fn run(&mut self) -> Result<()> {
        announce(self);
        let status = self.status().context(describe(self))?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::new(format!("`{}`: {status}", describe(self))))
    }

    fn capture(&mut self) -> Result<String> {
        let output = self.stdin(Stdio::null()).output().context(describe(self))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Failure::new(format!(
            "`{}`: {}\n{}",
            describe(self),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        )))
    }

    fn watch(&mut self) -> Result<(Vec<String>, bool)> {
        announce(self);
        let mut child = self
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context(describe(self))?;
        let stdout = child.stdout.take().expect("because it was piped");
        let stderr = child.stderr.take().expect("because it was piped");
        let errors = thread::spawn(move || echo(stderr, std::io::stderr()));
        let mut lines = echo(stdout, std::io::stdout());
        lines.extend(errors.join().expect("because the echo does not panic"));
        let status = child.wait()?;
        Ok((lines, status.success()))
    }
}

fn echo(from: impl Read, mut to: impl Write) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(from).split(b'\n').map_while(std::io::Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // A closed terminal is no reason to stop counting.
        let _ignored = writeln!(to, "{line}");
        lines.push(line);
    }
    lines
}

/// Prints a command as a person would type it.
pub(crate) fn announce(command: &Command) {
    println!("$ {}", describe(command));
}

/// A command as a person would type it: paths below the workspace are relative.
pub(crate) fn describe(command: &Command) -> String {
    let root = paths::root();
    let mut words = vec![shorten(command.get_program(), &root)];
    words.extend(command.get_args().map(|word| shorten(word, &root)));
    words.join(" ")
}

fn shorten(word: &OsStr, root: &Path) -> String {
    let text = word.to_string_lossy();
    match Path::new(word).strip_prefix(root) {
        Ok(relative) if !relative.as_os_str().is_empty() => relative.display().to_string(),
        _ if text.contains(' ') => format!("'{text}'"),
        _ => text.into_owned(),
    }
}
