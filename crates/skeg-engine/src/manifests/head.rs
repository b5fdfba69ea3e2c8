//! What Helm reads of a manifest.

use skeg_values::ReadStructError;
use skeg_values::yaml::{self, HeadError};

pub use skeg_values::yaml::Head as ManifestHead;

/// A document that is no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is not YAML.
    #[error(transparent)]
    Yaml(#[from] yaml::DecodeError),
    /// The fields are of other kinds.
    #[error(transparent)]
    Kind(#[from] ReadStructError),
}

impl From<HeadError> for ManifestError {
    fn from(error: HeadError) -> Self {
        match error {
            HeadError::Document(error) => Self::Yaml(error),
            HeadError::WrongKind(error) => Self::Kind(error),
        }
    }
}
