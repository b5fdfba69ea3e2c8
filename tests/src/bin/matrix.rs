//! Lets helm and skeg take turns on releases in a real cluster: the working part of `cargo xtask matrix`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it reports to a terminal"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use skeg_tests::matrix::{Counts, Difference, Matrix, Sequence, generate, shrink};
use skeg_tests::{LiveCluster, Program};

/// How many sequences are run at the same time.
const SIDE_BY_SIDE: usize = 2;

/// After so many kinds of differences no more are looked for.
const ENOUGH: usize = 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [helm, other, kubeconfig, steps, count, seed] = arguments.as_slice() else {
        eprintln!("error: run `cargo xtask matrix`");
        return ExitCode::FAILURE;
    };
    let (Ok(steps), Ok(count), Ok(seed)) = (steps.parse(), count.parse(), seed.parse()) else {
        eprintln!("error: steps, count and seed are numbers");
        return ExitCode::FAILURE;
    };
    let matrix = Matrix {
        cluster: LiveCluster::at(Path::new(kubeconfig)),
        helm: Program::new("helm", helm),
        other: Program::new("skeg", other),
        counts: Counts::default(),
    };
    let started = Instant::now();
    let (done, different) = run(&matrix, steps, count, seed);
    report(&matrix.counts, done, different, started);
    match different {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Runs sequences; returns how many, and how many of them differ.
fn run(matrix: &Matrix, steps: usize, count: usize, seed: u64) -> (usize, usize) {
    let (next, different) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let kinds = Mutex::new(BTreeMap::new());
    let is_enough = || kinds.lock().expect("because no holder panics").len() >= ENOUGH;
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while !is_enough() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let seed = seed + index as u64;
                    if let Some(text) = differs(matrix, &generate(seed, steps), seed, &kinds) {
                        different.fetch_add(1, Ordering::Relaxed);
                        println!("{text}");
                    }
                }
            });
        }
    });
    (next.into_inner().min(count), different.into_inner())
}

/// What to say about a sequence that differs. A difference must show itself twice; of a kind that is known it is not looked
/// for the shortest sequence.
fn differs(
    matrix: &Matrix,
    sequence: &Sequence,
    seed: u64,
    kinds: &Mutex<BTreeMap<String, u64>>,
) -> Option<String> {
    let first = matrix.judge(sequence)?;
    let kinds = || kinds.lock().expect("because no holder panics");
    if let Some(known) = kinds().get(&first.kind()) {
        return Some(format!("seed {seed}: differs as seed {known} does"));
    }
    let Some(difference) = matrix.judge(sequence) else {
        println!("seed {seed}: differed once and not again: {}", told(&first));
        return None;
    };
    kinds().insert(difference.kind(), seed);
    let (sequence, difference) = shrink(matrix, sequence, difference);
    kinds().insert(difference.kind(), seed);
    Some(format!(
        "seed {seed}:\n{sequence}  differs in {}\n",
        told(&difference)
    ))
}

fn told(difference: &Difference) -> String {
    let mut lines = difference.lines.clone();
    let more = lines.len().saturating_sub(12);
    lines.truncate(12);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    format!("{}\n    {}", difference.subject, lines.join("\n    "))
}

fn report(counts: &Counts, done: usize, different: usize, started: Instant) {
    let of = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    println!(
        "{done} sequences with {} commands, {} of them not by helm; {} failed alike, {} of them by conflicts; {} questions answered alike by both; {} sequences ended where skeg is meant to do otherwise; {different} sequences different; {} s",
        of(&counts.commands),
        of(&counts.by_other),
        of(&counts.failures),
        of(&counts.conflicts),
        of(&counts.answers),
        of(&counts.meant),
        started.elapsed().as_secs()
    );
}
