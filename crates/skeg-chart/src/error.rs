//! The errors of this crate, one type for each operation.
//!
//! Where Helm 4.3.1 has a message for a situation, the text here starts with it.

use std::io;
use std::path::PathBuf;

use skeg_go::quote::quote;
use skeg_go::semver::ParseVersionError;
use skeg_values::{ReadStructError, SeparatorError, yaml};
use thiserror::Error;

/// A `.helmignore` that cannot be used, in Helm's words; where is in the fields.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseIgnoreError {
    /// A rule has `**`, which Helm does not know.
    #[error("double-star (**) syntax is not supported")]
    DoubleStar {
        /// The line, counted from 1.
        line: usize,
        /// The rule as written.
        rule: String,
    },
    /// A rule is no valid glob.
    #[error("syntax error in pattern")]
    BadPattern {
        /// The line, counted from 1.
        line: usize,
        /// The rule as written.
        rule: String,
    },
    /// A line has 64 KiB or more.
    #[error("bufio.Scanner: token too long")]
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
        /// What Go's reader of gzip says.
        gzip: &'static str,
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

impl ArchiveError {
    /// What Helm says, in the words of Go's readers.
    pub fn in_words_of_go(&self) -> String {
        match self {
            Self::Read(error) => error.to_string(),
            Self::NotGzip { gzip, .. } => (*gzip).to_owned(),
            Self::Truncated { .. } => "unexpected EOF".to_owned(),
            Self::Malformed { .. } => "archive/tar: invalid tar header".to_owned(),
            Self::UnsafeName {
                entry,
                reason: reason @ UnsafeName::OutsideBase,
            } => format!("{reason}: {}", quote(entry)),
            Self::UnsafeName { reason, .. } => reason.to_string(),
            other => other.to_string(),
        }
    }
}

/// A chart directory that cannot be listed or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadDirectoryError {
    /// A directory cannot be listed, or an entry not be looked at; the error names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The directory's `.helmignore` is not valid.
    #[error("{reason}")]
    Ignore {
        /// The rule file.
        path: PathBuf,
        /// What is wrong with it.
        reason: ParseIgnoreError,
    },
    /// A file cannot be read.
    #[error("cannot read `{path}`")]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
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
    /// Directories are too deep inside each other.
    #[error("{path} is more than {limit} directories deep")]
    TooDeep {
        /// The directory that is too deep.
        path: PathBuf,
        /// The limit.
        limit: usize,
    },
    /// There are too many files and directories.
    #[error("{path} has more than {limit} files and directories")]
    TooManyFiles {
        /// The chart directory.
        path: PathBuf,
        /// The limit.
        limit: usize,
    },
}

/// A text that is no chart name.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseChartNameError {
    /// It is empty.
    #[error("a chart name is missing")]
    Missing,
    /// It is `.` or `..`.
    #[error("chart name \"{name}\" is not allowed")]
    NotAllowed {
        /// The text.
        name: String,
    },
    /// It has a path separator.
    #[error("chart name \"{name}\" must not contain path separators")]
    Invalid {
        /// The text.
        name: String,
    },
}

/// A text that is no version; says what Masterminds' `semver` says.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(transparent)]
pub struct ParseChartVersionError(pub(crate) ParseVersionError);

/// A YAML file that cannot be read into its fields, in Helm's words.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum DecodeDocumentError {
    /// The YAML is malformed.
    #[error(transparent)]
    Yaml(#[from] yaml::DecodeError),
    /// A field has a value of the wrong kind.
    #[error(transparent)]
    Field(#[from] ReadStructError),
    /// The time in a lock file is no RFC 3339 time.
    #[error(
        "error unmarshaling JSON: while decoding JSON: parsing time {text:?} as \"2006-01-02T15:04:05Z07:00\""
    )]
    Time {
        /// What stands there.
        text: String,
    },
}

/// A `values.yaml` that cannot be decoded, in Helm's words.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum DecodeValuesError {
    /// One of its documents is malformed, or is no map.
    #[error("cannot unmarshal yaml document")]
    Document(#[source] DecodeDocumentError),
    /// Something other than a comment follows `---` on its line.
    #[error(transparent)]
    Separator(#[from] SeparatorError),
}

/// A `Chart.yaml` that is not valid, in Helm's words.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidMetadataError {
    /// There is no `apiVersion`.
    #[error("validation: chart.metadata.apiVersion is required")]
    MissingApiVersion,
    /// There is no name.
    #[error("validation: chart.metadata.name is required")]
    MissingName,
    /// The name is `.` or `..`.
    #[error("validation: chart.metadata.name {} is not allowed", quote(name))]
    NameNotAllowed {
        /// The name.
        name: String,
    },
    /// The name has a path separator.
    #[error("validation: chart.metadata.name {} is invalid", quote(name))]
    InvalidName {
        /// The name.
        name: String,
    },
    /// There is no version.
    #[error("validation: chart.metadata.version is required")]
    MissingVersion,
    /// The version is no version.
    #[error("validation: chart.metadata.version {} is invalid", quote(version))]
    InvalidVersion {
        /// What stands there.
        version: String,
    },
    /// The type is neither `application` nor `library`.
    #[error("validation: chart.metadata.type must be application or library")]
    UnknownType,
    /// One of the maintainers is `null`.
    #[error("validation: maintainers must not contain empty or null nodes")]
    NullMaintainer,
    /// One of the dependencies is `null`.
    #[error("validation: dependencies must not contain empty or null nodes")]
    NullDependency,
    /// An alias has other characters than letters, digits, `_` and `-`.
    #[error(
        "validation: dependency {} has disallowed characters in the alias",
        quote(name)
    )]
    InvalidAlias {
        /// The name of the dependency.
        name: String,
    },
    /// Two dependencies go by the same name.
    #[error("validation: more than one dependency with name or alias {}", quote(name))]
    DuplicateDependency {
        /// The name or alias.
        name: String,
    },
}

