//! `skeg history`.

use serde::Serialize;
use skeg_go::time::Time;
use skeg_release::ReleaseHead;

use crate::args::{OutputArgs, parse_int};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{
    Cell, Grid, Session, check_release_name, go_json, local_zone, not_found, print_json, storage_failure,
};

/// Go's `time.ANSIC`.
const ANSIC: &[u8] = b"Mon Jan _2 15:04:05 2006";

/// Show the revisions of a release
#[derive(Debug, clap::Args)]
#[command(visible_alias = "hist", override_usage = "skeg history RELEASE_NAME [flags]")]
pub(crate) struct HistoryArgs {
    /// The name of the release
    #[arg(value_name = "RELEASE_NAME")]
    release_name: String,

    /// Show at most this many revisions, the newest ones
    #[arg(long, value_name = "NUMBER", default_value = "256", value_parser = parse_int, allow_hyphen_values = true)]
    max: i64,

    /// Show in the table which revision a rollback returned to
    #[arg(long)]
    show_rollback_revision: bool,

    #[command(flatten)]
    output: OutputArgs,
}

/// The fields have Helm's names and order.
#[derive(Serialize)]
struct RevisionReport<'release> {
    revision: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    status: &'release str,
    chart: String,
    app_version: &'release str,
    #[serde(skip_serializing_if = "is_zero")]
    rollback_revision: i64,
    description: &'release str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Helm 4.3.1: the columns, and the oldest revision first.
pub(crate) fn history(args: &HistoryArgs, context: &Context) -> Result<(), CommandError> {
    let revisions = read(args, context)?;
    let reports: Vec<RevisionReport<'_>> = revisions.iter().map(report).collect();
    let json = serde_json::to_value(&reports).map_err(CommandError::internal)?;
    if print_json(&go_json(&json), args.output.output, context)? {
        return Ok(());
    }
    table(&revisions, args, context).print(context)
}

fn read(args: &HistoryArgs, context: &Context) -> Result<Vec<ReleaseHead>, CommandError> {
    let name = &args.release_name;
    check_release_name(name, "release name is invalid")?;
    let session = Session::open(context)?;
    let heads = session.run(async {
        match session.store().history(name).await {
            Err(error) if error.is_not_found() => Err(not_found(session.store(), name, None).await),
            Err(error) => Err(storage_failure(&session, &error).await),
            Ok(heads) => Ok(heads),
        }
    })?;
    let mut revisions: Vec<ReleaseHead> = heads.into_iter().filter_map(|(_, head)| head.ok()).collect();
    let most = usize::try_from(args.max).unwrap_or_default();
    revisions.drain(..revisions.len().saturating_sub(most));
    Ok(revisions)
}

fn report(head: &ReleaseHead) -> RevisionReport<'_> {
    RevisionReport {
        revision: head.version,
        updated: head.info.last_deployed.map(|time| time.to_string()),
        status: head.info.status.as_str(),
        chart: head.chart_name(),
        app_version: head.app_version(),
        rollback_revision: head.info.rollback_revision,
        description: &head.info.description,
    }
}

fn table(revisions: &[ReleaseHead], args: &HistoryArgs, context: &Context) -> Grid {
    let local = local_zone(context);
    let mut grid = Grid::default();
    let rollback = |text: &str| args.show_rollback_revision.then(|| Cell::plain(text));
    let heading = ["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"].map(Cell::plain);
    let last = [Cell::plain("DESCRIPTION")];
    grid.row(heading.into_iter().chain(rollback("ROLLBACK")).chain(last));
    for head in revisions {
        let info = &head.info;
        let updated = info
            .last_deployed
            .map_or_else(Time::zero, |time| time.to_go(&local));
        let cells = [
            head.version.to_string(),
            String::from_utf8_lossy(&updated.format(ANSIC)).into_owned(),
            info.status.to_string(),
            head.chart_name(),
            head.app_version().to_owned(),
        ];
        let revision = match info.rollback_revision {
            0 => String::new(),
            revision => revision.to_string(),
        };
        let last = [Cell::plain(&info.description)];
        let cells = cells.map(Cell::plain).into_iter();
        grid.row(cells.chain(rollback(&revision)).chain(last));
    }
    grid
}
