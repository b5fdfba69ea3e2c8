//! Errors of copying, tagging, attaching and deleting, and what to do about each.

use skeg_oci_client::{DeleteError, PushManifestError, RequestError, ResponseError};
use skeg_registry::{AttachError, ChartReference, CopyError, CopySide, RepositoryLocation};

use super::CommandError;
use super::registry::request_hint;

/// What was to be done, and why it could not be.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {name}")]
struct WriteError<E: std::error::Error + 'static> {
    action: &'static str,
    name: String,
    #[source]
    source: E,
}

impl CommandError {
    /// An artifact that could not be copied from the first place to the second.
    pub(crate) fn copy(asked: &str, places: [&RepositoryLocation; 2], source: CopyError) -> Self {
        let [from, to] = places;
        let location = match source.side() {
            CopySide::Source => from,
            CopySide::Destination => to,
        };
        let is_taken = matches!(source, CopyError::TagExists { .. });
        let missing = source
            .response()
            .filter(|_| source.side() == CopySide::Destination)
            .and_then(|response| missing_repository(location, response));
        let hint = source
            .request()
            .and_then(|error| request_hint(location.host(), error));
        let name = format!("{asked} to {}", to.to_url());
        let action = "copy";
        let error = Self::user(WriteError { action, name, source });
        let error = error.maybe_hint(missing).maybe_hint(hint);
        if is_taken {
            return error.hint("leave `--no-overwrite` out to let the tag name the copy");
        }
        error
    }

    /// A manifest that could not be stored under a tag or its digest.
    pub(crate) fn store(target: &ChartReference, source: PushManifestError) -> Self {
        let hints = write_hints(target.location(), source.request(), source.response());
        let name = target.to_string();
        let action = "store";
        let error = Self::user(WriteError { action, name, source });
        hints.into_iter().fold(error, Self::maybe_hint)
    }

    /// Files that could not be attached.
    pub(crate) fn attach(target: &ChartReference, source: AttachError) -> Self {
        let hints = write_hints(target.location(), source.request(), source.response());
        let name = format!("files in {}", target.location().to_url());
        let action = "attach";
        let error = Self::user(WriteError { action, name, source });
        hints.into_iter().fold(error, Self::maybe_hint)
    }

    /// A tag or a manifest that could not be deleted.
    pub(crate) fn delete(target: &ChartReference, source: DeleteError) -> Self {
        let is_forbidden = matches!(source, DeleteError::Forbidden { .. });
        let hint = source
            .request()
            .and_then(|error| request_hint(target.location().host(), error));
        let name = target.to_string();
        let action = "delete";
        let error = Self::user(WriteError { action, name, source }).maybe_hint(hint);
        if !is_forbidden {
            return error;
        }
        if target.digest().is_none() {
            return error.hint(
                "many registries delete no single tags: `skeg delete` deletes the version with all its tags, \
                 `skeg tag` lets the tag name another one",
            );
        }
        error.hint(
            "delete it where the registry is administered, or let its retention rules do so; \
             a registry of your own needs deletion switched on (distribution: `REGISTRY_STORAGE_DELETE_ENABLED=true`)",
        )
    }
}

fn write_hints(
    location: &RepositoryLocation,
    request: Option<&RequestError>,
    response: Option<&ResponseError>,
) -> [Option<String>; 2] {
    [
        response.and_then(|response| missing_repository(location, response)),
        request.and_then(|error| request_hint(location.host(), error)),
    ]
}

fn missing_repository(location: &RepositoryLocation, response: &ResponseError) -> Option<String> {
    response.is_unknown_repository().then(|| {
        format!("create the repository {location} first; this registry does not make one by itself (as ECR)")
    })
}
