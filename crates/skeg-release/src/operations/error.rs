//! Why an operation failed.

use skeg_cluster::ClusterError;

use crate::apply::ApplyError;
use crate::record::Release;
use crate::resources::BuildError;
use crate::storage::StorageError;
use crate::waiting::WaitError;

/// Why an operation failed; the texts are Helm's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperationError {
    /// The server refused, or could not be reached.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A record could not be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// In Helm's words.
    #[error("{0}")]
    Other(String),
    /// Something that can be explained further.
    #[error("{message}")]
    Explained {
        /// In Helm's words.
        message: String,
        /// What is known of the reason: conditions, events, output.
        explanation: Vec<String>,
    },
    /// The name is taken.
    #[error("cannot reuse a name that is still in use")]
    InUse {
        /// The status of the last revision.
        status: String,
    },
    /// There is nothing that could be upgraded.
    #[error("\"{name}\" has no deployed releases")]
    NoDeployedReleases {
        /// The name of the release.
        name: String,
        /// The status of its last revision; none if there is no such release.
        status: Option<String>,
    },
    /// The history does not have the revision.
    #[error("release has no {revision} version")]
    NoSuchRevision {
        /// The revision that was asked for.
        revision: i64,
        /// Those that there are.
        known: Vec<i64>,
    },
    /// There is nothing that could be uninstalled.
    #[error("uninstall: Release not loaded: {name}: {source}")]
    NotLoaded {
        /// The name of the release.
        name: String,
        /// Why.
        source: StorageError,
    },
    /// It was uninstalled before, and its history kept.
    #[error("the release named \"{name}\" is already deleted")]
    AlreadyDeleted {
        /// The name of the release.
        name: String,
    },
    /// An operation was begun so shortly ago that it may still go on.
    #[error("revision {revision} is {status} for {seconds} s only, so the operation may still be under way")]
    UnderWay {
        /// The status of the revision.
        status: String,
        /// The revision.
        revision: i64,
        /// For how long.
        seconds: i64,
    },
    /// An object is there that belongs to somebody else.
    #[error("{0}")]
    Foreign(String),
    /// Something is wrong with a manifest.
    #[error("{message}")]
    Named {
        /// In Helm's words.
        message: String,
        /// The object that it is about.
        object: String,
    },
    /// Fields belong to somebody else.
    #[error("{message}")]
    Conflict {
        /// In Helm's words.
        message: String,
    },
    /// All was done, but the record does not say so.
    #[error("everything is installed, but the record cannot be written: {source}")]
    Unrecorded {
        /// Why.
        source: StorageError,
    },
    /// Somebody ended the operation; in Go's words, which the description of the revision repeats.
    #[error("context canceled")]
    Cancelled,
    /// The release is in the middle of another operation, or was when that ended.
    #[error("another operation (install/upgrade/rollback) is in progress")]
    Pending {
        /// The status of the last revision.
        status: String,
    },
}

impl OperationError {
    /// Puts words in front.
    pub(crate) fn context(self, prefix: &str) -> Self {
        let message = format!("{prefix}: {self}");
        match self {
            Self::Explained { explanation, .. } => Self::Explained { message, explanation },
            Self::Conflict { .. } => Self::Conflict { message },
            Self::Foreign(_) => Self::Foreign(message),
            Self::Named { object, .. } => Self::Named { message, object },
            Self::Cancelled => Self::Cancelled,
            _ => Self::Other(message),
        }
    }

    /// Lines that tell more about the reason.
    pub fn explanation(&self) -> &[String] {
        match self {
            Self::Explained { explanation, .. } => explanation,
            _ => &[],
        }
    }
}

impl From<ApplyError> for OperationError {
    fn from(error: ApplyError) -> Self {
        let message = error.to_string();
        if error.has_conflict() {
            return Self::Conflict { message };
        }
        Self::Other(message)
    }
}

impl From<BuildError> for OperationError {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Cluster(error) => Self::Cluster(error),
            BuildError::Manifest(message) => Self::Other(message),
        }
    }
}

/// An operation that failed, and how far it had come.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub error: OperationError,
    /// The revision as it was recorded, if it was.
    pub release: Option<Box<Release>>,
}

impl<E: Into<OperationError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            release: None,
        }
    }
}

/// Explains what was waited for in vain.
pub(crate) async fn explained(cluster: &skeg_cluster::Cluster, error: WaitError) -> OperationError {
    let explanation = crate::waiting::explain(cluster, &error.unready).await;
    OperationError::Explained {
        message: error.to_string(),
        explanation,
    }
}

impl Failed {
    pub(crate) fn after(error: OperationError, release: Release) -> Self {
        Self {
            error,
            release: Some(Box::new(release)),
        }
    }
}
