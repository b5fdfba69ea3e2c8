//! Copying artifacts from one repository to another, byte for byte, with everything that they consist of.
//!
//! What an artifact consists of is copied before the manifest that names it, and a tag is moved last: at no time does the
//! destination name something that it does not have. What is there is passed over, so that a copy that was broken off goes
//! on where it was, and one that is up to date asks for its tags alone. Nothing is written to disk on the way.

mod error;
mod graph;
mod once;
mod referrers;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future;
use skeg_oci::{Descriptor, Digest, RepositoryName, Tag, TagOrDigest};
use skeg_oci_client::{
    FetchManifest, HasBlob, ListReferrers, ListTags, OpenBlob, PushBlob, PushManifest, Resolve, ResolveError,
};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

pub use self::error::{CopyError, CopySide};
use self::once::Once;
use self::referrers::LegacyTags;
pub use self::referrers::is_referrers_tag;
use crate::push::{ExistingTag, TagState};

/// Where artifacts can be copied from.
pub trait CopySource: Resolve + FetchManifest + OpenBlob + ListReferrers + ListTags + Sync {}

impl<R: Resolve + FetchManifest + OpenBlob + ListReferrers + ListTags + Sync> CopySource for R {}

/// Where artifacts can be copied to.
pub trait CopyDestination: Resolve + HasBlob + PushBlob + PushManifest + ListReferrers + Sync {}

impl<R: Resolve + HasBlob + PushBlob + PushManifest + ListReferrers + Sync> CopyDestination for R {}

/// How to copy.
#[derive(Clone, Debug, Default)]
pub struct CopyOptions {
    /// Copy whatever refers to the artifacts as well, such as signatures and SBOMs.
    pub referrers: bool,
    /// What to do with tags of the destination that name something else.
    pub existing: ExistingTag,
    /// Only find out what there is to do.
    pub dry_run: bool,
    /// The repository that the destination can mount blobs from, when the source is on the same registry.
    pub mount_from: Option<RepositoryName>,
    /// What limits the transfers; several copiers may share it.
    pub limit: TransferLimit,
}

/// How many transfers, and requests around them, go on at the same time. Clones are the same limit.
#[derive(Clone, Debug)]
pub struct TransferLimit {
    transfers: Arc<Semaphore>,
    /// The artifacts that are begun: enough to keep the transfers busy, and no more, so that memory does not grow with the
    /// number of artifacts.
    artifacts: Arc<Semaphore>,
}

impl TransferLimit {
    /// The number that stands for nothing else having been said.
    pub const DEFAULT: NonZeroUsize = NonZeroUsize::new(64).expect("because it is not 0");

    /// A limit of so many; at least one.
    pub fn new(count: usize) -> Self {
        let semaphore = |count: usize| Arc::new(Semaphore::new(count.clamp(1, Semaphore::MAX_PERMITS)));
        Self {
            transfers: semaphore(count),
            artifacts: semaphore(count.saturating_mul(2)),
        }
    }
}

impl Default for TransferLimit {
    fn default() -> Self {
        Self::new(Self::DEFAULT.get())
    }
}

/// An artifact that was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedArtifact {
    /// Its manifest.
    pub descriptor: Descriptor,
    /// What became of its tag at the destination, or of the manifest, if it has none.
    pub state: TagState,
}

/// What was done, or in a dry run is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopyTotals {
    /// Blobs whose bytes were sent.
    pub blobs: u64,
    /// The bytes of these.
    pub bytes: u64,
    /// Blobs that the registry took over from the source.
    pub mounted: u64,
    /// Blobs that were there.
    pub existing: u64,
    /// Manifests that were stored.
    pub manifests: u64,
    /// Those of them that refer to others.
    pub referrers: u64,
}

/// Copies artifacts of one repository to another.
///
/// Any number of them can be copied at the same time: they share the limit of transfers, and what several consist of is
/// copied once.
#[derive(Debug)]
pub struct Copier<'copy, S, D> {
    source: &'copy S,
    destination: &'copy D,
    options: CopyOptions,
    blobs: Once,
    manifests: Once,
    subjects: Once,
    legacy: OnceCell<LegacyTags>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    blobs: AtomicU64,
    bytes: AtomicU64,
    mounted: AtomicU64,
    existing: AtomicU64,
    manifests: AtomicU64,
    referrers: AtomicU64,
}

impl<'copy, S: CopySource, D: CopyDestination> Copier<'copy, S, D> {
    /// Makes a copier. Nothing is asked yet.
    pub fn new(source: &'copy S, destination: &'copy D, options: CopyOptions) -> Self {
        Self {
            source,
            destination,
            options,
            blobs: Once::default(),
            manifests: Once::default(),
            subjects: Once::default(),
            legacy: OnceCell::new(),
            counts: Counts::default(),
        }
    }

