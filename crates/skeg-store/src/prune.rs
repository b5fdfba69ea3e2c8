//! Making room: the least recently used content goes first.
//!
//! What somebody else has open stays readable to them: on Unix a removed file lives until it is closed, and elsewhere
//! the removal fails and the file stays. Downloads that are being written are left alone.

use std::fs::TryLockError;
use std::io;
use std::time::{Duration, SystemTime};

use crate::error::StoreError;
use crate::files;
use crate::list::Entry;
use crate::store::Store;
use crate::tags;

/// Between two automatic prunings lies at least this time.
const INTERVAL: Duration = Duration::from_hours(1);

/// A download that nobody went on with for so long goes with an automatic pruning.
const STALE_PARTIAL: Duration = Duration::from_hours(7 * 24);

/// What is to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PruneOptions {
    /// Content, until no more than so many bytes are left.
    pub max_size: Option<u64>,
    /// Content that was not used for so long.
    pub older_than: Option<Duration>,
    /// Only tell what would go.
    pub dry_run: bool,
}

/// What went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The content.
    pub removed: Vec<Entry>,
    /// How many downloads that were not whole.
    pub partials: usize,
    /// How many bytes all that had.
    pub freed: u64,
    /// How many bytes are left.
    pub left: u64,
}

impl Store {
    /// Removes what `options` say, and whatever else nobody can use any more.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn prune(&self, options: &PruneOptions, now: SystemTime) -> Result<Pruned, StoreError> {
        let contents = self.entries().map_err(StoreError::Read)?;
        let partials = self.partials().map_err(StoreError::Read)?;
        let mut left: u64 = contents.iter().chain(&partials).map(|entry| entry.size).sum();
        let contents = contents.into_iter().map(|entry| (false, entry));
        let partials = partials.into_iter().map(|entry| (true, entry));
        let mut candidates: Vec<(bool, Entry)> = contents.chain(partials).collect();
        candidates.sort_by(|(_, a), (_, b)| (a.last_used, &a.digest).cmp(&(b.last_used, &b.digest)));
        let mut pruned = Pruned::default();
        for (is_partial, entry) in candidates {
            let is_old = options
                .older_than
                .is_some_and(|limit| is_older(&entry, limit, now));
            let is_too_much = options.max_size.is_some_and(|limit| left > limit);
            if !is_old && !is_too_much {
                continue;
            }
            let went = options.dry_run || self.remove(is_partial, &entry).map_err(StoreError::Write)?;
            if went {
                left -= entry.size;
                pruned.freed += entry.size;
                if is_partial {
                    pruned.partials += 1;
                } else {
                    pruned.removed.push(entry);
                }
            }
        }
        pruned.left = left;
        if !options.dry_run {
            self.sweep().map_err(StoreError::Write)?;
        }
        Ok(pruned)
    }

    /// Keeps the store within its limit. To be called after something was stored: it does its work once an hour.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn maintain(&self, now: SystemTime) -> Result<(), StoreError> {
        let path = self.layout.last_prune();
        let noted = files::metadata(&path).map_err(StoreError::Read)?;
        let last = noted.and_then(|metadata| metadata.modified().ok());
        let is_due = last.is_some_and(|last| now.duration_since(last).is_ok_and(|age| age >= INTERVAL));
        if last.is_some() && !is_due {
            return Ok(());
        }
        files::write(&self.layout, &path, b"").map_err(StoreError::Write)?;
        if !is_due {
            return Ok(());
        }
        for partial in self.partials().map_err(StoreError::Read)? {
            if is_older(&partial, STALE_PARTIAL, now) {
                self.remove_partial(&partial).map_err(StoreError::Write)?;
            }
        }
        let options = PruneOptions {
            max_size: Some(self.limit),
            ..PruneOptions::default()
        };
        self.prune(&options, now).map(drop)
    }

    /// Removes one thing, unless somebody is at it. Tells whether it went.
    fn remove(&self, is_partial: bool, entry: &Entry) -> io::Result<bool> {
        if is_partial {
            return self.remove_partial(entry);
        }
        match self.forget(&entry.digest) {
            Ok(()) => Ok(true),
            // Windows, where an open file cannot go.
            Err(error) if cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes a download that is not whole, unless it is being written. Tells whether it went.
    pub(crate) fn remove_partial(&self, entry: &Entry) -> io::Result<bool> {
        let path = self.layout.partial(&entry.digest);
        let file = match fs_err::OpenOptions::new().write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        match file.file().try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if skeg_files::is_at(file.file(), &path)? {
            files::remove(&path)?;
        }
        Ok(true)
    }

    /// Removes what is left over: notes of content that has gone, tags that name such, files of dead writers.
    fn sweep(&self) -> io::Result<()> {
        for path in self.tag_files()? {
            let is_useful = tags::File::read(&path).is_some_and(|file| self.has(&file.descriptor.digest));
            if !is_useful {
                files::remove(&path)?;
            }
        }
        skeg_files::remove_stale(&self.layout.temporary());
        Ok(())
    }
}

fn is_older(entry: &Entry, limit: Duration, now: SystemTime) -> bool {
    now.duration_since(entry.last_used).is_ok_and(|age| age > limit)
}
