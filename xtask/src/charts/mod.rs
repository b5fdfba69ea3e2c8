//! Real charts, rendered by helm and by skeg: are they the same, byte for byte?
//!
//! `discover` finds charts and their cases, `run` runs one case with both programs, `compare` judges, `report` prints.
//! What helm prints is kept below the target directory, by the content of the chart, so that it is asked once only.

mod compare;
mod discover;
mod report;
mod run;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use clap::Args;

use crate::dist;
use crate::failure::Failure;
use crate::failure::Result;
use crate::paths;
use crate::peers;
use crate::peers::Peer;

use compare::Verdict;
use discover::Case;
use report::Finding;
use run::Programs;

/// What to render, and how.
#[derive(Debug, Args)]
pub(crate) struct ChartsArgs {
    /// Directories below which every chart is rendered: with its own values, and with each `ci/*-values.yaml`
    #[arg(required = true, value_name = "DIR")]
    directories: Vec<PathBuf>,

    /// Only the cases whose path contains this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Run this program instead of building one
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,

    /// Run so many cases side by side
    #[arg(long, default_value_t = 2)]
    jobs: usize,

    /// The command to compare
    #[arg(long, value_enum, default_value_t)]
    command: Comparison,

    /// Print the whole difference of each case, not only the first line
    #[arg(long)]
    verbose: bool,
}

/// A command that both programs run over a chart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Comparison {
    /// `template CHART [-f VALUES]`
    #[default]
    Template,
    /// `lint CHART [-f VALUES]`
    Lint,
}

/// Renders everything with both programs and prints what differs; fails if anything does.
pub(crate) fn run(args: &ChartsArgs) -> Result<()> {
    let programs = Programs {
        helm: peers::program(Peer::Helm)?,
        skeg: dist::named_or_built(args.program.as_deref())?,
        records: paths::target().join("charts"),
        home: paths::scratch("charts")?,
        comparison: args.command,
    };
    let mut cases = Vec::new();
    for directory in &args.directories {
        cases.extend(discover::cases(&std::path::absolute(directory)?)?);
    }
    if let Some(filter) = &args.filter {
        cases.retain(|case| case.title().contains(filter.as_str()));
    }
    let findings = run_all(&cases, &programs, args.jobs)?;
    println!("{}", report::render(&findings, args.verbose));
    let different = findings.iter().filter(|finding| !finding.verdict.is_fine());
    match different.count() {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} cases differ"))),
    }
}

fn run_all(cases: &[Case], programs: &Programs, jobs: usize) -> Result<Vec<Finding>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Result<Verdict>)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((index, case)) = take(&next, cases) {
                    let verdict = programs.judge(case);
                    results
                        .lock()
                        .expect("because no holder panics")
                        .push((index, verdict));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("because no holder panics");
    results.sort_by_key(|(index, _)| *index);
    let finding = |(index, verdict): (usize, Result<Verdict>)| {
        Ok(Finding {
            title: cases[index].title(),
            verdict: verdict?,
        })
    };
    results.into_iter().map(finding).collect()
}

fn take<'cases>(next: &AtomicUsize, cases: &'cases [Case]) -> Option<(usize, &'cases Case)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    cases.get(index).map(|case| (index, case))
}
