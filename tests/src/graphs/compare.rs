//! Running both programs over a case, and judging.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use flate2::read::GzDecoder;
use regex::Regex;

use super::{CLASSIC, Case, REGISTRY, Universe};
use crate::{Outcome, Program, Sandbox};

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// The same in every step.
    Same,
    /// Both fail with the same words.
    SameFailure,
    /// Both fail, each with words of its own: those of helm, and those of skeg.
    OtherWords(String, String),
    /// Helm fails where skeg is meant to do better: what helm says.
    Better(String),
    /// Anything else.
    Different(String),
}

/// What a program left behind in one step.
#[derive(Debug, PartialEq, Eq)]
struct State {
    is_success: bool,
    /// Sorted, since some of them come as servers answer.
    lines: Vec<String>,
    error: String,
    lock: Vec<String>,
    /// The paths in `charts/`, and what is there.
    charts: BTreeMap<String, String>,
}

/// The commands, in this order; before the last one `charts/` is emptied.
const STEPS: [&str; 3] = ["update", "update", "build"];

/// Lets both programs do the same in places of their own.
pub fn compare(case: &Case, universe: &Universe, helm: &Program, skeg: &Program) -> Comparison {
    let (theirs, ours) = (prepare(case, universe), prepare(case, universe));
    for (number, step) in STEPS.into_iter().enumerate() {
        if step == "build" {
            prepare_build(case, universe, [&theirs, &ours]);
        }
        let mut expected = state(&theirs, universe, &run(&theirs, helm, step));
        let mut actual = state(&ours, universe, &run(&ours, skeg, step));
        for state in [&mut expected, &mut actual] {
            state.lines.retain(|line| is_compared(line, number));
            state.lines.dedup();
        }
        match judge(&expected, &actual) {
            Comparison::Same => {}
            Comparison::Different(what) => {
                return Comparison::Different(format!("dependency {step} ({}): {what}", number + 1));
            }
            failure => return failure,
        }
    }
    Comparison::Same
}

fn run(sandbox: &Sandbox, program: &Program, step: &str) -> Outcome {
    sandbox.run(program, ["dependency", step, "chart", "--plain-http"])
}

fn judge(expected: &State, actual: &State) -> Comparison {
    match (expected.is_success, actual.is_success) {
        (false, false) if expected.error == actual.error => Comparison::SameFailure,
        (false, false) => Comparison::OtherWords(expected.error.clone(), actual.error.clone()),
        (false, true) if is_bettered(&expected.error) => Comparison::Better(expected.error.clone()),
        _ if expected == actual => Comparison::Same,
        _ => Comparison::Different(difference(&format!("{expected:#?}"), &format!("{actual:#?}"))),
    }
}

/// The lines that only one of them has.
fn difference(expected: &str, actual: &str) -> String {
    let mut text = String::new();
    for (mark, one, other) in [("helm", expected, actual), ("skeg", actual, expected)] {
        for line in one
            .lines()
            .filter(|line| !other.lines().any(|known| known == *line))
        {
            let _infallible = write!(text, "\n  {mark} {}", line.trim());
        }
    }
    text
}

/// Where helm fails and skeg does not: tags in another writing than the version that is asked for; builds of charts whose
/// repositories have no name; a repository that is written with a slash at its end and without.
fn is_bettered(error: &str) -> bool {
    error.contains("failed to perform \"FetchReference\" on source")
        || error.contains("no cached repository for helm-manager-")
        || error.contains("Please add the missing repos via 'helm repo add'")
}

fn prepare(case: &Case, universe: &Universe) -> Sandbox {
    let sandbox = Sandbox::new();
    let write = |path: &Path, content: &[u8]| {
        let parent = path.parent().expect("because the path is below the sandbox");
        fs_err::create_dir_all(parent).expect("because the sandbox is ours");
        fs_err::write(path, content).expect("because the sandbox is ours");
    };
    for (path, content) in &case.files {
        let path = sandbox.work().join(path);
        match std::str::from_utf8(content) {
            Ok(text) => {
                let text = text
                    .replace(CLASSIC, universe.classic())
                    .replace(REGISTRY, universe.registry());
                write(&path, text.as_bytes());
            }
            Err(_) => write(&path, content),
        }
    }
    name_repositories(&sandbox, &named(case, universe));
    sandbox
}

/// The names of repositories of a case, and the addresses that they have.
fn named(case: &Case, universe: &Universe) -> Vec<(String, String)> {
    let named = case.named.iter();
    named
        .map(|(name, path)| (name.clone(), format!("{}/{path}", universe.classic())))
        .collect()
}

/// Writes `repositories.yaml`, unless there is nothing to write.
fn name_repositories(sandbox: &Sandbox, named: &[(String, String)]) {
    if named.is_empty() {
        return;
    }
    let mut list = String::from("apiVersion: v1\nrepositories:\n");
    for (name, url) in named {
        let _infallible = write!(list, "- name: {name}\n  url: {url}\n");
    }
    let directory = sandbox.home().join("helm-config");
    fs_err::create_dir_all(&directory).expect("because the sandbox is ours");
    fs_err::write(directory.join("repositories.yaml"), list).expect("because the sandbox is ours");
}

