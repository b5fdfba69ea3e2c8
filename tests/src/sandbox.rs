//! Running programs where nothing of the caller's machine can help or hurt them.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

use crate::environment::variable;
use crate::outcome::Outcome;
use crate::program::Program;
use crate::running::RunningProgram;

/// A home directory and a working directory, gone when this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

impl Sandbox {
    /// Makes an empty sandbox.
    ///
    /// # Panics
    ///
    /// When no temporary directory can be made.
    #[expect(
        clippy::new_without_default,
        reason = "making directories is no default value"
    )]
    pub fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("skeg-sandbox-")
            .tempdir()
            .expect("because a test may make temporary directories");
        let sandbox = Self {
            directory,
            variables: Vec::new(),
        };
        for part in ["home", "work"] {
            fs_err::create_dir_all(sandbox.directory.path().join(part)).expect("because the sandbox is ours");
        }
        sandbox
    }

    /// Sets a variable for every program run from now on.
    pub fn set(&mut self, name: &str, value: impl AsRef<OsStr>) {
        let value = value.as_ref().to_string_lossy().into_owned();
        self.variables.push((name.to_owned(), value));
    }

    /// The root of everything.
    pub fn root(&self) -> &Path {
        self.directory.path()
    }

    /// The home directory of the programs.
    pub fn home(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    /// The directory the programs run in.
    pub fn work(&self) -> PathBuf {
        self.directory.path().join("work")
    }

    /// The file in which helm, and so skeg, keeps logins.
    pub fn registry_config(&self) -> PathBuf {
        self.home().join("helm-config/registry/config.json")
    }

    /// Makes a directory below the working directory.
    ///
    /// # Panics
    ///
    /// When it cannot be made.
    pub fn directory(&self, name: &str) -> PathBuf {
        let path = self.work().join(name);
        fs_err::create_dir_all(&path).expect("because the sandbox is ours");
        path
    }

    /// Reads a file below the working directory.
    ///
    /// # Panics
    ///
    /// When it is not there.
    #[track_caller]
    pub fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        let path = self.work().join(name);
        fs_err::read(&path).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs a program with arguments.
    pub fn run<I>(&self, program: &Program, arguments: I) -> Outcome
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        self.run_with_input(program, arguments, b"")
    }

    /// Runs a program with arguments and something on its standard input.
    ///
    /// # Panics
    ///
    /// When the program cannot be started.
    pub fn run_with_input<I>(&self, program: &Program, arguments: I, input: &[u8]) -> Outcome
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let (line, mut child) = self.spawn(program, arguments);
        // A program that does not read its input is no error of the test.
        let _ignored = child.stdin.take().expect("because it was piped").write_all(input);
        let output = child
            .wait_with_output()
            .expect("because a started program can be waited for");
        Outcome::new(line, output)
    }

    /// Starts a program, for tests that do something while it runs.
    ///
    /// # Panics
    ///
    /// When the program cannot be started.
    pub fn start<I>(&self, program: &Program, arguments: I) -> RunningProgram
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let (line, mut child) = self.spawn(program, arguments);
        drop(child.stdin.take());
        RunningProgram::new(line, child)
    }

    fn spawn<I>(&self, program: &Program, arguments: I) -> (String, Child)
    where
        I: IntoIterator,
        I::Item: AsRef<OsStr>,
    {
        let mut command = self.command(program);
        command.args(arguments);
        let words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
        let line = format!("{} {}", program.name(), words.join(" "));
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start `{}`: {error}", program.path().display()));
        (line, child)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "running programs is what a sandbox is for"
    )]
    fn command(&self, program: &Program) -> Command {
        let home = self.home();
        let mut command = Command::new(program.path());
        command
            .current_dir(self.work())
            .env_clear()
            .env("PATH", variable("PATH").unwrap_or_default())
            .env("HOME", &home)
            .env("USERPROFILE", &home)
            .env("XDG_RUNTIME_DIR", home.join("runtime"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("DOCKER_CONFIG", home.join("docker"))
            .env("HELM_CONFIG_HOME", home.join("helm-config"))
            .env("HELM_CACHE_HOME", home.join("helm-cache"))
            .env("HELM_DATA_HOME", home.join("helm-data"))
            .env("KUBECONFIG", home.join("kubeconfig"))
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("COLUMNS", "100")
            .envs(variable("SystemRoot").map(|root| ("SystemRoot", root)))
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}
