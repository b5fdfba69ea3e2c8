//! `skeg search repo`.

use std::borrow::Cow;

use skeg_go::regexp::Regexp;
use skeg_go::semver::VersionConstraint;
use skeg_repository::{IndexEntry, SearchHit, SearchQuery, sort_hits};

use super::{HEADING, QueryArgs, SearchReport};
use crate::args::OutputArgs;
use crate::classic;
use crate::context::Context;
use crate::error::{CommandError, chain};
use crate::table::Table;

/// Search the cached indexes of classic repositories
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg search repo [keyword] [flags]")]
pub(crate) struct RepoArgs {
    #[command(flatten)]
    query: QueryArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Helm 4.3.1: the best hits first; an index that cannot be read is a warning.
pub(super) fn repo(args: &RepoArgs, context: &Context) -> Result<(), CommandError> {
    let hits = search(&query(&args.query)?, context)?;
    let reports = hits.iter().map(|hit| SearchReport {
        name: Cow::Borrowed(&*hit.name),
        version: hit.entry.version(),
        app_version: hit.entry.app_version(),
        description: hit.entry.description(),
    });
    let reports: Vec<_> = reports.collect();
    super::print(
        &reports,
        &args.query,
        Table::new(HEADING).padded(),
        &args.output,
        context,
    )
}

fn search(query: &SearchQuery, context: &Context) -> Result<Vec<SearchHit>, CommandError> {
    let file = classic::read_list(context)?.unwrap_or_default();
    if file.repositories().is_empty() {
        let error = CommandError::user("no repositories configured");
        return Err(error.hint(
            "add one by `skeg repo add NAME URL`; search a registry by `skeg search oci://HOST/PATH`",
        ));
    }
    let cache = classic::cache(context);
    let printer = context.printer();
    let mut hits = Vec::new();
    for entry in file.repositories() {
        if entry.is_oci() {
            printer.hint(format!(
                "`{}` is a path in a registry: search it by `skeg search {}`",
                entry.name, entry.url
            ));
            continue;
        }
        let name = &entry.name;
        let search_chart = |hits: &mut Vec<SearchHit>, chart: String, versions: Vec<IndexEntry>| {
            query.search(name, &chart, &versions, hits);
        };
        match cache.fold_charts(name, |_| true, Vec::new, search_chart) {
            Ok((found, rejected)) => {
                let path = cache.index_path(name);
                classic::warn_of_rejected(&rejected, &path.display().to_string(), printer);
                hits.extend(found);
            }
            Err(error) => printer.warning_about(
                "repo is corrupt or missing",
                &[("repo", entry.name.clone()), ("error", chain(&error))],
            ),
        }
    }
    sort_hits(&mut hits);
    Ok(hits)
}

fn query(args: &QueryArgs) -> Result<SearchQuery, CommandError> {
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
