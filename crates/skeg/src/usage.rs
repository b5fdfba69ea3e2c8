//! What a wrong command line is answered with: the words of Helm where Helm has some.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::CommandError;

/// Commands of which Helm says "at least" although they use no more.
const LENIENT: [&str; 2] = ["skeg registry login", "skeg registry logout"];

/// Flags of Helm that are not there yet, and what to do without them.
const MISSING_FLAGS: [(&str, &str); 9] = [
    ("--verify", SIGNATURES),
    ("--keyring", SIGNATURES),
    ("--sign", SIGNATURES),
    ("--key", SIGNATURES),
    ("--passphrase-file", SIGNATURES),
    ("--dependency-update", DEPENDENCIES),
    ("-u", DEPENDENCIES),
    ("--repo", CLASSIC),
    ("--pass-credentials", CLASSIC),
];
const SIGNATURES: &str = "signatures are neither made nor checked yet; use helm for this command";
const DEPENDENCIES: &str = "dependencies are not resolved yet; run `helm dependency update` first";
const CLASSIC: &str = "charts of classic repositories are taken by `pull`, `show` and `template`; name the chart as `oci://HOST/PATH/NAME`";

/// What parsing ends with when there is no command to run.
pub(crate) enum ParseOutcome {
    /// Help or a version was asked for.
    Print(String),
    /// The command line is wrong.
    Fail(CommandError),
}

impl From<CommandError> for ParseOutcome {
    fn from(error: CommandError) -> Self {
        Self::Fail(error)
    }
}

/// A command line that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

/// Turns what clap says about `arguments` into what Helm says.
///
/// Helm 4.3.1: `unknown flag: --x`, `unknown command "x" for "helm"`, `"helm push" requires at least 2 arguments`.
pub(crate) fn explain(command: &Command, arguments: &[OsString], error: &clap::Error) -> ParseOutcome {
    let problem = Problem {
        path: typed_commands(command, arguments),
        arguments,
        is_escaped: arguments.iter().any(|argument| argument == "--"),
        error,
    };
    let failure = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => {
            return ParseOutcome::Print(error.render().to_string());
        }
        ErrorKind::InvalidSubcommand => problem.unknown_command(),
        ErrorKind::UnknownArgument => problem.unknown_argument(),
        ErrorKind::MissingRequiredArgument => problem.wrong_number_of_arguments(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => problem.invalid_value(),
        _ => problem.fail(plain(error)),
    };
    ParseOutcome::Fail(failure)
}

/// The commands that the arguments name, from the program itself down.
fn typed_commands<'command>(command: &'command Command, arguments: &[OsString]) -> Vec<&'command Command> {
    let mut path = vec![command];
    for argument in arguments.iter().skip(1) {
        let last = path[path.len() - 1];
        path.extend(last.find_subcommand(argument));
    }
    path
}

/// One wrong command line.
struct Problem<'problem> {
    path: Vec<&'problem Command>,
    arguments: &'problem [OsString],
    /// Whether there is a `--`, behind which nothing is a flag.
    is_escaped: bool,
    error: &'problem clap::Error,
}

