//! Running one case with both programs: helm twice, to see which lines it draws by lot.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::failure::Result;
use crate::process;

use super::Comparison;
use super::compare::Outcome;
use super::compare::Verdict;
use super::compare::judge;
use super::discover::Case;

/// A program that takes longer hangs.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// How often helm is asked again before a difference counts.
const MORE_RUNS: usize = 3;

/// Both programs, and where they run.
pub(super) struct Programs {
    pub(super) helm: PathBuf,
    pub(super) skeg: PathBuf,
    /// Where the outcomes of helm are kept.
    pub(super) records: PathBuf,
    pub(super) home: tempfile::TempDir,
    pub(super) comparison: Comparison,
}

impl Programs {
    /// Runs the case and compares.
    pub(super) fn judge(&self, case: &Case) -> Result<Verdict> {
        let first = self.helm(case, "1")?;
        let second = self.helm(case, "2")?;
        let ours = self.execute(&self.skeg, case)?;
        let verdict = judge(&[first.clone(), second.clone()], &ours);
        if verdict.is_fine() {
            return Ok(verdict);
        }
        // Two runs in the same second show the same time, and may draw the same lot.
        let mut runs = vec![first, second];
        for _ in 0..MORE_RUNS {
            runs.push(self.execute(&self.helm, case)?);
        }
        Ok(judge(&runs, &ours))
    }

    /// What helm does, from the records if they have it.
    fn helm(&self, case: &Case, turn: &str) -> Result<Outcome> {
        let command = match self.comparison {
            Comparison::Template => "",
            Comparison::Lint => "lint-",
        };
        let values = case.values.as_deref().and_then(Path::file_name);
        let name = values.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let name = format!("{command}{:016x}-{name}-{turn}", case.fingerprint);
        let record = self.records.join(name);
        if let Some(outcome) = Outcome::read(&record)? {
            return Ok(outcome);
        }
        let outcome = self.execute(&self.helm, case)?;
        outcome.write(&record)?;
        Ok(outcome)
    }

    fn execute(&self, program: &Path, case: &Case) -> Result<Outcome> {
        let mut command = process::program(program);
        match self.comparison {
            Comparison::Template => command.arg("template"),
            Comparison::Lint => command.arg("lint"),
        };
        command.arg(&case.chart);
        if let Some(values) = &case.values {
            command.arg("-f").arg(values);
        }
        let home = self.home.path();
        process::isolate(&mut command, home).env_remove("KUBECONFIG");
        finish(&mut command, home)
    }
}

fn finish(command: &mut Command, directory: &Path) -> Result<Outcome> {
    let stdout = tempfile::NamedTempFile::new_in(directory)?;
    let stderr = tempfile::NamedTempFile::new_in(directory)?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(stdout.reopen()?)
        .stderr(stderr.reopen()?)
        .spawn()?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status.code();
        }
        if started.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(Duration::from_millis(1));
    };
    Ok(Outcome {
        code: status,
        stdout: fs_err::read(stdout.path())?,
        stderr: fs_err::read(stderr.path())?,
    })
}
