//! The repositories below a place.

use std::path::{Path, PathBuf};

use skeg_oci::{RegistryHost, RepositoryName, layout};
use skeg_oci_client::ListRepositoriesError;
use skeg_registry::{PushTarget, RepositoryLocation};

use crate::access::Access;
use crate::error::CommandError;
use crate::work::blocking;

/// How deep below a directory image layouts are looked for.
const MAX_DEPTH: usize = 8;

/// The repositories below a place.
pub(crate) struct Repositories {
    /// In the order of their names.
    pub(crate) locations: Vec<RepositoryLocation>,
    /// Why the registry was not asked, when its one path is only tried.
    pub(crate) is_guess: Option<CommandError>,
}

pub(crate) async fn list(place: &PushTarget, access: &Access) -> Result<Repositories, CommandError> {
    match place {
        PushTarget::Registry { host, path } => of_registry(host, path.as_ref(), access).await,
        PushTarget::Layout { directory } => {
            let directory = directory.clone();
            let directories = blocking(move || Ok(layouts(&directory))).await?;
            let layout = |directory| RepositoryLocation::Layout { directory };
            Ok(Repositories {
                locations: directories.into_iter().map(layout).collect(),
                is_guess: None,
            })
        }
    }
}

async fn of_registry(
    host: &RegistryHost,
    path: Option<&RepositoryName>,
    access: &Access,
) -> Result<Repositories, CommandError> {
    let location = |repository| RepositoryLocation::Registry {
        host: host.clone(),
        repository,
    };
    let (mut names, is_guess) = match (catalog(host, path, access).await, path) {
        (Ok(names), _) => (names, None),
        (Err(error @ ListRepositoriesError::Unsupported { .. }), Some(path)) => {
            (vec![path.clone()], Some(CommandError::catalog(host, error)))
        }
        (Err(error), _) => return Err(CommandError::catalog(host, error)),
    };
    names.sort();
    names.dedup();
    Ok(Repositories {
        locations: names.into_iter().map(location).collect(),
        is_guess,
    })
}

/// The names at the path and below it. Where the content is in another place, its names there are put below the path.
async fn catalog(
    host: &RegistryHost,
    path: Option<&RepositoryName>,
    access: &Access,
) -> Result<Vec<RepositoryName>, ListRepositoriesError> {
    let (registry, place) = access.listing_registry(host, path);
    let name_here = |name: RepositoryName| {
        let rest = match &place {
            None => name.as_str(),
            Some(place) => name.as_str().strip_prefix(place.as_str())?,
        };
        let is_below = place.is_none() || rest.is_empty() || rest.starts_with('/');
        let parts = [
            path.map_or("", RepositoryName::as_str),
            rest.trim_start_matches('/'),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let name = RepositoryName::parse(&parts.join("/")).ok();
        name.filter(|_| is_below)
    };
    let mut pages = registry.catalog();
    let mut names = Vec::new();
    while let Some(page) = pages.next().await? {
        names.extend(page.into_iter().filter_map(name_here));
    }
    Ok(names)
}

/// The directories that are image layouts, in the order of their names. What cannot be read is none.
fn layouts(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![(directory.to_owned(), 0)];
    while let Some((directory, depth)) = waiting.pop() {
        if directory.join(layout::MARKER_FILE).is_file() {
            found.push(directory);
            continue;
        }
        let entries = fs_err::read_dir(&directory).into_iter().flatten().flatten();
        let directories = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        if depth < MAX_DEPTH {
            waiting.extend(directories.map(|entry| (entry.path(), depth + 1)));
        }
    }
    found.sort();
    found
}