impl Problem<'_> {
    /// The command as it is typed: `skeg registry login`.
    fn name(&self) -> String {
        let names: Vec<&str> = self.path.iter().map(|command| command.get_name()).collect();
        names.join(" ")
    }

    fn text(&self, kind: ContextKind) -> String {
        self.texts(kind).join(", ")
    }

    fn texts(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(text)) => vec![text.clone()],
            Some(ContextValue::Strings(texts)) => texts.clone(),
            Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
            _ => Vec::new(),
        }
    }

    fn fail(&self, message: String) -> CommandError {
        CommandError::user(UsageError(message)).hint(format!("run `{} --help` for usage", self.name()))
    }

    fn fail_with_suggestions(&self, message: String, suggestions: &[String]) -> CommandError {
        if suggestions.is_empty() {
            return self.fail(message);
        }
        let names: Vec<String> = suggestions
            .iter()
            .map(|suggestion| format!("`{}`", flag_name(suggestion)))
            .collect();
        CommandError::user(UsageError(message)).hint(format!("did you mean {}?", names.join(" or ")))
    }

    fn unknown_command(&self) -> CommandError {
        let typed = self.text(ContextKind::InvalidSubcommand);
        let message = format!("unknown command \"{typed}\" for \"{}\"", self.name());
        self.fail_with_suggestions(message, &self.texts(ContextKind::SuggestedSubcommand))
    }

    fn unknown_argument(&self) -> CommandError {
        let argument = self.text(ContextKind::InvalidArg);
        let message = match argument.as_str() {
            long if long.starts_with("--") => format!("unknown flag: {}", flag_name(long)),
            short if short.len() > 1 && short.starts_with('-') && !self.is_escaped => {
                let letter = short.chars().nth(1).unwrap_or('-');
                let group = self.group_of_letters(letter).unwrap_or_else(|| short.to_owned());
                format!("unknown shorthand flag: '{letter}' in {group}")
            }
            _ => return self.wrong_number_of_arguments(),
        };
        match MISSING_FLAGS
            .iter()
            .find(|(flag, _)| *flag == flag_name(&argument))
        {
            Some((_, hint)) => CommandError::user(UsageError(message)).hint(*hint),
            None => self.fail_with_suggestions(message, &self.texts(ContextKind::SuggestedArg)),
        }
    }

    /// Helm 4.3.1: `invalid argument "x" for "--flag" flag: …`, `flag needs an argument: --flag`.
    fn invalid_value(&self) -> CommandError {
        let (argument, value) = (
            self.text(ContextKind::InvalidArg),
            self.text(ContextKind::InvalidValue),
        );
        let name = flag_name(&argument);
        if value.is_empty() && name.starts_with('-') {
            return self.fail(format!("flag needs an argument: {}", self.as_typed(name)));
        }
        if value.is_empty() {
            let name = name.trim_matches(['<', '>', '.', '[', ']']);
            return self.fail(format!("argument {name} must not be empty"));
        }
        let allowed = self.text(ContextKind::ValidValue);
        let reason = match std::error::Error::source(self.error) {
            Some(source) => source.to_string(),
            None if allowed.is_empty() => "invalid value".to_owned(),
            None => format!("must be one of {allowed}"),
        };
        let kind = if name.starts_with('-') { "flag" } else { "argument" };
        let name = match self.shorthand(name) {
            Some(letter) => format!("-{letter}, {name}"),
            None => name.trim_matches(['<', '>']).to_owned(),
        };
        let value = skeg_go::quote::quote(&value);
        self.fail(format!(
            "invalid argument {value} for \"{name}\" {kind}: {reason}"
        ))
    }

    /// The letter that a flag has besides its name.
    fn shorthand(&self, name: &str) -> Option<char> {
        let name = name.strip_prefix("--")?;
        let mut arguments = self.path.iter().flat_map(|command| command.get_arguments());
        arguments
            .find(|argument| argument.get_long() == Some(name))?
            .get_short()
    }

    /// Helm 4.3.1: `'s' in -s`, where the letter was written.
    fn as_typed(&self, name: &str) -> String {
        let last = self
            .arguments
            .last()
            .and_then(|last| last.to_str())
            .unwrap_or_default();
        let is_short = last.starts_with('-') && !last.starts_with("--");
        match self.shorthand(name).filter(|_| is_short) {
            Some(letter) => format!("'{letter}' in {last}"),
            None => name.to_owned(),
        }
    }

    /// Helm 4.3.1: `'r' in -rel`, from the letter on.
    fn group_of_letters(&self, letter: char) -> Option<String> {
        let is_letters = |text: &&str| text.starts_with('-') && !text.starts_with("--");
        let arguments = self.arguments.iter().skip(1);
        let mut groups = arguments.filter_map(|text| text.to_str()).filter(is_letters);
        groups.find_map(|text| text.find(letter).map(|at| format!("-{}", &text[at..])))
    }

    /// Helm 4.3.1: `"helm push" requires at least 2 arguments`, a blank line, and the usage with two blanks.
    fn wrong_number_of_arguments(&self) -> CommandError {
        let (name, command) = (self.name(), self.path[self.path.len() - 1]);
        let positionals: Vec<_> = command.get_positionals().collect();
        let required = positionals
            .iter()
            .filter(|argument| argument.is_required_set())
            .count();
        let is_list = |argument: &&clap::Arg| {
            argument
                .get_num_args()
                .is_some_and(|range| range.max_values() > 1)
        };
        let takes_more = positionals.iter().any(is_list) || LENIENT.contains(&name.as_str());
        let count = |count: usize| format!("{count} argument{}", if count == 1 { "" } else { "s" });
        let rule = match (required, positionals.len()) {
            (_, 0) => "accepts no arguments".to_owned(),
            (0, all) => format!("accepts at most {}", count(all)),
            (required, _) if takes_more => format!("requires at least {}", count(required)),
            (required, _) => format!("requires {}", count(required)),
        };
        let usage = command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        CommandError::user(UsageError(format!("\"{name}\" {rule}\n\nUsage:  {usage}")))
    }
}

/// The words of clap without its heading and its usage.
fn plain(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}

/// `--version <VERSION>` or `--wait[=<STRATEGY>]` without the value's name.
fn flag_name(argument: &str) -> &str {
    argument.split([' ', '=', '[']).next().unwrap_or(argument)
}
