//! Temporary files in a layout: content that is not whole yet.
//!
//! They are removed when a write fails or is broken off. What a killed process left is removed by a later writer.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

/// The beginning of the names of temporary files.
const PREFIX: &str = ".skeg-";

/// A temporary file that was not written for so long has no writer any more.
const STALE_AFTER: Duration = Duration::from_hours(24);

/// Makes a temporary file in the directory of a layout.
pub(crate) fn create(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        // As any file that a program creates: the umask takes from it what it takes.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}

/// Tells whether a name in a layout's directory is that of a temporary file.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Removes the temporary files of a layout that are older than a day, by the clock of `newest`, a file just written
/// beside them. What cannot be removed stays: it is in nobody's way.
pub(crate) fn remove_stale(directory: &Path, newest: &Path) {
    let Some(now) = modified(newest) else {
        return;
    };
    let Ok(entries) = fs_err::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        if is_temporary(&entry.file_name().to_string_lossy()) && is_stale(&entry.path(), now) {
            let path = entry.path();
            if let Err(error) = fs_err::remove_file(&path) {
                tracing::debug!(%error, "a stale temporary file stays");
            }
        }
    }
}

fn is_stale(path: &Path, now: SystemTime) -> bool {
    modified(path)
        .and_then(|modified| now.duration_since(modified).ok())
        .is_some_and(|age| age > STALE_AFTER)
}

/// When a file was last written; `None` for what is no file.
fn modified(path: &Path) -> Option<SystemTime> {
    let metadata = fs_err::symlink_metadata(path).ok()?;
    metadata.is_file().then(|| metadata.modified().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, age: Duration) {
        let file = fs_err::File::create(path).unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        file.set_modified(modified - age).unwrap();
    }

    #[test]
    fn only_old_temporary_files_are_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let two_days = 2 * STALE_AFTER;
        write(&path("index.json"), Duration::ZERO);
        write(&path(".skeg-old"), two_days);
        write(&path(".skeg-new"), Duration::from_mins(1));
        write(&path("other"), two_days);
        fs_err::create_dir(path(".skeg-directory")).unwrap();
        remove_stale(directory.path(), &path("index.json"));
        let exists = |name| path(name).exists();
        assert!(!exists(".skeg-old"));
        assert!(exists(".skeg-new") && exists("other") && exists(".skeg-directory"));
    }

    #[test]
    fn a_missing_layout_is_no_trouble() {
        let directory = tempfile::tempdir().unwrap();
        remove_stale(&directory.path().join("none"), directory.path());
        assert!(directory.path().exists());
    }
}
