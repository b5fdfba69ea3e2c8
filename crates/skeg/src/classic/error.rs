//! Failures of classic repositories in Helm's words, and what to do about each.

use skeg_oci_client::{FetchUrlError, RequestError};
use skeg_repository::{DownloadError, ReadIndexError, ReadRepositoriesError};

use crate::error::{CommandError, chain};
use crate::remote::go_words;

/// A failed download as Helm's getter words it.
pub(crate) fn in_words_of_go(url: &str, error: &DownloadError) -> CommandError {
    let words = words(url, error);
    let hint = match error {
        DownloadError::Digest { .. } => Some(
            "the archive was changed or damaged after the index was made: run `skeg repo update`, and if that does not \
             help, ask whoever keeps the repository",
        ),
        DownloadError::Fetch(FetchUrlError::Request(error)) => hint(error),
        _ => None,
    };
    CommandError::user(words).maybe_hint(hint)
}

fn words(url: &str, error: &DownloadError) -> String {
    match error {
        DownloadError::Fetch(FetchUrlError::Request(error)) => match error.response() {
            Some(response) => format!("failed to fetch {} : {}", go_words::shown(url), response.status()),
            None => go_words::get_failure(url, error),
        },
        DownloadError::Fetch(FetchUrlError::Scheme { scheme }) => {
            format!("could not find protocol handler for: {scheme}")
        }
        DownloadError::Digest { .. } => format!("{}: {error}", go_words::shown(url)),
        error => chain(error),
    }
}

fn hint(error: &RequestError) -> Option<&'static str> {
    match error.response().map(|response| response.status().as_u16()) {
        Some(401 | 403) => Some(
            "give `--username` and `--password`, or add the repository with them: `skeg repo add NAME URL --username USER \
             --password-stdin`",
        ),
        _ => None,
    }
}

/// Helm 4.3.1: `looks like "URL" is not a valid chart repository or cannot be reached: …`.
pub(crate) fn unreachable_repository(address: &str, error: &CommandError) -> CommandError {
    let text = format!(
        "looks like {} is not a valid chart repository or cannot be reached: {}",
        skeg_go::quote::quote(&go_words::shown(address)),
        error.message()
    );
    error.reworded(text)
}

/// An index that is none.
impl From<ReadIndexError> for CommandError {
    fn from(error: ReadIndexError) -> Self {
        let hint = error.is_no_index().then_some(
            "what is there is no `index.yaml`: look whether the address is that of a repository, or of a page about one",
        );
        Self::user(error).maybe_hint(hint)
    }
}

/// A list of repositories that cannot be read or written.
impl From<ReadRepositoriesError> for CommandError {
    fn from(error: ReadRepositoriesError) -> Self {
        Self::user(error)
    }
}
