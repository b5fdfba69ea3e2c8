//! `skeg completion`.

use clap_complete::Shell;

use crate::context::Context;
use crate::error::CommandError;

/// Print the completion script of a shell
///
/// The script asks skeg itself for candidates: commands, flags and their values, registries that there are logins for, and the
/// tags and versions of charts.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "skeg completion [bash|zsh|fish|powershell|elvish]",
    arg_required_else_help = true
)]
pub(crate) struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,

    /// Show candidates without descriptions
    #[arg(long)]
    no_descriptions: bool,
}

pub(crate) fn completion(args: &CompletionArgs, context: &Context) -> Result<(), CommandError> {
    let script = match args.shell {
        Shell::Bash => include_str!("scripts/skeg.bash"),
        Shell::Zsh => include_str!("scripts/skeg.zsh"),
        Shell::Fish => include_str!("scripts/skeg.fish"),
        Shell::PowerShell => include_str!("scripts/skeg.ps1"),
        // For other shells there are scripts of what does not change.
        shell => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut super::command(), "skeg", &mut script);
            return Ok(context.printer().data(script)?);
        }
    };
    let request = if args.no_descriptions {
        "__completeNoDesc"
    } else {
        "__complete"
    };
    Ok(context.printer().data(script.replace("@REQUEST@", request))?)
}
