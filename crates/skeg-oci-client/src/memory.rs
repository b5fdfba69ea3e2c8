//! A repository in memory, for tests of code that works on any repository.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use skeg_oci::{Descriptor, Digest, RawManifest, Tag, TagOrDigest};

use crate::blob::{BlobSource, BlobStream, source};
use crate::error::{
    FetchBlobError, FetchManifestError, ListTagsError, PushBlobError, PushManifestError, ResolveError,
};
use crate::manifest::check_target;
use crate::target::{
    BlobPush, BlobUpload, FetchBlob, FetchManifest, ListTags, PushBlob, PushManifest, Resolve,
};

/// A repository in memory. Clones are the same repository.
#[derive(Clone, Debug, Default)]
pub struct MemoryRepository {
    content: Arc<Mutex<Content>>,
}

#[derive(Debug, Default)]
struct Content {
    blobs: HashMap<Digest, Bytes>,
    manifests: HashMap<Digest, RawManifest>,
    tags: BTreeMap<String, Digest>,
}

impl Content {
    fn manifest(&self, target: &TagOrDigest) -> Option<&RawManifest> {
        let digest = match target {
            TagOrDigest::Tag(tag) => self.tags.get(tag.as_str())?,
            TagOrDigest::Digest(digest) => digest,
        };
        self.manifests.get(digest)
    }
}

impl MemoryRepository {
    /// Makes an empty repository.
    pub fn new() -> Self {
        Self::default()
    }

    /// All manifests, in no order.
    pub(crate) fn manifests(&self) -> Vec<RawManifest> {
        self.content().manifests.values().cloned().collect()
    }

    /// Whether the blob is there.
    pub(crate) fn holds(&self, digest: &Digest) -> bool {
        self.content().blobs.contains_key(digest)
    }

    /// Removes a tag, or a manifest with its tags; tells whether it was there.
    pub(crate) fn remove(&self, target: &TagOrDigest) -> bool {
        let mut content = self.content();
        match target {
            TagOrDigest::Tag(tag) => content.tags.remove(tag.as_str()).is_some(),
            TagOrDigest::Digest(digest) => {
                content.tags.retain(|_, named| named != digest);
                content.manifests.remove(digest).is_some()
            }
        }
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content
            .lock()
            .expect("because nothing panics while it holds the lock")
    }
}

impl Resolve for MemoryRepository {
    async fn resolve(&self, target: &TagOrDigest) -> Result<Descriptor, ResolveError> {
        let content = self.content();
        let manifest = content.manifest(target).ok_or_else(|| ResolveError::NotFound {
            target: target.clone(),
            source: None,
        })?;
        Ok(manifest.descriptor())
    }
}

impl FetchManifest for MemoryRepository {
    async fn fetch_manifest(&self, target: &TagOrDigest) -> Result<RawManifest, FetchManifestError> {
        let content = self.content();
        let manifest = content.manifest(target);
        manifest.cloned().ok_or_else(|| FetchManifestError::NotFound {
            target: target.clone(),
            source: None,
        })
    }
}

impl FetchBlob for MemoryRepository {
    async fn fetch_blob(&self, blob: &Descriptor, limit: u64) -> Result<Bytes, FetchBlobError> {
        crate::blob::fetch::check_limit(blob, limit)?;
        let bytes = self.content().blobs.get(&blob.digest).cloned();
        let bytes = bytes.ok_or_else(|| FetchBlobError::NotFound {
            digest: blob.digest.clone(),
            source: None,
        })?;
        if bytes.len() as u64 == blob.size {
            return Ok(bytes);
        }
        Err(FetchBlobError::SizeMismatch {
            digest: blob.digest.clone(),
            expected: blob.size,
            actual: bytes.len() as u64,
        })
    }

    async fn fetch_blob_to_file(&self, blob: &Descriptor, mut file: File) -> Result<File, FetchBlobError> {
        let bytes = self.fetch_blob(blob, u64::MAX).await?;
        let written = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| file.set_len(0))
            .and_then(|()| file.write_all(&bytes));
        match written {
            Ok(()) => Ok(file),
            Err(source) => Err(FetchBlobError::Write {
                digest: blob.digest.clone(),
                source,
            }),
        }
    }
}

impl PushBlob for MemoryRepository {
    async fn push_blob(&self, upload: &BlobUpload) -> Result<BlobPush, PushBlobError> {
        crate::blob::push::check_source(upload)?;
        let digest = &upload.descriptor().digest;
        if self.content().blobs.contains_key(digest) {
            return Ok(BlobPush::Existed);
        }
        let bytes = read(upload.source()).await?;
        if !digest.matches(&bytes) {
            return Err(PushBlobError::SourceMismatch {
                digest: digest.clone(),
            });
        }
        self.content().blobs.insert(digest.clone(), bytes);
        Ok(BlobPush::Uploaded)
    }
}

async fn read(from: &BlobSource) -> Result<Bytes, PushBlobError> {
    let (path, size) = match from {
        BlobSource::Bytes(bytes) => return Ok(bytes.clone()),
        BlobSource::File { path, size } => (path, *size),
        BlobSource::Stream(stream) => return read_stream(stream).await,
    };
    let mut bytes = Vec::new();
    let opened = source::open(path);
    match opened.and_then(|file| file.take(size).read_to_end(&mut bytes)) {
        Ok(_) => Ok(bytes.into()),
        Err(source) => Err(PushBlobError::ReadSource {
            path: path.clone(),
            source: Arc::new(source),
        }),
    }
}

async fn read_stream(stream: &BlobStream) -> Result<Bytes, PushBlobError> {
    let mut pieces = stream.open(0, stream.descriptor().size);
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.recv().await {
        let piece = piece.map_err(|error| PushBlobError::ReadSource {
            path: error.path,
            source: error.source,
        })?;
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.into())
}

impl PushManifest for MemoryRepository {
    async fn push_manifest(
        &self,
        manifest: &RawManifest,
        target: &TagOrDigest,
    ) -> Result<(), PushManifestError> {
        check_target(manifest, target)?;
        let mut content = self.content();
        let digest = match target {
            TagOrDigest::Tag(tag) => {
                content.tags.insert(tag.to_string(), manifest.digest().clone());
                manifest.digest()
            }
            TagOrDigest::Digest(digest) => digest,
        };
        content.manifests.insert(digest.clone(), manifest.clone());
        Ok(())
    }
}

impl ListTags for MemoryRepository {
    async fn list_tags(&self) -> Result<Vec<Tag>, ListTagsError> {
        let content = self.content();
        if content.manifests.is_empty() {
            return Err(ListTagsError::NotFound { source: None });
        }
        Ok(content
            .tags
            .keys()
            .filter_map(|tag| Tag::parse(tag).ok())
            .collect())
    }
}
