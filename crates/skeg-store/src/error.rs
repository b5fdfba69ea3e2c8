//! What can go wrong with a store.

use std::io;
use std::path::{Path, PathBuf};

use skeg_oci::Digest;

/// Why a store cannot be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenStoreError {
    /// It was made by a later version of the program.
    #[error(
        "the cache `{}` has the format `v{version}` of a newer version; this one knows `v1`",
        path.display()
    )]
    Newer {
        /// The store's directory.
        path: PathBuf,
        /// The newest format found there.
        version: u32,
    },
    /// Its directory cannot be read.
    #[error("the cache `{}` cannot be read", path.display())]
    Read {
        /// The store's directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl OpenStoreError {
    /// The store's directory.
    pub fn path(&self) -> &Path {
        match self {
            Self::Newer { path, .. } | Self::Read { path, .. } => path,
        }
    }
}

/// Why something could not be done with a store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file of the store cannot be read; the cause names it.
    #[error("the cache cannot be read")]
    Read(#[source] io::Error),
    /// A file of the store cannot be written; the cause names it.
    #[error("the cache cannot be written")]
    Write(#[source] io::Error),
    /// Content was to be stored under a digest that it does not have.
    #[error("content digest mismatch: expected `{expected}`, got `{actual}`")]
    DigestMismatch {
        /// The digest that it was to have.
        expected: Digest,
        /// The digest that it has.
        actual: Digest,
    },
}
