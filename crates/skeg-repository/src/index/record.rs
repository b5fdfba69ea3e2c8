//! Making the index of a directory of archives.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};
use skeg_chart::{Chart, LoadOptions, Metadata, Selection};
use skeg_go::semver::Version;
use skeg_oci::Digester;

use crate::url::join;

/// How much of an archive is hashed at once.
const CHUNK: usize = 64 * 1024;

/// Where the archives of an index are.
#[derive(Clone, Debug, Default)]
pub struct IndexLayout {
    /// The address of the repository; empty for addresses relative to the index. `oci://…` is the path below which the
    /// charts are in a registry.
    pub url: String,
    /// The time of every entry, in the form of RFC 3339.
    pub created: String,
}

/// The archive of a version of a chart, wherever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedArchive {
    /// The address: absolute, or relative to the index.
    pub url: String,
    /// When it was made, in the form of RFC 3339; helm reads no index with another one.
    pub created: String,
    /// The SHA-256 digest, 64 digits; empty if it is not known.
    pub digest: String,
}

/// An index that is being made, each entry with all of its fields.
#[derive(Clone, Debug, Default)]
pub struct DirectoryIndex {
    pub(super) charts: BTreeMap<String, Vec<Record>>,
}

/// An entry: the fields in the order in which Go writes them.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) version: String,
    pub(super) fields: Map<String, Json>,
}

/// Why a directory could not be indexed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexDirectoryError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The index to merge is none.
    #[error("merge failed: error loading {}", path.display())]
    Merge {
        /// The file.
        path: PathBuf,
        /// Why, in Helm's words.
        #[source]
        source: super::ReadIndexError,
    },
    /// The index to merge cannot be read.
    #[error("merge failed: open {}: {reason}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why, in the words of Go.
        reason: String,
    },
}

impl DirectoryIndex {
    /// Indexes the archives in a directory and in the directories in it; what is no chart is left out.
    ///
    /// # Errors
    /// An archive cannot be read.
    pub fn scan(directory: &Path, layout: &IndexLayout) -> Result<Self, IndexDirectoryError> {
        let mut index = Self::default();
        for archive in archives(directory) {
            let options = LoadOptions {
                selection: Selection::Documents,
                ..LoadOptions::default()
            };
            let path = directory.join(&archive);
            if let Ok(chart) = Chart::load(&path, &options) {
                let digest = hash(&path)?;
                index.add(chart.metadata(), &archive, &digest, layout);
            }
        }
        Ok(index)
    }

    fn add(&mut self, metadata: &Metadata, archive: &Path, digest: &str, layout: &IndexLayout) {
        let archive = IndexedArchive {
            url: address(metadata, archive, layout),
            created: layout.created.clone(),
            digest: digest.to_owned(),
        };
        self.insert(metadata, &archive);
    }

    /// Adds a version of a chart whose archive is somewhere else. Nothing is looked for that is there already.
    pub fn insert(&mut self, metadata: &Metadata, archive: &IndexedArchive) {
        let parsed = serde_json::from_str(&metadata.to_config_json());
        let mut fields: Map<String, Json> = parsed.unwrap_or_default();
        fields.insert("urls".to_owned(), Json::from([archive.url.as_str()].to_vec()));
        fields.insert("created".to_owned(), archive.created.as_str().into());
        if !archive.digest.is_empty() {
            fields.insert("digest".to_owned(), archive.digest.as_str().into());
        }
        let record = Record {
            version: metadata.version().to_owned(),
            fields,
        };
        self.charts
            .entry(metadata.name().to_owned())
            .or_default()
            .push(record);
    }

    /// Puts the versions in order, the highest first, by Helm's comparison, in which what is no version is less than itself.
    pub(super) fn sort(&mut self) {
        for records in self.charts.values_mut() {
            let parsed = std::mem::take(records).into_iter();
            let mut parsed: Vec<_> = parsed
                .map(|record| (Version::parse(&record.version).ok(), record))
                .collect();
            skeg_go::sort::sort(&mut parsed, |(one, _), (other, _)| match (other, one) {
                (None, _) => true,
                (_, None) => false,
                (Some(other), Some(one)) => other < one,
            });
            records.extend(parsed.into_iter().map(|(_, record)| record));
        }
    }
}

/// The paths below the directory: first those in it, then those one level down, each by name.
fn archives(directory: &Path) -> Vec<PathBuf> {
    let names = |place: &Path| {
        let entries = fs_err::read_dir(place).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    let is_archive = |path: &Path| {
        let has_ending = path.as_os_str().as_encoded_bytes().ends_with(b".tgz");
        has_ending && directory.join(path).is_file()
    };
    let top = names(directory);
    let nested = top
        .iter()
        .filter(|name| directory.join(name).is_dir())
        .flat_map(|name| {
            let inner = names(&directory.join(name)).into_iter();
            inner.map(|file| Path::new(name).join(file)).collect::<Vec<_>>()
        });
    let all = top.iter().map(PathBuf::from).chain(nested);
    all.filter(|path| is_archive(path)).collect()
}

fn hash(path: &Path) -> io::Result<String> {
    let mut file: File = fs_err::File::open(path)?.into();
    let mut digester = Digester::sha256();
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digester.finish().hex().to_owned()),
            read => digester.update(&buffer[..read]),
        }
    }
}

/// Where an archive is. Helm 4.3.1 writes `oci://…/NAME-VERSION.tgz`, which no registry has; here it is what `push` makes, with
/// the plus sign of a version: with the underscore of its tag helm takes it for no version in `dependency build`.
fn address(metadata: &Metadata, archive: &Path, layout: &IndexLayout) -> String {
    if layout.url.starts_with("oci://") {
        let base = layout.url.trim_end_matches('/');
        return format!("{base}/{}:{}", metadata.name(), metadata.version());
    }
    let part = |path: Option<&std::ffi::OsStr>| path.unwrap_or_default().to_string_lossy().into_owned();
    let parent = part(archive.parent().map(Path::as_os_str));
    let file = part(archive.file_name());
    match join(&layout.url, &parent).as_str() {
        "" => file,
        base => join(base, &file),
    }
}
