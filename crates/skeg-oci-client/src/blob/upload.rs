//! One upload session: begun by POST, ended by PUT.

use std::sync::Arc;

use http::StatusCode;
use http::header::LOCATION;
use skeg_oci::{Digest, RepositoryName};
use url::Url;

use crate::error::{PushBlobError, RequestError};
use crate::reporter::Transfer;
use crate::repository::Repository;
use crate::request::{Call, minimum_part, uploaded, with_digest};
use crate::target::BlobUpload;
use crate::transport::{BlobPart, RequestBody, Response, as_known, is_same_origin, redact};

/// The smallest part that is sent at once. Some registries accept no larger ones either (GHCR).
const PART_SIZE: u64 = 4 * 1024 * 1024;

/// The largest part that a registry may ask for.
const MAX_PART_SIZE: u64 = 1024 * 1024 * 1024;

/// An upload that the registry waits for.
#[must_use = "an upload session is of use only when it is finished"]
pub(crate) struct UploadSession {
    location: Url,
    part_size: u64,
}

impl UploadSession {
    /// Begins an upload.
    pub(crate) async fn start(repository: &Repository) -> Result<Self, PushBlobError> {
        let response = repository.call(&Call::start_upload(repository.name())).await?;
        Self::of(repository, &response)
    }

    /// Asks the registry to take the blob over from another repository: `None` when it did. Otherwise it has begun an
    /// upload instead, or refused, and an upload is begun then.
    pub(crate) async fn mount(
        repository: &Repository,
        digest: &Digest,
        from: &RepositoryName,
    ) -> Result<Option<Self>, PushBlobError> {
        match repository
            .call(&Call::mount(repository.name(), digest, from))
            .await
        {
            Ok(response) if response.status == StatusCode::CREATED => Ok(None),
            Ok(response) => Self::of(repository, &response).map(Some),
            // Whatever is wrong with the other repository must not keep the blob from this one.
            Err(RequestError::Response(_) | RequestError::Authenticate(_)) => {
                Self::start(repository).await.map(Some)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn of(repository: &Repository, response: &Response) -> Result<Self, PushBlobError> {
        let wanted = minimum_part(&response.headers).unwrap_or_default();
        Ok(Self {
            location: location(repository, response)?,
            part_size: wanted.clamp(PART_SIZE, MAX_PART_SIZE),
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

    /// Sends the blob in parts, for registries that take no large ones. After each part the registry must say that it has
    /// it: some keep the first alone, and say that all is well (ECR, Artifactory).
    pub(crate) async fn finish_in_parts(
        mut self,
        repository: &Repository,
        upload: &BlobUpload,
        transfer: &Arc<Transfer>,
    ) -> Result<StatusCode, PushBlobError> {
        let size = upload.descriptor().size;
        let mut offset = 0;
        while offset < size {
            let length = self.part_size.min(size - offset);
            let part = BlobPart {
                source: upload.source().clone(),
                offset,
                length,
            };
            let body = RequestBody::Blob(part, Arc::clone(transfer));
            let call = Call::upload_part(repository.name(), self.location.clone(), offset, body);
            let response = repository.call(&call).await?;
            offset += length;
            let has = uploaded(&response.headers).unwrap_or_default();
            if has != offset {
                return Err(PushBlobError::NotStored {
                    digest: upload.descriptor().digest.clone(),
                    problem: format!(
                        "after a part it says that it has {has} bytes where it was sent {offset}"
                    ),
                });
            }
            if response.headers.contains_key(LOCATION) {
                self.location = location(repository, &response)?;
            }
        }
        let url = with_digest(&self.location, &upload.descriptor().digest);
        let call = Call::finish_upload(repository.name(), url, RequestBody::Empty);
        Ok(repository.call(&call).await?.status)
    }
}

/// Where an upload goes on.
fn location(repository: &Repository, response: &Response) -> Result<Url, PushBlobError> {
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
