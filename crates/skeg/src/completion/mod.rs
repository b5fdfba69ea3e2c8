//! Completing a command line: the protocol that the completion scripts of Helm's library speak.
//!
//! A script runs `skeg __complete WORD…`, of which the last word is the one to complete and may be empty. The answer is one
//! candidate on a line, a tab and a description behind some, and at last `:` and a number that tells the script what to do.
//! So the scripts that `helm completion` prints work with skeg as well as our own do. Candidates come from the definition of
//! the command line, for classic repositories from what is cached of them, and for references and versions from registries,
//! within a limited time. Nothing that fails is told.

mod classic;
mod line;
mod releases;
mod remote;

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::{Arg, Command};

use self::line::{Line, Wanted};
use self::remote::Remote;
use crate::diagnostics;
use crate::env::Environment;
use crate::error::CommandError;
use crate::printer::Printer;

/// What the script does with the candidates; the numbers are those of Helm's library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Directive(u8);

impl Directive {
    /// The shell completes files if there is no candidate.
    const FILES: Self = Self(0);
    /// There is more to come behind the candidate; files are completed too.
    const NO_SPACE: Self = Self(2);
    const NO_FILES: Self = Self(4);
    const NO_SPACE_NO_FILES: Self = Self(2 | 4);
    /// The candidates stand in a meaningful order.
    const IN_ORDER: Self = Self(4 | 32);
}

/// What a word may become, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    text: String,
    description: String,
}

/// The answer to a script.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    candidates: Vec<Candidate>,
    directive: Directive,
}

impl Answer {
    fn new(texts: impl IntoIterator<Item = String>, directive: Directive) -> Self {
        let candidate = |text| Candidate {
            text,
            description: String::new(),
        };
        Self {
            candidates: texts.into_iter().map(candidate).collect(),
            directive,
        }
    }

    fn nothing(directive: Directive) -> Self {
        Self::new([], directive)
    }
}

/// The words of a line to complete, and whether descriptions are wanted.
pub(crate) struct Words {
    words: Vec<String>,
    with_descriptions: bool,
}

/// Recognises the question of a script.
pub(crate) fn words(arguments: &[OsString]) -> Option<Words> {
    let with_descriptions = match arguments.get(1).and_then(|argument| argument.to_str())? {
        "__complete" => true,
        "__completeNoDesc" => false,
        _ => return None,
    };
    let text = |word: &OsString| OsStr::to_string_lossy(word).into_owned();
    let mut words: Vec<String> = arguments[2..].iter().map(text).collect();
    // Older PowerShell drops empty arguments; its script quotes them.
    if let Some(last) = words.last_mut().filter(|last| *last == "\"\"") {
        last.clear();
    }
    Some(Words {
        words,
        with_descriptions,
    })
}

/// Prints the answer to a script.
pub(crate) fn complete(words: &Words, environment: &Environment, printer: &Printer) -> ExitCode {
    let mut command = crate::commands::command();
    command.build();
    let line = Line::parse(&command, &words.words);
    let answer = answer(&line, environment);
    let prefix = line.prefix();
    let mut output = String::new();
    for candidate in answer
        .candidates
        .iter()
        .filter(|found| found.text.starts_with(&prefix))
    {
        output.push_str(&candidate.text);
        if words.with_descriptions && !candidate.description.is_empty() {
            output.push('\t');
            output.push_str(&candidate.description);
        }
        output.push('\n');
    }
    let directive = answer.directive.0;
    diagnostics::finish(
        printer
            .data(format!("{output}:{directive}\n"))
            .map_err(CommandError::from),
        printer,
    )
}

fn answer(line: &Line<'_>, environment: &Environment) -> Answer {
    let remote = || Remote::new(line, environment.clone());
    match &line.wanted {
        Wanted::FlagName(_) => flags(line.command),
        Wanted::FlagValue { flag, lead, prefix } => {
            let mut answer = flag_value(flag, line, prefix, remote);
            for candidate in &mut answer.candidates {
                candidate.text.insert_str(0, lead);
            }
            answer
        }
        Wanted::Argument(_) if is_group(line.command) && line.arguments.is_empty() => {
            subcommands(line.command)
        }
        Wanted::Argument(prefix) => argument(line, prefix, remote),
    }
}

/// Tells whether a command does nothing without one of its subcommands.
fn is_group(command: &Command) -> bool {
    command.get_subcommands().next().is_some() && command.get_positionals().next().is_none()
}

fn subcommands(command: &Command) -> Answer {
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    let candidates = shown.map(|command| Candidate {
        text: command.get_name().to_owned(),
        description: first_line(command.get_about()),
    });
    Answer {
        candidates: candidates.collect(),
        directive: Directive::NO_FILES,
    }
}

fn flags(command: &Command) -> Answer {
    let shown = command.get_arguments().filter(|flag| !flag.is_hide_set());
    let candidates = shown.filter_map(|flag| {
        Some(Candidate {
            text: format!("--{}", flag.get_long()?),
            description: first_line(flag.get_help()),
        })
    });
    Answer {
        candidates: candidates.collect(),
        directive: Directive::NO_FILES,
    }
}

