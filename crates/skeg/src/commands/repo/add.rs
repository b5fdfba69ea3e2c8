//! `skeg repo add`.

use std::io;
use std::time::Duration;

use skeg_credentials::Secret;
use skeg_registry::PushTarget;
use skeg_repository::{Remote, RepositoriesFile, RepositoryEntry};

use crate::args::{AccessArgs, TlsArgs, parse_duration};
use crate::classic::{self, unreachable_repository};
use crate::commands::registry::{ask_secretly, password_from};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// Helm 4.3.1: repositories that are gone for good, and what took their place.
const GONE: [(&str, &str); 2] = [
    (
        "//kubernetes-charts.storage.googleapis.com",
        "https://charts.helm.sh/stable",
    ),
    (
        "//kubernetes-charts-incubator.storage.googleapis.com",
        "https://charts.helm.sh/incubator",
    ),
];

/// Give a repository a name
///
/// The index of a classic repository is fetched. `oci://HOST/PATH` is a path in a registry: `NAME/CHART` is the chart below it.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg repo add [NAME] [URL] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct AddArgs {
    /// The name
    #[arg(value_name = "NAME")]
    name: String,

    /// `http(s)://…` of a classic repository, or `oci://…`
    #[arg(value_name = "URL")]
    url: String,

    /// User name for the repository; kept in the list of repositories
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// Password for the repository; better given by `--password-stdin`
    #[arg(long, value_name = "PASSWORD")]
    password: Option<String>,

    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,

    /// Send the login to other hosts too that the index names
    #[arg(long)]
    pass_credentials: bool,

    /// Replace the repository that has the name
    #[arg(long)]
    force_update: bool,

    /// Let repositories be added that are gone for good
    #[arg(long)]
    allow_deprecated_repos: bool,

    /// Trust the certificates of this file too
    #[arg(long, value_name = "FILE")]
    ca_file: Option<String>,

    /// Show this client certificate
    #[arg(long, value_name = "FILE")]
    cert_file: Option<String>,

    /// The key of the client certificate
    #[arg(long, value_name = "FILE")]
    key_file: Option<String>,

    /// Do not check the certificate of the repository
    #[arg(long)]
    insecure_skip_tls_verify: bool,

    /// Give the index up that was paused and not answered for so long, all tries together
    #[arg(long, value_name = "DURATION", default_value = "2m0s", allow_hyphen_values = true, value_parser = parse_duration)]
    timeout: Duration,
}

/// Helm 4.3.1: one line, and nothing written if the index cannot be had.
pub(super) fn add(args: &AddArgs, context: &Context) -> Result<(), CommandError> {
    check_gone(args)?;
    let entry = entry(args, context)?;
    let printer = context.printer();
    if args.name.contains('/') {
        let name = &args.name;
        return Err(CommandError::user(format!(
            "repository name ({name}) contains '/', please specify a different name without '/'"
        )));
    }
    let known = classic::read_list(context)?.unwrap_or_default();
    if is_there(&known, &entry, args)? {
        let name = skeg_go::quote::quote(&args.name);
        return Ok(printer.line(format!(
            "{name} already exists with the same configuration, skipping"
        ))?);
    }
    check(&entry, args, context)?;
    classic::list(context).change(|file| {
        // Somebody else may have added it in the meantime.
        if !is_there(file, &entry, args)? {
            file.update(entry);
        }
        Ok::<_, CommandError>(())
    })?;
    let name = skeg_go::quote::quote(&args.name);
    Ok(printer.line(format!("{name} has been added to your repositories"))?)
}

fn check_gone(args: &AddArgs) -> Result<(), CommandError> {
    let gone = GONE.iter().find(|(old, _)| args.url.contains(old));
    match gone.filter(|_| !args.allow_deprecated_repos) {
        Some((_, new)) => Err(CommandError::user(format!(
            "repo {} is no longer available; try {} instead",
            skeg_go::quote::quote(&args.url),
            skeg_go::quote::quote(new)
        ))),
        None => Ok(()),
    }
}

/// Whether the same is there already. Another one of the name has to be replaced on purpose.
fn is_there(file: &RepositoriesFile, entry: &RepositoryEntry, args: &AddArgs) -> Result<bool, CommandError> {
    match file.get(&args.name) {
        _ if args.force_update => Ok(false),
        None => Ok(false),
        Some(known) if known == entry => Ok(true),
        Some(_) => {
            let name = &args.name;
            let error = CommandError::user(format!(
                "repository name ({name}) already exists, please specify a different name"
            ));
            Err(error.hint("give `--force-update` to replace it"))
        }
    }
}

/// Looks whether the repository is one, and fetches its index.
fn check(entry: &RepositoryEntry, args: &AddArgs, context: &Context) -> Result<(), CommandError> {
    if entry.is_oci() {
        return check_registry(entry);
    }
    match entry.url.split_once("://") {
        Some((scheme, _)) if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") => {
            return Err(CommandError::user(format!(
                "could not find protocol handler for: {scheme}"
            )));
        }
        None => {
            let error = CommandError::user("could not find protocol handler for: ");
            return Err(
                error.hint("the address of a repository begins with `https://`, `http://` or `oci://`")
            );
        }
        Some(_) => {}
    }
    let access = access_with(args.timeout);
    let remote = Remote::of_entry(classic::client(&access, Some(entry), context), entry);
    let refreshed = block_on(classic::refresh(&entry.name, &remote, context));
    refreshed.map_err(|error| unreachable_repository(&entry.url, &error))
}

/// A path in a registry has no index; its logins are those of registries.
fn check_registry(entry: &RepositoryEntry) -> Result<(), CommandError> {
    PushTarget::parse(&entry.url).map_err(CommandError::push_target)?;
    if entry.username.is_empty() {
        return Ok(());
    }
    let host = entry
        .url
        .trim_start_matches("oci://")
        .split('/')
        .next()
        .unwrap_or_default();
    let error = CommandError::user("the login of a registry is not kept in the list of repositories");
    Err(error.hint(format!(
        "log in by `skeg registry login {host}`, and leave `--username` out"
    )))
}

fn entry(args: &AddArgs, context: &Context) -> Result<RepositoryEntry, CommandError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Ok(RepositoryEntry {
        name: args.name.clone(),
        url: args.url.clone(),
        username: text(&args.username),
        password: Secret::from(password(args, context)?),
        cert_file: text(&args.cert_file),
        key_file: text(&args.key_file),
        ca_file: text(&args.ca_file),
        insecure_skip_tls_verify: args.insecure_skip_tls_verify,
        pass_credentials_all: args.pass_credentials,
    })
}

/// Helm 4.3.1: a user name without a password is asked for one.
fn password(args: &AddArgs, context: &Context) -> Result<String, CommandError> {
    let given = args.password.clone().unwrap_or_default();
    let is_asked = args.username.as_deref().is_some_and(|name| !name.is_empty()) && given.is_empty();
    match is_asked {
        false => Ok(given),
        true if args.password_stdin => password_from(io::stdin().lock()),
        true => ask_secretly("Password: ", context),
    }
}

/// No flags but a time limit; certificates and login stand in the entry.
pub(super) fn access_with(timeout: Duration) -> AccessArgs {
    AccessArgs {
        tls: TlsArgs {
            timeout: Some(timeout),
            ..TlsArgs::default()
        },
        ..AccessArgs::default()
    }
}
