//! Helm charts: metadata, loading, packaging and scaffolding.

mod dependency;
mod error;
mod ignore;
mod load;
mod lock;
mod metadata;
mod name;
mod package;
mod scaffold;
mod version;

pub use dependency::Dependency;
pub use error::{
    ArchiveError, DecodeDocumentError, InvalidMetadataError, LoadChartError, LoadMetadataError,
    ParseChartNameError, ParseChartVersionError, ParseIgnoreError, ReadDirectoryError,
    ScanArchiveError, UnpackArchiveError, UnsafeName,
};
pub use ignore::{IGNORE_FILE_NAME, IgnoreRules};
pub use load::archive::{ArchiveEntry, ArchiveReader};
pub use load::dir::{DirectoryListing, FollowedSymlink, ListedFile, OpenedFile};
pub use load::limits::Limits;
pub use lock::Lock;
pub use metadata::{Maintainer, Metadata};
pub use name::ChartName;
pub use package::{ChartPackage, ContentsError, PackageError, PackageOptions, SavedPackage};
pub use scaffold::{CreateError, CreatedChart, create_chart, create_chart_from_starter};
pub use version::ChartVersion;
