//! What a wrong command line is answered with: the words of Helm where Helm has some.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::CommandError;

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

/// Turns what clap says into what Helm says.
///
/// Helm 4.3.1: `unknown flag: --x`, `unknown command "x" for "helm"`, `"helm push" requires at least 2 arguments`.
pub(crate) fn explain(command: &mut Command, error: &clap::Error) -> ParseOutcome {
    let text = |kind| context_text(error, kind);
    let message = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => {
            return ParseOutcome::Print(error.render().to_string());
        }
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand);
            format!(
                "unknown command \"{name}\" for \"{}\"",
                path_in_usage(command, error)
            )
        }
        ErrorKind::UnknownArgument => return unknown_argument(command, error),
        ErrorKind::MissingRequiredArgument => return wrong_number_of_arguments(command, error),
        ErrorKind::InvalidValue if text(ContextKind::InvalidValue).is_empty() => {
            format!(
                "flag needs an argument: {}",
                flag_name(&text(ContextKind::InvalidArg))
            )
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let allowed = context_text(error, ContextKind::ValidValue);
            let reason = if allowed.is_empty() {
                "invalid value".to_owned()
            } else {
                format!("must be one of {allowed}")
            };
            let (value, flag) = (text(ContextKind::InvalidValue), text(ContextKind::InvalidArg));
            format!(
                "invalid argument \"{value}\" for \"{}\" flag: {reason}",
                flag_name(&flag)
            )
        }
        _ => plain(error),
    };
    let usage_error = CommandError::user(UsageError(message));
    let suggestion = text(ContextKind::SuggestedSubcommand);
    let suggestion = Some(suggestion).filter(|suggestion| !suggestion.is_empty());
    let hint = match suggestion {
        Some(suggestion) => format!("did you mean `{suggestion}`?"),
        None => format!("run `{} --help` for usage", path_in_usage(command, error)),
    };
    ParseOutcome::Fail(usage_error.hint(hint))
}

fn unknown_argument(command: &mut Command, error: &clap::Error) -> ParseOutcome {
    let argument = context_text(error, ContextKind::InvalidArg);
    let message = match argument.as_str() {
        long if long.starts_with("--") => format!("unknown flag: {}", flag_name(long)),
        short if short.starts_with('-') => {
            let letter = short.chars().nth(1).unwrap_or('-');
            format!("unknown shorthand flag: '{letter}' in {short}")
        }
        _ => return wrong_number_of_arguments(command, error),
    };
    let suggestion = context_text(error, ContextKind::SuggestedArg);
    let suggestion = Some(suggestion).filter(|suggestion| !suggestion.is_empty());
    let hint = suggestion.map(|suggestion| format!("did you mean `{}`?", flag_name(&suggestion)));
    ParseOutcome::Fail(CommandError::user(UsageError(message)).maybe_hint(hint))
}

/// Commands of which Helm says "at least" although they use no more.
const LENIENT: [&str; 2] = ["skeg registry login", "skeg registry logout"];

/// Helm 4.3.1: `"helm push" requires at least 2 arguments`, a blank line, and the usage with two blanks.
fn wrong_number_of_arguments(command: &mut Command, error: &clap::Error) -> ParseOutcome {
    let path = path_in_usage(command, error);
    let Some(subcommand) = find(command, &path) else {
        return ParseOutcome::Fail(CommandError::user(UsageError(plain(error))));
    };
    let positionals: Vec<_> = subcommand.get_positionals().collect();
    let required = positionals
        .iter()
        .filter(|argument| argument.is_required_set())
        .count();
    let takes_more = positionals.iter().any(|argument| {
        argument
            .get_num_args()
            .is_some_and(|range| range.max_values() > 1)
    });
    let takes_more = takes_more || LENIENT.contains(&path.as_str());
    let count = |count: usize| format!("{count} argument{}", if count == 1 { "" } else { "s" });
    let rule = match (required, positionals.len()) {
        (_, 0) => "accepts no arguments".to_owned(),
        (0, all) => format!("accepts at most {}", count(all)),
        (required, _) if takes_more => format!("requires at least {}", count(required)),
        (required, _) => format!("requires {}", count(required)),
    };
    let usage = subcommand.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    ParseOutcome::Fail(CommandError::user(UsageError(format!(
        "\"{path}\" {rule}\n\nUsage:  {usage}"
    ))))
}

/// The words of clap without its heading and its usage.
fn plain(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}

fn context_text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}

/// `--version <VERSION>` without the value's name.
fn flag_name(argument: &str) -> &str {
    argument.split([' ', '=']).next().unwrap_or(argument)
}

/// The command that the usage line of an error names: `skeg registry login`.
fn path_in_usage(command: &Command, error: &clap::Error) -> String {
    let usage = context_text(error, ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage: ");
    let mut path = command.get_name().to_owned();
    let mut current = command;
    for word in usage.split_whitespace().skip(1) {
        let Some(next) = current.find_subcommand(word) else {
            break;
        };
        path = format!("{path} {word}");
        current = next;
    }
    path
}

fn find<'command>(command: &'command mut Command, path: &str) -> Option<&'command mut Command> {
    command.build();
    path.split_whitespace()
        .skip(1)
        .try_fold(command, |command, name| command.find_subcommand_mut(name))
}
