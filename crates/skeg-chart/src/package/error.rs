//! Why a chart could not be packaged.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::error::{ArchiveError, DecodeValuesError, LoadLockError, LoadMetadataError, ReadDirectoryError};

/// A chart that cannot be packaged.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackageError {
    /// There is no chart at the path.
    #[error("unable to detect chart at {}", path.display())]
    NotAChart {
        /// Where `Chart.yaml` should be.
        path: PathBuf,
        /// Why it cannot be looked at.
        source: io::Error,
    },
    /// A file was given; perhaps an archive, which needs no packaging.
    #[error("`{}` is a file, not a chart directory", path.display())]
    NotADirectory {
        /// The file.
        path: PathBuf,
    },
    /// The directory cannot be listed.
    #[error(transparent)]
    Directory(#[from] ReadDirectoryError),
    /// One of the files that make up the chart is missing or wrong.
    #[error(transparent)]
    Contents(#[from] ContentsError),
    /// Declared dependencies are not there.
    #[error("found in Chart.yaml, but missing in charts/ directory: {}", names.join(", "))]
    MissingDependencies {
        /// Their names, in the order of `Chart.yaml`.
        names: Vec<String>,
    },
    /// The archive would be too large to be loaded again.
    #[error("chart exceeds maximum decompressed size of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A file cannot be read while the archive is written.
    #[error("cannot read `{file}`")]
    Read {
        /// The path in the archive.
        file: String,
        /// Why not.
        source: io::Error,
    },
    /// A file became longer or shorter while the archive was written.
    #[error("`{file}` was changed while it was being packaged")]
    Changed {
        /// The path in the archive.
        file: String,
    },
    /// The archive cannot be written.
    #[error("cannot write the archive")]
    Write(#[source] io::Error),
    /// The destination is no directory, or cannot be made one.
    #[error("cannot save to `{}`", path.display())]
    Destination {
        /// The directory or the archive in it.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Files that do not make up a chart.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ContentsError {
    /// There is no `Chart.yaml`.
    #[error("Chart.yaml file is missing")]
    MissingChartYaml,
    /// `Chart.yaml` or `requirements.yaml` cannot be used.
    #[error(transparent)]
    Metadata(#[from] LoadMetadataError),
    /// The chart has an `apiVersion` that is not known.
    #[error("invalid chart apiVersion `{api_version}`")]
    ApiVersion {
        /// What stands there.
        api_version: String,
    },
    /// `Chart.lock` or `requirements.lock` cannot be used.
    #[error(transparent)]
    Lock(#[from] LoadLockError),
    /// `values.yaml` cannot be decoded.
    #[error("cannot load values.yaml")]
    Values(#[source] DecodeValuesError),
    /// `values.schema.json` is no JSON.
    #[error("invalid JSON in values.schema.json")]
    InvalidSchema(#[source] serde_json::Error),
    /// A file that is parsed cannot be read.
    #[error("cannot read `{file}`")]
    Read {
        /// The path in the chart.
        file: String,
        /// Why not.
        source: io::Error,
    },
    /// A file that is parsed is too large for that.
    #[error("`{file}` is larger than the maximum of {limit} bytes")]
    DocumentTooLarge {
        /// The path in the chart.
        file: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A packed dependency is not a sound archive.
    #[error("cannot unpack the archive")]
    Archive(#[from] ArchiveError),
    /// A packed dependency cannot be unpacked for want of space.
    #[error("cannot unpack the archive to `{}`", scratch.display())]
    Unpack {
        /// The directory for temporary files.
        scratch: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Charts are packed in charts too deeply, or are too large together.
    #[error("the charts inside it are too many or too large (limit: {limit})")]
    TooMuchNested {
        /// The limit that was passed, in words.
        limit: String,
    },
    /// A chart in `charts/` is wrong.
    #[error("error unpacking subchart {entry} in {chart}")]
    Dependency {
        /// The file or directory in `charts/`.
        entry: String,
        /// The chart that contains it.
        chart: String,
        /// What is wrong with it.
        source: Box<ContentsError>,
    },
    /// The same chart is in `charts/` twice.
    #[error("charts/ holds {name} {version} twice")]
    DuplicateDependency {
        /// The name of the chart.
        name: String,
        /// The version of the chart.
        version: String,
    },
}
