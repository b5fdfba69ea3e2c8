//! Why an object could not be written.

use skeg_cluster::ClusterError;

use crate::resources::Resource;

/// Why an object could not be written, in Helm's words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    /// A field belongs to somebody else.
    #[error("conflict occurred while applying object {object}: {source}")]
    Conflict { object: String, source: ClusterError },
    /// The server is older than server-side apply.
    #[error("server-side apply not available on the server: {0}")]
    NotAvailable(ClusterError),
    #[error("server-side apply failed for object {object}: {source}")]
    ServerSide { object: String, source: ClusterError },
    #[error("cannot patch \"{name}\" with kind {kind}: {source}")]
    Patch {
        name: String,
        kind: String,
        source: ClusterError,
    },
    #[error("failed to replace object: {0}")]
    Replace(ClusterError),
    #[error("failed to create patch: {0}")]
    MakePatch(String),
    /// In the words of the server alone.
    #[error(transparent)]
    Server(ClusterError),
    #[error("{0}")]
    Other(String),
    /// It was not there, and could not be made.
    #[error("failed to create resource: {0}")]
    Create(Box<ApplyError>),
    #[error("could not get information about the resource: {0}")]
    Get(ClusterError),
    /// Several objects failed.
    #[error("{}", join(errors, separator))]
    Several {
        errors: Vec<ApplyError>,
        separator: &'static str,
    },
}

/// The texts of errors with something between them.
pub(crate) fn join<E: std::fmt::Display>(errors: &[E], separator: &str) -> String {
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    texts.join(separator)
}

impl ApplyError {
    /// One error for all; `separator` is what Helm puts between them.
    pub(crate) fn all(mut errors: Vec<Self>, separator: &'static str) -> Result<(), Self> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Several { errors, separator }),
        }
    }

    pub(crate) fn server_side(resource: &Resource, error: ClusterError) -> Self {
        let object = resource.applied_as();
        if error.is_unsupported_media_type() {
            Self::NotAvailable(error)
        } else if error.is_conflict() {
            Self::Conflict {
                object,
                source: error,
            }
        } else {
            Self::ServerSide {
                object,
                source: error,
            }
        }
    }

    /// Whether any of the errors is that a field belongs to somebody else.
    pub(crate) fn has_conflict(&self) -> bool {
        match self {
            Self::Conflict { .. } => true,
            Self::Several { errors, .. } => errors.iter().any(Self::has_conflict),
            Self::Create(error) => error.has_conflict(),
            _ => false,
        }
    }

    /// The error of the server, if there is one only.
    pub(crate) fn cluster_error(&self) -> Option<&ClusterError> {
        match self {
            Self::Conflict { source, .. } | Self::ServerSide { source, .. } | Self::Patch { source, .. } => {
                Some(source)
            }
            Self::NotAvailable(error) | Self::Replace(error) | Self::Server(error) | Self::Get(error) => {
                Some(error)
            }
            Self::Create(error) => error.cluster_error(),
            Self::MakePatch(_) | Self::Other(_) | Self::Several { .. } => None,
        }
    }
}
