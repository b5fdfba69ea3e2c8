//! Changing a configuration file so that no reader sees half of it and no writer loses another's change.
//!
//! The file is read, changed and replaced under a lock on a file beside it (`.config.json.lock`, which stays: removing
//! it would let two writers hold two locks). The replacement is written in the same directory, flushed to the disk and
//! renamed over the old file, whose mode and owner it takes. A symbolic link is followed, even one whose target is yet
//! to be made.

use std::ffi::OsString;
use std::fs::Metadata;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use skeg_files::Readers;

use super::{ConfigFormat, Document, read_file};
use crate::WriteConfigError;

/// The longest chain of symbolic links that is followed, as in Linux.
const MAX_LINKS: usize = 40;

/// Changes a file by `edit`, which tells whether there is anything to write.
pub(crate) fn update(
    path: &Path,
    edit: impl FnOnce(&mut Document) -> bool,
) -> Result<bool, WriteConfigError> {
    let at_path = |source| WriteConfigError::Write {
        path: path.to_owned(),
        source,
    };
    let target = follow_links(path).map_err(at_path)?;
    let directory = parent(&target);
    create_directory(directory).map_err(at_path)?;
    let _lock = lock(&target).map_err(at_path)?;
    let mut document = read_file(&target, ConfigFormat::Config)?;
    if !edit(&mut document) {
        return Ok(false);
    }
    replace(&target, &document.to_text()).map_err(at_path)?;
    Ok(true)
}

/// Follows symbolic links to the path that is, or will be, the file.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs_err::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_symlink() => {}
            Ok(_) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path),
            Err(error) => return Err(error),
        }
        path = parent(&path).join(fs_err::read_link(&path)?);
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// The directory of a file.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Makes a directory that only its owner may enter; one that exists is left as it is.
fn create_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(directory)
}

/// Waits for the lock that all writers of a file share; it ends with the value that is returned.
///
/// On a file system that knows no locks there is none: the rename still keeps the file whole.
fn lock(target: &Path) -> io::Result<fs_err::File> {
    let path = target.with_file_name(beside(target, ".lock"));
    let file = fs_err::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(file),
    }
}

/// The hidden name of a file beside another: `config.json` and `.lock` give `.config.json.lock`.
fn beside(target: &Path, suffix: &str) -> OsString {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(suffix);
    name
}

/// Puts a text in the place of a file.
fn replace(target: &Path, text: &str) -> io::Result<()> {
    let mut file = skeg_files::temporary_beside(target, Readers::Owner)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = fs_err::metadata(target) {
        take_attributes(file.as_file(), &old)?;
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    sync_directory(parent(target));
    Ok(())
}

/// Gives a file the mode of another and, where that is allowed, its owner. A new file is for its owner alone.
#[cfg(unix)]
fn take_attributes(file: &std::fs::File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        // Only root may give files away; an ordinary user becomes the owner, as with every editor.
        if let Err(error) = fchown(file, Some(old.uid()), Some(old.gid())) {
            tracing::debug!(%error, "the configuration file changes its owner");
        }
    }
    file.set_permissions(old.permissions())
}

/// Windows: the permissions come from the directory.
#[cfg(not(unix))]
fn take_attributes(_file: &std::fs::File, _old: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Makes the rename last through a crash of the machine, where directories can be flushed.
fn sync_directory(directory: &Path) {
    if cfg!(unix)
        && let Err(error) = fs_err::File::open(directory).and_then(|directory| directory.sync_all())
    {
        tracing::debug!(%error, "the directory of the configuration file cannot be flushed");
    }
}
