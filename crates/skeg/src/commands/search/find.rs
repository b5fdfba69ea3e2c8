//! The charts of many repositories, looked at side by side.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use skeg_registry::{ListedTag, PushTarget, RepositoryLocation, VersionFilter};

use super::PlaceArgs;
use super::repositories::{Repositories, list};
use crate::access::{Access, Reader};
use crate::chart_details::{self, ChartDetails, SIDE_BY_SIDE};
use crate::commands::tags;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// How many versions of one chart are looked at side by side, when those of all are shown.
const VERSIONS_SIDE_BY_SIDE: usize = 4;

/// At most so many tags of a repository are looked at in search of a chart, if the first ones are something else.
const TRIES: usize = 3;

/// A version of a chart.
pub(super) struct Found {
    pub(super) location: RepositoryLocation,
    pub(super) version: String,
    pub(super) details: ChartDetails,
}

/// The charts of the place, by name, the newest version of each first. A repository that cannot be read is told of; that none
/// can be read is an error.
pub(super) fn find(
    place: &PushTarget,
    filter: &VersionFilter,
    args: &PlaceArgs,
    context: &Context,
) -> Result<Vec<Found>, CommandError> {
    let access = Access::new(&args.access, place.host(), context)?;
    let results = block_on(async {
        let Repositories { locations, is_guess } = list(place, &access).await?;
        let searches = stream::iter(locations).map(|location| async {
            let found = in_repository(&access, &location, filter, args.query.versions).await;
            found.map_err(|error| (location, error))
        });
        let results: Vec<_> = searches.buffered(SIDE_BY_SIDE).collect().await;
        match is_guess {
            Some(error) if results.iter().all(Result::is_err) => Err(error),
            _ => Ok(results),
        }
    })?;
    let mut found = Vec::new();
    let mut failed = Vec::new();
    for result in results {
        match result {
            Ok(charts) => found.extend(charts),
            Err(failure) => failed.push(failure),
        }
    }
    if found.is_empty()
        && let Some((_, error)) = failed.pop()
    {
        return Err(error);
    }
    for (location, error) in failed {
        let text = format!("{location} was left out: {}", error.message());
        context.printer().warning(&text);
    }
    Ok(found)
}

async fn in_repository(
    access: &Access,
    location: &RepositoryLocation,
    filter: &VersionFilter,
    all_versions: bool,
) -> Result<Vec<Found>, CommandError> {
    let repository = access.reader(location)?;
    let (tags, _) = tags::list(&repository, location, filter).await?;
    if all_versions {
        let details = stream::iter(tags).map(|tag| look_at(&repository, location, tag));
        let found: Vec<Option<Found>> = details.buffered(VERSIONS_SIDE_BY_SIDE).try_collect().await?;
        return Ok(found.into_iter().flatten().collect());
    }
    for tag in tags.into_iter().take(TRIES) {
        if let Some(found) = look_at(&repository, location, tag).await? {
            return Ok(vec![found]);
        }
    }
    Ok(Vec::new())
}

async fn look_at(
    repository: &Reader,
    location: &RepositoryLocation,
    tag: ListedTag,
) -> Result<Option<Found>, CommandError> {
    let details = chart_details::fetch(repository, location, &tag.tag).await?;
    Ok(details.map(|details| Found {
        location: location.clone(),
        version: tag.tag.to_version(),
        details,
    }))
}
