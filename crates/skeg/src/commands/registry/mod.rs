//! `skeg registry`: logging in to registries, and what they say of themselves.

mod capabilities;
mod list;
mod login;
mod logout;
mod ping;
mod whoami;

pub(crate) use self::login::{ask_secretly, password_from};

use clap::Subcommand;
use skeg_credentials::CredentialKey;
use skeg_oci::RegistryHost;

use crate::context::Context;
use crate::error::CommandError;

/// Log in to registries and out of them, and find out what they can do
#[derive(Debug, clap::Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct RegistryArgs {
    #[command(subcommand)]
    command: RegistryCommand,
}

#[derive(Debug, Subcommand)]
enum RegistryCommand {
    Capabilities(capabilities::CapabilitiesArgs),
    List(list::ListArgs),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Ping(ping::PingArgs),
    Whoami(whoami::WhoamiArgs),
}

pub(crate) fn registry(args: RegistryArgs, context: &Context) -> Result<(), CommandError> {
    match args.command {
        RegistryCommand::Capabilities(args) => capabilities::capabilities(&args, context),
        RegistryCommand::List(args) => list::list(&args, context),
        RegistryCommand::Login(args) => login::login(args, context),
        RegistryCommand::Logout(args) => logout::logout(&args, context),
        RegistryCommand::Ping(args) => ping::ping(&args, context),
        RegistryCommand::Whoami(args) => whoami::whoami(&args, context),
    }
}

/// Parses `HOST[:PORT][/PATH]`; a scheme in front is tolerated.
fn parse_target(text: &str) -> Result<(CredentialKey, RegistryHost), CommandError> {
    let schemes = ["oci://", "https://", "http://"];
    let plain = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
    let plain = plain.unwrap_or(text).trim_end_matches('/');
    let key = CredentialKey::parse(plain).map_err(|error| {
        CommandError::user(error)
            .hint("name a registry as `HOST[:PORT]`, or a part of it as `HOST[:PORT]/PATH`")
    })?;
    let host = key.host().clone();
    Ok((key, host))
}
