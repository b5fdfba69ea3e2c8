//! Temporary files that become files of the user: they are renamed when they are complete.

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Makes a temporary file beside `path`, with the permissions that an ordinary new file gets.
pub(crate) fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}-");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(directory.unwrap_or(Path::new(".")))
}
