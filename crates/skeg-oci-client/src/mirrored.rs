//! A repository with copies of it elsewhere.

use std::error::Error;
use std::fs::File;
use std::sync::Arc;

use bytes::Bytes;
use skeg_oci::{Descriptor, RawManifest, TagOrDigest};

use crate::error::{FetchBlobError, FetchManifestError, ResolveError};
use crate::reporter::{Notice, TransferReporter};
use crate::repository::Repository;
use crate::target::{FetchBlob, FetchManifest, Resolve};
use crate::transport::chain;

/// A repository of a registry that is read from its mirrors first, in their order, and from itself in the end.
///
/// Whatever goes wrong with a mirror makes the next place be asked, and is told; that a mirror does not have something
/// is no reason to tell. Lists and everything that writes are the repository's own.
#[derive(Clone)]
pub struct MirroredRepository {
    mirrors: Vec<MirrorRepository>,
    origin: Repository,
    reporter: Arc<dyn TransferReporter>,
}

/// One mirror of a repository.
#[derive(Clone, Debug)]
pub struct MirrorRepository {
    /// Where the copies are.
    pub repository: Repository,
    /// Whether tags may be resolved there; content with a known digest may come from anywhere.
    pub has_tags: bool,
    /// Whether what is asked for by its digest may come from there.
    pub has_digests: bool,
}

impl MirroredRepository {
    /// Puts `mirrors` before `origin`.
    pub fn new(
        mirrors: Vec<MirrorRepository>,
        origin: Repository,
        reporter: Arc<dyn TransferReporter>,
    ) -> Self {
        Self {
            mirrors,
            origin,
            reporter,
        }
    }

    /// The repository itself.
    pub fn origin(&self) -> &Repository {
        &self.origin
    }

    /// The repository itself, for whatever writes.
    pub(crate) fn into_origin(self) -> Repository {
        self.origin
    }

    /// The places that are read first.
    pub(crate) fn mirrors(&self) -> impl Iterator<Item = &Repository> {
        self.mirrors.iter().map(|mirror| &mirror.repository)
    }

    fn mirrors_of(&self, target: &TagOrDigest) -> impl Iterator<Item = &Repository> {
        let is_digest = matches!(target, TagOrDigest::Digest(_));
        self.mirrors
            .iter()
            .filter(move |mirror| {
                if is_digest {
                    mirror.has_digests
                } else {
                    mirror.has_tags
                }
            })
            .map(|mirror| &mirror.repository)
    }

    fn tell(&self, mirror: &Repository, error: &(dyn Error + 'static)) {
        tracing::debug!(mirror = ?mirror, %error, "mirror failed");
        self.reporter.on_notice(&Notice::MirrorFailed {
            mirror: format!("{}/{}", mirror.host(), mirror.name()),
            reason: with_causes(error),
        });
    }
}

/// The error and its causes on one line.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let texts = chain(error).map(ToString::to_string);
    texts.collect::<Vec<_>>().join(": ")
}

impl std::fmt::Debug for MirroredRepository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MirroredRepository")
            .field("mirrors", &self.mirrors)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl Resolve for MirroredRepository {
    async fn resolve(&self, target: &TagOrDigest) -> Result<Descriptor, ResolveError> {
        for mirror in self.mirrors_of(target) {
            match mirror.resolve(target).await {
                Ok(descriptor) => return Ok(descriptor),
                Err(ResolveError::NotFound { .. }) => {}
                Err(error) => self.tell(mirror, &error),
            }
        }
        self.origin.resolve(target).await
    }
}

impl FetchManifest for MirroredRepository {
    async fn fetch_manifest(&self, target: &TagOrDigest) -> Result<RawManifest, FetchManifestError> {
        for mirror in self.mirrors_of(target) {
            match mirror.fetch_manifest(target).await {
                Ok(manifest) => return Ok(manifest),
                Err(FetchManifestError::NotFound { .. }) => {}
                Err(error) => self.tell(mirror, &error),
            }
        }
        self.origin.fetch_manifest(target).await
    }
}

impl FetchBlob for MirroredRepository {
    async fn fetch_blob(&self, blob: &Descriptor, limit: u64) -> Result<Bytes, FetchBlobError> {
        for mirror in self.mirrors() {
            match mirror.fetch_blob(blob, limit).await {
                Ok(bytes) => return Ok(bytes),
                Err(FetchBlobError::NotFound { .. }) => {}
                Err(error @ FetchBlobError::TooLarge { .. }) => return Err(error),
                Err(error) => self.tell(mirror, &error),
            }
        }
        self.origin.fetch_blob(blob, limit).await
    }

    async fn fetch_blob_to_file(&self, blob: &Descriptor, file: File) -> Result<File, FetchBlobError> {
        for mirror in self.mirrors() {
            let Ok(again) = file.try_clone() else {
                break;
            };
            // What a mirror has begun, the next place goes on with.
            match mirror.fetch_blob_to_file(blob, again).await {
                Ok(file) => return Ok(file),
                Err(FetchBlobError::NotFound { .. }) => {}
                Err(error) => self.tell(mirror, &error),
            }
        }
        self.origin.fetch_blob_to_file(blob, file).await
    }
}
