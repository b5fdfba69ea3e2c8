//! What a list of charts shows of each of them: read from the manifest and the config, two small requests.

use skeg_chart::Metadata;
use skeg_oci::{Annotations, Digest, Tag, TagOrDigest};
use skeg_oci_client::FetchManifest;
use skeg_registry::{ChartReference, ChartRequest, RepositoryLocation, ResolveChartError};

use crate::access::Reader;
use crate::error::CommandError;

/// How many charts are looked at side by side.
pub(crate) const SIDE_BY_SIDE: usize = 32;

/// What a list shows of a chart.
pub(crate) struct ChartDetails {
    pub(crate) metadata: Option<Metadata>,
    pub(crate) digest: String,
    /// The time in the manifest's annotations.
    pub(crate) created: Option<String>,
    /// The size of the archive.
    pub(crate) size: u64,
    /// The digest of the archive.
    pub(crate) archive: Digest,
}

impl ChartDetails {
    pub(crate) fn app_version(&self) -> &str {
        self.metadata.as_ref().map_or("", Metadata::app_version)
    }

    pub(crate) fn description(&self) -> &str {
        self.metadata.as_ref().map_or("", Metadata::description)
    }
}

/// Reads the details of the chart under a tag; `None` if there is something else.
pub(crate) async fn fetch(
    repository: &Reader,
    location: &RepositoryLocation,
    tag: &Tag,
) -> Result<Option<ChartDetails>, CommandError> {
    let reference = ChartReference::new(location.clone(), Some(tag.clone()), None);
    let request = ChartRequest {
        reference: reference.clone(),
        version: None,
        devel: false,
    };
    let resolved = match skeg_registry::resolve(repository, &request).await {
        Ok(resolved) => resolved,
        Err(ResolveChartError::NotAChart { .. }) => return Ok(None),
        Err(error) => return Err(CommandError::resolve(&reference, error)),
    };
    let config = skeg_registry::fetch_config(repository, &resolved.artifact).await;
    let config = config.map_err(|error| CommandError::pull(&reference, error))?;
    Ok(Some(ChartDetails {
        // JSON is YAML, and a config is the JSON of a `Chart.yaml`. One that is none is shown by what else is known.
        metadata: Metadata::parse(&config).ok(),
        digest: resolved.digest.to_string(),
        created: resolved
            .artifact
            .annotations
            .get(Annotations::CREATED)
            .map(str::to_owned),
        size: resolved.artifact.archive.size,
        archive: resolved.artifact.archive.digest,
    }))
}

/// Reads a manifest by its digest.
pub(crate) async fn fetch_manifest(
    repository: &Reader,
    reference: &ChartReference,
    target: &TagOrDigest,
) -> Result<skeg_oci::RawManifest, CommandError> {
    let manifest = repository.fetch_manifest(target).await;
    manifest.map_err(|error| CommandError::manifest(reference, error))
}
