//! The bytes of a blob to push, which can be read again from the start.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::blob::stream::BlobStream;

/// Where the bytes of a blob are. It can be opened any number of times, since an upload may start again.
#[derive(Clone, Debug)]
pub enum BlobSource {
    /// In memory.
    Bytes(Bytes),
    /// In a file, which must not change meanwhile.
    File {
        /// The file.
        path: PathBuf,
        /// How many bytes of it, from its beginning, are the blob.
        size: u64,
    },
    /// In a repository of a registry, from where it is passed on.
    Stream(BlobStream),
}

impl BlobSource {
    /// The bytes of the file at `path`, of which there are `size`.
    pub fn file(path: impl Into<PathBuf>, size: u64) -> Self {
        Self::File {
            path: path.into(),
            size,
        }
    }

    /// How many bytes there are.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { size, .. } => *size,
            Self::Stream(stream) => stream.descriptor().size,
        }
    }

    /// The file, when it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Bytes(_) | Self::Stream(_) => None,
            Self::File { path, .. } => Some(path),
        }
    }
}

/// Opens a file to push.
#[expect(
    clippy::disallowed_methods,
    reason = "the errors of a push name the file themselves"
)]
pub(crate) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}
