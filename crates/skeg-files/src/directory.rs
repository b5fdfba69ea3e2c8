//! Scratch directories.
//!
//! Directories cannot be locked everywhere, so that each has a file `lock` beside what it is for, `content`. The lock is made
//! first and removed last.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::lock::{self, Held};
use crate::name;

const LOCK: &str = "lock";
const CONTENT: &str = "content";

/// How often somebody may take a directory away between its making and its locking.
const TRIES: usize = 16;

/// An empty directory that goes when it is dropped.
#[derive(Debug)]
pub struct ScratchDirectory {
    content: PathBuf,
    // Before the directory: where open files cannot be removed it has to be closed first.
    _lock: File,
    _directory: TempDir,
}

impl ScratchDirectory {
    /// Makes a directory in `parent`, after removing those that dead processes of the same user left there.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn create_in(parent: &Path) -> io::Result<Self> {
        for _ in 1..TRIES {
            if let Some(made) = Self::try_create_in(parent)? {
                return Ok(made);
            }
        }
        Err(io::Error::other("temporary directories vanish"))
    }

    /// Where the files go.
    pub fn path(&self) -> &Path {
        &self.content
    }

    fn try_create_in(parent: &Path) -> io::Result<Option<Self>> {
        let directory = name::builder().tempdir_in(parent)?;
        let path = directory.path().join(LOCK);
        let lock = match fs_err::File::create_new(&path) {
            Ok(lock) => lock.into_parts().0,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Held::No = lock::hold(&lock, &path)? {
            return Ok(None);
        }
        remove_stale(parent, &lock.metadata()?);
        let content = directory.path().join(CONTENT);
        fs_err::create_dir(&content)?;
        Ok(Some(Self {
            content,
            _lock: lock,
            _directory: directory,
        }))
    }
}

impl Drop for ScratchDirectory {
    /// The lock goes last: without it nobody could tell the content of a dead process from something else.
    fn drop(&mut self) {
        let _stays = fs_err::remove_dir_all(&self.content);
    }
}

/// Removes the directories whose makers are dead. `ours` tells who we are: in a directory that everybody writes to, what
/// others have made is left alone.
fn remove_stale(parent: &Path, ours: &Metadata) {
    let Ok(entries) = fs_err::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        if !name::is_temporary(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let path = entry.path();
        let there = fs_err::symlink_metadata(&path);
        if there.is_ok_and(|there| there.is_dir() && has_same_owner(&there, ours)) {
            // What cannot be removed stays: it is in nobody's way.
            let _stays = remove_dead(&path);
        }
    }
}

fn remove_dead(directory: &Path) -> io::Result<()> {
    let path = directory.join(LOCK);
    if !path.exists() {
        // Its maker was killed right at its beginning or at its end; one that is alive will make another.
        return fs_err::remove_dir(directory);
    }
    if let Some(lock) = lock::seize(&path) {
        let content = directory.join(CONTENT);
        if content.exists() {
            fs_err::remove_dir_all(content)?;
        }
        fs_err::remove_file(&path)?;
        drop(lock);
        fs_err::remove_dir(directory)?;
    }
    Ok(())
}

#[cfg(unix)]
fn has_same_owner(there: &Metadata, ours: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    there.uid() == ours.uid()
}

/// Elsewhere every user has a directory for temporary files.
#[cfg(not(unix))]
fn has_same_owner(_there: &Metadata, _ours: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEAD: &str = ".skeg-0123456789ab.tmp";

    fn count(directory: &Path) -> usize {
        fs_err::read_dir(directory).unwrap().count()
    }

    #[test]
    fn directories_go_with_their_makers() {
        let parent = tempfile::tempdir().unwrap();
        let first = ScratchDirectory::create_in(parent.path()).unwrap();
        fs_err::write(first.path().join("file"), "x").unwrap();
        let second = ScratchDirectory::create_in(parent.path()).unwrap();
        assert!(first.path().join("file").exists() && second.path().exists());
        assert_eq!(count(second.path()), 0);
        drop((first, second));
        assert_eq!(count(parent.path()), 0);
        assert!(ScratchDirectory::create_in(&parent.path().join("none")).is_err());
    }

    #[track_caller]
    fn check_dead(make: impl Fn(&Path)) {
        let parent = tempfile::tempdir().unwrap();
        let dead = parent.path().join(DEAD);
        fs_err::create_dir(&dead).unwrap();
        make(&dead);
        drop(ScratchDirectory::create_in(parent.path()).unwrap());
        assert_eq!(count(parent.path()), 0);
    }

    #[test]
    fn what_the_dead_left_goes_at_whatever_moment_they_died() {
        check_dead(|_| {});
        check_dead(|dead| fs_err::write(dead.join(LOCK), "").unwrap());
        check_dead(|dead| {
            fs_err::write(dead.join(LOCK), "").unwrap();
            fs_err::create_dir_all(dead.join(CONTENT).join("chart/templates")).unwrap();
            fs_err::write(dead.join(CONTENT).join("chart/Chart.yaml"), "name").unwrap();
        });
    }

    #[test]
    fn what_is_not_ours_stays() {
        let parent = tempfile::tempdir().unwrap();
        let path = |name: &str| parent.path().join(name);
        fs_err::create_dir_all(path(DEAD).join("other")).unwrap();
        fs_err::create_dir(path(".skeg-mine")).unwrap();
        fs_err::write(path(".skeg-0123456789cd.tmp"), "a file").unwrap();
        drop(ScratchDirectory::create_in(parent.path()).unwrap());
        assert_eq!(count(parent.path()), 3);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let parent = tempfile::tempdir().unwrap();
        let elsewhere = parent.path().join("elsewhere");
        fs_err::create_dir_all(elsewhere.join(CONTENT)).unwrap();
        fs_err::write(elsewhere.join(LOCK), "").unwrap();
        fs_err::os::unix::fs::symlink(&elsewhere, parent.path().join(DEAD)).unwrap();
        drop(ScratchDirectory::create_in(parent.path()).unwrap());
        assert!(elsewhere.join(CONTENT).exists() && elsewhere.join(LOCK).exists());
    }
}
