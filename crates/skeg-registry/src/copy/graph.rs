//! What a manifest consists of, copied before the manifest itself.

use std::pin::Pin;

use futures_util::future;
use skeg_oci::{Descriptor, Manifest, RawManifest, TagOrDigest};
use skeg_oci_client::{BlobPush, CopyBlobError, copy_blob};

use super::{Copier, CopyDestination, CopyError, CopySource, Counts};

/// How many manifests may lead to one.
pub(super) const DEPTH: usize = 16;

/// A future that calls itself.
pub(super) type Step<'step, T> = Pin<Box<dyn Future<Output = Result<T, CopyError>> + Send + 'step>>;

impl<S: CopySource, D: CopyDestination> Copier<'_, S, D> {
    /// Copies a manifest that is not there, with everything below it, and stores it in its place.
    pub(super) fn tree<'step>(
        &'step self,
        descriptor: &'step Descriptor,
        place: TagOrDigest,
        depth: usize,
    ) -> Step<'step, ()> {
        Box::pin(async move {
            let manifest = self.fetch(descriptor, depth).await?;
            let below = match parse(&manifest)? {
                Manifest::Image(image) => image.layers.into_iter().chain([image.config]).collect(),
                Manifest::Index(index) => index.manifests,
            };
            let below = below.iter().map(|child| self.child(child, depth + 1));
            future::try_join_all(below).await?;
            self.store(&manifest, place).await
        })
    }

    /// Reads a manifest at the source.
    pub(super) async fn fetch(
        &self,
        descriptor: &Descriptor,
        depth: usize,
    ) -> Result<RawManifest, CopyError> {
        if depth > DEPTH {
            return Err(CopyError::TooDeep {
                digest: descriptor.digest.clone(),
                limit: DEPTH,
            });
        }
        let _place = self.place().await;
        let target = TagOrDigest::Digest(descriptor.digest.clone());
        let fetched = self.source.fetch_manifest(&target).await;
        fetched.map_err(|source| CopyError::Fetch {
            digest: descriptor.digest.clone(),
            source,
        })
    }

    /// Copies what a manifest names: a blob, or another manifest.
    async fn child(&self, child: &Descriptor, depth: usize) -> Result<(), CopyError> {
        if child.media_type.is_index() || child.media_type.is_image_manifest() {
            let manifest = self.manifest(child, depth);
            return self.manifests.run(&child.digest, manifest).await;
        }
        if is_elsewhere(child) {
            return Ok(());
        }
        self.blobs.run(&child.digest, self.blob(child)).await
    }

    /// Copies a manifest below an index.
    async fn manifest(&self, descriptor: &Descriptor, depth: usize) -> Result<(), CopyError> {
        let place = TagOrDigest::Digest(descriptor.digest.clone());
        if self.existing(&place).await?.is_some() {
            return Ok(());
        }
        self.tree(descriptor, place, depth).await
    }

    async fn blob(&self, blob: &Descriptor) -> Result<(), CopyError> {
        let _place = self.place().await;
        let copied = if self.options.dry_run {
            let has = self.destination.has_blob(blob).await;
            has.map(|has| {
                if has {
                    BlobPush::Existed
                } else {
                    BlobPush::Uploaded
                }
            })
            .map_err(CopyBlobError::Push)
        } else {
            let mount_from = self.options.mount_from.as_ref();
            copy_blob(self.source, self.destination, blob, mount_from).await
        };
        let copied = copied.map_err(|source| CopyError::Blob {
            digest: blob.digest.clone(),
            source: Box::new(source),
        })?;
        match copied {
            BlobPush::Existed => Counts::add(&self.counts.existing, 1),
            BlobPush::Mounted => Counts::add(&self.counts.mounted, 1),
            BlobPush::Uploaded => {
                Counts::add(&self.counts.blobs, 1);
                Counts::add(&self.counts.bytes, blob.size);
            }
        }
        Ok(())
    }

    async fn store(&self, manifest: &RawManifest, place: TagOrDigest) -> Result<(), CopyError> {
        if !self.options.dry_run {
            let _place = self.place().await;
            let pushed = self.destination.push_manifest(manifest, &place).await;
            pushed.map_err(|source| CopyError::Push {
                target: place,
                source,
            })?;
        }
        Counts::add(&self.counts.manifests, 1);
        Ok(())
    }
}

pub(super) fn parse(manifest: &RawManifest) -> Result<Manifest, CopyError> {
    manifest.parse().map_err(|source| CopyError::Parse {
        digest: manifest.digest().clone(),
        source,
    })
}

/// Layers that no registry holds, since they may not be passed on: they have other addresses.
fn is_elsewhere(blob: &Descriptor) -> bool {
    let media_type = blob.media_type.as_str();
    let is_foreign = media_type.contains(".foreign.") || media_type.contains(".nondistributable.");
    is_foreign && blob.urls.as_ref().is_some_and(|urls| !urls.is_empty())
}
