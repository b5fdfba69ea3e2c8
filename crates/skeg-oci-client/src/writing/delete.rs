//! Deleting manifests and tags.
//!
//! Spec: distribution-spec v1.1, "Deleting tags", "Deleting Manifests".

use std::future::Future;

use http::StatusCode;
use skeg_oci::{Digest, ErrorCode, Tag, TagOrDigest};

use crate::any::AnyRepository;
use crate::error::{DeleteError, FetchManifestError, RequestError, ResponseError};
use crate::layout::LayoutRepository;
use crate::manifest;
use crate::memory::MemoryRepository;
use crate::referrers::subject;
use crate::repository::Repository;
use crate::request::Call;

/// Deletes manifests and tags. Blobs that nothing refers to any more are the registry's to remove.
pub trait Delete {
    /// Deletes a manifest, and with it every tag that names it.
    ///
    /// # Errors
    ///
    /// [`DeleteError::NotFound`] when there is no such manifest, [`DeleteError::Forbidden`] when the registry lets nobody
    /// delete.
    fn delete_manifest(&self, digest: &Digest) -> impl Future<Output = Result<(), DeleteError>> + Send;

    /// Deletes a tag and leaves the manifest that it names.
    ///
    /// # Errors
    ///
    /// As for [`Delete::delete_manifest`]. Many registries delete manifests only.
    fn delete_tag(&self, tag: &Tag) -> impl Future<Output = Result<(), DeleteError>> + Send;
}

impl Delete for Repository {
    async fn delete_manifest(&self, digest: &Digest) -> Result<(), DeleteError> {
        let target = TagOrDigest::Digest(digest.clone());
        // A list of referrers that the registry does not keep itself must not go on naming it.
        let manifest = match manifest::fetch(self, &target).await {
            Ok(manifest) => Some(manifest),
            Err(FetchManifestError::NotFound { target, source }) => {
                return Err(DeleteError::NotFound { target, source });
            }
            Err(_) => None,
        };
        delete(self, &target).await?;
        if let Some(manifest) = manifest {
            let unlisted = subject::unlist(self, &manifest).await;
            unlisted.map_err(|source| DeleteError::Referrers { source })?;
        }
        Ok(())
    }

    async fn delete_tag(&self, tag: &Tag) -> Result<(), DeleteError> {
        delete(self, &TagOrDigest::Tag(tag.clone())).await
    }
}

async fn delete(repository: &Repository, target: &TagOrDigest) -> Result<(), DeleteError> {
    let call = Call::delete_manifest(repository.name(), target);
    match repository.call(&call).await {
        Ok(_) => Ok(()),
        Err(RequestError::Response(error)) if error.is_not_found() => Err(DeleteError::NotFound {
            target: target.clone(),
            source: Some(error),
        }),
        Err(RequestError::Response(error)) if is_forbidden(&error, target) => Err(DeleteError::Forbidden {
            target: target.clone(),
            source: error,
        }),
        Err(error) => Err(error.into()),
    }
}

/// Tells whether nobody may do this. A user who may not (403 `DENIED`) is another matter.
fn is_forbidden(error: &ResponseError, target: &TagOrDigest) -> bool {
    let status = error.status();
    // What distribution says before version 3, which takes every tag for a bad digest.
    let wants_digest = matches!(target, TagOrDigest::Tag(_))
        && status == StatusCode::BAD_REQUEST
        && error.has_code(ErrorCode::DIGEST_INVALID);
    wants_digest
        || status == StatusCode::METHOD_NOT_ALLOWED
        || status == StatusCode::NOT_IMPLEMENTED
        || (status.is_client_error() && error.has_code(ErrorCode::UNSUPPORTED))
}

impl Delete for LayoutRepository {
    async fn delete_manifest(&self, digest: &Digest) -> Result<(), DeleteError> {
        let target = TagOrDigest::Digest(digest.clone());
        found(self.remove_entries(&target).await?, target)
    }

    async fn delete_tag(&self, tag: &Tag) -> Result<(), DeleteError> {
        let target = TagOrDigest::Tag(tag.clone());
        found(self.remove_entries(&target).await?, target)
    }
}

impl Delete for MemoryRepository {
    async fn delete_manifest(&self, digest: &Digest) -> Result<(), DeleteError> {
        let target = TagOrDigest::Digest(digest.clone());
        found(self.remove(&target), target)
    }

    async fn delete_tag(&self, tag: &Tag) -> Result<(), DeleteError> {
        let target = TagOrDigest::Tag(tag.clone());
        found(self.remove(&target), target)
    }
}

fn found(was_there: bool, target: TagOrDigest) -> Result<(), DeleteError> {
    if was_there {
        return Ok(());
    }
    Err(DeleteError::NotFound { target, source: None })
}

impl Delete for AnyRepository {
    async fn delete_manifest(&self, digest: &Digest) -> Result<(), DeleteError> {
        match self {
            Self::Remote(repository) => repository.delete_manifest(digest).await,
            Self::Mirrored(repository) => repository.origin().delete_manifest(digest).await,
            Self::Layout(repository) => repository.delete_manifest(digest).await,
        }
    }

    async fn delete_tag(&self, tag: &Tag) -> Result<(), DeleteError> {
        match self {
            Self::Remote(repository) => repository.delete_tag(tag).await,
            Self::Mirrored(repository) => repository.origin().delete_tag(tag).await,
            Self::Layout(repository) => repository.delete_tag(tag).await,
        }
    }
}
