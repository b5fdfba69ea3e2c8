//! Flags as Go's `pflag` reads them: `--flag=false`, and empty values.

use std::ffi::OsString;

use clap::{ArgAction, Command};

/// A value of a boolean flag that is no boolean.
#[derive(Debug, thiserror::Error)]
#[error(
    "invalid argument \"{value}\" for \"{flag}\" flag: strconv.ParseBool: parsing \"{value}\": invalid syntax"
)]
pub(crate) struct BooleanFlagError {
    flag: String,
    value: String,
}

/// Rewrites a command line to what clap reads the same way.
///
/// - `--flag=true` becomes `--flag`; `--flag=false` goes, and every `--flag` before it.
/// - The command goes before flags that stand in front of it: `--set a=b template demo`.
/// - A flag with an empty value (`--version ""`, `--version=`, `-d ""`) goes: to Helm it is as if it were not there.
///
/// # Errors
/// The value of a boolean flag is none that Go's `strconv.ParseBool` reads.
pub(crate) fn expand_flags(
    command: &Command,
    arguments: Vec<OsString>,
) -> Result<Vec<OsString>, BooleanFlagError> {
    let arguments = command_first(command, arguments);
    let flags = Flags::of(command, &arguments);
    let mut expanded: Vec<OsString> = Vec::with_capacity(arguments.len());
    let mut rest = arguments.into_iter().peekable();
    while let Some(argument) = rest.next() {
        let text = argument.to_str().unwrap_or_default();
        if text == "--" {
            expanded.push(argument);
            expanded.extend(rest);
            break;
        }
        if flags.drops_empty(text) && rest.next_if(|value| value.is_empty()).is_some() {
            continue;
        }
        match text.split_once('=') {
            Some((flag, "")) if flags.drops_empty(flag) => {}
            Some((flag, value)) if flags.is_boolean(flag) => match parse_bool(value) {
                Some(true) => expanded.push(flag.into()),
                Some(false) => expanded.retain(|earlier| earlier != flag),
                None => {
                    let (flag, value) = (flags.both_names(flag), value.to_owned());
                    return Err(BooleanFlagError { flag, value });
                }
            },
            _ => expanded.push(argument),
        }
    }
    Ok(expanded)
}

/// Flags for which an empty value is a value.
const KEEP_EMPTY: [&str; 4] = ["--show-only", "-s", "--dry-run", "--endpoint"];

/// Puts the command in front of the flags that precede it. What follows a flag that is not known to be boolean is
/// its value, as `cobra` has it.
fn command_first(command: &Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut flags = Flags::default();
    flags.add(command);
    let mut at = 1;
    while let Some(argument) = arguments.get(at).and_then(|argument| argument.to_str()) {
        if argument == "--" {
            break;
        }
        if !argument.starts_with('-') {
            if at > 1 && command.find_subcommand(argument).is_some() {
                arguments[1..=at].rotate_right(1);
            }
            break;
        }
        let is_long = argument.starts_with("--");
        let is_alone = !argument.contains('=') && (is_long || argument.len() == 2);
        at += if is_alone && !flags.is_boolean(argument) {
            2
        } else {
            1
        };
    }
    arguments
}

/// The flags of the commands that a command line names, as they are written: `--destination`, `-d`.
#[derive(Default)]
struct Flags {
    boolean: Vec<String>,
    /// The short and the long name of boolean flags that have both.
    pairs: Vec<(String, String)>,
    with_value: Vec<String>,
}

impl Flags {
    fn of(command: &Command, arguments: &[OsString]) -> Self {
        let mut flags = Self::default();
        flags.add(command);
        let mut last = command;
        let mut is_value = false;
        for argument in arguments {
            let subcommand = last.find_subcommand(argument).filter(|_| !is_value);
            is_value = argument
                .to_str()
                .is_some_and(|argument| flags.takes_value(argument));
            if let Some(subcommand) = subcommand {
                flags.add(subcommand);
                last = subcommand;
            }
        }
        flags
    }

