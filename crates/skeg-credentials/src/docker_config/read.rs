//! Reading a configuration file, within limits.

use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use super::{ConfigFormat, Document};
use crate::{ConfigLocation, ReadConfigError};

/// The largest file that is read; real ones have a few KiB.
const MAX_BYTES: u64 = 4 << 20;

/// Reads a file; one that does not exist is an empty configuration.
pub(crate) fn read_file(path: &Path, format: ConfigFormat) -> Result<Document, ReadConfigError> {
    let content = match read_bounded(path) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Document::empty(format)),
        Err(error) => return Err(ReadConfigError::Io(Arc::new(error))),
    };
    read(&content, format, || ConfigLocation::File(path.to_owned()))
}

/// Reads a content; `location` names it if it is malformed.
pub(crate) fn read(
    content: &[u8],
    format: ConfigFormat,
    location: impl FnOnce() -> ConfigLocation,
) -> Result<Document, ReadConfigError> {
    Document::parse(content, format).map_err(|problem| ReadConfigError::Malformed {
        location: location(),
        problem,
    })
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let file = fs_err::File::open(path)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut content)?;
    if content.len() as u64 > MAX_BYTES {
        let text = format!("`{}` is larger than {} MiB", path.display(), MAX_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(content)
}