/// A `Chart.yaml` or `requirements.yaml` that cannot be used.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum LoadMetadataError {
    /// The file cannot be decoded.
    #[error("cannot load {file}")]
    Decode {
        /// `Chart.yaml` or `requirements.yaml`.
        file: &'static str,
        /// Why.
        source: DecodeDocumentError,
    },
    /// What it says is not valid.
    #[error(transparent)]
    Invalid(#[from] InvalidMetadataError),
}

/// A lock file that cannot be decoded.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("cannot load {file}")]
#[non_exhaustive]
pub struct LoadLockError {
    /// `Chart.lock` or `requirements.lock`.
    pub file: &'static str,
    /// Why.
    pub source: DecodeDocumentError,
}

/// A chart archive that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScanArchiveError {
    /// The file cannot be opened; the error names it.
    #[error(transparent)]
    Open(#[from] io::Error),
    /// A directory stands where an archive is wanted.
    #[error("cannot load a directory: '{}' is no chart archive", archive.display())]
    Directory {
        /// The directory.
        archive: PathBuf,
    },
    /// The file is not compressed with gzip.
    #[error("file '{}' does not appear to be a gzipped archive; got '{content_type}'", archive.display())]
    NotGzip {
        /// The file.
        archive: PathBuf,
        /// What it seems to be, as a media type.
        content_type: &'static str,
        /// What Go's reader of gzip says.
        gzip: &'static str,
    },
    /// The file is called like a YAML file, and not compressed.
    #[error("file '{}' seems to be a YAML file, but expected a gzipped archive", archive.display())]
    Yaml {
        /// The file.
        archive: PathBuf,
    },
    /// Something is wrong with what the archive holds.
    #[error("cannot load chart archive '{}'", archive.display())]
    Archive {
        /// The file.
        archive: PathBuf,
        /// What is wrong.
        source: ArchiveError,
    },
    /// The archive has no `Chart.yaml`.
    #[error("Chart.yaml file is missing in '{}'", archive.display())]
    MissingChartYaml {
        /// The file.
        archive: PathBuf,
    },
    /// The archive's `Chart.yaml` cannot be used.
    #[error("invalid chart '{}'", archive.display())]
    Metadata {
        /// The file.
        archive: PathBuf,
        /// Why.
        source: LoadMetadataError,
    },
}

/// An archive that cannot be unpacked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UnpackArchiveError {
    /// The archive cannot be used.
    #[error(transparent)]
    Archive(#[from] ScanArchiveError),
    /// The name in `Chart.yaml` is fit for no directory.
    #[error("cannot unpack '{}'", archive.display())]
    Name {
        /// The file.
        archive: PathBuf,
        /// What is wrong with the name.
        source: ParseChartNameError,
    },
    /// The directory to be made exists.
    #[error("a file or directory with the name {} already exists", path.display())]
    Exists {
        /// The directory.
        path: PathBuf,
    },
    /// The platform cannot have a file of this name.
    #[error("entry `{entry}` has a name that this system does not allow")]
    NameNotPortable {
        /// The path in the chart.
        entry: String,
    },
    /// Writing failed; the error names the file.
    #[error(transparent)]
    Write(io::Error),
}

/// A chart that cannot be loaded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadChartError {
    /// The chart's path cannot be looked at; the error names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The archive cannot be used.
    #[error(transparent)]
    Archive(#[from] ScanArchiveError),
    /// The archive of a subchart cannot be used.
    #[error("{}", .0.in_words_of_go())]
    NestedArchive(ArchiveError),
    /// The directory cannot be used.
    #[error(transparent)]
    Directory(#[from] ReadDirectoryError),
    /// The chart's directory has no `Chart.yaml`.
    #[error("Chart.yaml file is missing in '{}'", directory.display())]
    NotAChart {
        /// The directory.
        directory: PathBuf,
    },
    /// A subchart has no `Chart.yaml`.
    #[error("Chart.yaml file is missing")]
    MissingChartYaml,
    /// `Chart.yaml` or `requirements.yaml` cannot be used.
    #[error(transparent)]
    Metadata(#[from] LoadMetadataError),
    /// A lock file cannot be used.
    #[error(transparent)]
    Lock(#[from] LoadLockError),
    /// The values cannot be decoded.
    #[error("cannot load values.yaml")]
    Values {
        /// Why.
        source: DecodeValuesError,
    },
    /// A directory in `charts/` is called like an archive.
    #[error("error unpacking subchart tar: expected {expected}, got {actual}")]
    SubchartArchiveIsDirectory {
        /// The name, ending in `.tgz`.
        expected: String,
        /// The file inside.
        actual: String,
    },
    /// Charts are packed inside charts too deeply.
    #[error("charts are nested more than {limit} levels deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A chart in `charts/` cannot be loaded.
    #[error("error unpacking subchart {subchart} in {chart}")]
    Subchart {
        /// The name of its directory or archive.
        subchart: String,
        /// The name of the chart it is in.
        chart: String,
        /// Why.
        source: Box<LoadChartError>,
    },
}
