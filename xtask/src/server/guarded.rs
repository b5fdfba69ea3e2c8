//! A server process under the guard: it ends with the value that stands for it.

use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use crate::failure::Context;
use crate::failure::Result;
use crate::process;

/// A program that runs until this is dropped, or the task ends, however it ends.
pub(crate) struct Guarded {
    guard: Child,
    log: PathBuf,
}

impl Guarded {
    /// Starts a program in `directory`, where its output goes to a log file.
    pub(crate) fn spawn(program: &Path, arguments: &[String], directory: &Path) -> Result<Self> {
        Self::start(program, arguments, directory, false)
    }

    /// The same in a directory outside of the checkout, which is removed even when the task is killed.
    pub(crate) fn spawn_outside(program: &Path, arguments: &[String], directory: &Path) -> Result<Self> {
        Self::start(program, arguments, directory, true)
    }

    fn start(program: &Path, arguments: &[String], directory: &Path, removes: bool) -> Result<Self> {
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        let log = directory.join(format!("{name}.log"));
        let output = fs_err::File::create(&log)?.into_parts().0;
        let mut command = process::program(this_program()?);
        command.arg("guard");
        if removes {
            command.arg("--remove").arg(directory);
        }
        command
            .arg("--")
            .arg(program)
            .args(arguments)
            .current_dir(directory)
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output);
        leave_terminal(&mut command);
        let guard = command.spawn().context(program.display())?;
        Ok(Self { guard, log })
    }

    /// Whether the program is gone.
    pub(crate) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.guard.try_wait()?.is_some())
    }

    /// Waits until the program is gone.
    pub(crate) fn wait(&mut self) -> Result<()> {
        // Keeps the pipe open: a wait on the child would close it.
        let pipe = self.guard.stdin.take();
        let ended = self.guard.wait();
        drop(pipe);
        ended?;
        Ok(())
    }

    /// The last lines the program printed.
    pub(crate) fn log_tail(&self) -> String {
        let log = fs_err::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // Closing its standard input asks the guard to end the program; it follows at once.
        drop(self.guard.stdin.take());
        let _ended = self.guard.wait();
    }
}

/// Lets an interrupt from the terminal reach the task alone, so that the guard is there to end its program.
#[cfg(unix)]
fn leave_terminal(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    command.process_group(0);
}

#[cfg(windows)]
fn leave_terminal(_command: &mut Command) {}

/// This program, even when a build has replaced its file since it was started.
fn this_program() -> Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() {
        return Ok(running.to_path_buf());
    }
    Ok(std::env::current_exe()?)
}