    /// Copies the artifact that `target` names, to `tag` or under its digest alone.
    ///
    /// One that is there with the same digest costs one request to each side, and two more with referrers.
    ///
    /// # Errors
    /// See [`CopyError`]. When tags may not be overwritten, that is checked before anything is copied.
    pub async fn copy(&self, target: &TagOrDigest, tag: Option<&Tag>) -> Result<CopiedArtifact, CopyError> {
        let _begun = self.begin().await;
        let (descriptor, existing) = self.look_up(target, tag).await?;
        self.copy_over(descriptor, tag, existing).await
    }

    /// Copies the artifact of a manifest that was resolved before.
    ///
    /// # Errors
    /// As for [`Copier::copy`].
    pub async fn copy_found(
        &self,
        descriptor: Descriptor,
        tag: Option<&Tag>,
    ) -> Result<CopiedArtifact, CopyError> {
        let _begun = self.begin().await;
        let existing = self.existing(&place(&descriptor, tag)).await?;
        self.copy_over(descriptor, tag, existing).await
    }

    async fn copy_over(
        &self,
        descriptor: Descriptor,
        tag: Option<&Tag>,
        existing: Option<Digest>,
    ) -> Result<CopiedArtifact, CopyError> {
        let state = self.state(&descriptor, tag, existing)?;
        if matches!(state, TagState::Created | TagState::Moved { .. }) {
            self.tree(&descriptor, place(&descriptor, tag), 0).await?;
        }
        if self.options.referrers && !matches!(state, TagState::Kept { .. }) {
            self.all_referrers(&descriptor, 0).await?;
        }
        Ok(CopiedArtifact { descriptor, state })
    }

    /// What was done so far.
    pub fn totals(&self) -> CopyTotals {
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        CopyTotals {
            blobs: get(&self.counts.blobs),
            bytes: get(&self.counts.bytes),
            mounted: get(&self.counts.mounted),
            existing: get(&self.counts.existing),
            manifests: get(&self.counts.manifests),
            referrers: get(&self.counts.referrers),
        }
    }

    /// Asks both sides at the same time; when both fail, the error is that of the source.
    async fn look_up(
        &self,
        target: &TagOrDigest,
        tag: Option<&Tag>,
    ) -> Result<(Descriptor, Option<Digest>), CopyError> {
        let place = tag.map_or_else(|| target.clone(), |tag| TagOrDigest::Tag(tag.clone()));
        let resolve = async {
            let _place = self.place().await;
            self.source.resolve(target).await
        };
        let (found, existing) = match (tag, target) {
            // What a tag without a counterpart names is not known before.
            (None, TagOrDigest::Tag(_)) => {
                let found = resolve.await.map_err(|source| resolve_error(target, source))?;
                let by_digest = TagOrDigest::Digest(found.digest.clone());
                let existing = self.existing(&by_digest).await;
                (Ok(found), existing)
            }
            _ => future::join(resolve, self.existing(&place)).await,
        };
        let found = found.map_err(|source| resolve_error(target, source))?;
        Ok((found, existing?))
    }

    /// The digest at the destination, if there is one.
    async fn existing(&self, place: &TagOrDigest) -> Result<Option<Digest>, CopyError> {
        let _place = self.place().await;
        match self.destination.resolve(place).await {
            Ok(descriptor) => Ok(Some(descriptor.digest)),
            Err(ResolveError::NotFound { .. }) => Ok(None),
            Err(source) => Err(CopyError::LookUp {
                target: place.clone(),
                source,
            }),
        }
    }

    fn state(
        &self,
        descriptor: &Descriptor,
        tag: Option<&Tag>,
        existing: Option<Digest>,
    ) -> Result<TagState, CopyError> {
        let Some(found) = existing else {
            return Ok(TagState::Created);
        };
        if found == descriptor.digest {
            return Ok(TagState::Unchanged);
        }
        match (self.options.existing, tag) {
            (ExistingTag::Keep, _) => Ok(TagState::Kept { digest: found }),
            (ExistingTag::Refuse, Some(tag)) => Err(CopyError::TagExists {
                tag: tag.clone(),
                existing: found,
                copied: descriptor.digest.clone(),
            }),
            _ => Ok(TagState::Moved { from: found }),
        }
    }

    /// Waits until another artifact may be begun. No artifact waits for another one.
    async fn begin(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.options.limit.artifacts.acquire().await.ok()
    }

    /// Waits until another request may be made. Never held while anything else is waited for.
    async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.options.limit.transfers.acquire().await.ok()
    }
}

/// Where a manifest goes: under its tag, or under its digest alone.
fn place(descriptor: &Descriptor, tag: Option<&Tag>) -> TagOrDigest {
    match tag {
        Some(tag) => TagOrDigest::Tag(tag.clone()),
        None => TagOrDigest::Digest(descriptor.digest.clone()),
    }
}

fn resolve_error(target: &TagOrDigest, source: ResolveError) -> CopyError {
    CopyError::Resolve {
        target: target.clone(),
        source,
    }
}

impl Counts {
    fn add(count: &AtomicU64, number: u64) {
        count.fetch_add(number, Ordering::Relaxed);
    }
}
