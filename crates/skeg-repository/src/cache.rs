//! The cached indexes of named repositories: helm's files, and beside each one what to ask the server with next time.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use skeg_files::Readers;
use skeg_oci::Digest;
use skeg_oci_client::Validators;
use tempfile::NamedTempFile;

use crate::index::{
    CondensedIndex, Index, IndexEntry, ReadIndexError, RejectedEntry, Stamp, write_condensed,
};

/// From which size on an index is condensed, in bytes: a smaller one is parsed in less time than anybody notices.
const CONDENSED_FROM: u64 = 256 << 10;

/// A directory of cached indexes: `NAME-index.yaml` and `NAME-charts.txt` as helm writes them.
///
/// Beside a large index is `NAME-index.skeg.jsonl`, which holds what is used of it and is read in a fraction of the time. It
/// is made when the index is stored or first read, and counts for nothing once helm has written another index.
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
    stamp: Stamp,
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

impl LoadIndexError {
    fn open(path: &Path, error: &io::Error) -> Self {
        Self::Open {
            path: path.to_owned(),
            reason: skeg_go::errors::system_words(error),
        }
    }
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

    fn condensed_path(&self, name: &str) -> PathBuf {
        self.path(name, "index.skeg.jsonl")
    }

    /// Reads the index of a repository.
    ///
    /// # Errors
    /// There is none, or it is none.
    pub fn load(&self, name: &str) -> Result<Index, LoadIndexError> {
        self.load_charts(name, |_| true)
    }

    /// Reads some charts of the index of a repository; of the others nothing is kept.
    ///
    /// # Errors
    /// There is none, or it is none.
    pub fn load_charts(&self, name: &str, wanted: impl Fn(&str) -> bool) -> Result<Index, LoadIndexError> {
        let insert = |charts: &mut BTreeMap<_, _>, chart, versions| {
            charts.insert(chart, versions);
        };
        let (charts, rejected) = self.fold_charts(name, wanted, BTreeMap::new, insert)?;
        Ok(Index::from_parts(charts, rejected))
    }

    /// Goes through some charts of the index of a repository, one after the other by name, the versions of each from the
    /// highest to the lowest; gives what `each` made of what `init` gave, and the entries that were left out.
    ///
    /// # Errors
    /// There is none, or it is none.
    pub fn fold_charts<T>(
        &self,
        name: &str,
        wanted: impl Fn(&str) -> bool,
        init: impl Fn() -> T,
        mut each: impl FnMut(&mut T, String, Vec<IndexEntry>),
    ) -> Result<(T, Vec<RejectedEntry>), LoadIndexError> {
        let path = self.index_path(name);
        let condensed = self.condensed_path(name);
        let open = || {
            let file: File = fs_err::File::open(&path)?.into();
            let stamp = stamp(&file.metadata()?);
            Ok((file, stamp))
        };
        let (mut file, stamp) = open().map_err(|error| LoadIndexError::open(&path, &error))?;
        if let Some(known) = stamp.and_then(|stamp| CondensedIndex::open(&condensed, stamp)) {
            let mut made = init();
            if let Ok(rejected) = known.read(&wanted, |chart, versions| each(&mut made, chart, versions)) {
                return Ok((made, rejected));
            }
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| LoadIndexError::open(&path, &error))?;
        let parsed = Index::parse(&bytes);
        drop(bytes);
        let index = parsed.map_err(|source| LoadIndexError::Read { path, source })?;
        condense(&condensed, &index, stamp);
        let mut made = init();
        let rejected = index.into_charts(wanted, |chart, versions| each(&mut made, chart, versions));
        Ok((made, rejected))
    }

    /// What to ask the server at `address` with, so that it sends only an index that is not the cached one.
    pub fn validators(&self, name: &str, address: &str) -> Validators {
        self.known(name, address).unwrap_or_default()
    }

    fn known(&self, name: &str, address: &str) -> Option<Validators> {
        let note: Note = serde_json::from_slice(&fs_err::read(self.note_path(name)).ok()?).ok()?;
        let index = std::fs::metadata(self.index_path(name)).ok()?;
        let is_the_one = note.source == hash(address)
            && Some(note.stamp) == stamp(&index)
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
        let stamp = stamp(&file.as_file().metadata()?);
        file.persist(self.index_path(name)).map_err(|error| error.error)?;
        let names: String = index.charts().flat_map(|(name, _)| [name, "\n"]).collect();
        write(&self.charts_path(name), names.as_bytes())?;
        condense(&self.condensed_path(name), index, stamp);
        let note = Note {
            source: hash(address),
            stamp: stamp.unwrap_or_default(),
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
        remove(&self.condensed_path(name))?;
        remove(&self.index_path(name))
    }
}

fn hash(address: &str) -> String {
    Digest::sha256_of(address.as_bytes()).hex().to_owned()
}

fn stamp(index: &Metadata) -> Option<Stamp> {
    let time = index.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Stamp {
        size: index.len(),
        written: time.as_nanos(),
    })
}

/// Keeps what is used of an index. Where that cannot be written the index is parsed again.
fn condense(path: &Path, index: &Index, stamp: Option<Stamp>) {
    if let Some(stamp) = stamp.filter(|stamp| stamp.size >= CONDENSED_FROM) {
        let _kept = write_condensed(path, index, stamp);
    }
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
