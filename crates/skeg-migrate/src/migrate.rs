//! Taking one version from its repository to its registry.

use std::io;
use std::path::Path;

use skeg_chart::Limits;
use skeg_oci::{Digest, Tag};
use skeg_oci_client::{FetchManifest, ListTags, PushBlob, PushManifest, Resolve};
use skeg_registry::{
    ChartArchive, ChartRequest, ExistingTag, PushError, PushOptions, ReadArchiveError, ResolveChartError,
    TagState,
};
use skeg_repository::{DownloadError, Remote, ResolveUrlError};

use crate::plan::PlannedVersion;

/// How versions are taken.
#[derive(Clone, Debug)]
pub struct MigrateOptions {
    /// Move tags that name something else.
    pub overwrite: bool,
    /// Look for provenance files, which go with their archives.
    pub provenance: bool,
    /// How large an archive may be unpacked.
    pub limits: Limits,
}

/// What became of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Migrated {
    /// It is there now.
    Copied {
        /// The digest of its manifest.
        digest: Digest,
        /// How many bytes its archive has.
        size: u64,
        /// Whether a provenance file went with it.
        has_provenance: bool,
        /// What the tag named before.
        moved_from: Option<Digest>,
    },
    /// It was there already.
    Present {
        /// The digest of its manifest.
        digest: Digest,
        /// Whether the index has a digest, and the archive that is there has it.
        is_compared: bool,
    },
}

/// Why a version is not at its destination.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// Its address is none.
    #[error(transparent)]
    Address(#[from] ResolveUrlError),
    /// It cannot be fetched, or is another archive than the index says.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// What was fetched is no chart.
    #[error(transparent)]
    Archive(#[from] ReadArchiveError),
    /// What was fetched is another chart.
    #[error("the archive is {name} {version} by its Chart.yaml, and something else by the index")]
    OtherChart {
        /// The name in `Chart.yaml`.
        name: String,
        /// The version in `Chart.yaml`.
        version: String,
    },
    /// The tag names something else.
    #[error("{tag} is there and is another archive, {existing}; the index says {expected}")]
    Conflict {
        /// The tag.
        tag: Tag,
        /// The digest of the archive that is there.
        existing: Digest,
        /// The digest in the index.
        expected: Digest,
    },
    /// What the tag names cannot be read, or is no chart.
    #[error("what is there cannot be compared")]
    Compare(#[source] ResolveChartError),
    /// It cannot be pushed.
    #[error(transparent)]
    Push(#[from] PushError),
    /// A temporary file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// From one repository to the repository of one chart.
#[derive(Clone, Copy)]
pub struct Migration<'all, R> {
    /// Where the archives are.
    pub remote: &'all Remote,
    /// Where they go.
    pub repository: &'all R,
    /// How.
    pub options: &'all MigrateOptions,
}

impl<R> Migration<'_, R>
where
    R: Resolve + FetchManifest + ListTags + PushBlob + PushManifest,
{
    /// Looks what the tag of a version names, which is there, by the digest of its archive; nothing if it is to be replaced.
    ///
    /// # Errors
    /// It is something else and may not be overwritten, or cannot be read.
    pub async fn compare(&self, planned: &PlannedVersion<'_>) -> Result<Option<Migrated>, MigrateError> {
        let request = ChartRequest {
            reference: planned.reference(),
            version: None,
            devel: false,
        };
        let overwrite = self.options.overwrite;
        let there = match skeg_registry::resolve(self.repository, &request).await {
            Ok(there) => there,
            Err(ResolveChartError::NotAChart { .. }) if overwrite => return Ok(None),
            Err(source) => return Err(MigrateError::Compare(source)),
        };
        let existing = there.artifact.archive.digest;
        match &planned.digest {
            Some(expected) if *expected == existing => {}
            _ if overwrite => return Ok(None),
            Some(expected) => {
                return Err(MigrateError::Conflict {
                    tag: planned.tag.clone(),
                    existing,
                    expected: expected.clone(),
                });
            }
            None => {}
        }
        Ok(Some(Migrated::Present {
            digest: there.digest,
            is_compared: planned.digest.is_some(),
        }))
    }

    /// Fetches a version and pushes it. `scratch` is an empty directory for it alone.
    ///
    /// # Errors
    /// See [`MigrateError`]; the tag is what it was.
    pub async fn take(&self, planned: &PlannedVersion<'_>, scratch: &Path) -> Result<Migrated, MigrateError> {
        let path = scratch.join("chart.tgz");
        self.download(planned, &path).await?;
        let limits = self.options.limits;
        let read = tokio::task::spawn_blocking(move || ChartArchive::read(&path, &limits)).await;
        let archive = read.map_err(io::Error::from)??;
        let metadata = archive.metadata();
        if metadata.name() != planned.entry.name() || metadata.version() != planned.entry.version() {
            return Err(MigrateError::OtherChart {
                name: metadata.name().to_owned(),
                version: metadata.version().to_owned(),
            });
        }
        let push = PushOptions {
            tags: vec![planned.tag.clone()],
            existing: if self.options.overwrite {
                ExistingTag::Overwrite
            } else {
                ExistingTag::Refuse
            },
        };
        let content = archive.to_artifact(None);
        let pushed = skeg_registry::push(self.repository, &archive, &content, &push).await?;
        Ok(Migrated::Copied {
            digest: pushed.digest,
            size: archive.archive().size,
            has_provenance: archive.provenance().is_some(),
            moved_from: pushed.tags.into_iter().find_map(|(_, state)| match state {
                TagState::Moved { from } => Some(from),
                _ => None,
            }),
        })
    }

    /// Writes the archive to a path, and its provenance file beside it, if there is one.
    async fn download(&self, planned: &PlannedVersion<'_>, path: &Path) -> Result<(), MigrateError> {
        let address = planned.address();
        let mut file = fs_err::File::create(path)?.into();
        self.remote
            .download_chart(address, planned.digest.as_ref(), &mut file)
            .await?;
        if !self.options.provenance {
            return Ok(());
        }
        let path = path.with_added_extension("prov");
        let mut file = fs_err::File::create(&path)?.into();
        match self.remote.download_provenance(address, &mut file).await {
            Ok(()) => Ok(()),
            Err(error) if error.is_not_found() => Ok(fs_err::remove_file(&path)?),
            Err(error) => Err(error.into()),
        }
    }
}
