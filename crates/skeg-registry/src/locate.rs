//! From a reference to any artifact and a wish for a version to the tag or digest that is meant.
//!
//! As [`resolve`](crate::resolve()), for artifacts that need not be charts: what is there is not read.

use skeg_go::semver::Version;
use skeg_oci::{Descriptor, Tag, TagOrDigest};
use skeg_oci_client::{ListTags, Resolve, ResolveError};

use crate::reference::ChartReference;
use crate::resolve::{ChartRequest, ResolveChartError};
use crate::version::{self, TagChoice, VersionRequest};

/// How many tags an error names.
const NEAREST_TAGS: usize = 5;

/// The one manifest that a request means.
#[derive(Clone, Debug)]
pub struct LocatedArtifact {
    /// The repository with the tag that was found, if there is one, and the digest.
    pub reference: ChartReference,
    /// The manifest's descriptor.
    pub descriptor: Descriptor,
    /// How the tag was chosen, if the request did not name it exactly.
    pub choice: Option<TagChoice>,
}

/// Why a request means no artifact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// No tag is meant, or none that is there.
    #[error(transparent)]
    Choose(#[from] ResolveChartError),
    /// A range stands beside a digest, or a tag that is no version: what these name is not read.
    #[error("nobody can tell whether `{target}` is in the range `{range}`")]
    RangeUnknown {
        /// The range.
        range: String,
        /// What stands beside it.
        target: TagOrDigest,
    },
    /// The manifest could not be asked for.
    #[error("cannot resolve {reference}")]
    Resolve {
        /// What was asked for.
        reference: String,
        /// Why.
        #[source]
        source: ResolveError,
    },
}

/// Finds the manifest that `request` means: by its digest or tag, or the highest stable version, or `latest` where there
/// is no version at all.
///
/// # Errors
/// See [`LocateError`].
pub async fn locate<R: Resolve + ListTags>(
    repository: &R,
    request: &ChartRequest,
) -> Result<LocatedArtifact, LocateError> {
    let asked = &request.reference;
    let version = request.version.as_deref().filter(|version| !version.is_empty());
    let version = version.map(VersionRequest::parse).transpose();
    let version = version.map_err(ResolveChartError::from)?;
    let exact = match (asked.tag(), &version) {
        (Some(tag), Some(VersionRequest::Exact(version))) if version != tag => {
            return Err(mismatch(version, tag).into());
        }
        (Some(tag), _) | (None, Some(VersionRequest::Exact(tag))) => Some(tag.clone()),
        _ => None,
    };
    match (exact, asked.digest(), version) {
        (None, Some(digest), Some(VersionRequest::Range(range))) => Err(LocateError::RangeUnknown {
            range: range.to_string(),
            target: digest.clone().into(),
        }),
        (Some(tag), _, Some(VersionRequest::Range(range))) => {
            let located = by_tag(repository, request, tag).await?;
            check_range(&located, &range).map(|()| located)
        }
        (None, Some(digest), _) => by_target(repository, request, digest.clone().into()).await,
        (Some(tag), _, _) => by_tag(repository, request, tag).await,
        (None, None, Some(VersionRequest::Range(range))) => by_range(repository, request, &range).await,
        (None, None, _) => newest(repository, request).await,
    }
}

/// A range beside a tag must hold for it, if it is a version.
fn check_range(
    located: &LocatedArtifact,
    range: &skeg_go::semver::VersionConstraint,
) -> Result<(), LocateError> {
    let Some(tag) = located.reference.tag() else {
        return Ok(());
    };
    let Ok(version) = Version::parse(&tag.to_version()) else {
        return Err(LocateError::RangeUnknown {
            range: range.to_string(),
            target: tag.clone().into(),
        });
    };
    if range.check(&version) {
        return Ok(());
    }
    let (version, tag) = (range.to_string(), tag.to_version());
    Err(ResolveChartError::VersionMismatch { version, tag }.into())
}

fn mismatch(version: &Tag, tag: &Tag) -> ResolveChartError {
    ResolveChartError::VersionMismatch {
        version: version.to_version(),
        tag: tag.to_version(),
    }
}

