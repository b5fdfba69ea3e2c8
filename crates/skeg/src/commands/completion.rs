//! `skeg completion`.

use clap_complete::Shell;

use crate::context::Context;
use crate::error::CommandError;

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "skeg completion [bash|zsh|fish|powershell|elvish]",
    arg_required_else_help = true
)]
pub(crate) struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,

    /// Accepted for scripts written for Helm; the scripts have no descriptions to leave out
    #[arg(long, hide = true)]
    no_descriptions: bool,
}

pub(crate) fn completion(args: &CompletionArgs, context: &Context) -> Result<(), CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "skeg", &mut script);
    Ok(context.printer().data(script)?)
}
