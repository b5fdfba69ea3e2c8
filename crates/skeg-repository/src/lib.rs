//! Classic chart repositories: `repositories.yaml`, `index.yaml` and its cache, search, downloads, uploads.
//!
//! The files are those of Helm 4.3.1, byte for byte, and shared with it. Indexes are read event by event; what is kept of one is
//! a fraction of its size. What is sent over the network goes out through [`skeg_oci_client::Client`], with its retries,
//! proxies and limits. Not here: charts in registries, which need no index; dependencies; whatever a person sees.
//!
//! ```
//! use skeg_repository::{Index, SearchQuery, sort_hits};
//!
//! let index = Index::parse(
//!     b"apiVersion: v1\nentries:\n  demo:\n  - {name: demo, version: 1.0.0, urls: [demo-1.0.0.tgz]}\n",
//! )?;
//! let mut hits = Vec::new();
//! for (chart, versions) in index.charts() {
//!     SearchQuery::all().text("dem").search("local", chart, versions, &mut hits);
//! }
//! sort_hits(&mut hits);
//! assert_eq!(&*hits[0].name, "local/demo");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//! Invariants: no environment, no clock, no terminal; an archive whose digest is not that of the index is not handed out; a
//! login goes to the host of its repository alone, unless it is to go everywhere; no message holds a secret; files appear
//! under a temporary name and are renamed.

mod cache;
mod index;
mod list;
mod lock;
mod remote;
mod search;
mod upload;
mod url;

pub use crate::cache::{IndexCache, LoadIndexError, NewIndex};
pub use crate::index::{
    DirectoryIndex, FindChartError, FoundChart, Index, IndexDirectoryError, IndexEntry, IndexFormat,
    IndexLayout, IndexedArchive, ReadIndexError, RejectedEntry,
};
pub use crate::list::{ReadRepositoriesError, RepositoriesFile, RepositoryEntry, RepositoryList};
pub use crate::remote::{DownloadError, DownloadedChart, Remote};
pub use crate::search::{SearchHit, SearchQuery, sort_hits};
pub use crate::upload::{ChartUpload, UploadError, server_context_path};
pub use crate::url::{ResolveUrlError, file_name, is_absolute, is_same_address, resolve_reference};
