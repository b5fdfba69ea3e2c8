//! `skeg search`: charts below a path of a registry, or below a directory of image layouts.

mod find;
mod hub;
mod repo;
mod repositories;

use std::borrow::Cow;

use serde::Serialize;
use skeg_go::regexp::Regexp;
use skeg_registry::{ParseChartReferenceError, PushTarget, VersionFilter};

pub(crate) use self::repositories::{Repositories, list as list_repositories};

use self::find::Found;
use crate::args::{AccessArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::table::Table;

/// The columns of Helm's table.
const HEADING: [&str; 4] = ["NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION"];

/// Helm 4.3.1.
const NO_RESULT: &str = "No results found";

/// Search for charts in a registry, or in a directory of image layouts
///
/// Shows the highest stable version of each chart below the path. A keyword must be part of the path, the description or the
/// keywords of a chart, in any case of letters. The registry must list its repositories; where it does not, a path that is
/// the one of a chart is looked at itself.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "skeg search [oci://HOST[/PATH]] [keyword] [flags]\n       skeg search repo [keyword] [flags]\n       skeg search hub [keyword] [flags]",
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct SearchArgs {
    #[command(subcommand)]
    command: Option<SearchCommand>,

    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, clap::Subcommand)]
enum SearchCommand {
    Hub(Box<hub::HubArgs>),
    Repo(Box<repo::RepoArgs>),
}

/// A search in a registry.
#[derive(Debug, clap::Args)]
pub(crate) struct PlaceArgs {
    /// Where to search
    #[arg(value_name = "PLACE", required = true)]
    place: Option<String>,

    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// What to search for, and how to show it.
#[derive(Debug, clap::Args)]
struct QueryArgs {
    /// What to search for; several words are one keyword
    #[arg(value_name = "KEYWORD")]
    keyword: Vec<String>,

    /// Show every version of each chart
    #[arg(long, short = 'l')]
    versions: bool,

    /// Show the charts and versions of this range only
    #[arg(long, value_name = "RANGE", allow_hyphen_values = true)]
    version: Option<String>,

    /// Show pre-releases too
    #[arg(long)]
    devel: bool,

    /// Take the keyword as a regular expression
    #[arg(long, short)]
    regexp: bool,

    #[command(flatten)]
    table: TableArgs,
}

/// How to show what was found.
#[derive(Debug, clap::Args)]
struct TableArgs {
    /// Cut off columns of the table that are wider; 0 is no limit
    #[arg(long, value_name = "WIDTH", default_value_t = 50, allow_hyphen_values = true)]
    max_col_width: usize,

    /// Fail if nothing is found
    #[arg(long)]
    fail_on_no_result: bool,
}

/// The fields have Helm's names.
#[derive(Serialize)]
struct SearchReport<'found> {
    name: Cow<'found, str>,
    version: &'found str,
    app_version: &'found str,
    description: &'found str,
}

pub(crate) fn search(args: &SearchArgs, context: &Context) -> Result<(), CommandError> {
    match &args.command {
        Some(SearchCommand::Hub(args)) => hub::hub(args, context),
        Some(SearchCommand::Repo(args)) => repo::repo(args, context),
        None => search_place(&args.place, context),
    }
}

/// Helm 4.3.1: the columns, `No results found`, and the names of the fields of `search repo`.
fn search_place(args: &PlaceArgs, context: &Context) -> Result<(), CommandError> {
    let place = args.place.as_deref().unwrap_or_default();
    let place = parse_place(place)?;
    let filter = VersionFilter::new(args.query.version.as_deref(), args.query.devel, false)
        .map_err(CommandError::user)?;
    let keyword = Keyword::new(&args.query.keyword.join(" "), args.query.regexp)?;
    let mut found = find::find(&place, &filter, args, context)?;
    found.retain(|found| keyword.fits(found));
    let reports: Vec<SearchReport<'_>> = found.iter().map(SearchReport::new).collect();
    print(&reports, &args.query, Table::new(HEADING), &args.output, context)
}

/// Helm 4.3.1: `No results found` is on standard output.
fn print(
    reports: &[SearchReport<'_>],
    query: &QueryArgs,
    table: Table<4>,
    output: &OutputArgs,
    context: &Context,
) -> Result<(), CommandError> {
    if reports.is_empty() && query.table.fail_on_no_result {
        return Err(CommandError::user("no results found"));
    }
    let printer = context.printer();
    if output.output.print(&reports, printer)? {
        return Ok(());
    }
    if reports.is_empty() {
        return Ok(printer.line(NO_RESULT)?);
    }
    let mut table = table.max_width(query.table.max_col_width);
    for report in reports {
        table.row([
            &report.name,
            report.version,
            report.app_version,
            report.description,
        ]);
    }
    table.print(context)
}

fn parse_place(text: &str) -> Result<PushTarget, CommandError> {
    PushTarget::parse(text).map_err(|error| match error {
        ParseChartReferenceError::VersionInRemote { .. } => {
            let error = CommandError::user(format!("`{text}` names one version, not a place to search"));
            error.hint("leave the tag out, and choose by `--version RANGE`")
        }
        error => CommandError::push_target(error),
    })
}

impl<'found> SearchReport<'found> {
    fn new(found: &'found Found) -> Self {
        Self {
            name: found.location.to_url().into(),
            version: &found.version,
            app_version: found.details.app_version(),
            description: found.details.description(),
        }
    }
}

/// What is searched for.
enum Keyword {
    Text(String),
    Pattern(Box<Regexp>),
}

impl Keyword {
    fn new(text: &str, is_pattern: bool) -> Result<Self, CommandError> {
        if !is_pattern {
            return Ok(Self::Text(text.to_lowercase()));
        }
        let pattern = Regexp::new(text.as_bytes()).map_err(CommandError::user)?;
        Ok(Self::Pattern(Box::new(pattern)))
    }

    fn fits(&self, found: &Found) -> bool {
        let keywords = found
            .details
            .metadata
            .as_ref()
            .map(skeg_chart::Metadata::keywords);
        let keywords = keywords.unwrap_or_default().iter().map(String::as_str);
        let name = found.location.to_string();
        let mut texts = [name.as_str(), found.details.description()]
            .into_iter()
            .chain(keywords);
        match self {
            Self::Text(text) => texts.any(|found| found.to_lowercase().contains(text)),
            Self::Pattern(pattern) => texts.any(|found| pattern.is_match(found.as_bytes())),
        }
    }
}
