//! Directories and files made for the user. The errors do not name the path: that is the caller's part.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Makes a directory, and those it is in, unless they are there.
pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

/// Makes a temporary file beside `path`, to be renamed when it is complete; it gets the permissions of an
/// ordinary new file.
pub(crate) fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let create = |path: &Path| File::options().read(true).write(true).create_new(true).open(path);
    tempfile::Builder::new()
        .prefix(&format!(".{name}-"))
        .make_in(directory.unwrap_or(Path::new(".")), create)
}
