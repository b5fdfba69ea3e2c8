//! Unpacking the archives in `charts/`, so that a chart is packaged without archives inside.
//!
//! The files of an archive go one after another into a nameless temporary file and are read from
//! there, in whatever order the new archive wants them: nothing but their names is in memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::content::{Content, SourceFile, UnpackedFile};
use super::error::ContentsError;
use crate::load::archive::{ArchiveEntry, ArchiveReader, CopyError};
use crate::load::limits::Limits;

/// Unpacks archives and keeps count of what that takes.
pub(super) struct Unpacker<'options> {
    scratch: &'options Path,
    limits: &'options Limits,
    /// Bytes that archives may still unpack to.
    allowance: u64,
}

impl<'options> Unpacker<'options> {
    /// Unpacks into temporary files in the directory `scratch`.
    pub(super) fn new(scratch: &'options Path, limits: &'options Limits) -> Self {
        Self {
            scratch,
            limits,
            allowance: limits.nested_total,
        }
    }

    /// The limits that apply.
    pub(super) fn limits(&self) -> &'options Limits {
        self.limits
    }

    /// Unpacks one archive, which lies `depth` charts deep.
    pub(super) fn unpack(
        &mut self,
        archive: impl Read,
        depth: usize,
    ) -> Result<Vec<SourceFile>, ContentsError> {
        if depth > self.limits.depth {
            let limit = format!("{} charts deep", self.limits.depth);
            return Err(ContentsError::TooMuchNested { limit });
        }
        let mut reader = ArchiveReader::new(archive, self.limits)?;
        let mut file = tempfile::tempfile_in(self.scratch).map_err(|error| self.no_space(error))?;
        let mut stretches = Vec::new();
        let mut offset = 0;
        while let Some(mut entry) = reader.next_entry()? {
            let path = entry.path().to_owned();
            let size = self.copy(&mut entry, &mut file)?;
            stretches.push((path, offset, size));
            offset += size;
        }
        let file = Arc::new(file);
        let into_source_file = |(path, offset, size)| {
            let content = Content::Unpacked(UnpackedFile {
                file: Arc::clone(&file),
                offset,
                size,
            });
            SourceFile { path, content }
        };
        Ok(stretches.into_iter().map(into_source_file).collect())
    }

    /// Copies one entry and returns its size.
    fn copy<R: Read>(
        &mut self,
        entry: &mut ArchiveEntry<'_, R>,
        file: &mut File,
    ) -> Result<u64, ContentsError> {
        let size = entry.copy_to(file).map_err(|error| match error {
            CopyError::Archive(error) => error.into(),
            CopyError::Write(error) => self.no_space(error),
        })?;
        let Some(left) = self.allowance.checked_sub(size) else {
            let limit = format!("{} bytes", self.limits.nested_total);
            return Err(ContentsError::TooMuchNested { limit });
        };
        self.allowance = left;
        Ok(size)
    }

    fn no_space(&self, source: io::Error) -> ContentsError {
        ContentsError::Unpack {
            scratch: self.scratch.to_owned(),
            source,
        }
    }
}