    fn add(&mut self, command: &Command) {
        for argument in command.get_arguments() {
            let long = argument.get_long_and_visible_aliases().unwrap_or_default();
            let long = long.into_iter().map(|name| format!("--{name}"));
            let short = argument.get_short().map(|letter| format!("-{letter}"));
            match argument.get_action() {
                ArgAction::SetTrue => {
                    let long_name = argument.get_long().map(|name| format!("--{name}"));
                    self.pairs.extend(short.clone().zip(long_name));
                    self.boolean.extend(long.chain(short));
                }
                ArgAction::Set | ArgAction::Append => self.with_value.extend(long.chain(short)),
                _ => {}
            }
        }
    }

    fn is_boolean(&self, flag: &str) -> bool {
        self.boolean.iter().any(|known| known == flag)
    }

    /// Helm names a flag by both of its names: `-g, --generate-name`.
    fn both_names(&self, flag: &str) -> String {
        let pair = self
            .pairs
            .iter()
            .find(|(short, long)| short == flag || long == flag);
        pair.map_or_else(|| flag.to_owned(), |(short, long)| format!("{short}, {long}"))
    }

    fn drops_empty(&self, flag: &str) -> bool {
        self.takes_value(flag) && !KEEP_EMPTY.contains(&flag)
    }

    fn takes_value(&self, flag: &str) -> bool {
        self.with_value.iter().any(|known| known == flag)
    }
}

/// The words of Go's `strconv.ParseBool`.
fn parse_bool(value: &str) -> Option<bool> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], expected: &[&str]) {
        let push = Command::new("push")
            .arg(
                Arg::new("plain-http")
                    .long("plain-http")
                    .short('p')
                    .action(ArgAction::SetTrue),
            )
            .arg(Arg::new("version").long("version"))
            .arg(Arg::new("destination").long("destination").short('d'));
        let command = Command::new("skeg").subcommand(push);
        let arguments = arguments.iter().map(OsString::from).collect();
        assert_eq!(expand_flags(&command, arguments).unwrap(), expected);
    }

    #[test]
    fn the_command_goes_first() {
        check(
            &["skeg", "--version", "1", "push", "a"],
            &["skeg", "push", "--version", "1", "a"],
        );
        check(
            &["skeg", "-d", "x", "push", "a"],
            &["skeg", "push", "-d", "x", "a"],
        );
        check(
            &["skeg", "--version=1", "push", "a"],
            &["skeg", "push", "--version=1", "a"],
        );
        check(
            &["skeg", "--unknown", "push", "a"],
            &["skeg", "--unknown", "push", "a"],
        );
        check(&["skeg", "--", "push"], &["skeg", "--", "push"]);
    }

    #[test]
    fn values_of_boolean_flags_are_expanded() {
        check(
            &["push", "--plain-http=true", "a"],
            &["push", "--plain-http", "a"],
        );
        check(&["push", "--plain-http", "--plain-http=F", "a"], &["push", "a"]);
        check(&["push", "-p=1", "a"], &["push", "-p", "a"]);
        check(&["push", "-p=false", "a"], &["push", "a"]);
        check(&["push", "--version=true"], &["push", "--version=true"]);
        check(
            &["push", "--", "--plain-http=true"],
            &["push", "--", "--plain-http=true"],
        );
    }

    #[test]
    fn empty_values_are_no_values() {
        check(&["push", "--version", "", "a"], &["push", "a"]);
        check(&["push", "--version=", "-d", "", "a"], &["push", "a"]);
        check(&["push", "--version", "1", ""], &["push", "--version", "1", ""]);
    }

    #[test]
    fn other_words_are_errors_with_the_text_of_go() {
        let command = Command::new("skeg").arg(Arg::new("debug").long("debug").action(ArgAction::SetTrue));
        let error = expand_flags(&command, vec!["--debug=maybe".into()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"invalid argument "maybe" for "--debug" flag: strconv.ParseBool: parsing "maybe": invalid syntax"#
        );
    }
}
