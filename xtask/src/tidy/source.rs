//! Rules of single files: documented modules, sizes, tests that always run, nothing of the
//! machine the file was written on.

use crate::paths;
use crate::process;

use super::Problem;
use super::SourceFile;

const LONGEST_LIB: usize = 80;
const LONGEST_FILE: usize = 600;
const LONGEST_TEST_FILE: usize = 1000;

/// Attributes by which a test does not say what it seems to say.
const BANNED_ATTRIBUTES: [&str; 2] = [concat!("#[", "ignore"), concat!("#[", "should_panic")];

/// Notes that belong into an issue.
const BANNED_NOTES: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];

/// What a line of a `lib.rs` may not begin with, after its visibility.
const ITEMS: [&str; 11] = [
    "fn ",
    "async fn ",
    "const ",
    "static ",
    "struct ",
    "enum ",
    "trait ",
    "impl",
    "type ",
    "macro_rules!",
    "union ",
];

/// The paths of the machine that a checked-in file may not hold.
pub(super) struct Machine {
    paths: Vec<String>,
}

impl Machine {
    /// This machine: the home directory and the checkout.
    pub(super) fn this() -> Self {
        let home = process::variable("HOME").or_else(|| process::variable("USERPROFILE"));
        let checkout = paths::root().display().to_string();
        Self {
            paths: home.into_iter().chain([checkout]).collect(),
        }
    }
}

/// Checks one file against every rule that applies to it.
pub(super) fn check(file: &SourceFile, machine: &Machine) -> Vec<Problem> {
    let mut problems = check_machine_paths(file, machine);
    let is_data = file.path.contains("tests/data/") || has_extension(file, "snap");
    if is_data {
        return problems;
    }
    problems.extend(check_whitespace(file));
    if has_extension(file, "rs") {
        problems.extend(check_module_doc(file));
        problems.extend(check_length(file));
        problems.extend(check_banned(file));
    }
    if file.path.ends_with("src/lib.rs") {
        problems.extend(check_lib(file));
    }
    problems
}

fn has_extension(file: &SourceFile, extension: &str) -> bool {
    file.path
        .rsplit_once('.')
        .is_some_and(|(_, found)| found == extension)
}

fn check_machine_paths(file: &SourceFile, machine: &Machine) -> Vec<Problem> {
    machine
        .paths
        .iter()
        .filter(|path| path.len() > 1 && names_path(&file.text, path))
        .map(|path| format!("{}: holds the local path `{path}`", file.path))
        .collect()
}

/// Whether the text holds the path itself, not the end or the beginning of a longer one.
fn names_path(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + path.len()..].chars().next();
        let starts = before.is_none_or(|c| !c.is_alphanumeric() && !"_-.]}/".contains(c));
        starts && after.is_some_and(|c| c == '/' || c == '\\')
    })
}

fn check_whitespace(file: &SourceFile) -> Vec<Problem> {
    let trailing = file
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.ends_with([' ', '\t']))
        .map(|(index, _)| format!("{}:{}: trailing whitespace", file.path, index + 1));
    let last = (!file.text.is_empty() && !file.text.ends_with('\n'))
        .then(|| format!("{}: no end of the last line", file.path));
    trailing.chain(last).collect()
}

fn check_module_doc(file: &SourceFile) -> Option<Problem> {
    let documented = file.text.starts_with("//! ") || file.text.starts_with("//!\n");
    (!documented).then(|| format!("{}: does not begin with `//!`", file.path))
}

fn check_length(file: &SourceFile) -> Option<Problem> {
    let is_test = file.path.contains("tests/") || file.path.ends_with("/tests.rs");
    let (lines, most) = if is_test {
        (file.text.lines().count(), LONGEST_TEST_FILE)
    } else {
        (lines_without_tests(&file.text), LONGEST_FILE)
    };
    (lines > most).then(|| format!("{}: {lines} lines, at most {most}", file.path))
}

fn lines_without_tests(text: &str) -> usize {
    let tests = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..tests].lines().count()
}

