//! `skeg list`.

use serde::Serialize;
use skeg_go::regexp::Regexp;
use skeg_release::{
    DIGEST_ANNOTATION, ListOptions, ListOrder, ListedRelease, SOURCE_ANNOTATION, Selector, Status,
};

use crate::args::{OutputFormat, parse_int};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{Cell, Grid, Session, colour_of, local_zone, print_json, storage_failure};

/// List releases
///
/// Of each release the newest revision is shown, whatever its state. Flags such as `--failed` choose states, and can be
/// combined; `--superseded` alone shows old revisions. `-o wide` shows where the charts came from, if that is recorded.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "ls", override_usage = "skeg list [flags]")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    filter: FilterArgs,

    #[command(flatten)]
    states: StateArgs,

    #[command(flatten)]
    shape: ShapeArgs,
}

/// Which releases are shown, and in what order.
#[derive(Debug, clap::Args)]
struct FilterArgs {
    /// Show the releases of all namespaces
    #[arg(long, short = 'A')]
    all_namespaces: bool,

    /// Show the releases whose names this regular expression matches
    #[arg(long, short, value_name = "EXPRESSION", allow_hyphen_values = true)]
    filter: Option<String>,

    /// Show the releases whose labels this selector fits, such as `team=a,tier!=web`
    #[arg(long, short = 'l', value_name = "SELECTOR", allow_hyphen_values = true)]
    selector: Option<String>,

    /// Sort by the date of deployment, the oldest first
    #[arg(long, short)]
    date: bool,

    /// Reverse the order
    #[arg(long, short)]
    reverse: bool,

    /// Show at most this many releases; 0 shows all
    #[arg(long, short, value_name = "NUMBER", default_value = "256", value_parser = parse_int, allow_hyphen_values = true)]
    max: i64,

    /// Pass over this many releases
    #[arg(long, value_name = "NUMBER", default_value = "0", value_parser = parse_int, allow_hyphen_values = true)]
    offset: i64,
}

/// Which states are shown.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
struct StateArgs {
    /// Show releases that are deployed
    #[arg(long)]
    deployed: bool,

    /// Show releases that failed
    #[arg(long)]
    failed: bool,

    /// Show releases that are being installed, upgraded or rolled back
    #[arg(long)]
    pending: bool,

    /// Show superseded revisions
    #[arg(long)]
    superseded: bool,

    /// Show releases that were uninstalled with `--keep-history`
    #[arg(long)]
    uninstalled: bool,

    /// Show releases that are being uninstalled
    #[arg(long)]
    uninstalling: bool,
}

/// How the list looks.
#[derive(Debug, clap::Args)]
struct ShapeArgs {
    /// Show the names alone
    #[arg(long, short = 'q')]
    short: bool,

    /// Show no headings
    #[arg(long)]
    no_headers: bool,

    /// Show times in this layout of Go, such as `2006-01-02 15:04:05Z0700`
    #[arg(long, value_name = "LAYOUT", allow_hyphen_values = true)]
    time_format: Option<String>,

    /// Print the result in this format
    #[arg(long, short, value_name = "FORMAT", value_enum, default_value_t)]
    output: ListFormat,
}

/// A format of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum ListFormat {
    /// Lines for people, as Helm prints them.
    #[default]
    Table,
    /// The same, and where the charts came from.
    Wide,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
}

impl ListFormat {
    fn plain(self) -> OutputFormat {
        match self {
            Self::Table | Self::Wide => OutputFormat::Table,
            Self::Json => OutputFormat::Json,
            Self::Yaml => OutputFormat::Yaml,
        }
    }
}

/// The fields have Helm's names and order.
#[derive(Serialize)]
struct ReleaseReport {
    name: String,
    namespace: String,
    revision: String,
    updated: String,
    status: String,
    chart: String,
    app_version: String,
}

/// Helm 4.3.1: the columns, `MISSING` for a chart that is not there, the time as Go prints it.
pub(crate) fn list(args: &ListArgs, context: &Context) -> Result<(), CommandError> {
    let listed = find(args, context)?;
    let format = args.shape.output.plain();
    if args.shape.short {
        let names: Vec<&str> = listed.iter().map(|listed| listed.head.name.as_str()).collect();
        if print_json(&json(&names)?, format, context)? {
            return Ok(());
        }
        return Ok(names.iter().try_for_each(|name| context.printer().line(name))?);
    }
    let reports = listed.iter().map(|listed| report(listed, args, context));
    let reports: Vec<ReleaseReport> = reports.collect();
    if print_json(&json(&reports)?, format, context)? {
        return Ok(());
    }
    table(&listed, &reports, &args.shape).print(context)
}

