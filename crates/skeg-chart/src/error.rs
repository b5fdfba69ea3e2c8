//! The errors of this crate, one type for each operation.
//!
//! Where Helm 4.3.1 has a message for a situation, the text here starts with it.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A `.helmignore` that cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseIgnoreError {
    /// A rule has `**`, which Helm does not know.
    #[error("double-star (**) syntax is not supported: line {line}, `{rule}`")]
    DoubleStar {
        /// The line, counted from 1.
        line: usize,
        /// The rule as written.
        rule: String,
    },
    /// A rule is no valid glob.
    #[error("syntax error in pattern: line {line}, `{rule}`")]
    BadPattern {
        /// The line, counted from 1.
        line: usize,
        /// The rule as written.
        rule: String,
    },
    /// A line has 64 KiB or more.
    #[error("line {line} is too long")]
    LineTooLong {
        /// The line, counted from 1.
        line: usize,
    },
}

/// What makes the name of an archive entry unsafe.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnsafeName {
    /// The name is absolute.
    #[error("chart illegally contains absolute paths")]
    Absolute,
    /// The name has a `..` component.
    #[error("chart illegally references parent directory")]
    ParentDirectory,
    /// The name has no directory in front.
    #[error("chart illegally contains content outside the base directory")]
    OutsideBase,
    /// The name has a drive letter, a zero byte, or slashes of both kinds.
    #[error("chart contains illegally named files")]
    Illegal,
    /// The base directory is called `Chart.yaml`.
    #[error("chart yaml not in base directory")]
    ChartYamlAsDirectory,
}

/// Something wrong with the bytes of a chart archive.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The source cannot be read.
    #[error("reading the archive failed")]
    Read(#[source] io::Error),
    /// The source is not compressed with gzip.
    #[error("not a gzipped archive; got '{content_type}'")]
    NotGzip {
        /// What it seems to be, as a media type.
        content_type: &'static str,
    },
    /// The source ends early.
    #[error("the archive is cut short {place}")]
    Truncated {
        /// Where, in words.
        place: String,
    },
    /// The compressed data is damaged.
    #[error("the archive is damaged {place}")]
    Corrupt {
        /// Where, in words.
        place: String,
        /// What the decompressor says.
        source: io::Error,
    },
    /// The tar structure is damaged.
    #[error("the archive has an invalid {part} {place}")]
    Malformed {
        /// The part that cannot be understood.
        part: &'static str,
        /// Where, in words.
        place: String,
    },
    /// Bytes follow the end of the archive.
    #[error("the archive has trailing data after its end")]
    TrailingData,
    /// An entry is a link, a device or something else that a chart cannot hold.
    #[error("entry `{entry}` is {kind}; a chart archive holds only regular files")]
    Unsupported {
        /// The name of the entry.
        entry: String,
        /// What it is.
        kind: &'static str,
    },
    /// An entry has a name that is not safe.
    #[error("{reason}: `{entry}`")]
    UnsafeName {
        /// The name of the entry.
        entry: String,
        /// What is wrong with it.
        reason: UnsafeName,
    },
    /// Two entries have the same path.
    #[error("chart contains `{entry}` twice")]
    Duplicate {
        /// The name of the second entry.
        entry: String,
    },
    /// The files together are too large.
    #[error("decompressed chart is larger than the maximum size {limit}")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// One file is too large.
    #[error("decompressed chart file \"{entry}\" is larger than the maximum file size {limit}")]
    FileTooLarge {
        /// The name of the entry.
        entry: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// There are too many entries.
    #[error("chart archive has more than {limit} entries")]
    TooManyEntries {
        /// The limit.
        limit: usize,
    },
    /// The archive has no regular file.
    #[error("no files in chart archive")]
    Empty,
}

/// A chart directory that cannot be listed or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadDirectoryError {
    /// A file or directory cannot be read; the error names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The directory's `.helmignore` is not valid.
    #[error("cannot read `{path}`")]
    Ignore {
        /// The rule file.
        path: PathBuf,
        /// What is wrong with it.
        source: ParseIgnoreError,
    },
    /// A symbolic link leads nowhere.
    #[error("error evaluating symlink {path}")]
    BrokenSymlink {
        /// The link.
        path: PathBuf,
        /// Why it cannot be followed.
        source: io::Error,
    },
    /// A symbolic link leads to a directory that it stands in.
    #[error("symlink {path} leads back to the directory {target} that contains it")]
    SymlinkLoop {
        /// The link.
        path: PathBuf,
        /// The directory.
        target: PathBuf,
    },
    /// A device, socket or pipe.
    #[error("cannot load irregular file {path} as it has file mode type bits set")]
    Irregular {
        /// The file.
        path: PathBuf,
    },
    /// A name that is not UTF-8.
    #[error("the name of `{path}` is not valid UTF-8")]
    NameNotUtf8 {
        /// The file, its name made readable.
        path: PathBuf,
    },
    /// The files together are too large.
    #[error("error reading {file}: chart exceeds maximum decompressed size of {limit} bytes")]
    TooLarge {
        /// The file that was too much.
        file: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// One file is too large.
    #[error("chart file \"{file}\" is larger than the maximum file size {limit}")]
    FileTooLarge {
        /// The file.
        file: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// There are too many files.
    #[error("{path} has more than {limit} files")]
    TooManyFiles {
        /// The chart directory.
        path: PathBuf,
        /// The limit.
        limit: usize,
    },
}
