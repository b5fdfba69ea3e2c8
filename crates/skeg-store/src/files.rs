//! Files that appear whole: written under a temporary name, then renamed.

use std::fs::Metadata;
use std::io::{self, Write as _};
use std::path::Path;

use skeg_files::Readers;
use tempfile::NamedTempFile;

use crate::layout::{CACHE_TAG, Layout};

/// Directories may be missing at the first use, and as often again as somebody else cleans the store meanwhile.
const TRIES: usize = 16;

/// Does something in the store, and again after its directories were made if one was missing.
pub(crate) fn with_directories<T>(
    layout: &Layout,
    path: &Path,
    work: impl Fn() -> io::Result<T>,
) -> io::Result<T> {
    let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    // A directory that is there when it is to be made and has gone right after that counts as one that exists.
    let is_vanished = |error: &io::Error| is_missing(error) || error.kind() == io::ErrorKind::AlreadyExists;
    for _ in 1..TRIES {
        match work() {
            Err(error) if is_missing(&error) => {}
            result => return result,
        }
        match make_directories(layout, path) {
            Err(error) if !is_vanished(&error) => return Err(error),
            _ => {}
        }
    }
    work()
}

fn make_directories(layout: &Layout, path: &Path) -> io::Result<()> {
    fs_err::create_dir_all(layout.temporary())?;
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let tag = layout.cache_tag();
    if tag.exists() {
        return Ok(());
    }
    let mut temporary = create_temporary(layout)?;
    temporary.write_all(CACHE_TAG.as_bytes())?;
    temporary.persist(tag).map(drop).map_err(|error| error.error)
}

/// Makes a temporary file that can be renamed to any place in the store, and removes those of dead writers.
pub(crate) fn create_temporary(layout: &Layout) -> io::Result<NamedTempFile> {
    let directory = layout.temporary();
    skeg_files::remove_stale(&directory);
    skeg_files::temporary_in(&directory, Readers::Umask)
}

/// Writes a small file, replacing what is at its place.
pub(crate) fn write(layout: &Layout, path: &Path, bytes: &[u8]) -> io::Result<()> {
    with_directories(layout, path, || {
        let mut temporary = create_temporary(layout)?;
        temporary.write_all(bytes)?;
        temporary.persist(path).map(drop).map_err(|error| error.error)
    })
}

/// Removes a file; that it has gone already is as good. Tells whether it was there.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs_err::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The names in a directory; a missing one has none. What is no text is no name of ours.
pub(crate) fn names(directory: &Path) -> io::Result<Vec<String>> {
    let entries = match fs_err::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

/// What the system says about the file at `path`, if there is one.
pub(crate) fn metadata(path: &Path) -> io::Result<Option<Metadata>> {
    match fs_err::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
