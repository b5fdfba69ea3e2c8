//! Blobs out of the store, and into it.
//!
//! A blob that the store lacks is fetched into the store's partial file, which an earlier run may have begun, and becomes
//! content when it is whole and checked. Where the store is of no use the blob goes straight to its destination.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};
use std::sync::Arc;

use bytes::Bytes;
use skeg_oci::Descriptor;
use skeg_store::{Content, Partial, StoreError};

use super::Cache;
use crate::blob::BlobSource;
use crate::blob::fetch::check_limit;
use crate::error::FetchBlobError;
use crate::target::FetchBlob;
use crate::writing::OpenBlob;

pub(super) async fn to_memory<R: FetchBlob>(
    inner: &R,
    cache: &Arc<Cache>,
    blob: &Descriptor,
    limit: u64,
) -> Result<Bytes, FetchBlobError> {
    check_limit(blob, limit)?;
    if let Some(content) = cache.content(&blob.digest).await {
        check_size(blob, &content)?;
        if let Ok(Some(bytes)) = content.read(limit) {
            return Ok(bytes.into());
        }
    }
    if cache.is_offline() {
        return Err(offline(blob));
    }
    let bytes = inner.fetch_blob(blob, limit).await?;
    cache.insert(&blob.digest, &blob.media_type, bytes.to_vec()).await;
    cache.maintain().await;
    Ok(bytes)
}

pub(super) async fn to_file<R: FetchBlob>(
    inner: &R,
    cache: &Arc<Cache>,
    blob: &Descriptor,
    file: File,
) -> Result<File, FetchBlobError> {
    if let Some(content) = cache.content(&blob.digest).await {
        check_size(blob, &content)?;
        return copy(blob, file, |file| content.copy_to(file)).await;
    }
    if cache.is_offline() {
        return Err(offline(blob));
    }
    let Some(partial) = cache.claim(&blob.digest).await else {
        return inner.fetch_blob_to_file(blob, file).await;
    };
    // Another process may have finished it meanwhile.
    if let Some(content) = cache.content(&blob.digest).await {
        drop(partial.discard());
        check_size(blob, &content)?;
        return copy(blob, file, |file| content.copy_to(file)).await;
    }
    match fetch(inner, &partial, blob).await {
        Ok(fetched) => {
            let file = copy(blob, file, move |file| copy_file(fetched, file)).await?;
            commit(cache, partial, blob).await;
            Ok(file)
        }
        Err(FetchBlobError::Write { source, .. }) => {
            cache.give_up(&StoreError::Write(source));
            drop(partial.discard());
            inner.fetch_blob_to_file(blob, file).await
        }
        Err(error) => {
            if is_worthless(&error) {
                drop(partial.discard());
            }
            Err(error)
        }
    }
}

/// What the store has, or else the repository itself; nothing is stored.
pub(super) async fn open<R: OpenBlob>(
    inner: &R,
    cache: &Arc<Cache>,
    blob: &Descriptor,
) -> Result<BlobSource, FetchBlobError> {
    if let Some(content) = cache.content(&blob.digest).await {
        check_size(blob, &content)?;
        if let Some(path) = content.path() {
            return Ok(BlobSource::file(path, blob.size));
        }
        if let Ok(Some(bytes)) = content.read(blob.size) {
            return Ok(BlobSource::Bytes(bytes.into()));
        }
    }
    if cache.is_offline() {
        return Err(offline(blob));
    }
    inner.open_blob(blob).await
}

async fn fetch<R: FetchBlob>(
    inner: &R,
    partial: &Partial,
    blob: &Descriptor,
) -> Result<File, FetchBlobError> {
    let file = partial.file().map_err(|error| FetchBlobError::Write {
        digest: blob.digest.clone(),
        source: io::Error::other(error),
    })?;
    inner.fetch_blob_to_file(blob, file).await
}

/// Whether what was received is of no use to the next run.
fn is_worthless(error: &FetchBlobError) -> bool {
    matches!(
        error,
        FetchBlobError::DigestMismatch { .. }
            | FetchBlobError::SizeMismatch { .. }
            | FetchBlobError::Encoded { .. }
            | FetchBlobError::NotFound { .. }
    )
}

async fn commit(cache: &Arc<Cache>, partial: Partial, blob: &Descriptor) {
    let media_type = blob.media_type.clone();
    let work = move |store: &skeg_store::Store, now| {
        partial.commit_hashed(Some(&media_type), now)?;
        store.maintain(now)
    };
    cache.write(work).await;
}

fn check_size(blob: &Descriptor, content: &Content) -> Result<(), FetchBlobError> {
    if content.size() == blob.size {
        return Ok(());
    }
    Err(FetchBlobError::SizeMismatch {
        digest: blob.digest.clone(),
        expected: blob.size,
        actual: content.size(),
    })
}

fn offline(blob: &Descriptor) -> FetchBlobError {
    FetchBlobError::Offline {
        digest: blob.digest.clone(),
    }
}

/// Fills the destination on a thread of its own.
async fn copy(
    blob: &Descriptor,
    mut file: File,
    work: impl FnOnce(&mut File) -> io::Result<()> + Send + 'static,
) -> Result<File, FetchBlobError> {
    let copied = tokio::task::spawn_blocking(move || work(&mut file).map(|()| file)).await;
    let copied = copied.map_err(io::Error::other).flatten();
    copied.map_err(|source| FetchBlobError::Write {
        digest: blob.digest.clone(),
        source,
    })
}

fn copy_file(mut from: File, to: &mut File) -> io::Result<()> {
    from.seek(SeekFrom::Start(0))?;
    to.seek(SeekFrom::Start(0))?;
    let length = io::copy(&mut from, to)?;
    to.set_len(length)
}
