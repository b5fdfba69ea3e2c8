//! `skeg registry logout`.

use serde::Serialize;

use super::parse_target;
use crate::args::OutputArgs;
use crate::context::Context;
use crate::credentials::{login_store, warn};
use crate::error::CommandError;

/// Forget the login to a registry
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg registry logout [host] [flags]")]
pub(crate) struct LogoutArgs {
    /// The registry, or a path of it
    host: String,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogoutReport {
    registry: String,
    removed: bool,
    remaining: Vec<String>,
}

/// Helm 4.3.1: `Removing login credentials for HOST` on standard output, whether or not there were any.
pub(crate) fn logout(args: &LogoutArgs, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let (target, _) = parse_target(&args.host)?;
    let outcome = login_store(context).logout(&target).map_err(CommandError::user)?;
    warn(printer, &outcome.warnings);
    let report = LogoutReport {
        registry: target.server_address(),
        removed: outcome.removed,
        remaining: outcome.remaining.iter().map(ToString::to_string).collect(),
    };
    if args.output.output.print(&report, printer)? {
        return Ok(());
    }
    printer.line(format!("Removing login credentials for {}", args.host))?;
    if let Some(source) = report.remaining.first() {
        printer.warning(&format!(
            "a login for {} is still found: {source}",
            report.registry
        ));
    }
    Ok(())
}
