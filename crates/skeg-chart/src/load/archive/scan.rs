//! One pass over a chart archive on disk: everything checked, little kept.

use std::path::Path;

use fs_err as fs;

use super::reader::ArchiveReader;
use crate::error::{ArchiveError, ScanArchiveError};
use crate::load::limits::Limits;
use crate::metadata::Metadata;

/// What one pass over an archive tells.
///
/// A scan decompresses the archive to its end, checks every name, kind and limit as
/// [`ArchiveReader`] does, and keeps no content but `Chart.yaml` and `requirements.yaml`.
#[derive(Clone, Debug)]
pub struct ArchiveSummary {
    metadata: Metadata,
    chart_yaml: Vec<u8>,
    entries: Vec<EntrySummary>,
    newest_modified: i64,
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySummary {
    /// The path inside the chart, with `/`.
    pub path: String,
    /// The size in bytes.
    pub size: u64,
    /// The modification time, in seconds since the Unix epoch.
    pub modified: i64,
}

impl ArchiveSummary {
    /// Scans the chart archive at `path`.
    pub fn scan(path: &Path, limits: &Limits) -> Result<Self, ScanArchiveError> {
        let in_archive = |error| in_archive(path, error);
        let mut reader = open(path, limits)?;
        let mut entries = Vec::new();
        let mut chart_yaml = None;
        let mut requirements = None;
        while let Some(entry) = reader.next_entry().map_err(in_archive)? {
            entries.push(EntrySummary {
                path: entry.path().to_owned(),
                size: entry.size(),
                modified: entry.modified(),
            });
            let document = match entry.path() {
                "Chart.yaml" => &mut chart_yaml,
                "requirements.yaml" => &mut requirements,
                _ => continue,
            };
            *document = Some(entry.read_whole(limits.document).map_err(in_archive)?);
        }

        let chart_yaml = chart_yaml.ok_or_else(|| ScanArchiveError::MissingChartYaml {
            archive: path.to_owned(),
        })?;
        let metadata =
            Metadata::parse_with_requirements(&chart_yaml, requirements.as_deref()).map_err(|source| {
                ScanArchiveError::Metadata {
                    archive: path.to_owned(),
                    source,
                }
            })?;
        let newest = entries.iter().map(|entry| entry.modified).max();
        Ok(Self {
            metadata,
            chart_yaml,
            newest_modified: newest.unwrap_or_default(),
            entries,
        })
    }

    /// What `Chart.yaml` says.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Gives up everything but the metadata.
    pub fn into_metadata(self) -> Metadata {
        self.metadata
    }

    /// `Chart.yaml` as it stands in the archive.
    pub fn chart_yaml(&self) -> &[u8] {
        &self.chart_yaml
    }

    /// The files in the order of the archive.
    pub fn entries(&self) -> &[EntrySummary] {
        &self.entries
    }

    /// The latest modification time of any file, in seconds since the Unix epoch.
    pub fn newest_modified(&self) -> i64 {
        self.newest_modified
    }
}

/// Opens the archive at `path`.
pub(crate) fn open(path: &Path, limits: &Limits) -> Result<ArchiveReader<fs::File>, ScanArchiveError> {
    let file = fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ScanArchiveError::Directory {
            archive: path.to_owned(),
        });
    }
    ArchiveReader::new(file, limits).map_err(|error| in_archive(path, error))
}

/// Says which archive an error is about.
///
/// Helm 4.3.1 has its own messages for files that are no archive, and one more for those called like YAML.
pub(crate) fn in_archive(path: &Path, error: ArchiveError) -> ScanArchiveError {
    let archive = path.to_owned();
    let extension = path.extension().and_then(|extension| extension.to_str());
    match error {
        ArchiveError::NotGzip { .. } if matches!(extension, Some("yaml" | "yml")) => {
            ScanArchiveError::Yaml { archive }
        }
        ArchiveError::NotGzip { content_type, gzip } => ScanArchiveError::NotGzip {
            archive,
            content_type,
            gzip,
        },
        source => ScanArchiveError::Archive { archive, source },
    }
}
