//! `skeg rollback`.

use skeg_release::{Rollback, RollbackOptions, ServerSide};

use super::upgrade::history_max;
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{ChangeArgs, DryRun, Session, check_release_name, operation_error, parse_server_side};

/// Roll a release back to a former revision
///
/// The objects become what they were in that revision, and the release gets a new one. Without REVISION it is the one before the
/// last; `skeg history RELEASE` lists them.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg rollback <RELEASE> [REVISION] [flags]")]
pub(crate) struct RollbackArgs {
    /// The name of the release
    #[arg(value_name = "RELEASE")]
    release: String,

    /// The revision to go back to; 0 is the one before the last
    #[arg(value_name = "REVISION", allow_hyphen_values = true)]
    revision: Option<String>,

    /// Only show what would happen: `client`, `server` or `none`
    #[arg(long, value_name = "WHERE", num_args = 0..=1, require_equals = true, default_missing_value = "unset")]
    dry_run: Option<String>,

    #[command(flatten)]
    change: ChangeArgs,

    /// Who applies the objects: the server (`true`), the client (`false`), or whoever did it for that revision (`auto`)
    #[arg(
        long,
        value_name = "WHO",
        num_args = 0..=1,
        require_equals = true,
        default_value = "auto",
        default_missing_value = "true",
        value_parser = parse_server_side
    )]
    server_side: ServerSide,

    /// Delete what is new when something fails
    #[arg(long)]
    cleanup_on_fail: bool,

    /// Keep at most so many revisions; 0 keeps all; 10 if absent, or what `HELM_MAX_HISTORY` says
    #[arg(long, value_name = "NUMBER")]
    history_max: Option<usize>,

    /// What `history` says of the revision
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,
}

/// Helm 4.3.1: the objects of a former revision as a new one.
pub(crate) fn rollback(args: &RollbackArgs, context: &Context) -> Result<(), CommandError> {
    args.change.check(context)?;
    let revision = match &args.revision {
        Some(text) => parse_revision(text)?,
        None => 0,
    };
    let dry_run = DryRun::parse(args.dry_run.as_deref(), DryRun::None, context)?;
    let session = Session::open(context)?;
    let operator = session.operator();
    let options = args.options(revision, context);
    let rollback = session.run(async {
        session.ask_server().await?;
        check_release_name(&args.release, "prepareRollback: Release name is invalid")?;
        let rollback = Rollback::begin(&operator, &args.release, options).await;
        rollback.map_err(|error| operation_error(&error, ""))
    })?;
    if !dry_run.is_dry() {
        session.change(&args.release, context, |stop| rollback.run(&operator, stop))?;
    }
    Ok(context.printer().line("Rollback was a success! Happy Helming!")?)
}

impl RollbackArgs {
    fn options(&self, revision: i64, context: &Context) -> RollbackOptions {
        RollbackOptions {
            revision,
            description: self.description.clone(),
            history_max: history_max(self.history_max, context),
            server_side: self.server_side,
            cleanup_on_fail: self.cleanup_on_fail,
            change: self.change.options(context),
        }
    }
}

/// In the words of Go's `strconv.Atoi`.
fn parse_revision(text: &str) -> Result<i64, CommandError> {
    text.parse().map_err(|error: std::num::ParseIntError| {
        let reason = match error.kind() {
            std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => "value out of range",
            _ => "invalid syntax",
        };
        let quoted = skeg_go::quote::quote(text);
        CommandError::user(format!(
            "could not convert revision to a number: strconv.Atoi: parsing {quoted}: {reason}"
        ))
    })
}
