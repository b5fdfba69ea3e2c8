//! `skeg registry login`.

use std::io::{self, BufRead, IsTerminal, Read};

use serde::Serialize;
use skeg_credentials::{Credential, Secret};

use super::parse_target;
use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs, TlsArgs};
use crate::context::Context;
use crate::credentials::{basic, login_store, warn};
use crate::error::CommandError;
use crate::work::block_on;

/// A password is a line; what is longer is a mistake.
const PASSWORD_LIMIT: u64 = 64 * 1024;

/// Log in to a registry
///
/// The login is checked against the registry and kept where helm keeps it. `HOST/PATH` keeps a login for the
/// repositories below a path only.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg registry login [host] [flags]")]
pub(crate) struct LoginArgs {
    /// The registry
    host: String,

    /// The user name; asked for if absent
    #[arg(long, short, value_name = "NAME")]
    username: Option<String>,

    /// The password or access token; better given by `--password-stdin`
    #[arg(long, short, value_name = "PASSWORD")]
    password: Option<String>,

    /// Read the password from standard input, whatever `--password` says
    #[arg(long)]
    password_stdin: bool,

    #[command(flatten)]
    tls: TlsArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoginReport<'report> {
    registry: &'report str,
    username: &'report str,
    /// The configuration that has the login, or that names the helper which has it.
    config: String,
    /// The credential helper that keeps the login; none if the file itself does.
    #[serde(skip_serializing_if = "Option::is_none")]
    helper: Option<&'report str>,
}

/// Helm 4.3.1: `Login Succeeded` on standard output; a warning for `--password`.
pub(crate) fn login(args: LoginArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let (target, host) = parse_target(&args.host)?;
    if args.password.is_some() {
        printer.warning("using --password via the CLI is insecure. Use --password-stdin");
    }
    let (username, credential) = read_credential(&args, context)?;
    let access_args = AccessArgs {
        tls: args.tls,
        ..AccessArgs::default()
    };
    let access = Access::new(&access_args, Some(&host), context)?;
    let registry = access.registry(&host);
    block_on(async {
        let authenticated = registry.authenticate(&credential).await;
        authenticated.map_err(|error| CommandError::authenticating(&host, error))
    })?;
    let stored = login_store(context)
        .login(&target, &credential)
        .map_err(CommandError::user)?;
    warn(printer, &stored.warnings);
    let registry = target.server_address();
    let report = LoginReport {
        registry: &registry,
        username: &username,
        config: stored.stored_in.location.to_string(),
        helper: stored.stored_in.kind.helper(),
    };
    if !args.output.output.print(&report, printer)? {
        printer.line("Login Succeeded")?;
    }
    Ok(())
}

/// The user and password of the flags, of standard input, or of the person at the terminal. An empty user name means
/// that the password is a token.
fn read_credential(args: &LoginArgs, context: &Context) -> Result<(String, Credential), CommandError> {
    let username = match &args.username {
        Some(username) => username.clone(),
        None if args.password_stdin => String::new(),
        None => ask("Username: ", context)?,
    };
    let password = match &args.password {
        _ if args.password_stdin => password_from(io::stdin().lock())?,
        Some(password) => password.clone(),
        None => ask_secretly(
            if username.is_empty() {
                "Token: "
            } else {
                "Password: "
            },
            context,
        )?,
    };
    if password.is_empty() {
        return Err(CommandError::user("the password is empty").hint("give it by `--password-stdin`"));
    }
    let credential = match username.as_str() {
        "" => Credential::IdentityToken(Secret::from(password)),
        username => basic(username, password),
    };
    Ok((username, credential))
}

/// Reads a password from a pipe; the line end behind it is not part of it.
pub(crate) fn password_from(input: impl Read) -> Result<String, CommandError> {
    let mut password = String::new();
    input.take(PASSWORD_LIMIT).read_to_string(&mut password)?;
    let password = password.strip_suffix('\n').unwrap_or(&password);
    Ok(password.strip_suffix('\r').unwrap_or(password).to_owned())
}

fn ask(question: &str, context: &Context) -> Result<String, CommandError> {
    require_terminal()?;
    context.printer().prompt(question);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim_end_matches(['\r', '\n']).to_owned())
}

pub(crate) fn ask_secretly(question: &str, context: &Context) -> Result<String, CommandError> {
    require_terminal()?;
    context.printer().prompt(question);
    let answer = rpassword::read_password()?;
    Ok(answer)
}

fn require_terminal() -> Result<(), CommandError> {
    if io::stdin().is_terminal() {
        return Ok(());
    }
    let error = CommandError::user("cannot ask for the login: standard input is not a terminal");
    Err(error.hint("give `--username NAME --password-stdin` and write the password to standard input"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_no_part_of_a_password() {
        let read = |text: &str| password_from(text.as_bytes()).unwrap();
        assert_eq!(read("secret\n"), "secret");
        assert_eq!(read("secret\r\n"), "secret");
        assert_eq!(read(" se cret \n\n"), " se cret \n");
        assert_eq!(read(""), "");
    }
}
