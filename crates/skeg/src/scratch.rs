//! Directories for what a command needs for a while.

use std::io;

pub(crate) use skeg_files::ScratchDirectory;

/// Makes one where the system keeps temporary files, and removes those of commands that were killed.
pub(crate) fn scratch() -> io::Result<ScratchDirectory> {
    ScratchDirectory::create_in(&tempfile::env::temp_dir())
}
