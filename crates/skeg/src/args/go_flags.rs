//! Flags as Go's `pflag` reads them: a boolean flag may be written `--flag=true` or `--flag=false`.

use std::ffi::OsString;

use clap::{ArgAction, Command};

/// A value of a boolean flag that is no boolean.
#[derive(Debug, thiserror::Error)]
#[error(
    "invalid argument \"{value}\" for \"--{flag}\" flag: strconv.ParseBool: parsing \"{value}\": invalid syntax"
)]
pub(crate) struct BooleanFlagError {
    flag: String,
    value: String,
}

/// Rewrites `--flag=true` to `--flag`, and takes `--flag=false` and every `--flag` before it out.
///
/// # Errors
/// The value of a boolean flag is none that Go's `strconv.ParseBool` reads.
pub(crate) fn expand_boolean_values(
    command: &Command,
    arguments: Vec<OsString>,
) -> Result<Vec<OsString>, BooleanFlagError> {
    let flags = boolean_flags(command);
    let mut expanded: Vec<OsString> = Vec::with_capacity(arguments.len());
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            expanded.push(argument);
            expanded.extend(rest);
            break;
        }
        match boolean_assignment(&argument, &flags) {
            None => expanded.push(argument),
            Some((flag, value)) => {
                let plain = OsString::from(format!("--{flag}"));
                match parse_bool(value) {
                    Some(true) => expanded.push(plain),
                    Some(false) => expanded.retain(|earlier| *earlier != plain),
                    None => {
                        return Err(BooleanFlagError {
                            flag: flag.to_owned(),
                            value: value.to_owned(),
                        });
                    }
                }
            }
        }
    }
    Ok(expanded)
}

fn boolean_assignment<'argument>(
    argument: &'argument OsString,
    flags: &[String],
) -> Option<(&'argument str, &'argument str)> {
    let (flag, value) = argument.to_str()?.strip_prefix("--")?.split_once('=')?;
    flags.iter().any(|known| known == flag).then_some((flag, value))
}

/// The long names of all flags without a value, of the command and of everything below it.
fn boolean_flags(command: &Command) -> Vec<String> {
    let own = command
        .get_arguments()
        .filter(|argument| matches!(argument.get_action(), ArgAction::SetTrue));
    let names = own.flat_map(|argument| argument.get_long_and_visible_aliases().unwrap_or_default());
    let mut flags: Vec<String> = names.map(str::to_owned).collect();
    flags.extend(command.get_subcommands().flat_map(boolean_flags));
    flags
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
        let push = Command::new("push").arg(
            Arg::new("plain-http")
                .long("plain-http")
                .action(ArgAction::SetTrue),
        );
        let command = Command::new("skeg").subcommand(push);
        let arguments = arguments.iter().map(OsString::from).collect();
        assert_eq!(expand_boolean_values(&command, arguments).unwrap(), expected);
    }

    #[test]
    fn values_of_boolean_flags_are_expanded() {
        check(
            &["push", "--plain-http=true", "a"],
            &["push", "--plain-http", "a"],
        );
        check(&["push", "--plain-http", "--plain-http=F", "a"], &["push", "a"]);
        check(&["push", "--version=true"], &["push", "--version=true"]);
        check(
            &["push", "--", "--plain-http=true"],
            &["push", "--", "--plain-http=true"],
        );
    }

    #[test]
    fn other_words_are_errors_with_the_text_of_go() {
        let command = Command::new("skeg").arg(Arg::new("debug").long("debug").action(ArgAction::SetTrue));
        let error = expand_boolean_values(&command, vec!["--debug=maybe".into()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"invalid argument "maybe" for "--debug" flag: strconv.ParseBool: parsing "maybe": invalid syntax"#
        );
    }
}
