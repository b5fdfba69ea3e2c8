//! Reading chart archives: `.tgz` files, as a stream.

mod gzip;
mod header;
mod path;
mod reader;
mod scan;

pub(crate) use reader::CopyError;
pub use reader::{ArchiveEntry, ArchiveReader};
pub use scan::{ArchiveSummary, EntrySummary};
pub(crate) use scan::{in_archive, open};
