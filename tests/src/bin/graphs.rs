//! Lets helm and skeg update and build the dependencies of many charts: the working part of `cargo xtask graphs`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it reports to a terminal"
)]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use skeg_tests::Program;
use skeg_tests::graphs::{Case, Catalogue, Comparison, Universe, compare, generate, real};

/// How many charts are worked on at the same time.
const SIDE_BY_SIDE: usize = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [helm, skeg, count, seed, directories @ ..] = arguments.as_slice() else {
        eprintln!("error: run `cargo xtask graphs`");
        return ExitCode::FAILURE;
    };
    let (Ok(count), Ok(seed)) = (count.parse(), seed.parse()) else {
        eprintln!("error: the count and the seed are numbers");
        return ExitCode::FAILURE;
    };
    let mut catalogue = Catalogue::default();
    let mut cases = generate(count, seed, &mut catalogue);
    for directory in directories {
        match real(Path::new(directory), &mut catalogue) {
            Ok(more) => cases.extend(more),
            Err(error) => {
                eprintln!("error: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    let universe = Universe::start(&catalogue);
    let (helm, skeg) = (Program::new("helm", helm), Program::new("skeg", skeg));
    report(&cases, &run(&cases, &universe, &helm, &skeg))
}

fn run(cases: &[Case], universe: &Universe, helm: &Program, skeg: &Program) -> Vec<(usize, Comparison)> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(index) else { break };
                    let comparison = compare(case, universe, helm, skeg);
                    results
                        .lock()
                        .expect("because no holder panics")
                        .push((index, comparison));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("because no holder panics");
    results.sort_by_key(|(index, _)| *index);
    results
}

fn report(cases: &[Case], results: &[(usize, Comparison)]) -> ExitCode {
    let (mut same, mut failures, mut better, mut words, mut different) = (0, 0, 0, 0, 0);
    for (index, comparison) in results {
        let title = &cases[*index].title;
        match comparison {
            Comparison::Same => same += 1,
            Comparison::SameFailure => failures += 1,
            Comparison::OtherWords(theirs, ours) => {
                words += 1;
                println!("{title}: other words\n  helm {theirs}\n  skeg {ours}");
            }
            Comparison::Better(_) => better += 1,
            Comparison::Different(what) => {
                different += 1;
                println!("{title}: {what}");
            }
        }
    }
    println!(
        "{} charts: {same} the same, {failures} fail with the same words, {words} with words of their own, {better} fail with helm only, {different} different",
        results.len()
    );
    match different {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
