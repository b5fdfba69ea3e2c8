//! The cached indexes of named repositories: helm's files, and beside each one what to ask the server with next time.

use std::fs::Metadata;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use skeg_files::Readers;
use skeg_oci::Digest;
use skeg_oci_client::Validators;
use tempfile::NamedTempFile;

use crate::index::{Index, ReadIndexError};

/// A directory of cached indexes: `NAME-index.yaml` and `NAME-charts.txt` as helm writes them.
#[derive(Clone, Debug)]
pub struct IndexCache {
    directory: PathBuf,
}

/// Why a cached index could not be used. The texts are Helm 4.3.1's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadIndexError {
    /// There is no such file, or it cannot be read.
    #[error("open {}: {reason}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why, in the words of Go.
        reason: String,
    },
    /// It is no index.
    #[error("error loading {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: ReadIndexError,
    },
}

/// What is known of a cached index, in `NAME-index.skeg.json`. It holds for one file only, which helm may replace.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    /// The hash of the address it came from, which may have a password in it.
    source: String,
    size: u64,
    /// When it was written, in nanoseconds since 1970.
    written: u128,
    etag: Option<String>,
    last_modified: Option<String>,
}

/// An index that was downloaded.
#[derive(Debug)]
pub struct NewIndex<'index> {
    /// It as it came, in a file of [`IndexCache::temporary`].
    pub file: NamedTempFile,
    /// What is in it.
    pub index: &'index Index,
    /// What to ask the server with next time.
    pub validators: Validators,
}

impl IndexCache {
    /// The cache in a directory, which need not exist.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
        }
    }

    /// The cached `index.yaml` of a repository.
    pub fn index_path(&self, name: &str) -> PathBuf {
        self.path(name, "index.yaml")
    }

    /// The names of the charts of a repository, one a line.
    pub fn charts_path(&self, name: &str) -> PathBuf {
        self.path(name, "charts.txt")
    }

    fn note_path(&self, name: &str) -> PathBuf {
        self.path(name, "index.skeg.json")
    }

    fn path(&self, name: &str, file: &str) -> PathBuf {
        let separator = if name.is_empty() { "" } else { "-" };
        self.directory.join(format!("{name}{separator}{file}"))
    }

    /// Reads the index of a repository.
    ///
    /// # Errors
    /// There is none, or it is none.
    pub fn load(&self, name: &str) -> Result<Index, LoadIndexError> {
        let path = self.index_path(name);
        let bytes = match fs_err::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let reason = skeg_go::errors::system_words(&error);
                return Err(LoadIndexError::Open { path, reason });
            }
        };
        Index::parse(&bytes).map_err(|source| LoadIndexError::Read { path, source })
    }

    /// What to ask the server at `address` with, so that it sends only an index that is not the cached one.
    pub fn validators(&self, name: &str, address: &str) -> Validators {
        self.known(name, address).unwrap_or_default()
    }

    fn known(&self, name: &str, address: &str) -> Option<Validators> {
        let note: Note = serde_json::from_slice(&fs_err::read(self.note_path(name)).ok()?).ok()?;
        let index = std::fs::metadata(self.index_path(name)).ok()?;
        let is_the_one = note.source == hash(address)
            && note.size == index.len()
            && Some(note.written) == written(&index)
            && self.charts_path(name).is_file();
        is_the_one.then_some(Validators {
            etag: note.etag,
            last_modified: note.last_modified,
        })
    }

    /// A temporary file in the cache, which becomes an index by [`Self::store`].
    ///
    /// # Errors
    /// The directory cannot be made or written.
    pub fn temporary(&self) -> io::Result<NamedTempFile> {
        fs_err::create_dir_all(&self.directory)?;
        skeg_files::temporary_beside(&self.directory.join("index.yaml"), Readers::Umask)
    }

    /// Puts a file in the place of the cached index of a repository, with the names of its charts.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn store(&self, name: &str, address: &str, new: NewIndex<'_>) -> io::Result<()> {
        let NewIndex {
            file,
            index,
            validators,
        } = new;
        if Path::new(name).file_name().is_none_or(|file| file != name) {
            let text = format!("`{name}` cannot be the name of a file");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let metadata = file.as_file().metadata()?;
        file.persist(self.index_path(name)).map_err(|error| error.error)?;
        let names: String = index.charts().flat_map(|(name, _)| [name, "\n"]).collect();
        write(&self.charts_path(name), names.as_bytes())?;
        let note = Note {
            source: hash(address),
            size: metadata.len(),
            written: written(&metadata).unwrap_or_default(),
            etag: validators.etag,
            last_modified: validators.last_modified,
        };
        let note_path = self.note_path(name);
        if note.etag.is_none() && note.last_modified.is_none() {
            return remove(&note_path);
        }
        write(&note_path, &serde_json::to_vec(&note).unwrap_or_default())
    }

    /// Removes what is cached of a repository.
    ///
    /// # Errors
    /// A file is there and cannot be removed.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        remove(&self.charts_path(name))?;
        remove(&self.note_path(name))?;
        remove(&self.index_path(name))
    }
}

fn hash(address: &str) -> String {
    Digest::sha256_of(address.as_bytes()).hex().to_owned()
}

fn written(metadata: &Metadata) -> Option<u128> {
    let time = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(time.as_nanos())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = skeg_files::temporary_beside(path, Readers::Umask)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
