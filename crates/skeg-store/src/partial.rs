//! Downloads that are not whole yet: one file for each digest, locked by its writer, continued by the next.

use std::fs::{File, TryLockError};
use std::io::{self, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::time::SystemTime;

use skeg_oci::{Digest, MediaType};

use crate::content::{hash, prepare};
use crate::error::StoreError;
use crate::files;
use crate::store::Store;

/// After so many tries to lock a file that others rename or remove meanwhile, it counts as theirs.
const TRIES: usize = 16;

/// What became of asking for a partial download.
#[derive(Debug)]
pub enum Claim {
    /// It is the caller's alone until it is dropped.
    Granted(Partial),
    /// Somebody else is writing it, and has so many bytes.
    Busy {
        /// Its length now.
        length: u64,
    },
}

/// A download that belongs to the caller. Dropping it leaves what there is for the next one.
#[derive(Debug)]
pub struct Partial {
    store: Store,
    digest: Digest,
    path: PathBuf,
    file: File,
    is_done: bool,
}

impl Store {
    /// Asks for the partial download of `digest`, which may have any number of bytes already, right or wrong ones.
    ///
    /// The lock is the operating system's and goes with the process, however that ends.
    ///
    /// # Errors
    /// The store cannot be written, or its file system has no locks.
    pub fn claim(&self, digest: &Digest) -> Result<Claim, StoreError> {
        self.try_claim(digest).map_err(StoreError::Write)
    }

    fn try_claim(&self, digest: &Digest) -> io::Result<Claim> {
        let path = self.layout.partial(digest);
        let mut length = 0;
        for _ in 0..TRIES {
            let file = files::with_directories(&self.layout, &path, || {
                let mut options = fs_err::OpenOptions::new();
                options.read(true).write(true).create(true).truncate(false);
                options.open(&path)
            })?;
            let file = file.into_parts().0;
            length = file.metadata()?.len();
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Claim::Busy { length }),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            if skeg_files::is_at(&file, &path)? {
                return Ok(Claim::Granted(Partial {
                    store: self.clone(),
                    digest: digest.clone(),
                    path,
                    file,
                    is_done: false,
                }));
            }
        }
        Ok(Claim::Busy { length })
    }
}

impl Partial {
    /// The file, at its beginning, to be read and continued.
    ///
    /// # Errors
    /// The system has no more handles.
    pub fn file(&self) -> Result<File, StoreError> {
        let clone = self.file.try_clone().and_then(|mut file| {
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        });
        clone.map_err(StoreError::Write)
    }

    /// How many bytes there are.
    ///
    /// # Errors
    /// The file system does not tell.
    pub fn length(&self) -> Result<u64, StoreError> {
        let metadata = self.file.metadata();
        metadata.map(|metadata| metadata.len()).map_err(StoreError::Read)
    }

    /// Makes the download content of the store, after hashing it.
    ///
    /// # Errors
    /// It has another digest, and is thrown away; or the store cannot be written.
    pub fn commit(mut self, media_type: Option<&MediaType>, now: SystemTime) -> Result<(), StoreError> {
        let actual = self.file.seek(SeekFrom::Start(0));
        let actual = actual.and_then(|_| hash(&mut self.file, &self.digest));
        let actual = actual.map_err(StoreError::Read)?;
        if actual != self.digest {
            let expected = self.digest.clone();
            self.discard()?;
            return Err(StoreError::DigestMismatch { expected, actual });
        }
        self.commit_hashed(media_type, now)
    }

    /// Makes the download content of the store. The caller has hashed every byte of the file and found its digest.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn commit_hashed(
        mut self,
        media_type: Option<&MediaType>,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        let target = self.store.layout.blob(&self.digest);
        let layout = &self.store.layout;
        prepare(&self.file, now).map_err(StoreError::Write)?;
        let renamed = files::with_directories(layout, &target, || fs_err::rename(&self.path, &target));
        renamed.map_err(StoreError::Write)?;
        self.is_done = true;
        let described = self.store.describe(&self.digest, media_type, now);
        described.map_err(StoreError::Write)
    }

    /// Throws the download away.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn discard(mut self) -> Result<(), StoreError> {
        self.is_done = true;
        files::remove(&self.path).map(drop).map_err(StoreError::Write)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // An empty file is of no use to anybody, and nobody else has it while we hold the lock.
        if !self.is_done && self.file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
            drop(files::remove(&self.path));
        }
    }
}
