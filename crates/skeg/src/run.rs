//! From a command line to an exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::args::expand_flags;
use crate::commands::{self, Cli};
use crate::context::Context;
use crate::env::{Environment, EnvironmentVariable};
use crate::error::CommandError;
use crate::printer::{ColourChoice, Printer};
use crate::{completion, diagnostics, logging, usage};

/// Runs one command line; `arguments` begins with the program's name.
pub fn run(arguments: Vec<OsString>, environment: Environment, printer: Printer) -> ExitCode {
    if let Some(words) = completion::words(&arguments) {
        return completion::complete(&words, &environment, &printer);
    }
    let mut cli = match parse(arguments) {
        Ok(cli) => cli,
        Err(usage::ParseOutcome::Print(text)) => {
            return diagnostics::finish(printer.data(text).map_err(CommandError::from), &printer);
        }
        Err(usage::ParseOutcome::Fail(error)) => return diagnostics::finish(Err(error), &printer),
    };
    let printer = colour(printer, &cli, &environment);
    cli.globals.debug |= environment.is_true(EnvironmentVariable::DEBUG);
    if cli.globals.debug {
        logging::start();
    }
    let context = Context::new(cli.globals, environment, printer);
    let mut result = commands::dispatch(cli.command, &context);
    if context.is_offline() {
        result = result.map_err(CommandError::with_offline_hint);
    }
    diagnostics::finish(result, context.printer())
}

fn parse(arguments: Vec<OsString>) -> Result<Cli, usage::ParseOutcome> {
    let mut command = commands::command();
    let arguments = expand_flags(&command, arguments).map_err(CommandError::user)?;
    let arguments = commands::name_uninstall(arguments);
    let matches = command.try_get_matches_from_mut(&arguments);
    let cli = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    cli.map_err(|error| usage::explain(&command, &arguments, &error))
}

fn colour(printer: Printer, cli: &Cli, environment: &Environment) -> Printer {
    let from_environment = environment.get(EnvironmentVariable::COLOR);
    let from_environment = from_environment.and_then(|choice| clap::ValueEnum::from_str(&choice, true).ok());
    let choice: ColourChoice = cli.globals.color.or(from_environment).unwrap_or_default();
    printer.with_colour(choice, environment.get(EnvironmentVariable::NO_COLOR).is_some())
}
