//! Directories made for the user. The errors do not name the path: that is the caller's part.

use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// Makes a directory, and those it is in, unless they are there.
pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}
