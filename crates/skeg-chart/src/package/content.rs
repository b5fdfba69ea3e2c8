//! What an archive entry is made of, without holding it in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use crate::load::dir::ListedFile;

/// Where the bytes of a file come from.
#[derive(Debug)]
pub(super) enum Content {
    /// Bytes that were made for the archive.
    Bytes(Vec<u8>),
    /// A file of the chart's directory.
    Listed(ListedFile),
    /// A file of an archive that was unpacked.
    Unpacked(UnpackedFile),
}

/// A stretch of a temporary file.
#[derive(Debug)]
pub(super) struct UnpackedFile {
    pub(super) file: Arc<File>,
    pub(super) offset: u64,
    pub(super) size: u64,
}

/// A file of a chart.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The path inside the chart, such as `templates/a.yaml`.
    pub(super) path: String,
    pub(super) content: Content,
}

impl Content {
    /// The size as far as it is known without opening a file.
    pub(super) fn expected_size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Listed(file) => file.size(),
            Self::Unpacked(file) => file.size,
        }
    }

    /// Opens the content and says how many bytes reading it gives.
    ///
    /// Contents that were unpacked from one archive share a file; only one of them can be read at
    /// a time.
    pub(super) fn open(&self) -> io::Result<(u64, Box<dyn Read + '_>)> {
        match self {
            Self::Bytes(bytes) => Ok((bytes.len() as u64, Box::new(bytes.as_slice()))),
            Self::Listed(file) => {
                let opened = file.open_unnamed()?;
                Ok((opened.size(), Box::new(opened)))
            }
            Self::Unpacked(UnpackedFile { file, offset, size }) => {
                let mut file: &File = file;
                file.seek(SeekFrom::Start(*offset))?;
                Ok((*size, Box::new(file.take(*size))))
            }
        }
    }

    /// Reads the whole content, or nothing when it has more than `limit` bytes.
    pub(super) fn read_whole(&self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let (_, reader) = self.open()?;
        let mut bytes = Vec::new();
        reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= limit).then_some(bytes))
    }
}
