//! Emptying a store.

use std::io;

use crate::error::StoreError;
use crate::files;
use crate::layout::ALGORITHMS;
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
    pub fn clean(&self) -> Result<Cleaned, StoreError> {
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
        self.clean_notes().map_err(StoreError::Write)?;
        skeg_files::remove_stale(&self.layout.temporary());
        Ok(cleaned)
    }

    /// Removes what is known of tags, and of content that has gone. Directories that others write to now stay.
    fn clean_notes(&self) -> io::Result<()> {
        for algorithm in ALGORITHMS {
            let directory = self.layout.all_meta().join(algorithm.as_str());
            for name in files::names(&directory)? {
                files::remove(&directory.join(name))?;
            }
        }
        match fs_err::remove_dir_all(self.layout.all_tags()) {
            Err(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty
                ) =>
            {
                Err(error)
            }
            _ => Ok(()),
        }
    }
}
