//! `skeg cache`: the content that was fetched before.

mod clean;
mod info;
mod list;
mod prune;
mod verify;

use clap::Subcommand;
use skeg_store::Store;

use crate::context::Context;
use crate::error::CommandError;

/// Look into the cache of content from registries, check it and make room
///
/// Content is kept under its digest and checked whenever it is used, so nothing of this is ever needed for correctness.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    command: CacheCommand,
}

#[derive(Debug, Subcommand)]
enum CacheCommand {
    Clean(clean::CleanArgs),
    Info(info::InfoArgs),
    List(list::ListArgs),
    Prune(prune::PruneArgs),
    Verify(verify::VerifyArgs),
}

pub(crate) fn cache(args: CacheArgs, context: &Context) -> Result<(), CommandError> {
    match args.command {
        CacheCommand::Clean(args) => clean::clean(&args, context),
        CacheCommand::Info(args) => info::info(&args, context),
        CacheCommand::List(args) => list::list(&args, context),
        CacheCommand::Prune(args) => prune::prune(&args, context),
        CacheCommand::Verify(args) => verify::verify(&args, context),
    }
}

fn open(context: &Context) -> Result<Store, CommandError> {
    context.store()?.map_err(CommandError::open_store)
}

/// `1 entry`, `2 entries`.
fn entries(count: usize) -> String {
    match count {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    }
}
