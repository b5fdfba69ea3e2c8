//! `skeg release`: what Helm has no command for.

mod recover;

use clap::Subcommand;

use self::recover::RecoverArgs;
use crate::context::Context;
use crate::error::CommandError;

/// Look after the records of releases
#[derive(Debug, clap::Args)]
pub(crate) struct ReleaseArgs {
    #[command(subcommand)]
    command: ReleaseCommand,
}

#[derive(Debug, Subcommand)]
enum ReleaseCommand {
    Recover(RecoverArgs),
}

pub(crate) fn release(args: ReleaseArgs, context: &Context) -> Result<(), CommandError> {
    match args.command {
        ReleaseCommand::Recover(args) => recover::recover(&args, context),
    }
}
