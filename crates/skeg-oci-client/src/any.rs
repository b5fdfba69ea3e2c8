//! A repository whose kind is chosen at run time.

use std::fs::File;

use bytes::Bytes;
use skeg_oci::{Descriptor, RawManifest, Tag, TagOrDigest};

use crate::error::{
    FetchBlobError, FetchManifestError, ListTagsError, PushBlobError, PushManifestError, ResolveError,
};
use crate::layout::LayoutRepository;
use crate::mirrored::MirroredRepository;
use crate::repository::Repository;
use crate::target::{
    BlobPush, BlobUpload, FetchBlob, FetchManifest, ListTags, PushBlob, PushManifest, Resolve,
};

/// A repository of a registry or in a directory.
#[derive(Clone, Debug)]
pub enum AnyRepository {
    /// Of a registry.
    Remote(Repository),
    /// Of a registry, with copies elsewhere that are read first.
    Mirrored(MirroredRepository),
    /// In a directory.
    Layout(LayoutRepository),
}

impl AnyRepository {
    /// The same repository for an operation that writes; see [`Repository::for_writing`].
    #[must_use]
    pub fn for_writing(self) -> Self {
        match self {
            Self::Remote(repository) => Self::Remote(repository.for_writing()),
            Self::Mirrored(repository) => Self::Remote(repository.into_origin().for_writing()),
            layout @ Self::Layout(_) => layout,
        }
    }
}

impl From<Repository> for AnyRepository {
    fn from(repository: Repository) -> Self {
        Self::Remote(repository)
    }
}

impl From<MirroredRepository> for AnyRepository {
    fn from(repository: MirroredRepository) -> Self {
        Self::Mirrored(repository)
    }
}

impl From<LayoutRepository> for AnyRepository {
    fn from(repository: LayoutRepository) -> Self {
        Self::Layout(repository)
    }
}

impl Resolve for AnyRepository {
    async fn resolve(&self, target: &TagOrDigest) -> Result<Descriptor, ResolveError> {
        match self {
            Self::Remote(repository) => repository.resolve(target).await,
            Self::Mirrored(repository) => repository.resolve(target).await,
            Self::Layout(repository) => repository.resolve(target).await,
        }
    }
}

impl FetchManifest for AnyRepository {
    async fn fetch_manifest(&self, target: &TagOrDigest) -> Result<RawManifest, FetchManifestError> {
        match self {
            Self::Remote(repository) => repository.fetch_manifest(target).await,
            Self::Mirrored(repository) => repository.fetch_manifest(target).await,
            Self::Layout(repository) => repository.fetch_manifest(target).await,
        }
    }
}

impl FetchBlob for AnyRepository {
    async fn fetch_blob(&self, blob: &Descriptor, limit: u64) -> Result<Bytes, FetchBlobError> {
        match self {
            Self::Remote(repository) => repository.fetch_blob(blob, limit).await,
            Self::Mirrored(repository) => repository.fetch_blob(blob, limit).await,
            Self::Layout(repository) => repository.fetch_blob(blob, limit).await,
        }
    }

    async fn fetch_blob_to_file(&self, blob: &Descriptor, file: File) -> Result<File, FetchBlobError> {
        match self {
            Self::Remote(repository) => repository.fetch_blob_to_file(blob, file).await,
            Self::Mirrored(repository) => repository.fetch_blob_to_file(blob, file).await,
            Self::Layout(repository) => repository.fetch_blob_to_file(blob, file).await,
        }
    }
}

impl PushBlob for AnyRepository {
    async fn push_blob(&self, upload: &BlobUpload) -> Result<BlobPush, PushBlobError> {
        match self {
            Self::Remote(repository) => repository.push_blob(upload).await,
            Self::Mirrored(repository) => repository.origin().push_blob(upload).await,
            Self::Layout(repository) => repository.push_blob(upload).await,
        }
    }
}

impl PushManifest for AnyRepository {
    async fn push_manifest(
        &self,
        manifest: &RawManifest,
        target: &TagOrDigest,
    ) -> Result<(), PushManifestError> {
        match self {
            Self::Remote(repository) => repository.push_manifest(manifest, target).await,
            Self::Mirrored(repository) => repository.origin().push_manifest(manifest, target).await,
            Self::Layout(repository) => repository.push_manifest(manifest, target).await,
        }
    }
}

impl ListTags for AnyRepository {
    async fn list_tags(&self) -> Result<Vec<Tag>, ListTagsError> {
        match self {
            Self::Remote(repository) => repository.list_tags().await,
            Self::Mirrored(repository) => repository.origin().list_tags().await,
            Self::Layout(repository) => repository.list_tags().await,
        }
    }
}
