//! `skeg search repo`.

use serde::Serialize;
use skeg_go::regexp::Regexp;
use skeg_go::semver::VersionConstraint;
use skeg_repository::{Index, SearchQuery, search};

use crate::args::OutputArgs;
use crate::classic;
use crate::context::Context;
use crate::error::{CommandError, chain};
use crate::table::Table;

/// Search the cached indexes of classic repositories
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg search repo [keyword] [flags]")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct RepoArgs {
    /// What to search for in names, descriptions and keywords; several words are one keyword
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

    /// Cut off columns of the table that are wider; 0 is no limit
    #[arg(long, value_name = "WIDTH", default_value_t = 50)]
    max_col_width: usize,

    /// Fail if nothing is found
    #[arg(long)]
    fail_on_no_result: bool,

    #[command(flatten)]
    output: OutputArgs,
}

/// The fields have Helm's names.
#[derive(Serialize)]
struct ChartReport<'index> {
    name: &'index str,
    version: &'index str,
    app_version: &'index str,
    description: &'index str,
}

/// Helm 4.3.1: the best hits first; an index that cannot be read is a warning.
pub(super) fn repo(args: &RepoArgs, context: &Context) -> Result<(), CommandError> {
    let repositories = load(context)?;
    let query = query(args)?;
    let hits = search(&repositories, &query);
    if hits.is_empty() && args.fail_on_no_result {
        return Err(CommandError::user("no results found"));
    }
    let reports = hits.iter().map(|hit| ChartReport {
        name: &hit.name,
        version: hit.entry.version(),
        app_version: hit.entry.app_version(),
        description: hit.entry.description(),
    });
    let reports: Vec<_> = reports.collect();
    let printer = context.printer();
    if args.output.output.print(&reports, printer)? {
        return Ok(());
    }
    if reports.is_empty() {
        return Ok(printer.line("No results found")?);
    }
    let heading = ["NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION"];
    let mut table = Table::new(heading).max_width(args.max_col_width).padded();
    for report in &reports {
        table.row([
            report.name,
            report.version,
            report.app_version,
            report.description,
        ]);
    }
    table.print(context)
}

fn load(context: &Context) -> Result<Vec<(String, Index)>, CommandError> {
    let file = classic::read_list(context)?.unwrap_or_default();
    if file.repositories().is_empty() {
        let error = CommandError::user("no repositories configured");
        return Err(error.hint(
            "add one by `skeg repo add NAME URL`; search a registry by `skeg search oci://HOST/PATH`",
        ));
    }
    let cache = classic::cache(context);
    let printer = context.printer();
    let mut repositories = Vec::new();
    for entry in file.repositories() {
        if entry.is_oci() {
            printer.hint(format!(
                "`{}` is a path in a registry: search it by `skeg search {}`",
                entry.name, entry.url
            ));
            continue;
        }
        match cache.load(&entry.name) {
            Ok(index) => {
                let path = cache.index_path(&entry.name);
                classic::warn_of_rejected(&index, &path.display().to_string(), printer);
                repositories.push((entry.name.clone(), index));
            }
            Err(error) => printer.warning_about(
                "repo is corrupt or missing",
                &[("repo", entry.name.clone()), ("error", chain(&error))],
            ),
        }
    }
    Ok(repositories)
}

fn query(args: &RepoArgs) -> Result<SearchQuery, CommandError> {
    let mut query = SearchQuery::all();
    let keyword = args.keyword.join(" ");
    if !args.keyword.is_empty() {
        query = if args.regexp {
            query.pattern(Regexp::new(keyword.as_bytes()).map_err(CommandError::user)?)
        } else {
            query.text(&keyword)
        };
    }
    if !args.versions {
        query = query.first_only();
    }
    let default = if args.devel { ">0.0.0-0" } else { ">0.0.0" };
    let range = args
        .version
        .as_deref()
        .filter(|range| !range.is_empty())
        .unwrap_or(default);
    let constraint = VersionConstraint::parse(range)
        .map_err(|error| CommandError::user(format!("an invalid version/constraint format: {error}")))?;
    Ok(query.range(constraint))
}
