//! Emptying a store.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use crate::error::StoreError;
use crate::store::Store;

/// What emptying a store has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// How many entries of content, and downloads that were not whole.
    pub entries: usize,
    /// How many bytes they had.
    pub freed: u64,
    /// How many downloads stay, since somebody is writing them.
    pub busy: usize,
}

impl Store {
    /// Removes everything but the downloads that are being written now.
    ///
    /// # Errors
    /// Something cannot be removed.
    pub fn clean(&self, now: SystemTime) -> Result<Cleaned, StoreError> {
        let mut cleaned = Cleaned::default();
        for entry in self.entries().map_err(StoreError::Read)? {
            self.forget(&entry.digest).map_err(StoreError::Write)?;
            cleaned.entries += 1;
            cleaned.freed += entry.size;
        }
        for partial in self.partials().map_err(StoreError::Read)? {
            if self.remove_partial(&partial).map_err(StoreError::Write)? {
                cleaned.entries += 1;
                cleaned.freed += partial.size;
            } else {
                cleaned.busy += 1;
            }
        }
        for directory in [
            self.layout.all_tags(),
            self.layout.all_meta(),
            self.layout.base().join("blobs"),
        ] {
            remove_all(&directory).map_err(StoreError::Write)?;
        }
        self.sweep_temporary(now).map_err(StoreError::Write)?;
        Ok(cleaned)
    }
}

/// Removes a directory and everything in it. What others put into it meanwhile may stay.
fn remove_all(directory: &Path) -> io::Result<()> {
    match fs_err::remove_dir_all(directory) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}
