//! The lock of `repositories.yaml`, which helm takes too.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// How often the lock is tried, and how long the pause between two tries is: half a minute together, as in Helm.
const TRIES: u32 = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// Waits for the lock; it is given back when the file is dropped.
pub(crate) fn hold(list: &Path) -> io::Result<File> {
    let path = lock_path(list);
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    let text = format!("another program holds `{}`", path.display());
    Err(io::Error::new(io::ErrorKind::WouldBlock, text))
}

/// Helm 4.3.1: `repositories.lock` beside `repositories.yaml`.
fn lock_path(list: &Path) -> PathBuf {
    list.with_extension("lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, expected: &str) {
        assert_eq!(lock_path(Path::new(list)), Path::new(expected));
    }

    #[test]
    fn locks_have_the_names_of_helm() {
        check("/x/repositories.yaml", "/x/repositories.lock");
        check("/x/repositories", "/x/repositories.lock");
        check("/x/a.b.yaml", "/x/a.b.lock");
    }
}
