//! `skeg registry whoami`.

use serde::Serialize;
use skeg_credentials::{Credential, CredentialStore as _};

use super::parse_target;
use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs, TlsArgs};
use crate::context::Context;
use crate::credentials::{credential_chain, warn};
use crate::error::CommandError;
use crate::registries;
use crate::work::{block_on, blocking};

/// Show which login is used for a registry, and whether the registry takes it
///
/// Prints the user name. Secrets are never shown.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg registry whoami [host[/path]] [flags]")]
pub(crate) struct WhoamiArgs {
    /// The registry, or a repository of it
    host: String,

    #[command(flatten)]
    tls: TlsArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WhoamiReport {
    registry: String,
    username: Option<String>,
    kind: &'static str,
    source: String,
}

pub(crate) fn whoami(args: &WhoamiArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let (key, host) = parse_target(&args.host)?;
    let access_args = AccessArgs {
        tls: args.tls.clone(),
        ..AccessArgs::default()
    };
    let registry = Access::new(&access_args, Some(&host), context)?.registry(&host);
    let lookup = block_on(async {
        let helpers = registries::credential_helpers(&registries::load(context)?);
        let chain = credential_chain(context, helpers);
        let lookup = blocking(move || Ok(chain.lookup(&key))).await?;
        if lookup.source.is_some() {
            let accepted = registry.authenticate(&lookup.credential).await;
            accepted.map_err(|error| CommandError::authenticating(&host, error))?;
        }
        Ok(lookup)
    })?;
    warn(printer, &lookup.warnings);
    let Some(source) = lookup.source else {
        return Err(CommandError::user(format!("there is no login for {host}"))
            .hint(format!("log in with `skeg registry login {host}`")));
    };
    let (username, kind) = match lookup.credential {
        Credential::Basic { username, .. } => (Some(username), "password"),
        Credential::IdentityToken(_) => (None, "identity token"),
        Credential::RegistryToken(_) => (None, "registry token"),
        _ => (None, "other"),
    };
    let report = WhoamiReport {
        registry: host.to_string(),
        username,
        kind,
        source: source.to_string(),
    };
    if args.output.output.print(&report, printer)? {
        return Ok(());
    }
    printer.status(format!("the login of {}", report.source));
    Ok(printer.line(report.username.as_deref().unwrap_or(report.kind))?)
}
