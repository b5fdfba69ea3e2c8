//! Temporary files that are renamed when they are whole.

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::lock::{self, Held};
use crate::name;

/// How often somebody may take a file away between its making and its locking.
const TRIES: usize = 16;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Whoever may read any file that a program makes: the umask takes from it what it takes.
    Umask,
    /// Its owner alone.
    Owner,
}

/// Makes a temporary file in the directory of `path`, after removing what dead processes left there.
///
/// # Errors
/// The directory cannot be written.
pub fn temporary_beside(path: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    remove_stale(directory);
    temporary_in(directory, readers)
}

/// Makes a temporary file in a directory. For those who make many and call [`remove_stale`] themselves.
///
/// # Errors
/// The directory cannot be written.
pub fn temporary_in(directory: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    let mut file = make(directory, readers)?;
    for _ in 1..TRIES {
        if let Held::Yes = lock::hold(file.as_file(), file.path())? {
            break;
        }
        file = make(directory, readers)?;
    }
    Ok(file)
}

fn make(directory: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = name::builder();
    #[cfg(unix)]
    if readers == Readers::Umask {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // Elsewhere the permissions come from the directory.
    #[cfg(not(unix))]
    let _ = readers;
    builder.tempfile_in(directory)
}

/// Removes the temporary files in a directory whose makers are dead. What cannot be removed stays: it is in nobody's way.
pub fn remove_stale(directory: &Path) {
    let Ok(entries) = fs_err::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !name::is_temporary(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let path = entry.path();
        if let Some(_dead) = lock::seize(&path) {
            let _stays = fs_err::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const DEAD: &str = ".skeg-0123456789ab.tmp";

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs_err::read_dir(directory).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_the_dead_left_goes_and_what_the_living_have_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs_err::write(path(DEAD), "half").unwrap();
        fs_err::write(path(".skeg-notes"), "mine").unwrap();
        fs_err::create_dir(path(".skeg-0123456789cd.tmp")).unwrap();
        let first = temporary_beside(&path("chart.tgz"), Readers::Umask).unwrap();
        assert!(!path(DEAD).exists());
        let mut second = temporary_beside(&path("chart.tgz"), Readers::Umask).unwrap();
        assert!(first.path().exists() && second.path().exists());
        second.write_all(b"whole").unwrap();
        let file = second.persist(path("chart.tgz")).unwrap();
        drop((first, file));
        assert_eq!(
            names(directory.path()),
            [".skeg-0123456789cd.tmp", ".skeg-notes", "chart.tgz"]
        );
    }

    #[test]
    fn a_directory_that_is_missing_is_no_trouble_to_remove_from() {
        let directory = tempfile::tempdir().unwrap();
        remove_stale(&directory.path().join("none"));
        assert!(temporary_in(&directory.path().join("none"), Readers::Umask).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn secrets_are_for_their_owner() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let mode = |readers| {
            let file = temporary_in(directory.path(), readers).unwrap();
            file.as_file().metadata().unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode(Readers::Owner), 0o600);
        assert_eq!(mode(Readers::Umask) & 0o600, 0o600);
    }

    #[test]
    fn nobody_loses_a_file_to_others_that_clean_up() {
        let directory = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..4 {
                let place = directory.path();
                scope.spawn(move || {
                    for turn in 0..100 {
                        let path = place.join(format!("{number}-{turn}"));
                        let mut file = temporary_beside(&path, Readers::Umask).unwrap();
                        file.write_all(b"whole").unwrap();
                        file.persist(&path).unwrap();
                    }
                });
            }
        });
        let names = names(directory.path());
        assert_eq!(names.len(), 400);
        assert!(names.iter().all(|name| !is_temporary(name)));
    }

    use crate::name::is_temporary;
}
