//! Locks that tell the living from the dead.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// What became of a file that was made and is to be locked.
pub(crate) enum Held {
    /// It is ours; or the file system has no locks, and then nobody removes it either.
    Yes,
    /// Somebody took it for that of a dead process before it was locked.
    No,
}

/// Locks a file that has just been made at `path`.
pub(crate) fn hold(file: &File, path: &Path) -> io::Result<Held> {
    match file.try_lock() {
        Ok(()) if is_at(file, path)? => Ok(Held::Yes),
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(Held::No),
        Err(TryLockError::Error(_)) => Ok(Held::Yes),
    }
}

/// Opens and locks the file at `path`, which proves that its maker is dead. It stays locked until it is dropped.
pub(crate) fn seize(path: &Path) -> Option<File> {
    let file = fs_err::OpenOptions::new().write(true).open(path).ok()?;
    let file = file.into_parts().0;
    file.try_lock().ok()?;
    is_at(&file, path).unwrap_or(false).then_some(file)
}

/// Tells whether the open `file` is still the one at `path`, and not one that was removed or renamed meanwhile.
///
/// # Errors
/// The file system does not tell.
pub fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let there = match fs_err::metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let ours = file.metadata()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        Ok(there.ino() == ours.ino() && there.dev() == ours.dev())
    }
    #[cfg(not(unix))]
    {
        Ok(there.len() == ours.len() && there.created().ok() == ours.created().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_at_its_path_until_it_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let file = fs_err::File::create(&path).unwrap().into_parts().0;
        assert!(is_at(&file, &path).unwrap());
        assert!(matches!(hold(&file, &path).unwrap(), Held::Yes));
        assert!(seize(&path).is_none(), "it is held");
        fs_err::remove_file(&path).unwrap();
        assert!(!is_at(&file, &path).unwrap());
        assert!(matches!(hold(&file, &path).unwrap(), Held::No));
        assert!(seize(&path).is_none(), "it has gone");
    }
}
