//! Storing content and getting it back, each time checked.
//!
//! Small content is hashed whenever it is read. Large content is hashed at its first use, and from then on known by its
//! [`Proof`]; it is on the disk before the proof is written, so that a loss of power leaves no proof of what is not there.
//! To store something therefore waits for no disk.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use skeg_oci::{Digest, Digester, MediaType};
use tempfile::NamedTempFile;

use crate::error::StoreError;
use crate::files;
use crate::meta::{self, Meta, Proof};
use crate::store::Store;

/// Content of this size and more is known by its proof.
pub(crate) const LARGE: u64 = 1024 * 1024;

/// Younger content gets no proof, but is hashed whenever it is used.
const SETTLED: Duration = Duration::from_mins(1);

/// How much is hashed at once.
const CHUNK: usize = 256 * 1024;

/// What became of looking for something.
#[derive(Debug)]
pub enum Lookup<T> {
    /// Here it is.
    Found(T),
    /// There is none.
    Missing,
    /// There was one with other content than it should have; it is removed.
    Damaged,
}

/// Stored content that was checked.
#[derive(Debug)]
pub struct Content {
    media_type: Option<MediaType>,
    size: u64,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Bytes(Vec<u8>),
    File(File, PathBuf),
}

impl Content {
    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The media type that it was stored with.
    pub fn media_type(&self) -> Option<&MediaType> {
        self.media_type.as_ref()
    }

    /// The file that it is, if it is not in memory.
    pub fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::Bytes(_) => None,
            Source::File(_, path) => Some(path),
        }
    }

    /// All of it; `None` if it is larger than `limit`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        if self.size > limit {
            return Ok(None);
        }
        match self.source {
            Source::Bytes(bytes) => Ok(Some(bytes)),
            Source::File(file, _) => {
                let mut bytes = Vec::new();
                file.take(self.size).read_to_end(&mut bytes)?;
                Ok(Some(bytes))
            }
        }
    }

    /// Writes it over `target` from its beginning, sharing blocks where the file system can.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn copy_to(self, target: &mut File) -> io::Result<()> {
        target.seek(SeekFrom::Start(0))?;
        match self.source {
            Source::Bytes(bytes) => target.write_all(&bytes)?,
            Source::File(mut file, _) => drop(io::copy(&mut file, target)?),
        }
        target.set_len(self.size)
    }
}

