//! `skeg tags`.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use skeg_oci_client::ListTagPages;
use skeg_registry::{ChartReference, ListedTag, RepositoryLocation, VersionFilter, sort_newest_first};

use crate::access::{Access, Reader};
use crate::args::{AccessArgs, OutputArgs};
use crate::chart_details::{self, ChartDetails, SIDE_BY_SIDE};
use crate::context::Context;
use crate::error::CommandError;
use crate::table::{Table, size};
use crate::work::block_on;

/// List the versions of a chart, the newest first
///
/// One request is made for each page of the registry's list of tags. With `--long`, two small ones more for each chart that
/// is shown.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "versions",
    override_usage = "skeg tags [oci://HOST/PATH/NAME] [flags]"
)]
pub(crate) struct TagsArgs {
    /// The chart, without a version
    #[arg(value_name = "REFERENCE")]
    reference: String,

    /// List the versions of this range only, such as `^1.2`
    #[arg(long, value_name = "RANGE")]
    version: Option<String>,

    /// List pre-releases too
    #[arg(long)]
    devel: bool,

    /// List all tags, those too that are no versions, such as `latest` and signatures
    #[arg(long, short)]
    all: bool,

    /// List so many at most
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,

    /// Show the versions of the applications, dates, sizes, digests and descriptions too
    #[arg(long, short)]
    long: bool,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TagReport {
    tag: String,
    version: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    details: Option<DetailsReport>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DetailsReport {
    app_version: String,
    created: Option<String>,
    size: u64,
    digest: String,
    description: String,
    deprecated: bool,
}

pub(crate) fn tags(args: &TagsArgs, context: &Context) -> Result<(), CommandError> {
    let reference = parse_repository(&args.reference)?;
    let location = reference.location();
    let filter = VersionFilter::new(args.version.as_deref(), args.devel, args.all);
    let filter = filter.map_err(CommandError::user)?;
    let access = Access::new(&args.access, location.host(), context)?;
    let repository = access.reader(location)?;
    let (reports, hidden) = block_on(async {
        let (mut tags, hidden) = list(&repository, location, &filter).await?;
        tags.truncate(args.limit.unwrap_or(usize::MAX));
        let reports = stream::iter(tags).map(|tag| report(&repository, location, tag, args.long));
        Ok((
            reports.buffered(SIDE_BY_SIDE).try_collect::<Vec<_>>().await?,
            hidden,
        ))
    })?;
    if !args.output.output.print(&reports, context.printer())? {
        print_table(&reports, args.long, context)?;
    }
    if reports.is_empty() && hidden > 0 {
        let what = if hidden == 1 {
            "pre-release is"
        } else {
            "pre-releases are"
        };
        let text = format!("{hidden} {what} not shown; give `--devel` to see them");
        context.printer().status(text);
    }
    Ok(())
}

/// Parses a reference that names a repository and nothing in it.
fn parse_repository(text: &str) -> Result<ChartReference, CommandError> {
    let reference = ChartReference::parse(text).map_err(CommandError::reference)?;
    if reference.tag().is_none() && reference.digest().is_none() {
        return Ok(reference);
    }
    let location = reference.location().to_url();
    Err(
        CommandError::user(format!("`{text}` names one version")).hint(format!(
            "leave the version out: `{location}`; choose by `--version RANGE`"
        )),
    )
}

/// The tags that pass the filter, newest first, and how many pre-releases do not.
pub(crate) async fn list(
    repository: &Reader,
    location: &RepositoryLocation,
    filter: &VersionFilter,
) -> Result<(Vec<ListedTag>, usize), CommandError> {
    list_any(repository, location, std::slice::from_ref(filter)).await
}

/// As [`list`], for tags that pass one of several filters.
pub(crate) async fn list_any(
    repository: &impl ListTagPages,
    location: &RepositoryLocation,
    filters: &[VersionFilter],
) -> Result<(Vec<ListedTag>, usize), CommandError> {
    let mut pages = repository.tag_pages().await;
    let mut found = Vec::new();
    let mut hidden = 0;
    loop {
        let page = pages.next().await;
        let Some(page) = page.map_err(|error| CommandError::list_tags(location, error))? else {
            break;
        };
        for tag in page.into_iter().map(ListedTag::new) {
            hidden += usize::from(filters.iter().all(|filter| filter.hides(&tag)));
            if filters.iter().any(|filter| filter.takes(&tag)) {
                found.push(tag);
            }
        }
    }
    sort_newest_first(&mut found);
    found.dedup_by(|one, other| one.tag == other.tag);
    Ok((found, hidden))
}

async fn report(
    repository: &Reader,
    location: &RepositoryLocation,
    tag: ListedTag,
    is_long: bool,
) -> Result<TagReport, CommandError> {
    let details = if is_long {
        chart_details::fetch(repository, location, &tag.tag).await?
    } else {
        None
    };
    Ok(TagReport {
        version: tag.version.is_some().then(|| tag.tag.to_version()),
        tag: tag.tag.to_string(),
        details: details.as_ref().map(DetailsReport::new),
    })
}

impl DetailsReport {
    fn new(details: &ChartDetails) -> Self {
        Self {
            app_version: details.app_version().to_owned(),
            created: details.created.clone(),
            size: details.size,
            digest: details.digest.clone(),
            description: details.description().to_owned(),
            deprecated: details
                .metadata
                .as_ref()
                .is_some_and(skeg_chart::Metadata::deprecated),
        }
    }
}

fn print_table(reports: &[TagReport], is_long: bool, context: &Context) -> Result<(), CommandError> {
    if !is_long {
        let mut table = Table::new(["VERSION", "TAG"]);
        for report in reports {
            table.row([report.version.as_deref().unwrap_or("-"), &report.tag]);
        }
        return table.print(context);
    }
    let heading = [
        "VERSION",
        "APP VERSION",
        "CREATED",
        "SIZE",
        "DIGEST",
        "TAG",
        "DESCRIPTION",
    ];
    let mut table = Table::new(heading);
    for report in reports {
        let version = report.version.as_deref().unwrap_or("-");
        match &report.details {
            None => table.row([version, "", "", "", "", &report.tag, ""]),
            Some(details) => table.row([
                version,
                &details.app_version,
                details.created.as_deref().unwrap_or(""),
                &size(details.size),
                &details.digest,
                &report.tag,
                &details.description,
            ]),
        }
    }
    table.print(context)
}
