//! Running a case, and what came of it.

use std::cell::OnceCell;
use std::path::Path;

use skeg_test_support::PlainServer;

use crate::charts::data_directory;
use crate::outcome::Outcome;
use crate::program::Program;
use crate::sandbox::Sandbox;

use super::case::Case;
use super::case::Step;
use super::classic;
use super::normalise::normalise;

/// What a record consists of, each a file of the case.
pub const STREAMS: [&str; 4] = ["stdout", "stderr", "status", "files"];

/// The outcome of a case, without what changes from run to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    streams: [String; 4],
}

impl Record {
    /// The record that is checked in.
    ///
    /// # Panics
    ///
    /// When it is not there.
    pub fn read(case: &Case) -> Self {
        let streams = STREAMS.map(|stream| {
            fs_err::read_to_string(case.directory().join(stream))
                .unwrap_or_else(|error| panic!("{error}; run `cargo xtask oracle record`"))
        });
        Self { streams }
    }

    /// Writes the record into the case.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn write(&self, case: &Case) -> std::io::Result<()> {
        for (stream, text) in self.streams() {
            fs_err::write(case.directory().join(stream), text)?;
        }
        Ok(())
    }

    /// Every stream with its name.
    pub fn streams(&self) -> impl Iterator<Item = (&'static str, &str)> {
        STREAMS.into_iter().zip(self.streams.iter().map(String::as_str))
    }

    /// One stream by its name.
    pub fn stream(&self, name: &str) -> Option<&str> {
        self.streams()
            .find(|(stream, _)| *stream == name)
            .map(|(_, text)| text)
    }
}

/// Runs a case with a program beside the registry at `host`.
///
/// # Panics
///
/// When a setup command fails: then the case shows nothing.
pub fn run_case(case: &Case, program: &Program, host: &str) -> Record {
    let mut stage = Stage {
        case,
        program,
        host,
        sandbox: Sandbox::new(),
        input: String::new(),
        digest: String::new(),
        classic: OnceCell::new(),
        foreign: OnceCell::new(),
        contents: Vec::new(),
    };
    let mut last = None;
    for step in case.steps() {
        last = stage.play(step);
    }
    let outcome = last.expect("because the last step is `run`");
    stage.record(&outcome)
}

struct Stage<'a> {
    case: &'a Case,
    program: &'a Program,
    host: &'a str,
    sandbox: Sandbox,
    input: String,
    digest: String,
    classic: OnceCell<PlainServer>,
    foreign: OnceCell<PlainServer>,
    contents: Vec<String>,
}

impl Stage<'_> {
    fn play(&mut self, step: &Step) -> Option<Outcome> {
        match step {
            Step::Set { name, value } => self.sandbox.set(name, self.expand(value)),
            Step::Input(text) => self.input = self.expand(text),
            Step::Write { path, text } => self.write(path, &self.expand(text)),
            Step::Content(path) => self.contents.push(self.expand(path)),
            Step::Setup(words) => {
                let outcome = self.run(words).success();
                if outcome.stdout().contains("sha256:") {
                    self.digest = outcome.digest();
                }
            }
            Step::Run(words) => return Some(self.run(words)),
        }
        None
    }

    fn run(&self, words: &[String]) -> Outcome {
        let words = words.iter().map(|word| self.expand(word));
        self.sandbox
            .run_with_input(self.program, words, self.input.as_bytes())
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.sandbox.work().join(path);
        let parent = path.parent().expect("because it is below the working directory");
        fs_err::create_dir_all(parent).expect("because the sandbox is ours");
        let mut bytes = Vec::new();
        for (at, part) in text.split("\\xff").enumerate() {
            bytes.extend((at > 0).then_some(0xff));
            bytes.extend(part.as_bytes());
        }
        fs_err::write(path, bytes).expect("because the sandbox is ours");
    }

    fn expand(&self, text: &str) -> String {
        let text = if text.contains("$CLASSIC") {
            text.replace("$CLASSIC", self.classic().base_url())
        } else {
            text.to_owned()
        };
        let text = if text.contains("$FOREIGN") {
            text.replace("$FOREIGN", self.foreign().base_url())
        } else {
            text
        };
        text.replace("$CHARTS", &data_directory().join("charts").display().to_string())
            .replace("$REMOTE", &format!("oci://{}/{}", self.host, self.case.name()))
            .replace("$HOST", self.host)
            .replace("$WORK", &self.sandbox.work().display().to_string())
            .replace("$HOME", &self.sandbox.home().display().to_string())
            .replace("$DIGEST", &self.digest)
    }

    fn classic(&self) -> &PlainServer {
        self.classic.get_or_init(|| classic::start(self.sandbox.work()))
    }

    fn foreign(&self) -> &PlainServer {
        self.foreign.get_or_init(|| classic::start(self.sandbox.work()))
    }

    fn record(&self, outcome: &Outcome) -> Record {
        let program = self.program.path().display().to_string();
        let classic = self.classic.get().map_or("$CLASSIC", PlainServer::base_url);
        let foreign = self.foreign.get().map_or("$FOREIGN", PlainServer::base_url);
        let text = |text: &str| {
            let text = text
                .replace(&program, "[PROGRAM]")
                .replace(classic, "[CLASSIC]")
                .replace(foreign, "[FOREIGN]");
            normalise(&text, &self.sandbox, self.host)
        };
        let status = outcome
            .status()
            .map_or_else(|| "signal".to_owned(), |code| code.to_string());
        let mut files = Vec::new();
        list(&self.sandbox.work(), "", &mut files);
        files.sort();
        let mut files: String = files.into_iter().map(|file| file + "\n").collect();
        for path in &self.contents {
            files.push_str(&content(&self.sandbox.work(), path));
        }
        Record {
            streams: [
                text(&outcome.stdout()),
                text(&outcome.stderr()),
                status + "\n",
                text(&files),
            ],
        }
    }
}

/// A file under a line with its path.
fn content(work: &Path, path: &str) -> String {
    match fs_err::read(work.join(path)) {
        Ok(content) => format!("--- {path}\n{}\n", String::from_utf8_lossy(&content).trim_end()),
        Err(_) => format!("--- {path} is not there\n"),
    }
}

fn list(directory: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in fs_err::read_dir(directory).expect("because the sandbox is ours") {
        let entry = entry.expect("because the directory can be listed");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files.push(format!("{name}/"));
            list(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push(name);
        }
    }
}
