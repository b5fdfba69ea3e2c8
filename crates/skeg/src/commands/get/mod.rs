//! `skeg get`: what is recorded of a release.

mod all;
mod hooks;
mod manifest;
mod metadata;
mod notes;
mod template;
mod values;

use clap::Subcommand;

use crate::args::parse_int;
use crate::context::Context;
use crate::error::CommandError;

/// Show what is recorded of a release
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, override_usage = "skeg get [command]")]
pub(crate) struct GetArgs {
    #[command(subcommand)]
    command: GetCommand,
}

#[derive(Debug, Subcommand)]
enum GetCommand {
    All(all::AllArgs),
    Hooks(hooks::HooksArgs),
    Manifest(manifest::ManifestArgs),
    Metadata(metadata::MetadataArgs),
    Notes(notes::NotesArgs),
    Values(values::ValuesArgs),
}

/// Which release is meant.
#[derive(Debug, clap::Args)]
struct RevisionArgs {
    /// The name of the release
    #[arg(value_name = "RELEASE_NAME")]
    release_name: String,

    /// Show this revision instead of the newest one
    #[arg(long, value_name = "NUMBER", value_parser = parse_int, allow_hyphen_values = true)]
    revision: Option<i64>,
}

pub(crate) fn get(args: &GetArgs, context: &Context) -> Result<(), CommandError> {
    match &args.command {
        GetCommand::All(args) => all::all(args, context),
        GetCommand::Hooks(args) => hooks::hooks(args, context),
        GetCommand::Manifest(args) => manifest::manifest(args, context),
        GetCommand::Metadata(args) => metadata::metadata(args, context),
        GetCommand::Notes(args) => notes::notes(args, context),
        GetCommand::Values(args) => values::values(args, context),
    }
}

impl RevisionArgs {
    fn read(&self, context: &Context) -> Result<skeg_release::Release, CommandError> {
        let session = crate::releases::Session::open(context)?;
        crate::releases::read_release(&session, &self.release_name, self.revision)
    }
}
