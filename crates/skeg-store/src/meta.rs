//! What is known of stored content besides its bytes: a small file beside it, whose time is that of the last use.

use std::fs::Metadata;
use std::io;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use skeg_oci::{Digest, MediaType};

use crate::files;
use crate::layout::Layout;

/// A use so shortly after the last one is not noted.
const USE_GRAIN: Duration = Duration::from_mins(1);

/// What is known of stored content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meta {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<MediaType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<Proof>,
}

/// Identifies a file as it was when it was hashed. Whoever writes to the file changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proof {
    size: u64,
    /// When the content was last written: seconds and nanoseconds.
    modified: (i64, i64),
    /// When the file was last changed in any way, which nobody can set. On Unix only.
    changed: (i64, i64),
    inode: u64,
}

impl Proof {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Self {
                size: metadata.len(),
                modified: (metadata.mtime(), metadata.mtime_nsec()),
                changed: (metadata.ctime(), metadata.ctime_nsec()),
                inode: metadata.ino(),
            }
        }
        #[cfg(not(unix))]
        {
            let modified = metadata.modified().ok();
            let since = modified.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
            let since = since.unwrap_or_default();
            Self {
                size: metadata.len(),
                modified: (since.as_secs().cast_signed(), i64::from(since.subsec_nanos())),
                changed: (0, 0),
                inode: 0,
            }
        }
    }
}

/// Reads what is known of content; nothing if the file is missing or is not understood.
pub(crate) fn read(layout: &Layout, digest: &Digest) -> Option<Meta> {
    let bytes = fs_err::read(layout.meta(digest)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

pub(crate) fn write(layout: &Layout, digest: &Digest, meta: &Meta, now: SystemTime) -> io::Result<()> {
    let bytes = serde_json::to_vec(meta).map_err(io::Error::other)?;
    files::write(layout, &layout.meta(digest), &bytes)?;
    note_use(layout, digest, now);
    Ok(())
}

/// Notes that content was used now. In a store that cannot be written the note is not missed.
pub(crate) fn note_use(layout: &Layout, digest: &Digest, now: SystemTime) {
    let path = layout.meta(digest);
    let noted = last_use(layout, digest);
    let is_fresh = noted.is_some_and(|noted| {
        let apart = now.duration_since(noted).or_else(|_| noted.duration_since(now));
        apart.is_ok_and(|apart| apart < USE_GRAIN)
    });
    if is_fresh {
        return;
    }
    let opened = fs_err::OpenOptions::new().write(true).open(path);
    drop(opened.and_then(|file| file.file().set_modified(now)));
}

pub(crate) fn last_use(layout: &Layout, digest: &Digest) -> Option<SystemTime> {
    let metadata = files::metadata(&layout.meta(digest)).ok()??;
    metadata.modified().ok()
}
