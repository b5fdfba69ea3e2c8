//! What can go wrong, one enum per operation, and the warnings that a lookup collects.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::{ConfigLocation, ConfigProblem, EntryProblem, HelperError};

/// Why a configuration cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadConfigError {
    /// The file cannot be opened or read; the error names it.
    #[error(transparent)]
    Io(Arc<io::Error>),
    /// The content is no configuration.
    #[error("`{location}` is not a valid registry configuration")]
    Malformed {
        /// The file or variable.
        location: ConfigLocation,
        /// What is wrong, and where.
        #[source]
        problem: ConfigProblem,
    },
}

/// Why a configuration file cannot be changed; it is then as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteConfigError {
    /// The file as it stands cannot be read; changing it would lose what it holds.
    #[error(transparent)]
    Read(#[from] ReadConfigError),
    /// The directory, the lock or the file cannot be written.
    #[error("cannot write `{path}`")]
    Write {
        /// The file that was to change.
        path: PathBuf,
        /// What the system answered.
        #[source]
        source: io::Error,
    },
}

/// Why a login was not stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The credential is empty.
    #[error("there is no credential to store")]
    Anonymous,
    /// A file joins user and password by a colon, so that the user must not have one.
    #[error("the user name must not contain a colon")]
    ColonInUsername,
    /// The helper protocol knows no registry tokens.
    #[error("docker-credential-{0} cannot store a registry token")]
    RegistryToken(String),
    /// The configured helper did not store it.
    #[error(transparent)]
    Helper(Arc<HelperError>),
    /// The file could not be changed.
    #[error(transparent)]
    Write(#[from] WriteConfigError),
}

/// Why a login was not removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogoutError {
    /// The configured helper did not remove it.
    #[error(transparent)]
    Helper(Arc<HelperError>),
    /// The file could not be changed.
    #[error(transparent)]
    Write(#[from] WriteConfigError),
}

impl From<ReadConfigError> for LoginError {
    fn from(error: ReadConfigError) -> Self {
        Self::Write(error.into())
    }
}

impl From<ReadConfigError> for LogoutError {
    fn from(error: ReadConfigError) -> Self {
        Self::Write(error.into())
    }
}

/// Something on the way to a credential that did not work and was passed over. It holds no secrets.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// A configuration cannot be read.
    #[error("a registry configuration is ignored")]
    Config(#[source] ReadConfigError),
    /// An entry of `auths` cannot be used.
    #[error("the login for `{key}` in `{location}` is ignored")]
    Entry {
        /// The configuration.
        location: ConfigLocation,
        /// The entry's key.
        key: String,
        /// What is wrong with it.
        #[source]
        problem: EntryProblem,
    },
    /// A helper did not answer.
    #[error("a credential helper of `{location}` is ignored")]
    Helper {
        /// The configuration that names the helper.
        location: ConfigLocation,
        /// What the helper did.
        #[source]
        problem: Arc<HelperError>,
    },
}
