//! Pushing a blob: look, mount or upload, and after an unclear failure look again.
//!
//! Spec: distribution-spec v1.1, "Pushing blobs". An upload is one POST and one PUT of the whole blob: that is the one way
//! that every registry supports; parts are tried where a whole blob is too large. A failed upload is never gone on with,
//! but begun anew, since registries disagree about what is left of it.

use std::sync::Arc;

use http::StatusCode;
use skeg_oci::ErrorCode;

use crate::blob::BlobSource;
use crate::blob::upload::UploadSession;
use crate::error::{PushBlobError, RequestError, ResponseError};
use crate::reporter::{Direction, Transfer};
use crate::repository::Repository;
use crate::request::Call;
use crate::target::{BlobPush, BlobUpload};

/// Above this size a connection that breaks may mean that the blob is too large to be sent at once.
const LARGE: u64 = 4 * 1024 * 1024;

pub(crate) async fn push(repository: &Repository, upload: &BlobUpload) -> Result<BlobPush, PushBlobError> {
    check_source(upload)?;
    if exists(repository, upload).await? {
        return Ok(BlobPush::Existed);
    }
    let transfer = Arc::new(Transfer::start(
        repository.transport.reporter(),
        Direction::Push,
        upload.descriptor(),
    ));
    let mut attempt = 1;
    let mut manner = Manner::Whole;
    loop {
        let error = match push_once(repository, upload, &transfer, manner).await {
            Err(PushBlobError::Request(error)) => error,
            other => return other,
        };
        let is_unclear = is_lost_session(&error);
        if manner != Manner::Parts && wants_parts(&error, upload, attempt) {
            manner = Manner::Parts;
            attempt += 1;
            continue;
        }
        // The upload may have succeeded though its answer was lost.
        if is_unclear && exists(repository, upload).await? {
            return Ok(BlobPush::Uploaded);
        }
        if !may_retry(repository, attempt, &error).await {
            return Err(operation_error(error));
        }
        attempt += 1;
    }
}

/// How the bytes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Whole,
    Parts,
}

/// Tells whether the registry, or a proxy in front of it, does not take so much at once: it says so (413), or it hangs up
/// again and again.
fn wants_parts(error: &RequestError, upload: &BlobUpload, attempt: u32) -> bool {
    let is_large = upload.descriptor().size > LARGE;
    match error {
        RequestError::Response(error) => error.status == StatusCode::PAYLOAD_TOO_LARGE,
        RequestError::Broken { .. } => is_large && attempt > 2,
        _ => false,
    }
}

async fn push_once(
    repository: &Repository,
    upload: &BlobUpload,
    transfer: &Arc<Transfer>,
    manner: Manner,
) -> Result<BlobPush, PushBlobError> {
    let session = match upload.mount_source() {
        Some(from) => match UploadSession::mount(repository, &upload.descriptor().digest, from).await? {
            Some(session) => session,
            None => return Ok(BlobPush::Mounted),
        },
        None => UploadSession::start(repository).await?,
    };
    let status = match manner {
        Manner::Whole => session.finish(repository, upload, transfer).await?,
        Manner::Parts => session.finish_in_parts(repository, upload, transfer).await?,
    };
    if status == StatusCode::ACCEPTED && !exists(repository, upload).await? {
        return Err(PushBlobError::NotStored {
            digest: upload.descriptor().digest.clone(),
            problem: "it answered the upload with 202, and does not have the blob".to_owned(),
        });
    }
    Ok(BlobPush::Uploaded)
}

/// Asks whether the repository has the blob. Registries that cannot or will not say are taken at a no: the upload that
/// follows is refused in words, which an answer to HEAD has none of.
async fn exists(repository: &Repository, upload: &BlobUpload) -> Result<bool, PushBlobError> {
    let call = Call::head_blob_to_push(repository.name(), &upload.descriptor().digest);
    match repository.call(&call).await {
        Ok(_) => Ok(true),
        Err(error) if error.response().is_some_and(ResponseError::is_wordless_refusal) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Tells whether the registry lost, or has ended, the upload that we were in: it may have the blob.
fn is_lost_session(error: &RequestError) -> bool {
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
async fn may_retry(repository: &Repository, attempt: u32, error: &RequestError) -> bool {
    if repository.wait_to_retry(attempt, error).await {
        return true;
    }
    attempt == 1 && matches!(error, RequestError::Response(error) if is_unknown_upload(error))
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
    };
    if !is_wrong {
        return Ok(());
    }
    Err(PushBlobError::SourceMismatch {
        digest: descriptor.digest.clone(),
    })
}
