//! Helm charts: metadata, loading, packaging and scaffolding.

mod error;
mod ignore;
mod load;
mod package;
mod scaffold;

pub use error::{ArchiveError, ParseIgnoreError, ReadDirectoryError, UnsafeName};
pub use ignore::{IGNORE_FILE_NAME, IgnoreRules};
pub use load::archive::{ArchiveEntry, ArchiveReader};
pub use load::dir::{DirectoryListing, FollowedSymlink, ListedFile, OpenedFile};
pub use load::limits::Limits;
