//! Helm charts on disk: metadata, loading, packaging and scaffolding.
//!
//! Here: `Chart.yaml` ([`Metadata`]), charts in directories and archives ([`Chart`], [`ArchiveReader`],
//! [`ArchiveSummary`], [`DirectoryListing`]), reproducible archives ([`ChartPackage`]), new charts
//! ([`create_chart`]). Not here: registries, rendering, resolving of dependencies. Start with [`Chart::load`] to
//! read a chart, with [`ArchiveSummary::scan`] to check an archive without taking it into memory.
//!
//! ```
//! use skeg_chart::{ArchiveSummary, ChartPackage, Limits, PackageOptions, create_chart};
//!
//! let directory = tempfile::tempdir()?;
//! let chart = create_chart(directory.path(), "demo")?;
//! let options = PackageOptions::default();
//! let mut package = ChartPackage::prepare(&chart.path, directory.path(), &options)?;
//! let saved = package.save_in(directory.path())?;
//!
//! let summary = ArchiveSummary::scan(&saved.path, &Limits::default())?;
//! assert_eq!(summary.metadata().name(), "demo");
//! assert_eq!(summary.entries()[0].path, "Chart.yaml");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: what an archive says is never trusted: names are made safe, sizes are bounded by [`Limits`], and
//! nothing is handed out before it was checked. Whatever the input, there is no panic. Only `std::io` is used;
//! no environment, no clock, nothing printed.

mod chart;
mod dependency;
mod error;
mod ignore;
mod load;
mod lock;
mod metadata;
mod name;
mod output;
mod package;
mod path;
mod scaffold;
mod values;
mod version;

pub use chart::{Chart, ChartFile, CrdFile, LoadOptions, Selection};
pub use dependency::Dependency;
pub use error::{
    ArchiveError, DecodeDocumentError, DecodeValuesError, InvalidMetadataError, LoadChartError,
    LoadLockError, LoadMetadataError, ParseChartNameError, ParseChartVersionError, ParseIgnoreError,
    ReadDirectoryError, ScanArchiveError, UnpackArchiveError, UnsafeName,
};
pub use ignore::IgnoreRules;
pub use load::archive::{ArchiveEntry, ArchiveReader, ArchiveSummary, EntrySummary};
pub use load::dir::{DirectoryListing, FollowedSymlink, ListedFile, OpenedFile};
pub use load::limits::Limits;
pub use load::unpack::unpack_archive;
pub use lock::Lock;
pub use metadata::{Maintainer, Metadata, UncheckedMetadata};
pub use name::ChartName;
pub use package::{ChartPackage, ContentsError, PackageError, PackageOptions, SavedPackage};
pub use scaffold::{CreateError, CreatedChart, create_chart, create_chart_from_starter};
pub use version::ChartVersion;
