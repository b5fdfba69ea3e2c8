//! Questions before something is lost.

use std::io::{self, BufRead as _, IsTerminal as _};

use crate::context::Context;
use crate::error::CommandError;
use crate::work::let_signals_end;

/// Lets a command go on that takes something away.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct ConfirmArgs {
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

impl ConfirmArgs {
    /// Asks the person at the terminal.
    ///
    /// # Errors
    /// Nobody can be asked, or the answer is no.
    pub(crate) fn ask(self, question: &str, context: &Context) -> Result<(), CommandError> {
        if self.yes {
            return Ok(());
        }
        if !io::stdin().is_terminal() {
            let error = CommandError::user(format!(
                "refusing to go on unasked: standard input is not a terminal. {question}"
            ));
            return Err(error.hint("give `--yes` if that is what you want"));
        }
        let_signals_end();
        context.printer().prompt(&format!("{question} [y/N] "));
        // What is no text is no yes.
        let mut bytes = Vec::new();
        io::stdin().lock().read_until(b'\n', &mut bytes)?;
        if bytes.last() != Some(&b'\n') {
            // The line of the question ends here.
            context.printer().status("");
        }
        let answer = String::from_utf8_lossy(&bytes);
        if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
        Err(CommandError::user("nothing was deleted"))
    }
}