/// Empties `charts/`. Both build from what helm has locked, and every repository gets a name, without which helm does not build.
fn prepare_build(case: &Case, universe: &Universe, sandboxes: [&Sandbox; 2]) {
    let [theirs, _] = sandboxes;
    let mut named = named(case, universe);
    for file in ["Chart.lock", "requirements.lock"] {
        let path = Path::new("chart").join(file);
        if !theirs.work().join(&path).is_file() {
            continue;
        }
        let lock = String::from_utf8_lossy(&theirs.read(&path)).into_owned();
        for url in lock
            .lines()
            .filter_map(|line| line.trim().strip_prefix("repository: http"))
        {
            let url = format!("http{}", url.trim_end_matches('/'));
            if !named.iter().any(|(_, known)| *known == url) {
                named.push((format!("extra-{}", named.len()), url));
            }
        }
        for sandbox in sandboxes {
            fs_err::write(sandbox.work().join(&path), &lock).expect("because the sandbox is ours");
        }
    }
    for sandbox in sandboxes {
        empty_charts(sandbox);
        name_repositories(sandbox, &named);
    }
}

fn empty_charts(sandbox: &Sandbox) {
    let charts = sandbox.work().join("chart/charts");
    for entry in fs_err::read_dir(charts).into_iter().flatten().flatten() {
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "tgz")
        {
            fs_err::remove_file(entry.path()).expect("because the sandbox is ours");
        }
    }
}

fn state(sandbox: &Sandbox, universe: &Universe, outcome: &Outcome) -> State {
    let chart = sandbox.work().join("chart");
    let lock = ["Chart.lock", "requirements.lock"]
        .map(|name| fs_err::read_to_string(chart.join(name)).unwrap_or_default());
    let mut charts = BTreeMap::new();
    list(&chart.join("charts"), "", &mut charts);
    let neutral = |text: &str| {
        text.replace(&sandbox.work().display().to_string(), "[WORK]")
            .replace(universe.classic(), CLASSIC)
            .replace(universe.registry(), REGISTRY)
    };
    let stdout = neutral(&outcome.stdout());
    let mut lines: Vec<String> = stdout.lines().map(str::to_owned).collect();
    lines.sort();
    let error = neutral(&outcome.stderr());
    let error = error
        .lines()
        .find(|line| line.starts_with("Error: "))
        .unwrap_or_default();
    State {
        is_success: outcome.status() == Some(0),
        lines,
        error: error.to_owned(),
        lock: without_extras(&neutral(&lock.concat()))
            .lines()
            .map(str::to_owned)
            .collect(),
        charts,
    }
}

/// Whether a line must be the same. Helm fetches the index of every repository that has a name, skeg those that the chart needs;
/// Helm fetches a chart that is in a registry again for each dependency that names it, and everything again the next time.
fn is_compared(line: &str, step: usize) -> bool {
    let begins = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
    if step == 1 {
        return begins(&["Saving ", "Deleting ", "Dependency ", "Could not verify "]);
    }
    let is_about_indexes = begins(&[
        "...Successfully got an update from",
        "Hang tight while",
        "Update Complete",
        "Getting updates for unmanaged",
    ]);
    let is_repeated = line.starts_with("Already downloaded ") && line.contains("from repo oci://");
    !is_about_indexes && !is_repeated
}

/// A lock file without its time and without the fields that are skeg's own, of which one may come first in its entry.
fn without_extras(lock: &str) -> String {
    let replace = |text: &str, pattern: &str, replacement: &str| {
        let pattern = Regex::new(pattern).expect("because the pattern is a constant");
        pattern.replace_all(text, replacement).into_owned()
    };
    let lock = replace(lock, "(?m)^generated: .*\n", "");
    let lock = replace(&lock, "(?m)^- archiveDigest: .*\n(?:  digest: .*\n)?  ", "- ");
    replace(&lock, "(?m)^  (?:digest|archiveDigest): .*\n", "")
}

/// What is in a directory: of archives what is in them, since each program compresses in its own way.
fn list(directory: &Path, below: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs_err::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            list(&path, &format!("{name}/"), found);
        } else {
            let content = fs_err::read(&path).expect("because the sandbox is ours");
            found.insert(name, contents(&content));
        }
    }
}

fn contents(bytes: &[u8]) -> String {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    let mut files = BTreeMap::new();
    let Ok(entries) = archive.entries() else {
        return String::from_utf8_lossy(bytes).into_owned();
    };
    for entry in entries {
        let Ok(mut entry) = entry else {
            return String::from_utf8_lossy(bytes).into_owned();
        };
        let mut content = Vec::new();
        let _cut_off = std::io::Read::read_to_end(&mut entry, &mut content);
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        files.insert(path, String::from_utf8_lossy(&content).into_owned());
    }
    format!("{files:?}")
}
