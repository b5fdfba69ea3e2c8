//! Reading `cmd` files.

use std::path::Path;
use std::path::PathBuf;

use crate::charts::data_directory;

/// One case: what is set up, and the one command whose outcome counts.
///
/// The file `cmd` has one step per line; words are split at blanks, `'…'` keeps them together:
///
/// ```text
/// # A comment.
/// env HELM_DEBUG=true      for every command after it
/// write notes.txt text     a file below the working directory; `\n` is a new line, `\xff` that byte
/// stdin secret             standard input of the commands after it
/// setup package $CHARTS/minimal
/// content repo/index.yaml  what is in this file afterwards is recorded too
/// run push minimal-0.1.0.tgz $REMOTE --plain-http
/// ```
///
/// `$CHARTS` is `tests/data/charts`, `$HOST` the registry, `$REMOTE` a place of the case's own in
/// it, `$CLASSIC` a web server that has the files of the working directory, `$FOREIGN` another one, `$WORK` the working directory, `$DIGEST` the last digest a setup command printed.
#[derive(Debug, Clone)]
pub struct Case {
    name: String,
    directory: PathBuf,
    steps: Vec<Step>,
}

/// A line of `cmd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Set { name: String, value: String },
    Write { path: String, text: String },
    Content(String),
    Input(String),
    Setup(Vec<String>),
    Run(Vec<String>),
}

impl Case {
    /// All cases, sorted by name.
    ///
    /// # Panics
    ///
    /// When a case cannot be read: they are part of the checkout.
    pub fn all() -> Vec<Self> {
        let mut cases: Vec<Self> = fs_err::read_dir(Self::root())
            .expect("because the cases are part of the checkout")
            .map(|entry| entry.expect("because the directory can be listed").path())
            .filter(|path| path.is_dir())
            .map(|path| Self::read(&path))
            .collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        cases
    }

    /// The directory of all cases.
    pub fn root() -> PathBuf {
        data_directory().join("oracle")
    }

    /// The name, which is the directory's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The directory of the case.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn read(directory: &Path) -> Self {
        let name = directory
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = fs_err::read_to_string(directory.join("cmd")).unwrap_or_else(|error| panic!("{error}"));
        let steps = parse(&text).unwrap_or_else(|problem| panic!("{name}/cmd: {problem}"));
        Self {
            name,
            directory: directory.to_path_buf(),
            steps,
        }
    }
}

fn parse(text: &str) -> Result<Vec<Step>, String> {
    let steps: Vec<Step> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(parse_step)
        .collect::<Result<_, _>>()?;
    let runs = steps.iter().filter(|step| matches!(step, Step::Run(_))).count();
    match steps.last() {
        Some(Step::Run(_)) if runs == 1 => Ok(steps),
        _ => Err("the last line, and only it, must be `run …`".to_owned()),
    }
}

fn parse_step(line: &str) -> Result<Step, String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let problem = || format!("not understood: {line}");
    match verb {
        "env" => {
            let (name, value) = rest.split_once('=').ok_or_else(problem)?;
            Ok(Step::Set {
                name: name.to_owned(),
                value: value.to_owned(),
            })
        }
        "write" => {
            let (path, text) = rest.split_once(' ').unwrap_or((rest, ""));
            Ok(Step::Write {
                path: path.to_owned(),
                text: unescape(text),
            })
        }
        "content" => Ok(Step::Content(rest.to_owned())),
        "stdin" => Ok(Step::Input(unescape(rest))),
        "setup" => Ok(Step::Setup(words(rest))),
        "run" => Ok(Step::Run(words(rest))),
        _ => Err(problem()),
    }
}

fn unescape(text: &str) -> String {
    text.replace("\\n", "\n")
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::Step;
    use super::parse;
    use super::words;

    #[track_caller]
    fn check_words(line: &str, expected: &[&str]) {
        assert_eq!(words(line), expected);
    }

    #[test]
    fn splits_words_at_blanks_outside_quotes() {
        check_words("", &[]);
        check_words("a  b", &["a", "b"]);
        check_words("--version '>1 <2'", &["--version", ">1 <2"]);
        check_words("''", &[""]);
        check_words("a'b c'd", &["ab cd"]);
    }

    #[test]
    fn reads_every_kind_of_line() {
        let steps = parse("# c\nenv A=b=c\nwrite f x\\ny\ncontent f\nstdin pw\\n\nsetup a b\nrun\n").unwrap();
        let expected = [
            Step::Set {
                name: "A".into(),
                value: "b=c".into(),
            },
            Step::Write {
                path: "f".into(),
                text: "x\ny".into(),
            },
            Step::Content("f".into()),
            Step::Input("pw\n".into()),
            Step::Setup(vec!["a".into(), "b".into()]),
            Step::Run(vec![]),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn refuses_what_is_no_case() {
        for text in [
            "",
            "setup a",
            "run a\nrun b",
            "run a\nsetup b",
            "env A\nrun",
            "jump\nrun",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
