//! Whether a repository has a blob, and the blob as the source of an upload elsewhere.

use std::future::Future;

use skeg_oci::{Descriptor, RepositoryName};

use crate::any::AnyRepository;
use crate::blob::{self, BlobSource, BlobStream};
use crate::error::{CopyBlobError, FetchBlobError, PushBlobError};
use crate::layout::LayoutRepository;
use crate::memory::MemoryRepository;
use crate::mirrored::MirroredRepository;
use crate::repository::Repository;
use crate::target::{BlobPush, BlobUpload, FetchBlob, PushBlob};

/// Tells which blobs are there.
pub trait HasBlob {
    /// Tells whether the repository has the blob, on the way to writing it. A registry that will not say is taken at a no.
    fn has_blob(&self, blob: &Descriptor) -> impl Future<Output = Result<bool, PushBlobError>> + Send;
}

/// Gives blobs to be stored elsewhere.
pub trait OpenBlob {
    /// The blob as the source of an upload. Nothing of it is read yet, and whether it is there at all may show only then.
    fn open_blob(&self, blob: &Descriptor)
    -> impl Future<Output = Result<BlobSource, FetchBlobError>> + Send;
}

/// Takes one blob from a repository to another: not at all if it is there, by mounting it if the registry does that from
/// `mount_from`, or else through memory that does not grow with it. What arrives was checked by its digest.
///
/// A blob that is cut off at its source is resumed there; an upload that fails is begun anew.
pub async fn copy_blob<S: OpenBlob, D: HasBlob + PushBlob>(
    source: &S,
    destination: &D,
    blob: &Descriptor,
    mount_from: Option<&RepositoryName>,
) -> Result<BlobPush, CopyBlobError> {
    if destination.has_blob(blob).await? {
        return Ok(BlobPush::Existed);
    }
    let opened = source.open_blob(blob).await?;
    let mut upload = BlobUpload::new(blob.clone(), opened).known_absent();
    if let Some(repository) = mount_from {
        upload = upload.mount_from(repository.clone());
    }
    let pushed = destination.push_blob(&upload).await;
    pushed.map_err(|error| match upload.source() {
        BlobSource::Stream(stream) => stream
            .take_failure()
            .map_or(CopyBlobError::Push(error), CopyBlobError::Fetch),
        _ => CopyBlobError::Push(error),
    })
}

impl HasBlob for Repository {
    async fn has_blob(&self, blob: &Descriptor) -> Result<bool, PushBlobError> {
        blob::push::exists(self, blob).await
    }
}

impl HasBlob for LayoutRepository {
    async fn has_blob(&self, blob: &Descriptor) -> Result<bool, PushBlobError> {
        Ok(self.holds(blob).await)
    }
}

impl HasBlob for MemoryRepository {
    async fn has_blob(&self, blob: &Descriptor) -> Result<bool, PushBlobError> {
        Ok(self.holds(&blob.digest))
    }
}

impl HasBlob for AnyRepository {
    async fn has_blob(&self, blob: &Descriptor) -> Result<bool, PushBlobError> {
        match self {
            Self::Remote(repository) => repository.has_blob(blob).await,
            Self::Mirrored(repository) => repository.origin().has_blob(blob).await,
            Self::Layout(repository) => repository.has_blob(blob).await,
        }
    }
}

impl OpenBlob for Repository {
    async fn open_blob(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        Ok(BlobSource::Stream(BlobStream::new(self.clone(), blob.clone())))
    }
}

/// The first mirror that says it has the blob, or the repository itself.
impl OpenBlob for MirroredRepository {
    async fn open_blob(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        for mirror in self.mirrors() {
            if blob::push::is_readable(mirror, blob).await {
                return mirror.open_blob(blob).await;
            }
        }
        self.origin().open_blob(blob).await
    }
}

impl OpenBlob for LayoutRepository {
    async fn open_blob(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        self.blob_file(blob).await
    }
}

impl OpenBlob for MemoryRepository {
    async fn open_blob(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        self.fetch_blob(blob, u64::MAX).await.map(BlobSource::Bytes)
    }
}

impl OpenBlob for AnyRepository {
    async fn open_blob(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        match self {
            Self::Remote(repository) => repository.open_blob(blob).await,
            Self::Mirrored(repository) => repository.open_blob(blob).await,
            Self::Layout(repository) => repository.open_blob(blob).await,
        }
    }
}

impl AnyRepository {
    /// The repository that blobs of `self` can be mounted from into `destination`: its own, if both are on one registry.
    pub fn mount_source_for(&self, destination: &Self) -> Option<&RepositoryName> {
        let source = self.origin()?;
        let destination = destination.origin()?;
        let is_near = source.host() == destination.host() && source.name() != destination.name();
        is_near.then(|| source.name())
    }

    /// The repository of a registry; none for a layout.
    fn origin(&self) -> Option<&Repository> {
        match self {
            Self::Remote(repository) => Some(repository),
            Self::Mirrored(repository) => Some(repository.origin()),
            Self::Layout(_) => None,
        }
    }
}
