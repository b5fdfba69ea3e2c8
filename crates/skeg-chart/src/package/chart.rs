//! A chart directory on its way to becoming an archive.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use flate2::Compression;
use skeg_files::{Readers, temporary_beside};

use super::content::{Content, SourceFile};
use super::contents::ChartContents;
use super::error::PackageError;
use super::gzip::{GzipWriter, LEVEL};
use super::tar::{AppendError, TarWriter};
use super::unpack::Unpacker;
use crate::load::dir::{DirectoryListing, FollowedSymlink, ListedFile};
use crate::load::limits::Limits;
use crate::metadata::Metadata;
use crate::output::make_directory;
use crate::version::ChartVersion;

/// How a chart is packaged.
#[derive(Clone, Debug, Default)]
pub struct PackageOptions {
    /// Replaces the version of the chart.
    pub version: Option<ChartVersion>,
    /// Replaces the version of the application.
    pub app_version: Option<String>,
    /// The modification time of all entries, in seconds since 1970; otherwise that of the newest
    /// file in the chart.
    pub modified: Option<i64>,
    /// How many threads compress; otherwise as many as the machine runs at once.
    pub threads: Option<NonZeroUsize>,
    /// What a chart may hold.
    pub limits: Limits,
    /// Whether the chart may lack charts in `charts/` that it depends on, as `helm dependency update` lets it where it
    /// packages a chart that another one depends on.
    pub may_lack_dependencies: bool,
}

/// A chart ready to be written as an archive.
///
/// The archive depends on the contents of the chart and on the options: not on the order of files
/// in the directory, their modes and owners, the clock, the time zone or the number of threads.
/// Files are read while the archive is written, so memory does not grow with their size.
///
/// ```
/// use skeg_chart::{ChartPackage, PackageOptions, create_chart};
///
/// let directory = tempfile::tempdir()?;
/// let chart = create_chart(directory.path(), "demo").expect("the directory is empty");
/// let options = PackageOptions { modified: Some(0), ..PackageOptions::default() };
/// let mut package = ChartPackage::prepare(&chart.path, directory.path(), &options)
///     .expect("the scaffold is a chart");
/// assert_eq!(package.file_name(), "demo-0.1.0.tgz");
/// let archive = package.write_to(Vec::new()).expect("a vector takes everything");
/// assert_eq!(archive, package.write_to(Vec::new()).expect("a vector takes everything"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is written before `write_to` or `save_in`"]
pub struct ChartPackage {
    metadata: Metadata,
    entries: Vec<SourceFile>,
    symlinks: Vec<FollowedSymlink>,
    modified: i64,
    threads: NonZeroUsize,
}

/// An archive that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPackage {
    /// The archive.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
}

impl ChartPackage {
    /// Looks through the chart in `directory` and checks what Helm 4.3.1 checks before packaging.
    ///
    /// Archives in `charts/` are unpacked to nameless temporary files in the directory `scratch`.
    pub fn prepare(directory: &Path, scratch: &Path, options: &PackageOptions) -> Result<Self, PackageError> {
        let chart_yaml = directory.join("Chart.yaml");
        if directory.is_file() {
            let path = directory.to_owned();
            return Err(PackageError::NotADirectory { path });
        }
        std::fs::metadata(&chart_yaml).map_err(|source| PackageError::NotAChart {
            path: chart_yaml,
            source,
        })?;
        let listing = DirectoryListing::read(directory, &options.limits)?;
        let mut contents = collect(&listing, scratch, &options.limits)?;
        let names = contents.missing_dependencies();
        if !names.is_empty() && !options.may_lack_dependencies {
            return Err(PackageError::MissingDependencies { names });
        }
        if let Some(version) = &options.version {
            contents.metadata.set_version(version.clone());
        }
        if let Some(app_version) = &options.app_version {
            contents.metadata.set_app_version(app_version);
        }
        let metadata = contents.metadata.clone();
        let entries = contents.into_entries(metadata.name());
        check_total(&entries, options.limits.total)?;
        Ok(Self {
            metadata,
            entries,
            symlinks: listing.symlinks().to_vec(),
            modified: options.modified.unwrap_or_else(|| newest(&listing)),
            threads: options.threads.unwrap_or_else(available_threads),
        })
    }

