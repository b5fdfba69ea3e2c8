//! Pushing a blob: look, mount or upload, and after an unclear failure look again.
//!
//! Spec: distribution-spec v1.1, "Pushing blobs". An upload is one POST and one PUT of the whole blob: that is the one way
//! that every registry supports; parts are tried where a whole blob is too large. A failed upload is never gone on with,
//! but begun anew, since registries disagree about what is left of it.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use skeg_oci::{Descriptor, ErrorCode};

use crate::blob::BlobSource;
use crate::blob::upload::{Begun, UploadSession};
use crate::error::{PushBlobError, RequestError, ResponseError};
use crate::reporter::{Direction, Transfer};
use crate::repository::Repository;
use crate::request::Call;
use crate::target::{BlobPush, BlobUpload};
use crate::transport::Attempts;

/// Above this size a connection that breaks may mean that the blob is too large to be sent at once.
const LARGE: u64 = 4 * 1024 * 1024;

/// The sizes of parts to try, one after the other. Some registries accept no larger ones than the first (GHCR), and many a
/// proxy none larger than the second.
const PART_SIZES: [u64; 3] = [4 * 1024 * 1024, 1024 * 1024, 256 * 1024];

pub(crate) async fn push(repository: &Repository, upload: &BlobUpload) -> Result<BlobPush, PushBlobError> {
    check_source(upload)?;
    if !upload.is_absent() && exists(repository, upload.descriptor()).await? {
        return Ok(BlobPush::Existed);
    }
    let transfer = Arc::new(Transfer::start(
        repository.transport.reporter(),
        Direction::Push,
        upload.descriptor(),
    ));
    let mut attempts = Attempts::new();
    let mut manner = Manner::Whole;
    loop {
        let error = match push_once(repository, upload, &transfer, manner).await {
            Err(PushBlobError::Request(error)) => error,
            other => return other,
        };
        // The upload may have succeeded though its answer was lost.
        if is_lost_session(&error) && exists(repository, upload.descriptor()).await? {
            return Ok(BlobPush::Uploaded);
        }
        if let Some(smaller) = manner.smaller(&error, upload.descriptor().size, attempts.number) {
            manner = smaller;
        } else if !may_retry(repository, &mut attempts, &error).await {
            return Err(operation_error(error));
        }
    }
}

/// How the bytes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Whole,
    /// In parts of so many bytes, where the registry does not ask for larger ones.
    Parts(u64),
}

impl Manner {
    /// How to go on when the registry, or a proxy in front of it, does not take so much at once: it says so (413), or it
    /// hangs up again and again.
    fn smaller(self, error: &RequestError, size: u64, attempt: u32) -> Option<Self> {
        let sent = match (self, error) {
            (Self::Whole, RequestError::Broken { .. }) if size > LARGE && attempt > 2 => size,
            (_, RequestError::Response(error)) if error.status == StatusCode::PAYLOAD_TOO_LARGE => match self
            {
                Self::Whole => size,
                Self::Parts(length) => length.min(size),
            },
            _ => return None,
        };
        let next = PART_SIZES.into_iter().find(|length| *length < sent);
        next.map(Self::Parts)
    }
}

async fn push_once(
    repository: &Repository,
    upload: &BlobUpload,
    transfer: &Arc<Transfer>,
    manner: Manner,
) -> Result<BlobPush, PushBlobError> {
    let begun = if let Some(from) = upload.mount_source() {
        UploadSession::mount(repository, &upload.descriptor().digest, from).await?
    } else {
        let (begun, prepared) = tokio::join!(UploadSession::start(repository), prepare(upload));
        prepared?;
        begun?
    };
    let session = match begun {
        Begun::Session(session) => {
            prepare(upload).await?;
            session
        }
        Begun::Mounted => return Ok(BlobPush::Mounted),
        Begun::Stored => return stored(repository, upload, StatusCode::CREATED, BlobPush::Existed).await,
    };
    let status = match manner {
        Manner::Whole => session.finish(repository, upload, transfer).await?,
        Manner::Parts(length) => {
            session
                .finish_in_parts(repository, upload, transfer, length)
                .await?
        }
    };
    if status == StatusCode::ACCEPTED {
        return stored(repository, upload, status, BlobPush::Uploaded).await;
    }
    Ok(BlobPush::Uploaded)
}

