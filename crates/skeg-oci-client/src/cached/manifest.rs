//! Manifests out of the store.

use skeg_oci::{Descriptor, Digest, RawManifest, Tag, TagOrDigest};
use skeg_store::TagRecord;

use super::Cached;
use crate::error::{FetchManifestError, ResolveError};
use crate::manifest::{MANIFEST_LIMIT, is_manifest, sniff};
use crate::target::{FetchManifest, Resolve};

/// Finds out what a tag names now, or, offline, what it named.
pub(super) async fn resolve<R: Resolve>(
    inner: &R,
    cached: &Cached,
    target: &TagOrDigest,
) -> Result<Descriptor, ResolveError> {
    let tag = match target {
        TagOrDigest::Tag(tag) => tag,
        TagOrDigest::Digest(digest) => {
            if let Some(manifest) = cached.manifest(digest).await {
                let size = manifest.bytes().len() as u64;
                return Ok(Descriptor::new(
                    manifest.media_type().clone(),
                    digest.clone(),
                    size,
                ));
            }
            if cached.cache.is_offline() {
                return Err(offline(target));
            }
            return inner.resolve(target).await;
        }
    };
    if cached.cache.is_offline() {
        let record = cached.tag(tag).await;
        return record
            .map(|record| record.descriptor)
            .ok_or_else(|| offline(target));
    }
    let found = inner.resolve(target).await;
    match &found {
        Ok(descriptor) => cached.note_if_stored(tag, descriptor).await,
        Err(ResolveError::NotFound { .. }) => cached.forget(tag).await,
        Err(_) => {}
    }
    found
}

fn offline(target: &TagOrDigest) -> ResolveError {
    ResolveError::Offline {
        target: target.clone(),
    }
}

pub(super) async fn fetch_by_digest<R: FetchManifest>(
    inner: &R,
    cached: &Cached,
    digest: &Digest,
) -> Result<RawManifest, FetchManifestError> {
    if let Some(manifest) = cached.manifest(digest).await {
        return Ok(manifest);
    }
    let target = TagOrDigest::Digest(digest.clone());
    if cached.cache.is_offline() {
        return Err(FetchManifestError::Offline { target });
    }
    let manifest = inner.fetch_manifest(&target).await?;
    cached.keep(digest, &manifest).await;
    Ok(manifest)
}

/// A tag that was looked at before is looked at anew by a HEAD request; one that was not is fetched at once.
pub(super) async fn fetch_by_tag<R: Resolve + FetchManifest>(
    inner: &R,
    cached: &Cached,
    tag: &Tag,
) -> Result<RawManifest, FetchManifestError> {
    let target = TagOrDigest::Tag(tag.clone());
    let record = cached.tag(tag).await;
    if cached.cache.is_offline() {
        let record = record.ok_or_else(|| FetchManifestError::Offline {
            target: target.clone(),
        })?;
        let manifest = cached.manifest(&record.descriptor.digest).await;
        return manifest.ok_or(FetchManifestError::Offline { target });
    }
    if let Some(record) = record
        && cached.has(&record.descriptor.digest).await
    {
        match inner.resolve(&target).await {
            Ok(found) => match fetch_by_digest(inner, cached, &found.digest).await {
                // The tag was moved and its manifest deleted since a moment ago.
                Err(FetchManifestError::NotFound { .. }) => {}
                fetched => {
                    cached.note_if_stored(tag, &found).await;
                    return fetched;
                }
            },
            Err(ResolveError::NotFound { target, source }) => {
                cached.forget(tag).await;
                return Err(FetchManifestError::NotFound { target, source });
            }
            Err(ResolveError::Request(error)) => return Err(error.into()),
            // An answer that helps nobody: the manifest itself tells.
            Err(_) => {}
        }
    }
    let manifest = inner.fetch_manifest(&target).await?;
    cached.keep(manifest.digest(), &manifest).await;
    cached.note(tag, manifest.descriptor()).await;
    Ok(manifest)
}

impl Cached {
    /// The manifest of this digest out of the store.
    async fn manifest(&self, digest: &Digest) -> Option<RawManifest> {
        let content = self.cache.content(digest).await?;
        let known = content
            .media_type()
            .filter(|media_type| is_manifest(media_type))
            .cloned();
        let bytes = content.read(MANIFEST_LIMIT).ok()??;
        let media_type = known.or_else(|| sniff(&bytes))?;
        Some(RawManifest::new(media_type, bytes))
    }

    async fn keep(&self, digest: &Digest, manifest: &RawManifest) {
        if self.passes_on {
            return;
        }
        let bytes = manifest.bytes().to_vec();
        self.cache.insert(digest, manifest.media_type(), bytes).await;
    }

    async fn has(&self, digest: &Digest) -> bool {
        let digest = digest.clone();
        let found = self.cache.read(move |store, _| Ok(store.has(&digest))).await;
        found.unwrap_or(false)
    }

    async fn tag(&self, tag: &Tag) -> Option<TagRecord> {
        let (scope, tag) = (self.scope.clone(), tag.clone());
        self.cache
            .read(move |store, _| Ok(store.tag(&scope, &tag)))
            .await?
    }

    async fn note(&self, tag: &Tag, descriptor: Descriptor) {
        if self.passes_on {
            return;
        }
        let (scope, tag) = (self.scope.clone(), tag.clone());
        let work = move |store: &skeg_store::Store, checked| {
            store.note_tag(&scope, &tag, &TagRecord { descriptor, checked })
        };
        self.cache.write(work).await;
    }

    /// A tag whose manifest is not in the store is of no use there.
    async fn note_if_stored(&self, tag: &Tag, descriptor: &Descriptor) {
        if !self.passes_on && self.has(&descriptor.digest).await {
            self.note(tag, descriptor.clone()).await;
        }
    }

    async fn forget(&self, tag: &Tag) {
        if self.passes_on {
            return;
        }
        let (scope, tag) = (self.scope.clone(), tag.clone());
        self.cache
            .write(move |store, _| store.forget_tag(&scope, &tag))
            .await;
    }
}