fn first_line(text: Option<&clap::builder::StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    text.lines().next().unwrap_or_default().replace('\t', " ")
}

fn flag_value(flag: &Arg, line: &Line<'_>, prefix: &str, remote: impl FnOnce() -> Remote) -> Answer {
    let values = possible_values(flag);
    if !values.is_empty() {
        return Answer::new(values, Directive::NO_FILES);
    }
    match flag.get_long() {
        Some("revision") => match line.arguments.as_slice() {
            [name] => releases::revisions(name, remote().context()),
            _ => Answer::nothing(Directive::NO_FILES),
        },
        Some("version") => {
            let Some(text) = line.reference() else {
                let remote = remote();
                let chart = line.arguments.last();
                let versions = chart.and_then(|chart| classic::versions(chart, remote.context()));
                return versions.unwrap_or_else(|| Answer::nothing(Directive::IN_ORDER));
            };
            let versions = remote().versions(text);
            Answer::new(versions.unwrap_or_default(), Directive::IN_ORDER)
        }
        Some("values") if prefix.starts_with("oci") => Answer::nothing(Directive::NO_FILES),
        Some("username" | "password" | "limit" | "depth") => Answer::nothing(Directive::NO_FILES),
        _ => Answer::nothing(Directive::FILES),
    }
}

fn possible_values(argument: &Arg) -> Vec<String> {
    let values = argument.get_possible_values();
    let shown = values.iter().filter(|value| !value.is_hide_set());
    shown.map(|value| value.get_name().to_owned()).collect()
}

/// A reference, a registry, or one of a few words.
fn argument(line: &Line<'_>, prefix: &str, remote: impl Fn() -> Remote) -> Answer {
    let Some(definition) = line.definition() else {
        return Answer::nothing(Directive::NO_FILES);
    };
    let values = possible_values(definition);
    if !values.is_empty() {
        return Answer::new(values, Directive::NO_FILES);
    }
    if let Some(answer) = of_repositories(line, prefix, &remote) {
        return answer;
    }
    match definition.get_id().as_str() {
        "host" => Answer::new(remote().hosts(), Directive::NO_FILES),
        "reference" | "references" | "place" | "chart" | "remote" => reference(prefix, remote),
        _ if prefix.starts_with("oci") => reference(prefix, remote),
        _ => Answer::nothing(Directive::FILES),
    }
}

/// What is known of classic repositories, where the command takes it.
fn of_repositories(line: &Line<'_>, prefix: &str, remote: impl Fn() -> Remote) -> Option<Answer> {
    let path = line.command.get_bin_name().unwrap_or_default();
    let path = path.split_once(' ').map_or(path, |(_program, path)| path);
    if let Some(answer) = releases::argument(path, line, remote().context()) {
        return Some(answer);
    }
    match path {
        "repo remove" | "repo update" => return Some(classic::names(line, remote().context())),
        "repo add" => return Some(Answer::nothing(Directive::NO_FILES)),
        "push"
            if line
                .definition()
                .is_some_and(|remote| remote.get_id() == "remote") =>
        {
            if prefix.contains("://") {
                return None;
            }
            let mut answer = reference(prefix, &remote);
            answer
                .candidates
                .extend(classic::names(line, remote().context()).candidates);
            return Some(answer);
        }
        "template" if line.arguments.len() > 1 => return Some(Answer::nothing(Directive::NO_FILES)),
        _ => {}
    }
    let takes_charts = line
        .command
        .get_arguments()
        .any(|flag| flag.get_long() == Some("repo"));
    if !takes_charts || prefix.contains("://") {
        return None;
    }
    if line.value("repo").is_some_and(|address| !address.is_empty()) {
        return Some(Answer::nothing(Directive::NO_FILES));
    }
    Some(classic::charts(prefix, path != "pull", remote().context()))
}

fn reference(prefix: &str, remote: impl FnOnce() -> Remote) -> Answer {
    let Some((scheme, rest)) = prefix.split_once("://") else {
        let schemes = ["oci://", "oci-layout://"].map(str::to_owned);
        return Answer::new(schemes, Directive::NO_SPACE);
    };
    if scheme != "oci" && scheme != "oci-layout" {
        return Answer::nothing(Directive::FILES);
    }
    let colon = rest
        .rfind('/')
        .and_then(|slash| rest[slash..].find(':').map(|colon| slash + colon));
    if let Some(colon) = colon {
        let repository = format!("{scheme}://{}", &rest[..colon]);
        let tags = remote().tags(&repository).unwrap_or_default();
        let tags = tags.into_iter().map(|tag| format!("{repository}:{tag}"));
        return Answer::new(tags, Directive::IN_ORDER);
    }
    match rest.split_once('/') {
        _ if scheme == "oci-layout" => Answer::nothing(Directive::NO_SPACE),
        None => {
            let hosts = remote().hosts().into_iter().map(|host| format!("oci://{host}/"));
            Answer::new(hosts, Directive::NO_SPACE_NO_FILES)
        }
        Some((host, _)) => {
            let names = remote().repositories(host).unwrap_or_default();
            let names = names.into_iter().map(|name| format!("oci://{host}/{name}"));
            Answer::new(names, Directive::NO_SPACE_NO_FILES)
        }
    }
}
