//! Why something could not be deleted or copied.

use skeg_oci::TagOrDigest;

use crate::error::{FetchBlobError, PushBlobError, PushManifestError, RequestError, ResponseError};
use crate::layout::LayoutError;

/// Why a manifest or a tag could not be deleted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeleteError {
    /// The registry or the layout has no such manifest, or no such repository.
    #[error("`{target}` not found")]
    NotFound {
        /// What was to be deleted.
        target: TagOrDigest,
        /// The registry's answer; none from a layout.
        #[source]
        source: Option<Box<ResponseError>>,
    },
    /// The registry lets nobody delete this.
    #[error("the registry forbids it")]
    Forbidden {
        /// What was to be deleted.
        target: TagOrDigest,
        /// The registry's answer.
        #[source]
        source: Box<ResponseError>,
    },
    /// It is deleted, and still in the list of its subject's referrers.
    #[error("it is deleted, but the list of referrers still names it")]
    Referrers {
        /// Why.
        #[source]
        source: PushManifestError,
    },
    /// The request failed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The image layout could not be written.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

impl DeleteError {
    /// The failed request, when it is one.
    pub fn request(&self) -> Option<&RequestError> {
        match self {
            Self::Request(error) => Some(error),
            Self::Referrers { source } => source.request(),
            _ => None,
        }
    }
}

/// Why a blob could not be copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyBlobError {
    /// It could not be fetched.
    #[error("cannot fetch it")]
    Fetch(#[from] FetchBlobError),
    /// It could not be stored.
    #[error("cannot store it")]
    Push(#[from] PushBlobError),
}

impl CopyBlobError {
    /// The failed request, when it is one.
    pub fn request(&self) -> Option<&RequestError> {
        match self {
            Self::Fetch(error) => error.request(),
            Self::Push(error) => error.request(),
        }
    }

    /// The registry's answer, when that is what failed.
    pub fn response(&self) -> Option<&ResponseError> {
        match self {
            Self::Fetch(error) => error.response(),
            Self::Push(error) => error.response(),
        }
    }
}
