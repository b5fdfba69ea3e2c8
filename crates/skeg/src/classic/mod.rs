//! Classic repositories: which chart of them is meant, and how it is fetched.

mod client;
mod error;
mod fetch;
mod locate;
mod refresh;

use skeg_oci::Digest;
use skeg_repository::{IndexCache, RejectedEntry, RepositoriesFile, RepositoryEntry, RepositoryList};

pub(crate) use self::client::{RepositoryAccess, client};
pub(crate) use self::error::{in_words_of_go, unreachable_repository};
pub(crate) use self::fetch::{Fetched, fetch, fetch_chart, fetch_provenance};
pub(crate) use self::locate::{
    ClassicChart, DownloadedIndex, Found, LocatedArchive, located, named_base, read_all,
};
pub(crate) use self::refresh::refresh;

use crate::context::Context;
use crate::error::CommandError;
use crate::printer::Printer;

/// The `repositories.yaml` of this user.
pub(crate) fn list(context: &Context) -> RepositoryList {
    RepositoryList::new(context.repository_config())
}

/// The cached indexes of this user.
pub(crate) fn cache(context: &Context) -> IndexCache {
    IndexCache::new(context.repository_cache())
}

/// The name under which the index of a repository is cached.
///
/// Helm 4.3.1: for one without a name that of the hash of its address.
pub(crate) fn cached_as(entry: Option<&RepositoryEntry>, address: &str) -> String {
    match entry {
        Some(entry) => entry.name.clone(),
        None => format!("helm-manager-{}", Digest::sha256_of(address.as_bytes()).hex()),
    }
}

/// What is in `repositories.yaml`; nothing if there is none.
pub(crate) fn read_list(context: &Context) -> Result<Option<RepositoriesFile>, CommandError> {
    let list = list(context);
    list.read().map_err(|error| {
        let path = list.path().display();
        CommandError::user(format!(
            "couldn't load repositories file ({path}): {}",
            crate::error::chain(&error)
        ))
        .hint("mend the file, or name another one by `--repository-config`")
    })
}

/// Helm 4.3.1: a warning for each entry of an index that is left out.
pub(crate) fn warn_of_rejected(rejected: &[RejectedEntry], source: &str, printer: &Printer) {
    for RejectedEntry {
        chart,
        version,
        problem,
    } in rejected
    {
        let name = ("name", chart.clone());
        let source = ("source", source.to_owned());
        match problem {
            None => printer.warning_about(
                "skipping loading invalid entry for chart: empty entry",
                &[name, source],
            ),
            Some(problem) => printer.warning_about(
                "skipping loading invalid entry for chart",
                &[
                    name,
                    ("version", version.clone()),
                    source,
                    ("error", problem.clone()),
                ],
            ),
        }
    }
}
