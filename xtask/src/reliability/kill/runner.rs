//! Runs one work again and again, kills it, and lets the judges see what is left.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Context, Failure, Result};
use crate::process;

use super::judge::Finding;
use super::moments::moments;

/// How often a work is timed; the middle one counts.
const TIMINGS: usize = 3;

/// One kind of work, with the state that it changes.
pub(super) trait Work {
    /// The first column.
    fn title(&self) -> &'static str;
    /// Makes the state before run number `turn`, and keeps what is needed to judge the state after it.
    fn prepare(&mut self, turn: usize) -> Result<()>;
    /// The command that is killed, and then run again.
    fn command(&self) -> Command;
    /// What the command reads from its standard input.
    fn input(&self) -> &'static str {
        ""
    }
    /// Looks at what a killed run left.
    fn after_kill(&mut self) -> Result<Vec<Finding>>;
    /// Tells whether the killed run had done all, so that running it again would be refused.
    fn is_done(&self) -> Result<bool> {
        Ok(false)
    }
    /// Looks at what a run to the end left and printed.
    fn after_run(&mut self, output: &str) -> Result<Vec<Finding>>;
    /// Temporary files that are there now.
    fn leftovers(&self) -> Result<Vec<PathBuf>>;
    /// What else there is to say, for the text below the table.
    fn remark(&self) -> Option<String> {
        None
    }
}

/// What came of the kills of one work.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) title: &'static str,
    pub(super) whole: Duration,
    pub(super) kills: usize,
    /// Kills that met the process while it was running.
    pub(super) inside: usize,
    /// Kills that left temporary files.
    pub(super) left: usize,
    /// Temporary files that were still there after the next run.
    pub(super) kept: usize,
    pub(super) torn: usize,
    pub(super) lost: usize,
    pub(super) completed: usize,
    pub(super) remark: Option<String>,
    /// What was found, one line each.
    pub(super) complaints: Vec<String>,
}

impl Tally {
    fn add(&mut self, when: &str, findings: Vec<Finding>) {
        for finding in findings {
            let (count, word, text) = match finding {
                Finding::Torn(text) => (&mut self.torn, "torn", text),
                Finding::Lost(text) => (&mut self.lost, "lost", text),
            };
            *count += 1;
            self.complaints
                .push(format!("{}: {when}: {word}: {text}", self.title));
        }
    }

    /// Whether nothing was torn, lost or left over, and every next run completed.
    pub(super) fn is_clean(&self) -> bool {
        self.torn + self.lost + self.kept == 0 && self.completed == self.kills
    }
}

/// Kills a work `kills` times.
pub(super) fn run(work: &mut dyn Work, kills: usize, seed: u64) -> Result<Tally> {
    let whole = undisturbed(work)?;
    let mut tally = Tally {
        title: work.title(),
        whole,
        kills,
        ..Tally::default()
    };
    for (turn, moment) in moments(kills, seed, whole).into_iter().enumerate() {
        work.prepare(TIMINGS + turn)?;
        tally.inside += usize::from(kill_at(work, moment)?);
        let when = format!("kill {turn} after {} ms", moment.as_millis());
        let findings = work.after_kill()?;
        tally.add(&when, findings);
        tally.left += usize::from(!work.leftovers()?.is_empty());
        complete(work, &mut tally, &when)?;
    }
    tally.remark = work.remark();
    Ok(tally)
}

/// The next run, and what it leaves.
fn complete(work: &mut dyn Work, tally: &mut Tally, when: &str) -> Result<()> {
    if work.is_done()? {
        tally.completed += 1;
        return Ok(());
    }
    let output = finish(work)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        tally
            .complaints
            .push(format!("{}: {when}: the next run failed: {said}", tally.title));
        return Ok(());
    }
    tally.completed += 1;
    let findings = work.after_run(&String::from_utf8_lossy(&output.stdout))?;
    tally.add(&format!("the run after {when}"), findings);
    let kept = work.leftovers()?;
    tally.kept += kept.len();
    for path in kept {
        let left = path.display();
        tally
            .complaints
            .push(format!("{}: {when}: still there: {left}", tally.title));
    }
    Ok(())
}

/// How long the work takes when it is let alone. It is judged too: a judge that complains now is wrong.
fn undisturbed(work: &mut dyn Work) -> Result<Duration> {
    let mut times = Vec::new();
    for turn in 0..TIMINGS {
        work.prepare(turn)?;
        let started = Instant::now();
        let output = finish(work)?;
        times.push(started.elapsed());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let findings = work.after_run(&String::from_utf8_lossy(&output.stdout))?;
        let left = work.leftovers()?;
        if !output.status.success() || !findings.is_empty() || !left.is_empty() {
            return Err(Failure::new(format!(
                "{} without a kill: {}, {findings:?}, left: {left:?}\n{said}",
                work.title(),
                output.status
            )));
        }
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}

fn start(work: &dyn Work) -> Result<Child> {
    let mut command = work.command();
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context(process::describe(&command))?;
    if let Some(mut input) = child.stdin.take() {
        // A command that reads nothing may have ended already.
        let _unread = input.write_all(work.input().as_bytes());
    }
    Ok(child)
}

fn finish(work: &dyn Work) -> Result<Output> {
    Ok(start(work)?.wait_with_output()?)
}

/// Starts the work and kills it; tells whether it was still running.
fn kill_at(work: &dyn Work, moment: Duration) -> Result<bool> {
    let started = Instant::now();
    let mut child = start(work)?;
    thread::sleep(moment.saturating_sub(started.elapsed()));
    // On Unix this is SIGKILL.
    child.kill()?;
    let status = child.wait()?;
    Ok(status.code().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_clean_counts_as_clean() {
        let mut tally = Tally {
            kills: 2,
            completed: 2,
            left: 1,
            ..Tally::default()
        };
        assert!(tally.is_clean());
        tally.add(
            "now",
            vec![Finding::Torn("a".to_owned()), Finding::Lost("b".to_owned())],
        );
        assert_eq!((tally.torn, tally.lost, tally.complaints.len()), (1, 1, 2));
        assert!(!tally.is_clean());
        let (kept, completed) = (1, 1);
        assert!(
            !Tally {
                kept,
                ..Tally::default()
            }
            .is_clean()
        );
        assert!(
            !Tally {
                kills: 2,
                completed,
                ..Tally::default()
            }
            .is_clean()
        );
    }
}