fn check_banned(file: &SourceFile) -> Vec<Problem> {
    BANNED_ATTRIBUTES
        .iter()
        .chain(&BANNED_NOTES)
        .filter(|banned| file.text.contains(**banned))
        .map(|banned| format!("{}: `{banned}`", file.path))
        .collect()
}

fn check_lib(file: &SourceFile) -> Vec<Problem> {
    let lines = file.text.lines().count();
    let long = (lines > LONGEST_LIB).then(|| format!("{}: {lines} lines, at most {LONGEST_LIB}", file.path));
    let items = file.text.lines().enumerate().filter(|(_, line)| is_item(line));
    let items = items.map(|(index, _)| format!("{}:{}: an item in lib.rs", file.path, index + 1));
    long.into_iter().chain(items).collect()
}

fn is_item(line: &str) -> bool {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    ITEMS.iter().any(|item| line.starts_with(item))
}

#[cfg(test)]
mod tests {
    use super::Machine;
    use super::SourceFile;
    use super::check;

    #[track_caller]
    fn check_file(path: &str, text: &str, expected: &[&str]) {
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let machine = Machine {
            paths: vec!["/home/ada".to_owned()],
        };
        assert_eq!(check(&file, &machine), expected);
    }

    #[test]
    fn a_good_module_is_fine() {
        check_file("src/a.rs", "//! A.\n\nfn a() {}\n", &[]);
        check_file("src/lib.rs", "//! A.\n\nmod a;\n\npub use a::b;\n", &[]);
        check_file("README.md", "# Title\n", &[]);
    }

    #[test]
    fn a_module_begins_with_its_doc() {
        check_file(
            "src/a.rs",
            "fn a() {}\n",
            &["src/a.rs: does not begin with `//!`"],
        );
    }

    #[test]
    fn whitespace_at_the_end_is_a_problem() {
        check_file("a.md", "one \ntwo\n", &["a.md:1: trailing whitespace"]);
        check_file("a.md", "one", &["a.md: no end of the last line"]);
        check_file("tests/data/x.yaml", "one \ntwo", &[]);
    }

    #[test]
    fn long_files_are_a_problem_but_their_tests_are_not() {
        let long = format!("//! A.\n{}", "\n".repeat(600));
        check_file("src/a.rs", &long, &["src/a.rs: 601 lines, at most 600"]);
        let tested = format!("//! A.\n\n#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(600));
        check_file("src/a.rs", &tested, &[]);
        check_file("tests/it/a.rs", &long, &[]);
        let longer = format!("//! A.\n{}", "\n".repeat(1000));
        check_file(
            "tests/it/a.rs",
            &longer,
            &["tests/it/a.rs: 1001 lines, at most 1000"],
        );
    }

    #[test]
    fn lib_files_are_tables_of_contents() {
        check_file(
            "src/lib.rs",
            "//! A.\npub fn a() {}\n",
            &["src/lib.rs:2: an item in lib.rs"],
        );
        check_file(
            "src/lib.rs",
            "//! A.\nimpl A {}\n",
            &["src/lib.rs:2: an item in lib.rs"],
        );
        let long = "//! A.\n".repeat(81);
        check_file("src/lib.rs", &long, &["src/lib.rs: 81 lines, at most 80"]);
    }

    #[test]
    fn tests_always_run_and_say_what_they_expect() {
        let skipped = concat!("//! A.\n#[", "ignore]\n");
        check_file("src/a.rs", skipped, &[concat!("src/a.rs: `#[", "ignore`")]);
        let panics = concat!("//! A.\n#[", "should_panic]\n");
        check_file("src/a.rs", panics, &[concat!("src/a.rs: `#[", "should_panic`")]);
    }

    #[test]
    fn notes_to_oneself_are_a_problem() {
        let note = concat!("//! A.\n// TO", "DO: later\n");
        check_file("src/a.rs", note, &[concat!("src/a.rs: `TO", "DO`")]);
    }

    #[test]
    fn paths_of_the_machine_are_a_problem() {
        let problem = ["a.md: holds the local path `/home/ada`"];
        check_file("a.md", "see /home/ada/notes\n", &problem);
        check_file("a.md", "see x/home/ada/notes\n", &[]);
        check_file("a.md", "see /home/adam/notes\n", &[]);
    }
}
