//! What can be done with one repository, as small traits.
//!
//! [`Repository`](crate::Repository) (a registry over HTTP), [`LayoutRepository`](crate::LayoutRepository) (an OCI
//! image layout on disk) and [`MemoryRepository`](crate::MemoryRepository) implement them, and
//! [`AnyRepository`](crate::AnyRepository) chooses between the first two at run time. A function asks for the
//! capabilities it uses and for no more: `fn pull(from: &(impl FetchManifest + FetchBlob))`.
//!
//! Further traits of the same shape are [`ListReferrers`](crate::ListReferrers), [`ListTagPages`](crate::ListTagPages),
//! [`Delete`](crate::Delete), [`HasBlob`](crate::HasBlob) and [`OpenBlob`](crate::OpenBlob).

use std::fs::File;
use std::future::Future;

use bytes::Bytes;
use skeg_oci::{Descriptor, RawManifest, RepositoryName, Tag, TagOrDigest};

use crate::blob::BlobSource;
use crate::error::{
    FetchBlobError, FetchManifestError, ListTagsError, PushBlobError, PushManifestError, ResolveError,
};

/// Finds out which manifest a tag or a digest stands for, without reading the manifest.
pub trait Resolve {
    /// Returns the descriptor (media type, digest, size) of the manifest that `target` names.
    ///
    /// # Errors
    ///
    /// [`ResolveError::NotFound`] when there is no such manifest or no such repository.
    fn resolve(&self, target: &TagOrDigest) -> impl Future<Output = Result<Descriptor, ResolveError>> + Send;
}

/// Reads manifests.
pub trait FetchManifest {
    /// Reads the manifest that `target` names: its exact bytes, at most [`MANIFEST_LIMIT`](crate::MANIFEST_LIMIT) of
    /// them, checked against the digest asked for and against the one that the server states.
    ///
    /// # Errors
    ///
    /// [`FetchManifestError::NotFound`] when there is no such manifest or no such repository.
    fn fetch_manifest(
        &self,
        target: &TagOrDigest,
    ) -> impl Future<Output = Result<RawManifest, FetchManifestError>> + Send;
}

/// Reads blobs, each checked against the size and the digest of its descriptor.
pub trait FetchBlob {
    /// Reads a small blob into memory.
    ///
    /// # Errors
    ///
    /// [`FetchBlobError::TooLarge`], before anything is read, when the descriptor states more than `limit` bytes.
    fn fetch_blob(
        &self,
        blob: &Descriptor,
        limit: u64,
    ) -> impl Future<Output = Result<Bytes, FetchBlobError>> + Send;

    /// Writes a blob of any size to `file`, in memory that does not grow with it.
    ///
    /// What the file holds is taken as the beginning of the blob, received by an earlier transfer, and only the rest is
    /// asked for: give an empty file for a blob that is not there yet. It is hashed first, and counts for nothing when
    /// the file is longer than the blob, cannot be read, or makes up a wrong whole. A transfer that is cut off is resumed
    /// where it stopped. After a failed request the file holds what came so far, to be given again; after a mismatch it is
    /// empty. It holds nothing to rely on before success. The file comes back positioned at its end.
    fn fetch_blob_to_file(
        &self,
        blob: &Descriptor,
        file: File,
    ) -> impl Future<Output = Result<File, FetchBlobError>> + Send;
}

/// Stores blobs.
pub trait PushBlob {
    /// Stores one blob, unless the repository has it. Several may be pushed side by side.
    fn push_blob(&self, upload: &BlobUpload) -> impl Future<Output = Result<BlobPush, PushBlobError>> + Send;
}

/// One blob to store: what it is, where its bytes are, and where else the registry may already have it.
#[derive(Clone, Debug)]
pub struct BlobUpload {
    descriptor: Descriptor,
    source: BlobSource,
    mount_from: Option<RepositoryName>,
    is_absent: bool,
}

impl BlobUpload {
    /// Describes the upload of the bytes of `source`, whose size and digest `descriptor` states.
    pub fn new(descriptor: Descriptor, source: BlobSource) -> Self {
        Self {
            descriptor,
            source,
            mount_from: None,
            is_absent: false,
        }
    }

    /// Describes the upload of `bytes`, hashing them here.
    pub fn from_bytes(media_type: skeg_oci::MediaType, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let descriptor = Descriptor::of(media_type, &bytes);
        Self::new(descriptor, BlobSource::Bytes(bytes))
    }

    /// Names a repository of the same registry that may have the blob, from where it can be mounted.
    #[must_use]
    pub fn mount_from(mut self, repository: RepositoryName) -> Self {
        self.mount_from = Some(repository);
        self
    }

    /// Says that the repository was asked for the blob already and does not have it.
    #[must_use]
    pub fn known_absent(mut self) -> Self {
        self.is_absent = true;
        self
    }

    /// Whether the repository is known not to have it.
    pub(crate) fn is_absent(&self) -> bool {
        self.is_absent
    }

    /// The blob's descriptor.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    /// Where the bytes are.
    pub fn source(&self) -> &BlobSource {
        &self.source
    }

    /// The repository to mount from.
    pub fn mount_source(&self) -> Option<&RepositoryName> {
        self.mount_from.as_ref()
    }
}

/// How a pushed blob got into the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobPush {
    /// It was there before.
    Existed,
    /// The registry took it over from another repository.
    Mounted,
    /// Its bytes were sent.
    Uploaded,
}

/// Stores manifests.
pub trait PushManifest {
    /// Stores a manifest, whose blobs are already there, under a tag or under its own digest alone.
    ///
    /// # Errors
    ///
    /// [`PushManifestError::DigestMismatch`] when `target` is a digest and not that of `manifest`.
    fn push_manifest(
        &self,
        manifest: &RawManifest,
        target: &TagOrDigest,
    ) -> impl Future<Output = Result<(), PushManifestError>> + Send;
}

/// Lists tags.
pub trait ListTags {
    /// Returns every tag of the repository, in the order in which the registry gives them.
    ///
    /// # Errors
    ///
    /// [`ListTagsError::NotFound`] when there is no such repository.
    fn list_tags(&self) -> impl Future<Output = Result<Vec<Tag>, ListTagsError>> + Send;
}
