//! One upload session: begun by POST, ended by PUT.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::LOCATION;
use skeg_oci::{Digest, RepositoryName};
use url::Url;

use crate::blob::push::is_lost_session;
use crate::error::{PushBlobError, RequestError};
use crate::reporter::Transfer;
use crate::repository::Repository;
use crate::request::{Call, minimum_part, uploaded, with_digest};
use crate::target::BlobUpload;
use crate::transport::{Attempts, BlobPart, RequestBody, Response, as_known, is_same_origin, redact};

/// The largest part that a registry may ask for.
const MAX_PART_SIZE: u64 = 1024 * 1024 * 1024;

/// How often in a row a registry may say that a part does not fit.
const MISFITS: u32 = 3;

/// An upload that the registry waits for.
#[must_use = "an upload session is of use only when it is finished"]
pub(crate) struct UploadSession {
    location: Url,
    /// The smallest part that the registry wants.
    minimum: u64,
    /// The tries of the part that is being sent.
    attempts: Attempts,
}

/// What an upload begins with.
pub(crate) enum Begun {
    /// The registry waits for the bytes.
    Session(UploadSession),
    /// It took the blob over from another repository.
    Mounted,
    /// It says that it has the blob.
    Stored,
}

impl UploadSession {
    /// Begins an upload.
    pub(crate) async fn start(repository: &Repository) -> Result<Begun, PushBlobError> {
        let response = repository.call(&Call::start_upload(repository.name())).await?;
        if response.status == StatusCode::CREATED {
            return Ok(Begun::Stored);
        }
        Self::of(repository, &response).map(Begun::Session)
    }

    /// Asks the registry to take the blob over from another repository. Otherwise it has begun an upload instead, or
    /// refused, and an upload is begun then.
    pub(crate) async fn mount(
        repository: &Repository,
        digest: &Digest,
        from: &RepositoryName,
    ) -> Result<Begun, PushBlobError> {
        match repository
            .call(&Call::mount(repository.name(), digest, from))
            .await
        {
            Ok(response) if response.status == StatusCode::CREATED => Ok(Begun::Mounted),
            Ok(response) => Self::of(repository, &response).map(Begun::Session),
            // Whatever is wrong with the other repository must not keep the blob from this one.
            Err(RequestError::Response(_) | RequestError::Authenticate(_)) => Self::start(repository).await,
            Err(error) => Err(error.into()),
        }
    }

    fn of(repository: &Repository, response: &Response) -> Result<Self, PushBlobError> {
        let minimum = minimum_part(&response.headers).unwrap_or_default();
        Ok(Self {
            location: location(repository, response)?,
            minimum: minimum.min(MAX_PART_SIZE),
            attempts: Attempts::new(),
        })
    }

    /// Sends the whole blob. On a location at another host it goes without credentials.
    pub(crate) async fn finish(
        self,
        repository: &Repository,
        upload: &BlobUpload,
        transfer: &Arc<Transfer>,
    ) -> Result<StatusCode, PushBlobError> {
        let url = with_digest(&self.location, &upload.descriptor().digest);
        let part = BlobPart::whole(upload.source().clone());
        let body = RequestBody::Blob(part, Arc::clone(transfer));
        let call = Call::finish_upload(repository.name(), url, body);
        Ok(repository.call(&call).await?.status)
    }

    /// Sends the blob in parts of `length` bytes, for registries that take no large ones. After each part the registry must
    /// say that it has it: some keep the first alone, and say that all is well (ECR, Artifactory).
    pub(crate) async fn finish_in_parts(
        mut self,
        repository: &Repository,
        upload: &BlobUpload,
        transfer: &Arc<Transfer>,
        length: u64,
    ) -> Result<StatusCode, PushBlobError> {
        let size = upload.descriptor().size;
        let length = length.max(self.minimum);
        let mut offset = 0;
        while offset < size {
            let part = BlobPart {
                source: upload.source().clone(),
                offset,
                length: length.min(size - offset),
            };
            let has = self.send_part(repository, upload, transfer, part).await?;
            if has > offset {
                self.attempts = Attempts::new();
            }
            offset = has;
        }
        let url = with_digest(&self.location, &upload.descriptor().digest);
        let call = Call::finish_upload(repository.name(), url, RequestBody::Empty);
        Ok(repository.call(&call).await?.status)
    }

    /// Sends one part and returns how much the registry has then, which may be a piece of the part after a failure.
    async fn send_part(
        &mut self,
        repository: &Repository,
        upload: &BlobUpload,
        transfer: &Arc<Transfer>,
        part: BlobPart,
    ) -> Result<u64, PushBlobError> {
        let (offset, end) = (part.offset, part.offset + part.length);
        let body = RequestBody::Blob(part, Arc::clone(transfer));
        let call = Call::upload_part(repository.name(), self.location.clone(), offset, body);
        let error = match repository.call(&call).await {
            Ok(response) => {
                let has = uploaded(&response.headers).unwrap_or_default();
                if has != end {
                    return Err(not_kept(upload, has, end));
                }
                self.follow(repository, &response)?;
                return Ok(end);
            }
            Err(error) => error,
        };
        // What a registry has of a first part cannot be told from nothing: `0-0` stands for both.
        if offset == 0
            || !is_lost_session(&error)
            || !wait_in_session(repository, &mut self.attempts, &error).await
        {
            return Err(error.into());
        }
        match self.kept(repository).await {
            Some(has) if (offset..=end).contains(&has) => Ok(has),
            _ => Err(error.into()),
        }
    }

    /// Asks how much of the blob the registry has.
    async fn kept(&mut self, repository: &Repository) -> Option<u64> {
        let call = Call::upload_status(repository.name(), self.location.clone());
        let response = repository.call(&call).await.ok()?;
        self.follow(repository, &response).ok()?;
        uploaded(&response.headers)
    }

    /// Goes on at the location of a response, if it gives one.
    fn follow(&mut self, repository: &Repository, response: &Response) -> Result<(), PushBlobError> {
        if response.headers.contains_key(LOCATION) {
            self.location = location(repository, response)?;
        }
        Ok(())
    }
}

/// Waits before a part is tried again. A part that does not fit what the registry has needs no pause, but an end.
async fn wait_in_session(repository: &Repository, attempts: &mut Attempts, error: &RequestError) -> bool {
    let is_misfit = error
        .response()
        .is_some_and(|error| error.status == StatusCode::RANGE_NOT_SATISFIABLE);
    if !is_misfit {
        return repository.wait_to_retry(attempts, error).await;
    }
    attempts.paused(Duration::ZERO);
    attempts.number <= MISFITS
}

fn not_kept(upload: &BlobUpload, has: u64, sent: u64) -> PushBlobError {
    PushBlobError::NotStored {
        digest: upload.descriptor().digest.clone(),
        problem: format!("after a part it says that it has {has} bytes where it was sent {sent}"),
    }
}

/// Where an upload goes on.
pub(crate) fn location(repository: &Repository, response: &Response) -> Result<Url, PushBlobError> {
    let problem = |problem: String| PushBlobError::Location { problem };
    let location = response.headers.get(LOCATION);
    let location = location.ok_or_else(|| problem("there is none".to_owned()))?;
    let joined = location
        .to_str()
        .ok()
        .and_then(|text| response.url.join(text).ok());
    let base = repository.url()?;
    let location = as_known(
        joined.ok_or_else(|| problem("it is no address".to_owned()))?,
        &base,
    );
    if is_same_origin(&location, &base) || location.scheme() == "https" {
        return Ok(location);
    }
    Err(problem(format!(
        "`{}` is on another host, without TLS",
        redact(&location)
    )))
}
