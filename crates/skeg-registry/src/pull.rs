//! Pulling the parts of a resolved chart.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use skeg_files::Readers;
use skeg_oci::Descriptor;
use skeg_oci_client::{FetchBlob, FetchBlobError};

use crate::artifact::ChartArtifact;

/// The config of a chart is its `Chart.yaml`; none is larger.
const CONFIG_LIMIT: u64 = 4 * 1024 * 1024;

/// A file that was pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulledFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
}

/// Why a part of a chart could not be pulled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PullError {
    /// The registry does not give the content, or gives other content.
    #[error("cannot fetch {content}")]
    Fetch {
        /// What it is: "the chart's archive", for instance.
        content: &'static str,
        /// Why.
        #[source]
        source: FetchBlobError,
    },
    /// The file could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The chart has no provenance file.
    #[error(
        "manifest does not contain a layer with mediatype {}",
        skeg_oci::MediaType::HELM_PROVENANCE
    )]
    NoProvenance,
}

/// Reads the config of a chart: `Chart.yaml` as JSON, without the archive.
///
/// # Errors
/// [`PullError::Fetch`].
pub async fn fetch_config<R: FetchBlob>(
    repository: &R,
    artifact: &ChartArtifact,
) -> Result<Bytes, PullError> {
    let fetched = repository.fetch_blob(&artifact.config, CONFIG_LIMIT).await;
    fetched.map_err(|source| PullError::Fetch {
        content: "the chart's config",
        source,
    })
}

/// Writes the archive of a chart to `path`, first under a temporary name beside it.
///
/// # Errors
/// The content does not come whole, or cannot be written. `path` is then as it was.
pub async fn pull_archive<R: FetchBlob>(
    repository: &R,
    artifact: &ChartArtifact,
    path: &Path,
) -> Result<PulledFile, PullError> {
    pull_to_file(repository, &artifact.archive, "the chart's archive", path).await
}

/// Writes the provenance file of a chart to `path`, first under a temporary name beside it.
///
/// # Errors
/// There is none, or as for [`pull_archive`].
pub async fn pull_provenance<R: FetchBlob>(
    repository: &R,
    artifact: &ChartArtifact,
    path: &Path,
) -> Result<PulledFile, PullError> {
    let provenance = artifact.provenance.as_ref().ok_or(PullError::NoProvenance)?;
    pull_to_file(repository, provenance, "the chart's provenance", path).await
}

async fn pull_to_file<R: FetchBlob>(
    repository: &R,
    blob: &Descriptor,
    content: &'static str,
    path: &Path,
) -> Result<PulledFile, PullError> {
    let write_error = |source| PullError::Write {
        path: path.to_owned(),
        source,
    };
    let temporary = skeg_files::temporary_beside(path, Readers::Umask).map_err(write_error)?;
    let file = temporary.as_file().try_clone().map_err(write_error)?;
    let fetched = repository.fetch_blob_to_file(blob, file).await;
    let fetched = fetched.map_err(|error| match error {
        FetchBlobError::Write { source, .. } => write_error(source),
        source => PullError::Fetch { content, source },
    });
    drop(fetched?);
    temporary
        .persist(path)
        .map_err(|error| write_error(error.error))?;
    Ok(PulledFile {
        path: path.to_owned(),
        size: blob.size,
    })
}