async fn by_target<R: Resolve>(
    repository: &R,
    request: &ChartRequest,
    target: TagOrDigest,
) -> Result<LocatedArtifact, LocateError> {
    let location = request.reference.location();
    let tag = match &target {
        TagOrDigest::Tag(tag) => Some(tag.clone()),
        TagOrDigest::Digest(_) => None,
    };
    let resolved = repository.resolve(&target).await;
    let descriptor = resolved.map_err(|source| LocateError::Resolve {
        reference: name(request, &target),
        source,
    })?;
    match request.reference.digest() {
        Some(expected) if *expected != descriptor.digest => Err(ResolveChartError::DigestMismatch {
            actual: descriptor.digest,
            expected: expected.clone(),
        }
        .into()),
        _ => Ok(LocatedArtifact {
            reference: ChartReference::new(location.clone(), tag, Some(descriptor.digest.clone())),
            descriptor,
            choice: None,
        }),
    }
}

/// The tag itself, or the version that it loosely names.
async fn by_tag<R: Resolve + ListTags>(
    repository: &R,
    request: &ChartRequest,
    tag: Tag,
) -> Result<LocatedArtifact, LocateError> {
    let target = TagOrDigest::Tag(tag.clone());
    let error = match by_target(repository, request, target.clone()).await {
        Err(
            error @ LocateError::Resolve {
                source: ResolveError::NotFound { .. } | ResolveError::Offline { .. },
                ..
            },
        ) => error,
        other => return other,
    };
    // If the tags cannot be listed, the first error stands.
    let tags = repository.list_tags().await.unwrap_or_default();
    match version::choose_loosely(&tags, &tag) {
        Some(choice) => by_choice(repository, request, choice).await,
        None => Err(match error {
            LocateError::Resolve {
                source: ResolveError::NotFound { source, .. },
                ..
            } => ResolveChartError::NotFound {
                reference: name(request, &target),
                nearest: version::nearest(&tags, &tag.to_version(), NEAREST_TAGS),
                source,
            }
            .into(),
            error => error,
        }),
    }
}

async fn by_range<R: Resolve + ListTags>(
    repository: &R,
    request: &ChartRequest,
    range: &skeg_go::semver::VersionConstraint,
) -> Result<LocatedArtifact, LocateError> {
    let tags = list(repository, request).await?;
    match version::choose(&tags, range) {
        Some(choice) => by_choice(repository, request, choice).await,
        None => Err(ResolveChartError::NoMatch {
            range: request.version.clone().unwrap_or_else(|| range.to_string()),
            nearest: version::nearest(&tags, "", NEAREST_TAGS),
        }
        .into()),
    }
}

async fn newest<R: Resolve + ListTags>(
    repository: &R,
    request: &ChartRequest,
) -> Result<LocatedArtifact, LocateError> {
    let tags = list(repository, request).await?;
    if let VersionRequest::Range(range) = VersionRequest::newest(request.devel)
        && let Some(choice) = version::choose(&tags, &range)
    {
        return by_choice(repository, request, choice).await;
    }
    match tags.iter().find(|tag| tag.as_str() == "latest") {
        Some(latest) => by_target(repository, request, latest.clone().into()).await,
        None => Err(ResolveChartError::NoVersions {
            repository: request.reference.location().to_url(),
            nearest: version::nearest(&tags, "", NEAREST_TAGS),
        }
        .into()),
    }
}

async fn by_choice<R: Resolve>(
    repository: &R,
    request: &ChartRequest,
    choice: TagChoice,
) -> Result<LocatedArtifact, LocateError> {
    let located = by_target(repository, request, choice.tag.clone().into()).await?;
    Ok(LocatedArtifact {
        choice: Some(choice),
        ..located
    })
}

async fn list<R: ListTags>(repository: &R, request: &ChartRequest) -> Result<Vec<Tag>, ResolveChartError> {
    let tags = repository.list_tags().await;
    tags.map_err(|source| ResolveChartError::List {
        repository: request.reference.location().to_url(),
        source,
    })
}

fn name(request: &ChartRequest, target: &TagOrDigest) -> String {
    let separator = match target {
        TagOrDigest::Tag(_) => ':',
        TagOrDigest::Digest(_) => '@',
    };
    format!("{}{separator}{target}", request.reference.location())
}
