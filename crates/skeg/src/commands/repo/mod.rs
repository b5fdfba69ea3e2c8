//! `skeg repo`: the names of classic repositories, and making an index.

mod add;
mod index;
mod index_from;
mod list;
mod remove;
mod update;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandError;

/// Add, list, remove, update and index classic chart repositories
///
/// The files are Helm's and shared with it. A path in a registry can have a name too: `skeg repo add NAME oci://HOST/PATH`.
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct RepoArgs {
    #[command(subcommand)]
    command: RepoCommand,
}

#[derive(Debug, Subcommand)]
enum RepoCommand {
    Add(Box<add::AddArgs>),
    Index(Box<index::IndexArgs>),
    List(list::ListArgs),
    Remove(remove::RemoveArgs),
    Update(update::UpdateArgs),
}

pub(crate) fn repo(args: RepoArgs, context: &Context) -> Result<(), CommandError> {
    match args.command {
        RepoCommand::Add(args) => add::add(&args, context),
        RepoCommand::Index(args) => index::index(&args, context),
        RepoCommand::List(args) => list::list(&args, context),
        RepoCommand::Remove(args) => remove::remove(&args, context),
        RepoCommand::Update(args) => update::update(&args, context),
    }
}
