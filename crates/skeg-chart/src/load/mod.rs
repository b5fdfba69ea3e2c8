//! Reading charts from directories and archives, within limits.

pub(crate) mod archive;
mod content_type;
pub(crate) mod dir;
pub(crate) mod limits;
mod symlink;
pub(crate) mod unpack;

/// The byte-order mark that Helm takes off the start of every file.
const UTF8_BYTE_ORDER_MARK: &[u8; 3] = b"\xef\xbb\xbf";
