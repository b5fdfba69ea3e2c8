//! Errors of looking around in registries, and what to do about each.

use skeg_oci::RegistryHost;
use skeg_oci_client::{
    FetchManifestError, ListReferrersError, ListRepositoriesError, ListTagsError, RequestError, ResolveError,
};
use skeg_registry::{ChartReference, LocateError, RepositoryLocation, ResolveChartError};

use super::CommandError;
use super::registry::request_hint;

/// What was to be read, and why it could not be.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {name}")]
struct ReadError<E: std::error::Error + 'static> {
    action: &'static str,
    name: String,
    #[source]
    source: E,
}

impl CommandError {
    /// An artifact that was not found.
    pub(crate) fn locate(asked: &ChartReference, error: LocateError) -> Self {
        match error {
            LocateError::Choose(error) => Self::resolve(asked, error),
            error => {
                let request = match &error {
                    LocateError::Resolve { source, .. } => source.request(),
                    _ => None,
                };
                let hint = request.and_then(|error| request_hint(asked.location().host(), error));
                let hint = match &error {
                    LocateError::RangeUnknown { .. } => {
                        Some("leave either the range or the other out".to_owned())
                    }
                    _ => hint,
                };
                Self::user(error).maybe_hint(hint)
            }
        }
    }

    /// Tags that could not be listed.
    pub(crate) fn list_tags(location: &RepositoryLocation, source: ListTagsError) -> Self {
        let asked = ChartReference::new(location.clone(), None, None);
        let repository = location.to_url();
        Self::resolve(&asked, ResolveChartError::List { repository, source })
    }

    /// Referrers that could not be listed.
    pub(crate) fn referrers(asked: &ChartReference, source: ListReferrersError) -> Self {
        let hint = source
            .request()
            .and_then(|error| request_hint(asked.location().host(), error));
        let name = asked.to_string();
        let action = "list the referrers of";
        Self::user(ReadError { action, name, source }).maybe_hint(hint)
    }

    /// A manifest that could not be read.
    pub(crate) fn manifest(asked: &ChartReference, source: FetchManifestError) -> Self {
        let hint = source
            .request()
            .and_then(|error| request_hint(asked.location().host(), error));
        let name = asked.to_string();
        let action = "read the manifest of";
        Self::user(ReadError { action, name, source }).maybe_hint(hint)
    }

    /// A tag whose digest could not be asked for.
    pub(crate) fn resolve_tag(asked: &ChartReference, source: ResolveError) -> Self {
        let hint = source
            .request()
            .and_then(|error| request_hint(asked.location().host(), error));
        let name = asked.to_string();
        let action = "resolve";
        Self::user(ReadError { action, name, source }).maybe_hint(hint)
    }

    /// Repositories that could not be listed.
    pub(crate) fn catalog(host: &RegistryHost, source: ListRepositoriesError) -> Self {
        let name = host.to_string();
        let is_unsupported = matches!(source, ListRepositoriesError::Unsupported { .. });
        let hint = source.request().and_then(|error| request_hint(Some(host), error));
        let action = "list the repositories of";
        let error = Self::user(ReadError { action, name, source });
        if !is_unsupported {
            return error.maybe_hint(hint);
        }
        error
            .hint(format!(
                "many registries list repositories for nobody or for administrators only; name a chart itself: \
                 `skeg search oci://{host}/PATH/NAME` or `skeg tags oci://{host}/PATH/NAME`"
            ))
            .maybe_hint(hint)
    }

    /// A registry that did not answer, or not as one.
    pub(crate) fn registry(host: &RegistryHost, source: RequestError) -> Self {
        let hint = request_hint(Some(host), &source);
        let name = host.to_string();
        let action = "speak to";
        Self::user(ReadError { action, name, source }).maybe_hint(hint)
    }
}
