//! `index.yaml`: the charts of a repository, the newest version of each first.

mod accept;
mod condensed;
mod error;
mod find;
mod json;
mod merge;
mod raw;
mod read;
mod record;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use skeg_go::semver::Version;
use skeg_oci::{Digest, ParseDigestError};

pub(crate) use self::condensed::{CondensedIndex, Stamp, write as write_condensed};
pub use self::error::{FindChartError, ReadIndexError};
pub use self::find::FoundChart;
pub use self::record::{DirectoryIndex, IndexDirectoryError, IndexLayout, IndexedArchive};
pub use self::write::IndexFormat;

/// The charts of a repository.
///
/// Only what choosing, searching and downloading need is kept of an `index.yaml`: of one of 45 MB some 10 MB.
///
/// ```
/// use skeg_repository::Index;
///
/// let index = Index::parse(
///     b"apiVersion: v1\nentries:\n  demo:\n  - {name: demo, version: 1.0.0}\n  - {name: demo, version: 1.10.0}\n",
/// )?;
/// assert_eq!(index.find("demo", None)?.entry.version(), "1.10.0");
/// assert_eq!(index.find("demo", Some("~1.0"))?.entry.version(), "1.0.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Index {
    charts: BTreeMap<String, Vec<IndexEntry>>,
    rejected: Vec<RejectedEntry>,
}

/// One version of a chart.
#[derive(Clone, Debug)]
pub struct IndexEntry {
    /// The name of the chart, which need not be the key it stands under.
    name: Arc<str>,
    version: Version,
    app_version: String,
    /// What versions have in common is kept once.
    description: Arc<str>,
    keywords: Arc<[String]>,
    urls: Vec<String>,
    digest: String,
    created: String,
    deprecated: bool,
}

/// An entry that is left out, as Helm leaves it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedEntry {
    /// The key under which it stands.
    pub chart: String,
    /// The version it has; empty if there is none.
    pub version: String,
    /// What is wrong, in Helm's words; nothing where there is no entry at all.
    pub problem: Option<String>,
}

impl Index {
    /// Reads an `index.yaml`, which may be JSON.
    ///
    /// Helm 4.3.1 rejects an index as a whole for one field that it does not know, or for a number where it wants text; here
    /// such fields are skipped, and the text of the number is taken.
    ///
    /// # Errors
    /// See [`ReadIndexError`]; the texts are Helm's.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReadIndexError> {
        accept::parse(bytes)
    }

    /// The charts by name, the versions of each from the highest to the lowest.
    pub fn charts(&self) -> impl Iterator<Item = (&str, &[IndexEntry])> {
        self.charts
            .iter()
            .map(|(name, versions)| (name.as_str(), versions.as_slice()))
    }

    /// The versions of one chart, the highest first; nothing if there is no such chart.
    pub fn versions(&self, chart: &str) -> &[IndexEntry] {
        self.charts.get(chart).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn from_parts(
        charts: BTreeMap<String, Vec<IndexEntry>>,
        rejected: Vec<RejectedEntry>,
    ) -> Self {
        Self { charts, rejected }
    }

    /// Hands out the wanted charts; gives the entries that were left out.
    pub(crate) fn into_charts(
        self,
        wanted: impl Fn(&str) -> bool,
        mut each: impl FnMut(String, Vec<IndexEntry>),
    ) -> Vec<RejectedEntry> {
        let wanted = self.charts.into_iter().filter(|(name, _)| wanted(name));
        wanted.for_each(|(name, versions)| each(name, versions));
        self.rejected
    }

    /// The entries that were left out, in the order of the file.
    pub fn rejected(&self) -> &[RejectedEntry] {
        &self.rejected
    }
}

impl IndexEntry {
    /// The name of the chart.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version as it is written.
    pub fn version(&self) -> &str {
        self.version.original()
    }

    /// The version to compare with.
    pub fn semver(&self) -> &Version {
        &self.version
    }

    /// Whether another entry says the same of what the chart is.
    pub(crate) fn is_described_as(&self, other: &Self) -> bool {
        let is_same = |one: &Arc<str>, other: &Arc<str>| Arc::ptr_eq(one, other) || one == other;
        is_same(&self.name, &other.name)
            && is_same(&self.description, &other.description)
            && (Arc::ptr_eq(&self.keywords, &other.keywords) || self.keywords == other.keywords)
    }

    /// The version of the application; empty if there is none.
    pub fn app_version(&self) -> &str {
        &self.app_version
    }

    /// One sentence on the chart.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The keywords.
    pub fn keywords(&self) -> &[String] {
        &self.keywords
    }

    /// Where the archive is, relative to the repository or absolute; the first is the one to take.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// The SHA-256 digest of the archive as it is written: 64 digits, perhaps behind `sha256:`; empty if there is none.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The digest of the archive as a value; nothing if there is none.
    ///
    /// # Errors
    /// What stands there is no SHA-256 digest.
    pub fn archive_digest(&self) -> Result<Option<Digest>, ParseDigestError> {
        if self.digest.is_empty() {
            return Ok(None);
        }
        let digits = self
            .digest
            .split_once(':')
            .map_or(&*self.digest, |(_, digits)| digits);
        Digest::parse(&format!("sha256:{}", digits.to_ascii_lowercase())).map(Some)
    }

    /// When the archive was made, as it is written.
    pub fn created(&self) -> &str {
        &self.created
    }

    /// Whether the chart is not to be used any more.
    pub fn is_deprecated(&self) -> bool {
        self.deprecated
    }
}
