//! Why a chart could not be created.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::error::ReadDirectoryError;

/// A chart that cannot be created.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The name is empty or too long.
    #[error("chart name must be between 1 and {longest} characters")]
    NameLength {
        /// The largest length.
        longest: usize,
    },
    /// The name has characters that a chart's name cannot have.
    #[error(r#"chart name must match the regular expression "^[a-zA-Z0-9._-]+$""#)]
    NameCharacters,
    /// The name is `.` or `..`, which no chart can have as its name.
    #[error("`{name}` is a directory, not a chart name")]
    NameIsRelative {
        /// The name as given.
        name: String,
    },
    /// The directory for the new chart's directory is missing or cannot be looked at.
    #[error("cannot create a chart in `{path}`")]
    Parent {
        /// The directory.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Something that is no directory stands in the way.
    #[error("file {path} already exists and is not a directory")]
    NotADirectory {
        /// What stands in the way.
        path: PathBuf,
    },
    /// A file or directory cannot be written.
    #[error("cannot write `{path}`")]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The starter chart is not there.
    #[error("could not load {path}")]
    StarterMissing {
        /// The starter's directory.
        path: PathBuf,
        /// Why it cannot be looked at.
        source: io::Error,
    },
    /// The starter chart cannot be read.
    #[error("could not load {path}")]
    Starter {
        /// The starter's directory.
        path: PathBuf,
        /// What is wrong with it.
        source: ReadDirectoryError,
    },
    /// The starter is no chart.
    #[error("could not load {path}: Chart.yaml file is missing")]
    StarterWithoutChartYaml {
        /// The starter's directory.
        path: PathBuf,
    },
}
