//! A repository with a store in front of it: what is in the store is not asked for.
//!
//! A digest says all there is to say, so what the store has under one never needs the network. A tag is looked at anew by
//! one HEAD request, and the manifest that it names then comes out of the store. Offline, the last look counts, and what
//! the store does not have is an error that says so.
//!
//! A store that fails is told of once and then left alone; it never makes a command fail.

mod blob;
mod cache;
mod manifest;

use std::fs::File;
use std::sync::Arc;

use bytes::Bytes;
use skeg_oci::{Descriptor, Digest, MediaType, RawManifest, Tag, TagOrDigest};
use skeg_store::TagScope;

pub use self::cache::{Cache, CacheOptions};
use crate::blob::BlobSource;
use crate::error::{
    FetchBlobError, FetchManifestError, ListReferrersError, ListTagsError, PushBlobError, PushManifestError,
    ResolveError,
};
use crate::referrers::{ListReferrers, Referrers};
use crate::tags::{ListTagPages, TagPages};
use crate::target::{
    BlobPush, BlobUpload, FetchBlob, FetchManifest, ListTags, PushBlob, PushManifest, Resolve,
};
use crate::writing::OpenBlob;

/// A repository, and the store that is looked into before it. Made by [`Cache::repository`].
#[derive(Clone, Debug)]
pub struct CachedRepository<R> {
    inner: R,
    cached: Option<Cached>,
}

#[derive(Clone, Debug)]
struct Cached {
    cache: Arc<Cache>,
    scope: TagScope,
    /// What is passed on elsewhere is not kept.
    passes_on: bool,
}

impl<R> CachedRepository<R> {
    /// A repository without a store, which behaves as `inner` does.
    pub fn uncached(inner: R) -> Self {
        Self { inner, cached: None }
    }

    fn cached(inner: R, cache: Arc<Cache>, scope: TagScope) -> Self {
        let cached = Some(Cached {
            cache,
            scope,
            passes_on: false,
        });
        Self { inner, cached }
    }

    /// The same for what is passed on elsewhere: what the store has is taken from there, and nothing is written to it.
    #[must_use]
    pub fn for_passing_on(mut self) -> Self {
        if let Some(cached) = &mut self.cached {
            cached.passes_on = true;
        }
        self
    }

    /// The repository behind the store.
    pub fn inner(&self) -> &R {
        &self.inner
    }
}

impl<R: Resolve + Sync> Resolve for CachedRepository<R> {
    async fn resolve(&self, target: &TagOrDigest) -> Result<Descriptor, ResolveError> {
        match &self.cached {
            Some(cached) => manifest::resolve(&self.inner, cached, target).await,
            None => self.inner.resolve(target).await,
        }
    }
}

impl<R: Resolve + FetchManifest + Sync> FetchManifest for CachedRepository<R> {
    async fn fetch_manifest(&self, target: &TagOrDigest) -> Result<RawManifest, FetchManifestError> {
        match (&self.cached, target) {
            (None, _) => self.inner.fetch_manifest(target).await,
            (Some(cached), TagOrDigest::Digest(digest)) => {
                manifest::fetch_by_digest(&self.inner, cached, digest).await
            }
            (Some(cached), TagOrDigest::Tag(tag)) => manifest::fetch_by_tag(&self.inner, cached, tag).await,
        }
    }
}

impl<R: FetchBlob + Sync> FetchBlob for CachedRepository<R> {
    async fn fetch_blob(&self, blob: &Descriptor, limit: u64) -> Result<Bytes, FetchBlobError> {
        match &self.cached {
            Some(cached) => blob::to_memory(&self.inner, &cached.cache, blob, limit).await,
            None => self.inner.fetch_blob(blob, limit).await,
        }
    }

    async fn fetch_blob_to_file(&self, blob: &Descriptor, file: File) -> Result<File, FetchBlobError> {
        match &self.cached {
            Some(cached) => blob::to_file(&self.inner, &cached.cache, blob, file).await,
            None => self.inner.fetch_blob_to_file(blob, file).await,
        }
    }
}

impl<R: OpenBlob + Sync> OpenBlob for CachedRepository<R> {
    async fn open_blob(&self, blob: &Descriptor) -> Result<BlobSource, FetchBlobError> {
        match &self.cached {
            Some(cached) => blob::open(&self.inner, &cached.cache, blob).await,
            None => self.inner.open_blob(blob).await,
        }
    }
}

impl<R: ListTags + Sync> ListTags for CachedRepository<R> {
    async fn list_tags(&self) -> Result<Vec<Tag>, ListTagsError> {
        match &self.cached {
            Some(cached) if cached.cache.is_offline() => cached.stored_tags().await,
            _ => self.inner.list_tags().await,
        }
    }
}

impl<R: ListTagPages + Sync> ListTagPages for CachedRepository<R> {
    async fn tag_pages(&self) -> TagPages {
        match &self.cached {
            Some(cached) if cached.cache.is_offline() => TagPages::whole(cached.stored_tags().await),
            _ => self.inner.tag_pages().await,
        }
    }
}

impl<R: ListReferrers + Sync> ListReferrers for CachedRepository<R> {
    async fn list_referrers(
        &self,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Referrers, ListReferrersError> {
        self.inner.list_referrers(subject, artifact_type).await
    }
}

impl<R: PushBlob + Sync> PushBlob for CachedRepository<R> {
    async fn push_blob(&self, upload: &BlobUpload) -> Result<BlobPush, PushBlobError> {
        self.inner.push_blob(upload).await
    }
}

impl<R: PushManifest + Sync> PushManifest for CachedRepository<R> {
    async fn push_manifest(
        &self,
        manifest: &RawManifest,
        target: &TagOrDigest,
    ) -> Result<(), PushManifestError> {
        self.inner.push_manifest(manifest, target).await
    }
}

impl Cached {
    /// The tags that are known offline.
    async fn stored_tags(&self) -> Result<Vec<Tag>, ListTagsError> {
        let scope = self.scope.clone();
        let tags = self.cache.read(move |store, _| store.tags(&scope)).await;
        match tags {
            Some(tags) if !tags.is_empty() => Ok(tags),
            _ => Err(ListTagsError::Offline),
        }
    }
}
