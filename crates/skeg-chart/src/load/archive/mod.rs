//! Reading chart archives: `.tgz` files, as a stream.

mod gzip;
mod header;
mod path;
mod reader;

pub use reader::{ArchiveEntry, ArchiveReader};