impl Store {
    /// Looks for content, and notes that it is used.
    ///
    /// # Errors
    /// There is a file that cannot be read.
    pub fn get(&self, digest: &Digest, now: SystemTime) -> Result<Lookup<Content>, StoreError> {
        let file = match fs_err::File::open(self.layout.blob(digest)) {
            Ok(file) => file.into_parts().0,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lookup::Missing),
            Err(error) => return Err(StoreError::Read(error)),
        };
        let found = self.check(digest, file, now).map_err(StoreError::Read)?;
        match &found {
            Lookup::Found(_) => meta::note_use(&self.layout, digest, now),
            _ => drop(self.forget(digest)),
        }
        Ok(found)
    }

    /// Tells whether there is something under this digest, without looking at it.
    pub fn has(&self, digest: &Digest) -> bool {
        self.layout.blob(digest).is_file()
    }

    /// Stores content that is in memory.
    ///
    /// # Errors
    /// It does not have this digest, or the store cannot be written.
    pub fn insert(
        &self,
        digest: &Digest,
        media_type: Option<&MediaType>,
        bytes: &[u8],
        now: SystemTime,
    ) -> Result<(), StoreError> {
        let mut digester = Digester::new(digest.algorithm());
        digester.update(bytes);
        let actual = digester.finish();
        if actual != *digest {
            return Err(StoreError::DigestMismatch {
                expected: digest.clone(),
                actual,
            });
        }
        self.insert_checked(digest, media_type, bytes, now)
            .map_err(StoreError::Write)
    }

    fn insert_checked(
        &self,
        digest: &Digest,
        media_type: Option<&MediaType>,
        bytes: &[u8],
        now: SystemTime,
    ) -> io::Result<()> {
        let path = self.layout.blob(digest);
        files::with_directories(&self.layout, &path, || {
            let mut temporary: NamedTempFile = files::create_temporary(&self.layout)?;
            temporary.write_all(bytes)?;
            prepare(temporary.as_file(), now)?;
            temporary.persist(&path).map(drop).map_err(|error| error.error)
        })?;
        self.describe(digest, media_type, now)
    }

    /// Writes what is to be known of content that has just got to its place.
    pub(crate) fn describe(
        &self,
        digest: &Digest,
        media_type: Option<&MediaType>,
        now: SystemTime,
    ) -> io::Result<()> {
        let known = meta::read(&self.layout, digest).and_then(|meta| meta.media_type);
        let meta = Meta {
            media_type: media_type.cloned().or(known),
            proof: None,
        };
        meta::write(&self.layout, digest, &meta, now)
    }

    /// Removes content that turned out to be damaged, and what is known of it.
    pub(crate) fn forget(&self, digest: &Digest) -> io::Result<()> {
        files::remove(&self.layout.blob(digest))?;
        files::remove(&self.layout.meta(digest)).map(drop)
    }

    fn check(&self, digest: &Digest, mut file: File, now: SystemTime) -> io::Result<Lookup<Content>> {
        let metadata = file.metadata()?;
        let size = metadata.len();
        let Meta { media_type, proof } = meta::read(&self.layout, digest).unwrap_or_default();
        if size < LARGE {
            let mut bytes = Vec::new();
            (&mut file).take(LARGE).read_to_end(&mut bytes)?;
            if !digest.matches(&bytes) {
                return Ok(Lookup::Damaged);
            }
            return Ok(Lookup::Found(Content {
                media_type,
                size: bytes.len() as u64,
                source: Source::Bytes(bytes),
            }));
        }
        let current = Proof::of(&metadata);
        if proof.as_ref() != Some(&current) {
            if hash(&mut file, digest)? != *digest {
                return Ok(Lookup::Damaged);
            }
            file.seek(SeekFrom::Start(0))?;
            let meta = Meta {
                media_type: media_type.clone(),
                proof: Some(current),
            };
            self.renew_proof(digest, &file, &meta, now);
        }
        Ok(Lookup::Found(Content {
            media_type,
            size,
            source: Source::File(file, self.layout.blob(digest)),
        }))
    }

    /// Notes that a file was hashed, if it still is as `meta` proves. A store that cannot be written does without.
    pub(crate) fn renew_proof(&self, digest: &Digest, file: &File, meta: &Meta, now: SystemTime) {
        let is_settled = file.metadata().is_ok_and(|metadata| {
            // What was written a moment ago may be written again at the same time by the clock of the file system, and
            // has not got to the disk by itself.
            let age = metadata
                .modified()
                .ok()
                .and_then(|time| now.duration_since(time).ok());
            meta.proof.as_ref() == Some(&Proof::of(&metadata)) && age.is_some_and(|age| age >= SETTLED)
        });
        if is_settled && file.sync_data().is_ok() {
            drop(meta::write(&self.layout, digest, meta, now));
        }
    }
}

/// Makes a file ready to become content: it is not to be written any more. Nobody waits for the disk here: content that a
/// loss of power spoils is found out at its next use.
///
/// Its time lies a second back, so that any later writing shows.
pub(crate) fn prepare(file: &File, now: SystemTime) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = file.metadata()?.permissions();
        permissions.set_mode(permissions.mode() & 0o444);
        file.set_permissions(permissions)?;
    }
    file.set_modified(now.checked_sub(Duration::from_secs(1)).unwrap_or(now))?;
    Ok(())
}

/// Hashes a file from where it stands to its end, with the algorithm of `digest`.
pub(crate) fn hash(file: &mut File, digest: &Digest) -> io::Result<Digest> {
    let mut digester = Digester::new(digest.algorithm());
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(digester.finish()),
            Ok(length) => digester.update(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