    /// What the `Chart.yaml` of the archive says, overrides included.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The modification time of all entries, in seconds since 1970.
    pub fn modified(&self) -> i64 {
        self.modified
    }

    /// The symbolic links that were followed, so that a person can be told.
    pub fn symlinks(&self) -> &[FollowedSymlink] {
        &self.symlinks
    }

    /// The file name of the archive: `NAME-VERSION.tgz`.
    pub fn file_name(&self) -> String {
        format!("{}-{}.tgz", self.metadata.name(), self.metadata.version())
    }

    /// Writes the archive and gives the writer back.
    ///
    /// It can be written several times, and is the same each time unless a file of the chart
    /// changes; one that changes its size is noticed.
    pub fn write_to<W: Write>(&mut self, writer: W) -> Result<W, PackageError> {
        let gzip = GzipWriter::new(writer, Compression::new(LEVEL), self.threads);
        let mut tar = TarWriter::new(gzip.map_err(PackageError::Write)?, self.modified);
        for entry in &self.entries {
            append(&mut tar, entry)?;
        }
        let gzip = tar.finish().map_err(PackageError::Write)?;
        gzip.finish().map_err(PackageError::Write)
    }

    /// Saves the archive in the directory `destination`, which is made if it is not there.
    ///
    /// The archive is written under another name and then renamed: a file that is in its place
    /// stays whole until then, and stays when something goes wrong.
    pub fn save_in(&mut self, destination: &Path) -> Result<SavedPackage, PackageError> {
        let path = destination.join(self.file_name());
        make_directory(destination).map_err(|source| destination_error(destination, source))?;
        let unfinished = temporary_beside(&path, Readers::Umask);
        let unfinished = unfinished.map_err(|source| destination_error(destination, source))?;
        self.write_to(unfinished.as_file()).map_err(|error| match error {
            PackageError::Write(source) => destination_error(&path, source),
            other => other,
        })?;
        let size = unfinished.as_file().metadata();
        let size = size.map_err(|source| destination_error(&path, source))?.len();
        unfinished
            .persist(&path)
            .map_err(|error| destination_error(&path, error.error))?;
        Ok(SavedPackage { path, size })
    }
}

fn collect(
    listing: &DirectoryListing,
    scratch: &Path,
    limits: &Limits,
) -> Result<ChartContents, PackageError> {
    let into_source_file = |file: &ListedFile| SourceFile {
        path: file.path().to_owned(),
        content: Content::Listed(file.clone()),
    };
    let files = listing.files().iter().map(into_source_file).collect();
    let mut unpacker = Unpacker::new(scratch, limits);
    Ok(ChartContents::collect(files, &mut unpacker, 0)?)
}

/// Archives in `charts/` grow when they are unpacked, and then the whole can be too much.
fn check_total(entries: &[SourceFile], limit: u64) -> Result<(), PackageError> {
    let total: u64 = entries.iter().map(|entry| entry.content.expected_size()).sum();
    if total > limit {
        return Err(PackageError::TooLarge { limit });
    }
    Ok(())
}

fn append<W: Write>(tar: &mut TarWriter<W>, entry: &SourceFile) -> Result<(), PackageError> {
    let read_error = |source| PackageError::Read {
        file: entry.path.clone(),
        source,
    };
    let (size, reader) = entry.content.open().map_err(read_error)?;
    tar.append(&entry.path, size, reader)
        .map_err(|error| match error {
            AppendError::Read(source) => read_error(source),
            AppendError::SizeChanged => PackageError::Changed {
                file: entry.path.clone(),
            },
            AppendError::Write(source) => PackageError::Write(source),
        })
}

/// The time of the newest file in whole seconds.
fn newest(listing: &DirectoryListing) -> i64 {
    let newest = listing.files().iter().map(ListedFile::modified).max();
    seconds_since_epoch(newest.unwrap_or(UNIX_EPOCH))
}

/// Times before 1970 count as 1970: tar headers hold none of them.
fn seconds_since_epoch(time: SystemTime) -> i64 {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

fn available_threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn destination_error(path: &Path, source: io::Error) -> PackageError {
    PackageError::Destination {
        path: path.to_owned(),
        source,
    }
}
