//! `skeg config`: what is configured, and where.

mod show;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandError;

/// Show what is configured, and where
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg config [command]")]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    Show(show::ShowArgs),
}

pub(crate) fn config(args: &ConfigArgs, context: &Context) -> Result<(), CommandError> {
    match &args.command {
        ConfigCommand::Show(args) => show::show(args, context),
    }
}
