//! How far the registry client can be trusted: its cases by name, and the page that lists them.
//!
//! Each subtask writes a section of the same page by [`write_section`].

mod kill;
mod page;
mod scale;
mod table;

use std::collections::BTreeMap;

use fs_err as fs;

use self::scale::ScaleArgs;
use self::table::{CASES, Case};
use crate::bench;
use crate::failure::{Failure, Result};
use crate::paths;
use crate::process;
use crate::process::Run;
use crate::sections;

/// The packages whose tests show cases.
const PACKAGES: [&str; 5] = [
    "skeg-credentials",
    "skeg-oci",
    "skeg-oci-client",
    "skeg-registry",
    "skeg",
];

/// How a test is named that shows a case, or that an advisory does not hold.
const PREFIXES: [&str; 2] = ["case_", "advisory_"];

#[derive(Debug, clap::Args)]
pub(crate) struct ReliabilityArgs {
    #[command(subcommand)]
    action: Option<ReliabilityAction>,
    /// Write what was shown to docs/reference/reliability.md, and times to benchmarks.md
    #[arg(long, global = true)]
    write: bool,
}

#[derive(Debug, clap::Subcommand)]
enum ReliabilityAction {
    /// Run the HTTP-level cases and the tests of the advisories (the default)
    Cases,
    /// Copy, list and search at scale, on bad links, and beside the programs of others
    Scale(ScaleArgs),
    /// Kill commands at any moment and look at what they leave
    Kill(kill::KillArgs),
}

/// The tests of one case, and whether all of them passed.
#[derive(Debug, Default)]
struct Shown {
    tests: Vec<String>,
    failed: Vec<String>,
}

/// Runs a subtask.
pub(crate) fn run(args: &ReliabilityArgs) -> Result<()> {
    match &args.action {
        None | Some(ReliabilityAction::Cases) => cases(args.write),
        Some(ReliabilityAction::Scale(scale)) => {
            let sections = scale::run(scale)?;
            if let (true, Some(figures)) = (args.write, &sections.figures) {
                write_section("scale", figures)?;
            }
            for (name, section) in sections.benchmarks.iter().filter(|_| args.write) {
                bench::write_section(name, section)?;
            }
            Ok(())
        }
        Some(ReliabilityAction::Kill(kill)) => kill::run(kill, args.write),
    }
}

fn cases(write: bool) -> Result<()> {
    let (lines, _) = process::cargo()
        .args(["test", "--locked", "--no-fail-fast"])
        .args(PACKAGES.iter().flat_map(|package| ["--package", package]))
        .arg("--")
        .args(PREFIXES)
        .watch()?;
    let shown = collect(&lines);
    if write {
        write_section("cases", &page::cases(&shown))?;
    }
    judge(&shown)
}

/// Replaces one section of the page, or adds it. Every subtask has its own.
pub(crate) fn write_section(name: &str, section: &str) -> Result<()> {
    let path = paths::root().join("docs/reference/reliability.md");
    // The first section makes the page.
    let before = fs::read_to_string(&path).unwrap_or_default();
    let before = if before.is_empty() { page::HEAD } else { &before };
    fs::write(&path, sections::replaced(before, name, section))?;
    println!("wrote {}", path.display());
    Ok(())
}

/// Sorts the results of a test run by case.
fn collect(lines: &[String]) -> BTreeMap<&'static str, Shown> {
    let mut shown: BTreeMap<&'static str, Shown> = BTreeMap::new();
    for line in lines {
        let Some((test, passed)) = result(line) else {
            continue;
        };
        let Some(case) = CASES.iter().find(|case| shows(case, test)) else {
            continue;
        };
        let entry = shown.entry(case.id).or_default();
        entry.tests.push(test.to_owned());
        if !passed {
            entry.failed.push(test.to_owned());
        }
    }
    for entry in shown.values_mut() {
        entry.tests.sort();
        entry.tests.dedup();
    }
    shown
}

/// Reads `test cases::pull::case_35_… ... ok`: the test's own name, and whether it passed.
fn result(line: &str) -> Option<(&str, bool)> {
    let (path, outcome) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let name = path.rsplit("::").next()?;
    let is_ours = PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    is_ours.then_some((name, outcome.trim() == "ok"))
}

/// Tells whether a test is named for a case: `case_22_and_24_…` is for both.
fn shows(case: &Case, test: &str) -> bool {
    let id = case.id.to_ascii_lowercase().replace('-', "_");
    let words = test.strip_prefix("advisory_");
    if let Some(words) = words {
        return words.starts_with(&id);
    }
    test.strip_prefix("case_")
        .is_some_and(|words| words.strip_prefix(&*id).is_some_and(|rest| rest.starts_with('_')))
}

/// Fails when a case has no test, or one that failed.
fn judge(shown: &BTreeMap<&'static str, Shown>) -> Result<()> {
    let untested: Vec<_> = CASES
        .iter()
        .filter(|case| !shown.contains_key(case.id))
        .map(|case| case.id)
        .collect();
    let failed: Vec<_> = shown.values().flat_map(|shown| shown.failed.clone()).collect();
    if !untested.is_empty() {
        return Err(Failure::new(format!("no test shows {}", untested.join(", "))));
    }
    if !failed.is_empty() {
        return Err(Failure::new(format!("failed: {}", failed.join(", "))));
    }
    let tests: usize = shown.values().map(|shown| shown.tests.len()).sum();
    println!("{} cases, {tests} tests, all passed", CASES.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|&line| line.to_owned()).collect()
    }

    #[test]
    fn tests_belong_to_the_case_of_their_number() {
        let shown = collect(&lines(&[
            "test cases::authentication::case_01_a ... ok",
            "test cases::authentication::case_10_b ... FAILED",
            "test cases::advisories::advisory_cve_2020_15157_c ... ok",
            "test other ... ok",
            "test result: ok. 3 passed",
        ]));
        assert_eq!(shown["01"].tests, ["case_01_a"]);
        assert_eq!(shown["10"].failed, ["case_10_b"]);
        assert_eq!(shown["CVE-2020-15157"].tests.len(), 1);
        assert_eq!(shown.len(), 3);
        assert!(
            judge(&shown)
                .unwrap_err()
                .to_string()
                .starts_with("no test shows 02")
        );
    }

    #[test]
    fn no_case_is_listed_twice() {
        let mut ids: Vec<_> = CASES.iter().map(|case| case.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CASES.len());
    }
}
