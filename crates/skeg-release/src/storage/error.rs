//! Why records cannot be kept or found.

use std::error::Error;

use crate::record::DecodeReleaseError;

/// What a cluster answers instead of what it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct ObjectError {
    reason: ObjectErrorReason,
    source: Box<dyn Error + Send + Sync>,
}

/// What kind of answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObjectErrorReason {
    /// There is no such object.
    NotFound,
    /// There is one already.
    AlreadyExists,
    /// Someone else has changed it since it was read.
    Conflict,
    /// The object is larger than the server takes.
    TooLarge,
    /// Anything else.
    Other,
}

impl ObjectError {
    /// An answer; `source` says it in words.
    pub fn new(reason: ObjectErrorReason, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            reason,
            source: source.into(),
        }
    }

    /// What kind of answer it is.
    pub fn reason(&self) -> ObjectErrorReason {
        self.reason
    }

    /// What went wrong, as the cluster's client says it.
    pub fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        self.source.as_ref()
    }
}

/// Records cannot be kept or found. The texts are those of Helm 4.3.1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// There is no such release, or no such revision.
    #[error("release: not found")]
    NotFound,
    /// There is such a revision already: another program was faster.
    #[error("release: already exists")]
    AlreadyExists,
    /// The release was never deployed, or is not any more.
    #[error("\"{name}\" has no deployed releases")]
    NoDeployed {
        /// The release.
        name: String,
    },
    /// There are records, but none that can be read.
    #[error("no revision for release \"{name}\"")]
    NoRevision {
        /// The release.
        name: String,
    },
    /// A record cannot be read.
    #[error("{}{source}", decode_prefix(*.is_prefixed, .key))]
    Decode {
        /// The name of the object that holds it.
        key: String,
        /// Whether Helm says which record it is, as it does for Secrets.
        is_prefixed: bool,
        /// What is wrong.
        source: Box<DecodeReleaseError>,
    },
    /// Someone else has written the record since it was read.
    #[error("{key} was changed by another program")]
    Conflict {
        /// The name of the object that holds it.
        key: String,
    },
    /// The record does not fit into an object.
    #[error("{action}{source}")]
    TooLarge {
        /// What was tried, as Helm says it: `create: failed to create: `.
        action: &'static str,
        /// What the server said.
        source: ObjectError,
        /// The size of the record as it is kept, in bytes.
        size: usize,
        /// What takes up space in it, the largest first, and the bytes without compression.
        parts: Vec<(String, usize)>,
    },
    /// The cluster refused, or cannot be reached.
    #[error("{action}{source}")]
    Request {
        /// What was tried, as Helm says it: `list: failed to list: `.
        action: String,
        /// The answer.
        source: ObjectError,
    },
}

fn decode_prefix(is_prefixed: bool, key: &str) -> String {
    if is_prefixed {
        format!("get: failed to decode data {}: ", skeg_go::quote::quote(key))
    } else {
        String::new()
    }
}

impl StorageError {
    /// Whether there is nothing of that name.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound)
    }
}
