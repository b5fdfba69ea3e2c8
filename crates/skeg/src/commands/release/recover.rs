//! `skeg release recover`.

use serde::Serialize;
use skeg_release::{RecoverOptions, Recovered, Recovery};

use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{Session, check_release_name, operation_error};

/// Set a release right whose operation was cut off
///
/// When a program is killed in the middle of `install`, `upgrade` or `rollback`, the last revision stays `pending-…`, and every
/// further operation is refused. This marks it as failed, and of several revisions that count as deployed only the last one stays
/// so. The objects are left as they are: the next `upgrade` or `rollback` changes them. An operation that was begun less than five
/// minutes ago may still go on, and is left alone unless `--force` is given.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg release recover RELEASE_NAME [flags]")]
pub(super) struct RecoverArgs {
    /// The name of the release
    #[arg(value_name = "RELEASE_NAME")]
    release: String,

    /// Only show what would be set right
    #[arg(long)]
    dry_run: bool,

    /// Cut off an operation that was begun just now
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct Line<'a> {
    revision: i64,
    from: &'a str,
    to: &'a str,
    reason: &'a str,
}

pub(super) fn recover(args: &RecoverArgs, context: &Context) -> Result<(), CommandError> {
    let session = Session::open(context)?;
    let operator = session.operator();
    let options = RecoverOptions {
        dry_run: args.dry_run,
        force: args.force,
    };
    let recovered = session.run(async {
        check_release_name(&args.release, "release name is invalid")?;
        let recovered = skeg_release::recover(&operator, &args.release, options).await;
        recovered.map_err(|error| operation_error(&error, ""))
    })?;
    print(args, &recovered, context)?;
    unreadable(&recovered)
}

/// What is not in order and cannot be set right.
fn unreadable(recovered: &Recovered) -> Result<(), CommandError> {
    let Some(first) = recovered.unreadable.first() else {
        return Ok(());
    };
    let keys = recovered.unreadable.join(", ");
    Err(CommandError::user(format!("records that cannot be read: {keys}")).hint(format!(
        "nobody can restore them: remove them with `kubectl delete`, such as `kubectl delete secret {first}`, and go on with \
         `skeg upgrade`, or with `skeg install` if no revision is left"
    )))
}

fn print(args: &RecoverArgs, recovered: &Recovered, context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let recoveries = &recovered.recoveries;
    let lines: Vec<Line<'_>> = recoveries.iter().map(line).collect();
    if args.output.output.print(&lines, printer)? {
        return Ok(());
    }
    if recoveries.is_empty() && recovered.unreadable.is_empty() {
        return Ok(printer.line(format!("release \"{}\" is in order", args.release))?);
    }
    let verb = if args.dry_run { "would become" } else { "is now" };
    for Recovery {
        revision,
        from,
        to,
        reason,
    } in recoveries
    {
        printer.line(format!("revision {revision}: {from} {verb} {to}, since {reason}"))?;
    }
    if !args.dry_run && !recoveries.is_empty() {
        printer.hint(format!(
            "`skeg history {0}` shows the revisions; `skeg upgrade {0} CHART` or `skeg rollback {0}` goes on",
            args.release
        ));
    }
    Ok(())
}

fn line(recovery: &Recovery) -> Line<'_> {
    Line {
        revision: recovery.revision,
        from: &recovery.from,
        to: &recovery.to,
        reason: &recovery.reason,
    }
}
