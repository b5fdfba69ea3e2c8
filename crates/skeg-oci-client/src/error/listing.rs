//! Why repositories or referrers could not be listed.

use skeg_oci::TagOrDigest;

use crate::error::{FetchManifestError, RequestError, ResponseError};
use crate::layout::LayoutError;

/// Why the repositories of a registry could not be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListRepositoriesError {
    /// The registry has no such list, or not for us.
    #[error("the registry does not list its repositories")]
    Unsupported {
        /// How it refused.
        #[source]
        source: RequestError,
    },
    /// The answer is no list, or its pages never end.
    #[error("the registry's list of repositories is not usable: {problem}")]
    Answer {
        /// What is wrong, as a phrase.
        problem: String,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
}

/// Why the referrers of a manifest could not be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListReferrersError {
    /// There is no such repository.
    #[error("no such repository")]
    NotFound {
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// The answer is no list, or its pages never end.
    #[error("the registry's list of referrers is not usable: {problem}")]
    Answer {
        /// What is wrong, as a phrase.
        problem: String,
    },
    /// A manifest that has the list, or that is in it, could not be read.
    #[error("cannot read `{target}`, which the list of referrers needs")]
    Index {
        /// The manifest.
        target: TagOrDigest,
        /// Why.
        #[source]
        source: FetchManifestError,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be read.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

impl ListRepositoriesError {
    /// The failed request, when it is one.
    pub fn request(&self) -> Option<&RequestError> {
        match self {
            Self::Request(error) | Self::Unsupported { source: error } => Some(error),
            Self::Answer { .. } => None,
        }
    }
}

impl ListReferrersError {
    /// The failed request, when it is one.
    pub fn request(&self) -> Option<&RequestError> {
        match self {
            Self::Request(error) => Some(error),
            Self::Index { source, .. } => source.request(),
            _ => None,
        }
    }
}
