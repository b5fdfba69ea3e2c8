//! A chart archive on disk, read and checked so that it can be pushed.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;

use bytes::Bytes;
use fs_err::File;
use jiff::Timestamp;
use skeg_chart::{ArchiveSummary, Limits, Metadata, ScanArchiveError};
use skeg_oci::{Descriptor, Digest, Digester, MediaType};

use crate::artifact::{ArtifactContent, ChartArtifact};

/// A provenance file holds the chart's metadata and a signature; none is larger.
const PROVENANCE_LIMIT: u64 = 4 * 1024 * 1024;

/// How much of an archive is hashed at once.
const HASH_BUFFER: usize = 256 * 1024;

/// A chart archive that has been read and checked, with the provenance file beside it.
#[derive(Debug)]
pub struct ChartArchive {
    path: PathBuf,
    metadata: Metadata,
    archive: Descriptor,
    provenance: Option<Bytes>,
    newest_entry: Timestamp,
}

/// Why an archive cannot be pushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadArchiveError {
    /// A file cannot be read. The cause names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The archive is none of a chart, or is not safe to unpack.
    #[error(transparent)]
    Scan(#[from] ScanArchiveError),
    /// The file beside the archive is no provenance file.
    #[error("`{}` has more than {limit} bytes and is no provenance file", path.display())]
    ProvenanceTooLarge {
        /// The file.
        path: PathBuf,
        /// The size that is accepted.
        limit: u64,
    },
}

impl ChartArchive {
    /// Reads an archive: every entry is checked and the whole is hashed, side by side, in little memory.
    ///
    /// This blocks; call it off an asynchronous runtime's threads.
    ///
    /// # Errors
    /// A file cannot be read, or the archive is none of a chart.
    pub fn read(path: &Path, limits: &Limits) -> Result<Self, ReadArchiveError> {
        let (archive, summary) = thread::scope(|scope| {
            let hash = scope.spawn(|| hash_file(path));
            let summary = ArchiveSummary::scan(path, limits);
            (hash.join().expect("because hashing does not panic"), summary)
        });
        let summary = summary?;
        let (digest, size) = archive?;
        Ok(Self {
            path: path.to_owned(),
            archive: Descriptor::new(MediaType::HELM_CHART_CONTENT, digest, size),
            provenance: read_provenance(path)?,
            newest_entry: Timestamp::from_second(summary.newest_modified()).unwrap_or_default(),
            metadata: summary.into_metadata(),
        })
    }

    /// The archive.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The chart's `Chart.yaml`.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The archive's descriptor.
    pub fn archive(&self) -> &Descriptor {
        &self.archive
    }

    /// The content of the provenance file beside the archive.
    pub fn provenance(&self) -> Option<&Bytes> {
        self.provenance.as_ref()
    }

    /// Makes what is pushed beside the archive: the manifest and the config.
    ///
    /// `created` defaults to the time of the newest entry of the archive, so that the same archive always gives the
    /// same manifest. Helm takes the time of the file in the local time zone instead.
    pub fn to_artifact(&self, created: Option<Timestamp>) -> ArtifactContent {
        let provenance = self.provenance.as_ref();
        let provenance = provenance.map(|content| Descriptor::of(MediaType::HELM_PROVENANCE, content));
        let created = created.unwrap_or(self.newest_entry);
        ChartArtifact::build(&self.metadata, self.archive.clone(), provenance, created)
    }
}

fn hash_file(path: &Path) -> io::Result<(Digest, u64)> {
    let mut file = File::open(path)?;
    let mut digester = Digester::sha256();
    let mut buffer = vec![0; HASH_BUFFER];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            count => digester.update(&buffer[..count]),
        }
    }
    let size = digester.count();
    Ok((digester.finish(), size))
}

/// Helm 4.3.1: a file `<archive>.prov` beside the archive is pushed with it.
fn read_provenance(archive: &Path) -> Result<Option<Bytes>, ReadArchiveError> {
    let mut path = archive.as_os_str().to_owned();
    path.push(".prov");
    let path = PathBuf::from(path);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut content = Vec::new();
    file.take(PROVENANCE_LIMIT + 1).read_to_end(&mut content)?;
    if content.len() as u64 > PROVENANCE_LIMIT {
        return Err(ReadArchiveError::ProvenanceTooLarge {
            path,
            limit: PROVENANCE_LIMIT,
        });
    }
    Ok(Some(content.into()))
}
