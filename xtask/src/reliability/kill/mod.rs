//! Kills commands at any moment and looks at what they leave: nothing torn, nothing lost, the next run completes.
//!
//! `runner` starts and kills, `works` are the commands, `judge` says what may be there, `content` and `place` read
//! registries and directories without any code of skeg's, `link` slows the line down so that there is time to be killed.

mod content;
mod fixture;
mod judge;
mod link;
mod moments;
mod place;
mod report;
mod runner;
mod works;

use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::paths;
use crate::peers::Peer;
use crate::process::{self, Run as _};

use self::fixture::Fixture;
use self::report::Setting;
use self::runner::Tally;

#[derive(Debug, clap::Args)]
pub(super) struct KillArgs {
    /// Program to kill instead of a debug build of this checkout
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// How often to kill, all works together
    #[arg(long, default_value_t = 200, value_name = "N")]
    kills: usize,
    /// Choose the moments by this number
    #[arg(long, default_value_t = 5, value_name = "S")]
    seed: u64,
    /// Kill only works with this in their titles
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// Kills every work in turn.
pub(super) fn run(args: &KillArgs, write: bool) -> Result<()> {
    if !cfg!(unix) {
        return Err(Failure::new("SIGKILL is sent on Unix only"));
    }
    if write && args.only.is_some() {
        return Err(Failure::new(
            "the page has all works: `--write` and `--only` do not go together",
        ));
    }
    let program = program(args)?;
    let directory = paths::scratch("kill")?;
    let fixture = Fixture::create(directory.path(), &program)?;
    let tallies = kill_all(&fixture, args)?;
    let version = fixture.place("version")?.skeg(&["--version"]).capture()?;
    let setting = Setting {
        skeg: format!("`{}`", version.trim()),
        registry: format!("{} {}", Peer::Distribution.name(), Peer::Distribution.version()),
        kills: args.kills,
        seed: args.seed,
    };
    let section = report::render(&tallies, &setting);
    println!("\n{section}");
    if write {
        super::write_section("kill", &section)?;
    }
    judge(&tallies)
}

fn program(args: &KillArgs) -> Result<PathBuf> {
    if let Some(program) = &args.program {
        return Ok(std::path::absolute(program)?);
    }
    process::cargo()
        .args(["build", "--locked", "--package", "skeg"])
        .run()?;
    Ok(paths::target().join("debug").join(paths::executable("skeg")))
}

fn kill_all(fixture: &Fixture, args: &KillArgs) -> Result<Vec<Tally>> {
    let mut works = works::all(fixture)?;
    if let Some(text) = &args.only {
        works.retain(|work| work.title().contains(text.as_str()));
    }
    let count = works.len();
    let mut tallies = Vec::new();
    for (index, work) in works.iter_mut().enumerate() {
        let kills = share(args.kills, count, index);
        println!("{kills} kills: {}", work.title());
        let tally = runner::run(&mut **work, kills, args.seed.wrapping_add(index as u64))?;
        for complaint in &tally.complaints {
            println!("  {complaint}");
        }
        tallies.push(tally);
    }
    Ok(tallies)
}

/// How many of `total` kills fall to one of `count` works.
fn share(total: usize, count: usize, index: usize) -> usize {
    total / count + usize::from(index < total % count)
}

/// Fails when anything was torn, lost or left, or a next run did not complete.
fn judge(tallies: &[Tally]) -> Result<()> {
    let bad: Vec<&str> = tallies
        .iter()
        .filter(|tally| !tally.is_clean())
        .map(|tally| tally.title)
        .collect();
    if bad.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("not clean: {}", bad.join("; "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kills_are_shared_out() {
        let shares: Vec<_> = (0..9).map(|index| share(200, 9, index)).collect();
        assert_eq!(shares.iter().sum::<usize>(), 200);
        assert!(shares.iter().all(|&share| share == 22 || share == 23));
    }

    #[test]
    fn a_work_that_is_not_clean_fails_the_run() {
        let tally = |torn| Tally {
            title: "push",
            torn,
            ..Tally::default()
        };
        assert!(judge(&[tally(0)]).is_ok());
        assert!(judge(&[tally(0), tally(1)]).is_err());
    }
}
