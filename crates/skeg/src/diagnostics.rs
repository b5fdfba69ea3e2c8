//! How the end of a command is told: the error line, hints, and the exit code.

use std::process::ExitCode;

use crate::error::{CommandError, CommandErrorKind};
use crate::printer::Printer;

/// Prints the error of a command, if there is one, and chooses the exit code.
///
/// Helm 4.3.1: 0 on success, 1 for everything else. A closed pipe is silent; a signal gives 128 and its number, as shells expect.
pub(crate) fn finish(result: Result<(), CommandError>, printer: &Printer) -> ExitCode {
    let result = result.and_then(|()| printer.flush().map_err(CommandError::from));
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    match error.kind() {
        CommandErrorKind::BrokenPipe => ExitCode::SUCCESS,
        CommandErrorKind::Different => ExitCode::FAILURE,
        CommandErrorKind::Interrupted { signal } => {
            printer.status("interrupted");
            for hint in error.hints() {
                printer.hint(hint);
            }
            ExitCode::from(128 + signal)
        }
        CommandErrorKind::User | CommandErrorKind::Internal => {
            report(&error, printer);
            ExitCode::FAILURE
        }
    }
}

fn report(error: &CommandError, printer: &Printer) {
    printer.flush().unwrap_or_default();
    printer.error(error.message());
    for line in error.explanation() {
        printer.status(line);
    }
    for hint in error.hints() {
        printer.hint(hint);
    }
    if error.kind() == CommandErrorKind::Internal {
        printer.hint(
            "this is a defect of skeg; please report it with the output of the same command with `--debug`",
        );
    }
}