/// Sees to it that an upload has not to wait for a small blob.
async fn prepare(upload: &BlobUpload) -> Result<(), PushBlobError> {
    let BlobSource::Stream(stream) = upload.source() else {
        return Ok(());
    };
    let prepared = stream.prepare().await;
    prepared.map_err(|error| PushBlobError::ReadSource {
        path: error.path,
        source: error.source,
    })
}

/// Looks whether the registry has what its answer leaves open.
async fn stored(
    repository: &Repository,
    upload: &BlobUpload,
    status: StatusCode,
    push: BlobPush,
) -> Result<BlobPush, PushBlobError> {
    if exists(repository, upload.descriptor()).await? {
        return Ok(push);
    }
    Err(PushBlobError::NotStored {
        digest: upload.descriptor().digest.clone(),
        problem: format!(
            "it answered the upload with {}, and does not have the blob",
            status.as_u16()
        ),
    })
}

/// Asks whether the repository has the blob. Registries that cannot or will not say are taken at a no: the upload that
/// follows is refused in words, which an answer to HEAD has none of.
pub(crate) async fn exists(repository: &Repository, blob: &Descriptor) -> Result<bool, PushBlobError> {
    let call = Call::head_blob_to_push(repository.name(), &blob.digest);
    match repository.call(&call).await {
        Ok(_) => Ok(true),
        Err(error) if error.response().is_some_and(ResponseError::is_wordless_refusal) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Asks whether a blob can be read there. Whatever else comes back is a no.
pub(crate) async fn is_readable(repository: &Repository, blob: &Descriptor) -> bool {
    let call = Call::head_blob(repository.name(), &blob.digest);
    repository.call(&call).await.is_ok()
}

/// Tells whether the registry lost, or has ended, the upload that we were in: it may have the blob.
pub(super) fn is_lost_session(error: &RequestError) -> bool {
    match error {
        RequestError::Broken { .. } | RequestError::Timeout { .. } => true,
        RequestError::Response(error) => error.is_retryable() || is_unknown_upload(error),
        _ => false,
    }
}

fn is_unknown_upload(error: &ResponseError) -> bool {
    error.has_code(ErrorCode::BLOB_UPLOAD_UNKNOWN) || error.status == StatusCode::RANGE_NOT_SATISFIABLE
}

/// Waits for the next try, if there is to be one. A lost session is worth one more on its own.
async fn may_retry(repository: &Repository, attempts: &mut Attempts, error: &RequestError) -> bool {
    if repository.wait_to_retry(attempts, error).await {
        return true;
    }
    let is_lost = matches!(error, RequestError::Response(error) if is_unknown_upload(error));
    let is_first = attempts.number == 1;
    attempts.paused(Duration::ZERO);
    is_lost && is_first
}

/// Gives the failures their own names that are not of the connection.
fn operation_error(error: RequestError) -> PushBlobError {
    match error {
        RequestError::Response(source) if source.is_unknown_repository() => {
            PushBlobError::RepositoryNotFound { source }
        }
        RequestError::ReadSource { path, source } => PushBlobError::ReadSource { path, source },
        other => PushBlobError::Request(other),
    }
}

pub(crate) fn check_source(upload: &BlobUpload) -> Result<(), PushBlobError> {
    let descriptor = upload.descriptor();
    let is_wrong = match upload.source() {
        BlobSource::Bytes(bytes) => {
            bytes.len() as u64 != descriptor.size || !descriptor.digest.matches(bytes)
        }
        BlobSource::File { size, .. } => *size != descriptor.size,
        BlobSource::Stream(stream) => stream.descriptor().digest != descriptor.digest,
    };
    if !is_wrong {
        return Ok(());
    }
    Err(PushBlobError::SourceMismatch {
        digest: descriptor.digest.clone(),
    })
}
