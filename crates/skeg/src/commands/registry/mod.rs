//! `skeg registry`: logging in to registries.

mod list;
mod login;
mod logout;

use clap::Subcommand;
use skeg_credentials::CredentialKey;
use skeg_oci::RegistryHost;

use crate::context::Context;
use crate::error::CommandError;

/// Log in to registries and out of them
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct RegistryArgs {
    #[command(subcommand)]
    command: RegistryCommand,
}

#[derive(Debug, Subcommand)]
enum RegistryCommand {
    List(list::ListArgs),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
}

pub(crate) fn registry(args: RegistryArgs, context: &Context) -> Result<(), CommandError> {
    match args.command {
        RegistryCommand::List(args) => list::list(&args, context),
        RegistryCommand::Login(args) => login::login(args, context),
        RegistryCommand::Logout(args) => logout::logout(&args, context),
    }
}

/// Parses `HOST[:PORT][/PATH]`; a scheme in front is tolerated.
fn parse_target(text: &str) -> Result<(CredentialKey, RegistryHost), CommandError> {
    let plain = text.strip_prefix("oci://").unwrap_or(text).trim_end_matches('/');
    let key = CredentialKey::parse(plain).map_err(|error| {
        CommandError::user(error)
            .hint("name a registry as `HOST[:PORT]`, or a part of it as `HOST[:PORT]/PATH`")
    })?;
    let host = key.host().clone();
    Ok((key, host))
}
