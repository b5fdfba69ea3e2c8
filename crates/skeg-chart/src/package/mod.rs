//! Packaging a chart into a reproducible `.tgz`.

mod chart;
mod content;
mod contents;
mod crew;
mod deflate;
mod error;
mod gzip;
mod probe;
mod tar;
mod unpack;

pub use chart::{ChartPackage, PackageOptions, SavedPackage};
pub use error::{ContentsError, PackageError};
