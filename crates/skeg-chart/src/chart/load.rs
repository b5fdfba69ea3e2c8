//! Loading charts from directories and archives, and the archives inside them.

use std::io::Read;
use std::path::Path;

use fs_err as fs;

use super::parts::Parts;
use super::{Chart, LoadOptions};
use crate::error::{LoadChartError, ScanArchiveError};
use crate::load::archive::{ArchiveEntry, ArchiveReader, in_archive, open};
use crate::load::dir::{DirectoryListing, ListedFile};
use crate::load::limits::Limits;

/// Loads the chart at `path`.
pub(super) fn load(path: &Path, options: &LoadOptions) -> Result<Chart, LoadChartError> {
    let mut loading = Loading {
        options,
        nested_allowance: options.limits.nested_total,
        depth: 0,
    };
    if fs::metadata(path)?.is_dir() {
        return loading.directory(path);
    }
    loading.archive(path)
}

/// The state of loading a chart with everything inside it.
pub(super) struct Loading<'options> {
    pub(super) options: &'options LoadOptions,
    /// Bytes that archives inside archives may still have.
    nested_allowance: u64,
    /// How many charts are around the current one.
    depth: usize,
}

/// The content of a file, to be read or not.
pub(super) trait Content {
    /// Reads everything, at most `limit` bytes.
    fn read_whole(&mut self, limit: u64) -> Result<Vec<u8>, LoadChartError>;

    /// Loads the content as the archive of a chart.
    fn load_nested(&mut self, loading: &mut Loading<'_>) -> Result<Chart, LoadChartError>;
}

impl Loading<'_> {
    fn directory(&mut self, path: &Path) -> Result<Chart, LoadChartError> {
        let listing = DirectoryListing::read(path, &self.options.limits)?;
        let mut parts = Parts::default();
        for mut file in listing.files() {
            parts.add(file.path(), &mut file, self)?;
        }
        let mut chart = parts.assemble(self).map_err(|error| match error {
            LoadChartError::MissingChartYaml if !path.join("Chart.yaml").exists() => {
                LoadChartError::NotAChart {
                    directory: path.to_owned(),
                }
            }
            other => other,
        })?;
        chart.symlinks = listing.symlinks().to_vec();
        Ok(chart)
    }

    fn archive(&mut self, path: &Path) -> Result<Chart, LoadChartError> {
        let mut reader = open(path, &self.options.limits)?;
        self.entries(&mut reader).map_err(|error| match error {
            LoadChartError::NestedArchive(error) => in_archive(path, error).into(),
            LoadChartError::MissingChartYaml => ScanArchiveError::MissingChartYaml {
                archive: path.to_owned(),
            }
            .into(),
            other => other,
        })
    }

    /// Loads an archive from inside another archive or a directory.
    fn nested(&mut self, source: &mut dyn Read) -> Result<Chart, LoadChartError> {
        let limits = Limits {
            total: self.options.limits.total.min(self.nested_allowance),
            ..self.options.limits
        };
        let mut reader = ArchiveReader::new(source, &limits).map_err(LoadChartError::NestedArchive)?;
        let chart = self.one_deeper(|loading| loading.entries(&mut reader));
        self.nested_allowance = self.nested_allowance.saturating_sub(reader.consumed());
        chart
    }

    fn entries<R: Read>(&mut self, reader: &mut ArchiveReader<R>) -> Result<Chart, LoadChartError> {
        let mut parts = Parts::default();
        while let Some(mut entry) = next_entry(reader)? {
            let path = entry.path().to_owned();
            parts.add(&path, &mut entry, self)?;
        }
        parts.assemble(self)
    }

    /// Does something that concerns a chart inside the current one.
    pub(super) fn one_deeper<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, LoadChartError>,
    ) -> Result<T, LoadChartError> {
        let limit = self.options.limits.depth;
        if self.depth >= limit {
            return Err(LoadChartError::TooDeep { limit });
        }
        self.depth += 1;
        let outcome = work(self);
        self.depth -= 1;
        outcome
    }
}

fn next_entry<R: Read>(reader: &mut ArchiveReader<R>) -> Result<Option<ArchiveEntry<'_, R>>, LoadChartError> {
    reader.next_entry().map_err(LoadChartError::NestedArchive)
}

impl<R: Read> Content for ArchiveEntry<'_, R> {
    fn read_whole(&mut self, limit: u64) -> Result<Vec<u8>, LoadChartError> {
        self.read_rest(limit).map_err(LoadChartError::NestedArchive)
    }

    fn load_nested(&mut self, loading: &mut Loading<'_>) -> Result<Chart, LoadChartError> {
        loading.nested(self)
    }
}

impl Content for &ListedFile {
    fn read_whole(&mut self, limit: u64) -> Result<Vec<u8>, LoadChartError> {
        Ok(ListedFile::read_whole(self, limit)?)
    }

    fn load_nested(&mut self, loading: &mut Loading<'_>) -> Result<Chart, LoadChartError> {
        loading.nested(&mut self.open()?)
    }
}
