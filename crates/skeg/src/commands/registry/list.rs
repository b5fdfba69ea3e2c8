//! `skeg registry list`.

use serde::Serialize;
use skeg_credentials::{CredentialKind, LoginEntry};

use crate::args::OutputArgs;
use crate::context::Context;
use crate::credentials::{login_store, warn};
use crate::error::CommandError;

/// List the registries that there are logins for, and where each login comes from
///
/// Secrets are never shown.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "ls", override_usage = "skeg registry list [flags]")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct LoginReport {
    registry: String,
    username: Option<String>,
    kind: Option<&'static str>,
    source: String,
}

pub(crate) fn list(args: &ListArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let listing = login_store(context).list();
    warn(printer, &listing.warnings);
    let reports: Vec<LoginReport> = listing.entries.iter().map(LoginReport::new).collect();
    if args.output.output.print(&reports, printer)? {
        return Ok(());
    }
    if reports.is_empty() {
        printer.status("no logins to show");
        return Ok(());
    }
    for line in table(&reports) {
        printer.line(line)?;
    }
    Ok(())
}

impl LoginReport {
    fn new(entry: &LoginEntry) -> Self {
        let kind = entry.kind.map(|kind| match kind {
            CredentialKind::Basic => "password",
            CredentialKind::IdentityToken => "identity token",
            CredentialKind::RegistryToken => "registry token",
            _ => "other",
        });
        let helper = entry
            .source
            .kind
            .helper()
            .map(|suffix| format!("docker-credential-{suffix}, named by "));
        Self {
            registry: entry.source.key.clone(),
            username: entry.username.clone(),
            kind,
            source: format!("{}{}", helper.unwrap_or_default(), entry.source.location),
        }
    }
}

fn table(reports: &[LoginReport]) -> Vec<String> {
    let rows = reports.iter().map(|report| {
        let username = report.username.as_deref().unwrap_or("-");
        [
            report.registry.as_str(),
            username,
            report.kind.unwrap_or("-"),
            report.source.as_str(),
        ]
    });
    let rows: Vec<[&str; 4]> = [["REGISTRY", "USERNAME", "KIND", "SOURCE"]]
        .into_iter()
        .chain(rows)
        .collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths = [width(0), width(1), width(2)];
    let line = |[registry, username, kind, source]: &[&str; 4]| {
        let [first, second, third] = widths;
        format!("{registry:first$}\t{username:second$}\t{kind:third$}\t{source}")
    };
    rows.iter().map(line).collect()
}
