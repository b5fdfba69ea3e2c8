//! What can be wrong with configuration.

use std::io;
use std::path::PathBuf;

/// Why a file of registries cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no TOML, or has a setting that does not exist.
    #[error("{}:{line}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from one.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// A place is none.
    #[error("{}:{line}", path.display())]
    Place {
        /// The file.
        path: PathBuf,
        /// The line of the registry, from one.
        line: usize,
        /// What is wrong with it.
        source: ParsePlaceError,
    },
}

/// A text that names no registry and no path in one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no `HOST` and no `HOST/PATH`")]
pub struct ParsePlaceError(pub(crate) String);