fn find(args: &ListArgs, context: &Context) -> Result<Vec<ListedRelease>, CommandError> {
    let filter = &args.filter;
    let pattern = filter.filter.as_ref().map(|text| Regexp::new(text.as_bytes()));
    let pattern = pattern.transpose().map_err(CommandError::user)?;
    let selector = Selector::parse(filter.selector.as_deref().unwrap_or_default());
    let selector = selector.map_err(CommandError::user)?;
    let Ok(offset) = usize::try_from(filter.offset) else {
        let failure = CommandError::user(format!("the offset {} is less than 0", filter.offset));
        return Err(failure.hint("give the number of releases to pass over"));
    };
    let session = Session::open(context)?;
    let store = if filter.all_namespaces {
        session.store_of_all(context)?
    } else {
        session.store().clone()
    };
    let is_wanted = |name: &str| match &pattern {
        Some(pattern) => pattern.is_match(name.as_bytes()),
        None => true,
    };
    let options = ListOptions {
        name: Some(&is_wanted),
        states: states(&args.states),
        selector,
        order: if filter.date {
            ListOrder::Date
        } else {
            ListOrder::Name
        },
        is_reversed: filter.reverse,
        offset,
        limit: usize::try_from(filter.max).unwrap_or_default(),
    };
    session.run(async {
        match store.list(&options).await {
            Err(error) => Err(storage_failure(&session, &error).await),
            Ok(listed) => Ok(listed),
        }
    })
}

/// All that Helm knows if none is named.
fn states(args: &StateArgs) -> Vec<Status> {
    let mut states = Vec::new();
    let mut add = |is_wanted: bool, wanted: &[Status]| {
        if is_wanted {
            states.extend_from_slice(wanted);
        }
    };
    add(args.deployed, &[Status::Deployed]);
    add(args.uninstalled, &[Status::Uninstalled]);
    add(args.uninstalling, &[Status::Uninstalling]);
    let pending = [
        Status::PendingInstall,
        Status::PendingUpgrade,
        Status::PendingRollback,
    ];
    add(args.pending, &pending);
    add(args.failed, &[Status::Failed]);
    add(args.superseded, &[Status::Superseded]);
    if states.is_empty() {
        return skeg_release::LISTED_STATES.to_vec();
    }
    states
}

fn report(listed: &ListedRelease, args: &ListArgs, context: &Context) -> ReleaseReport {
    let head = &listed.head;
    let updated = head
        .info
        .last_deployed
        .map(|time| time.to_go(&local_zone(context)));
    let updated = updated.map_or_else(
        || "-".to_owned(),
        |time| match &args.shape.time_format {
            Some(layout) => String::from_utf8_lossy(&time.format(layout.as_bytes())).into_owned(),
            None => time.to_string(),
        },
    );
    ReleaseReport {
        name: head.name.clone(),
        namespace: head.namespace.clone(),
        revision: head.version.to_string(),
        updated,
        status: head.info.status.to_string(),
        chart: head.chart_name(),
        app_version: head.app_version().to_owned(),
    }
}

fn table(listed: &[ListedRelease], reports: &[ReleaseReport], shape: &ShapeArgs) -> Grid {
    const HEADING: [&str; 7] = [
        "NAME",
        "NAMESPACE",
        "REVISION",
        "UPDATED",
        "STATUS",
        "CHART",
        "APP VERSION",
    ];
    let is_wide = shape.output == ListFormat::Wide;
    let wide = |cells: [Cell; 2]| cells.into_iter().filter(move |_| is_wide);
    let mut grid = Grid::default();
    if !shape.no_headers {
        let more = wide([Cell::bold("SOURCE"), Cell::bold("DIGEST")]);
        grid.row(HEADING.into_iter().map(Cell::bold).chain(more));
    }
    for (listed, report) in listed.iter().zip(reports) {
        let cells = [
            Cell::plain(&report.name),
            Cell::painted(&report.namespace, Some("36")),
            Cell::plain(&report.revision),
            Cell::plain(&report.updated),
            Cell::painted(&report.status, colour_of(&listed.head.info.status)),
            Cell::plain(&report.chart),
            Cell::plain(&report.app_version),
        ];
        let recorded = |annotation| Cell::plain(recorded(listed, annotation));
        let more = wide([recorded(SOURCE_ANNOTATION), recorded(DIGEST_ANNOTATION)]);
        grid.row(cells.into_iter().chain(more));
    }
    grid
}

fn recorded<'release>(listed: &'release ListedRelease, annotation: &str) -> &'release str {
    let annotations = listed.head.chart.as_ref().map(|chart| &chart.annotations);
    let text = annotations.and_then(|annotations| annotations.get(annotation));
    text.map_or("-", String::as_str)
}

fn json(report: &impl Serialize) -> Result<String, CommandError> {
    let value = serde_json::to_value(report).map_err(CommandError::internal)?;
    Ok(crate::releases::go_json(&value))
}
