//! One upload session: begun by POST, ended by PUT.

use std::sync::Arc;

use http::StatusCode;
use http::header::LOCATION;
use skeg_oci::{Digest, RepositoryName};
use url::Url;

use crate::error::{PushBlobError, RequestError};
use crate::reporter::Transfer;
use crate::repository::Repository;
use crate::request::{Call, with_digest};
use crate::target::BlobUpload;
use crate::transport::{RequestBody, Response, is_same_origin, redact};

/// An upload that the registry waits for.
#[must_use = "an upload session is of use only when it is finished"]
pub(crate) struct UploadSession {
    location: Url,
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
        let problem = |problem: String| PushBlobError::Location { problem };
        let location = response.headers.get(LOCATION);
        let location = location.ok_or_else(|| problem("there is none".to_owned()))?;
        let joined = location
            .to_str()
            .ok()
            .and_then(|text| response.url.join(text).ok());
        let location = joined.ok_or_else(|| problem("it is no address".to_owned()))?;
        let base = repository.url()?;
        if is_same_origin(&location, &base) || location.scheme() == "https" {
            return Ok(Self { location });
        }
        // A registry behind a proxy that ends TLS may believe that it is plain HTTP.
        if base.scheme() == "https" && location.host() == base.host() && location.scheme() == "http" {
            let mut upgraded = base;
            upgraded.set_path(location.path());
            upgraded.set_query(location.query());
            return Ok(Self { location: upgraded });
        }
        Err(problem(format!(
            "`{}` is on another host, without TLS",
            redact(&location)
        )))
    }

    /// Sends the whole blob. On a location at another host it goes without credentials.
    pub(crate) async fn finish(
        self,
        repository: &Repository,
        upload: &BlobUpload,
        transfer: &Arc<Transfer>,
    ) -> Result<StatusCode, PushBlobError> {
        let url = with_digest(&self.location, &upload.descriptor().digest);
        let body = RequestBody::Blob(upload.source().clone(), Arc::clone(transfer));
        let call = Call::finish_upload(repository.name(), url, body);
        Ok(repository.call(&call).await?.status)
    }
}
