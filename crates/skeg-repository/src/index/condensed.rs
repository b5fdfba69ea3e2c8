//! What is kept of a large index beside it, so that it need not be parsed again: a line of JSON about the whole, and a line for
//! each chart, which can be passed over.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use skeg_files::Readers;
use skeg_go::semver::Version;

use super::{Index, IndexEntry, RejectedEntry};

/// The layout of the lines; a file of another one is not read.
const FORMAT: u32 = 1;

/// What stands between the name of a chart and its versions. JSON has no such byte in a text.
const SEPARATOR: u8 = b'\t';

/// Which state of an `index.yaml` is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    /// When it was written, in nanoseconds since 1970.
    pub(crate) written: u128,
}

/// The first line.
#[derive(Deserialize, Serialize)]
struct Head {
    format: u32,
    stamp: Stamp,
    charts: usize,
    rejected: Vec<Rejected>,
}

#[derive(Deserialize, Serialize)]
struct Rejected {
    chart: String,
    version: String,
    problem: Option<String>,
}

/// An entry in its line. What is not there is empty, or as in the entry before.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Stored {
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    name: Option<Arc<str>>,
    #[serde(rename = "v")]
    version: String,
    #[serde(rename = "a", skip_serializing_if = "String::is_empty")]
    app_version: String,
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    description: Option<Arc<str>>,
    #[serde(rename = "k", skip_serializing_if = "Option::is_none")]
    keywords: Option<Arc<[String]>>,
    #[serde(rename = "u", skip_serializing_if = "Vec::is_empty")]
    urls: Vec<String>,
    #[serde(rename = "h", skip_serializing_if = "String::is_empty")]
    digest: String,
    #[serde(rename = "c", skip_serializing_if = "String::is_empty")]
    created: String,
    #[serde(rename = "x", skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
}

/// A file of an index's charts that fits the `index.yaml` it was made of.
pub(crate) struct CondensedIndex {
    lines: BufReader<File>,
    charts: usize,
    rejected: Vec<RejectedEntry>,
}

impl CondensedIndex {
    /// Opens a file; nothing if there is none, or if it is of another state of the index.
    pub(crate) fn open(path: &Path, stamp: Stamp) -> Option<Self> {
        let mut lines = BufReader::with_capacity(1 << 16, fs_err::File::open(path).ok()?.into());
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line).ok()?;
        let head: Head = serde_json::from_slice(&line).ok()?;
        (head.format == FORMAT && head.stamp == stamp).then_some(Self {
            lines,
            charts: head.charts,
            rejected: head.rejected.into_iter().map(RejectedEntry::from).collect(),
        })
    }

    /// Hands out the wanted charts with their versions, the highest first; gives the entries that were left out.
    ///
    /// # Errors
    /// The file is not what was written; what was handed out of it counts for nothing.
    pub(crate) fn read(
        mut self,
        wanted: impl Fn(&str) -> bool,
        mut each: impl FnMut(String, Vec<IndexEntry>),
    ) -> io::Result<Vec<RejectedEntry>> {
        let mut line = Vec::new();
        for _ in 0..self.charts {
            line.clear();
            self.lines.read_until(b'\n', &mut line)?;
            let end = memchr::memchr(SEPARATOR, &line).ok_or(io::ErrorKind::UnexpectedEof)?;
            let name: String = serde_json::from_slice(&line[..end])?;
            if wanted(&name) {
                let stored: Vec<Stored> = serde_json::from_slice(&line[end + 1..])?;
                each(name, restore(stored)?);
            }
        }
        Ok(self.rejected)
    }
}

/// Writes what is kept of an index, under a temporary name first.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn write(path: &Path, index: &Index, stamp: Stamp) -> io::Result<()> {
    let mut file = skeg_files::temporary_beside(path, Readers::Umask)?;
    let mut writer = BufWriter::new(file.as_file_mut());
    let head = Head {
        format: FORMAT,
        stamp,
        charts: index.charts.len(),
        rejected: index.rejected.iter().map(Rejected::from).collect(),
    };
    serde_json::to_writer(&mut writer, &head)?;
    for (name, versions) in index.charts() {
        writer.write_all(b"\n")?;
        serde_json::to_writer(&mut writer, name)?;
        writer.write_all(&[SEPARATOR])?;
        serde_json::to_writer(&mut writer, &store(versions))?;
    }
    writer.write_all(b"\n")?;
    writer.flush()?;
    drop(writer);
    file.persist(path).map(drop).map_err(|error| error.error)
}

fn store(versions: &[IndexEntry]) -> Vec<Stored> {
    let mut before: Option<&IndexEntry> = None;
    let stored = versions.iter().map(|entry| {
        let is_new = |is_same: fn(&IndexEntry, &IndexEntry) -> bool| {
            before.is_none_or(|before| !is_same(before, entry))
        };
        let stored = Stored {
            name: is_new(|one, other| one.name == other.name).then(|| Arc::clone(&entry.name)),
            version: entry.version().to_owned(),
            app_version: entry.app_version.clone(),
            description: is_new(|one, other| one.description == other.description)
                .then(|| Arc::clone(&entry.description)),
            keywords: is_new(|one, other| one.keywords == other.keywords)
                .then(|| Arc::clone(&entry.keywords)),
            urls: entry.urls.clone(),
            digest: entry.digest.clone(),
            created: entry.created.clone(),
            deprecated: entry.deprecated,
        };
        before = Some(entry);
        stored
    });
    stored.collect()
}

fn restore(stored: Vec<Stored>) -> io::Result<Vec<IndexEntry>> {
    let mut versions: Vec<IndexEntry> = Vec::with_capacity(stored.len());
    for entry in stored {
        let before = versions.last();
        let restored = IndexEntry {
            name: entry
                .name
                .or_else(|| before.map(|before| Arc::clone(&before.name)))
                .unwrap_or_default(),
            version: Version::parse(&entry.version).map_err(io::Error::other)?,
            app_version: entry.app_version,
            description: entry
                .description
                .or_else(|| before.map(|before| Arc::clone(&before.description)))
                .unwrap_or_default(),
            keywords: entry
                .keywords
                .or_else(|| before.map(|before| Arc::clone(&before.keywords)))
                .unwrap_or_default(),
            urls: entry.urls,
            digest: entry.digest,
            created: entry.created,
            deprecated: entry.deprecated,
        };
        versions.push(restored);
    }
    Ok(versions)
}

impl From<&RejectedEntry> for Rejected {
    fn from(entry: &RejectedEntry) -> Self {
        let RejectedEntry {
            chart,
            version,
            problem,
        } = entry.clone();
        Self {
            chart,
            version,
            problem,
        }
    }
}

impl From<Rejected> for RejectedEntry {
    fn from(entry: Rejected) -> Self {
        let Rejected {
            chart,
            version,
            problem,
        } = entry;
        Self {
            chart,
            version,
            problem,
        }
    }
}
