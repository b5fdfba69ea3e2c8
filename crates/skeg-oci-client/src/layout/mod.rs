//! An OCI image layout on disk as a repository.
//!
//! One directory is one repository: `oci-layout`, `index.json` whose entries carry their tags in
//! `org.opencontainers.image.ref.name`, and `blobs/`. Every file appears whole, by renaming a temporary one, so readers
//! take no lock. Writers of the index take turns by a lock on `.index.lock`, so concurrent pushes lose nothing.
//!
//! Spec: image-spec v1.1, "OCI Image Layout Specification".

mod copy;
mod directory;
mod error;
mod referrers;

pub use self::error::LayoutError;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use skeg_oci::{Descriptor, Digest, RawManifest, Tag, TagOrDigest, layout};

use crate::blob::BlobSource;
use crate::error::{
    FetchBlobError, FetchManifestError, ListTagsError, PushBlobError, PushManifestError, ResolveError,
};
use crate::layout::directory::Directory;
use crate::manifest::{check_digest, check_target};
use crate::reporter::{Direction, Transfer, TransferReporter};
use crate::target::{
    BlobPush, BlobUpload, FetchBlob, FetchManifest, ListTags, PushBlob, PushManifest, Resolve,
};

/// A repository in a directory. The directory is made by the first push.
#[derive(Clone)]
pub struct LayoutRepository {
    directory: Directory,
    reporter: Arc<dyn TransferReporter>,
}

impl LayoutRepository {
    /// The repository in `directory`. Nothing is read or written yet.
    pub fn new(directory: impl Into<PathBuf>, reporter: Arc<dyn TransferReporter>) -> Self {
        Self {
            directory: Directory::new(directory.into()),
            reporter,
        }
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Does blocking work on the directory.
    async fn with_directory<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Directory) -> T + Send + 'static,
    ) -> T {
        let directory = self.directory.clone();
        tokio::task::spawn_blocking(move || work(&directory))
            .await
            .expect("because the work on a layout does not panic, and its runtime waits for it")
    }

    /// The manifests whose subject is `subject`, and those that an index under the tag of the tag schema lists.
    pub(crate) async fn manifests_with_subjects(
        &self,
        subject: &Digest,
    ) -> Result<Vec<Descriptor>, LayoutError> {
        let subject = subject.clone();
        self.with_directory(move |directory| referrers::find(directory, &subject))
            .await
    }

    /// Whether the blob is there in its full size.
    pub(crate) async fn holds(&self, blob: &Descriptor) -> bool {
        let blob = blob.clone();
        self.with_directory(move |directory| directory.has_blob(&blob))
            .await
    }

    /// The file of a blob.
    pub(crate) async fn blob_file(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        let blob = blob.clone();
        self.with_directory(move |directory| directory.blob_file(&blob))
            .await
    }

    /// Removes a tag, or a manifest with its tags, from the index; tells whether it was there.
    pub(crate) async fn remove_entries(&self, target: &TagOrDigest) -> Result<bool, LayoutError> {
        let target = target.clone();
        self.with_directory(move |directory| directory.remove_entries(&target))
            .await
    }

    async fn read_manifest(&self, target: TagOrDigest) -> Result<Option<RawManifest>, LayoutError> {
        self.with_directory(move |directory| directory.read_manifest(&target))
            .await
    }
}

impl fmt::Debug for LayoutRepository {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("LayoutRepository")
            .field(&self.directory())
            .finish()
    }
}

impl Resolve for LayoutRepository {
    async fn resolve(&self, target: &TagOrDigest) -> Result<Descriptor, ResolveError> {
        match self.read_manifest(target.clone()).await? {
            Some(manifest) => Ok(manifest.descriptor()),
            None => Err(ResolveError::NotFound {
                target: target.clone(),
                source: None,
            }),
        }
    }
}

impl FetchManifest for LayoutRepository {
    async fn fetch_manifest(&self, target: &TagOrDigest) -> Result<RawManifest, FetchManifestError> {
        let Some(manifest) = self.read_manifest(target.clone()).await? else {
            return Err(FetchManifestError::NotFound {
                target: target.clone(),
                source: None,
            });
        };
        if let TagOrDigest::Digest(digest) = target {
            check_digest(&manifest, Some(digest.clone()))?;
        }
        Ok(manifest)
    }
}

impl FetchBlob for LayoutRepository {
    async fn fetch_blob(&self, blob: &Descriptor, limit: u64) -> Result<Bytes, FetchBlobError> {
        crate::blob::fetch::check_limit(blob, limit)?;
        let blob = blob.clone();
        self.with_directory(move |directory| directory.read_blob(&blob))
            .await
    }

    async fn fetch_blob_to_file(&self, blob: &Descriptor, file: File) -> Result<File, FetchBlobError> {
        let transfer = Transfer::start(&self.reporter, Direction::Fetch, blob);
        let blob = blob.clone();
        self.with_directory(move |directory| directory.copy_blob_to(&blob, file, &transfer))
            .await
    }
}

impl PushBlob for LayoutRepository {
    async fn push_blob(&self, upload: &BlobUpload) -> Result<BlobPush, PushBlobError> {
        crate::blob::push::check_source(upload)?;
        let descriptor = upload.descriptor().clone();
        let source = upload.source().clone();
        let reporter = Arc::clone(&self.reporter);
        self.with_directory(move |directory| {
            if directory.has_blob(&descriptor) {
                return Ok(BlobPush::Existed);
            }
            let transfer = Transfer::start(&reporter, Direction::Push, &descriptor);
            directory.write_blob(&descriptor, &source, &transfer)?;
            Ok(BlobPush::Uploaded)
        })
        .await
    }
}

impl PushManifest for LayoutRepository {
    async fn push_manifest(
        &self,
        manifest: &RawManifest,
        target: &TagOrDigest,
    ) -> Result<(), PushManifestError> {
        check_target(manifest, target)?;
        let manifest = manifest.clone();
        let target = target.clone();
        let stored = self.with_directory(move |directory| directory.write_manifest(&manifest, &target));
        Ok(stored.await?)
    }
}

impl ListTags for LayoutRepository {
    async fn list_tags(&self) -> Result<Vec<Tag>, ListTagsError> {
        let index = self.with_directory(Directory::read_index).await?;
        let index = index.ok_or(ListTagsError::NotFound { source: None })?;
        Ok(layout::tags(&index))
    }
}
