//! Sending a file to a URL by POST.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use skeg_oci::Descriptor;
use url::Url;

use crate::error::{FetchUrlError, RequestError};
use crate::reporter::{Direction, Transfer};
use crate::transport::body::{BodyPiece, BodyPieces};
use crate::transport::fetch_url::{UrlLogin, parse};
use crate::transport::{Attempts, Exchange, RequestBody, Transport, redact_text};

/// How much of an answer is read.
const ANSWER_LIMIT: usize = 64 * 1024;

/// What to send to a URL.
#[derive(Clone, Debug)]
pub struct UrlUpload {
    /// The URL; a user and a password in it count if there is no other login.
    pub url: String,
    /// Who sends it.
    pub login: Option<UrlLogin>,
    /// The value of `Content-Type`.
    pub content_type: String,
    /// The body, in pieces.
    pub body: Vec<BodyPiece>,
    /// What of it is reported: the largest piece.
    pub content: Descriptor,
}

/// What a server answered to an upload, whatever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadAnswer {
    /// The status.
    pub status: StatusCode,
    /// `Location`, redacted.
    pub location: Option<String>,
    /// The beginning of the body, at most 64 KiB.
    pub body: Bytes,
    /// How many times it was sent.
    pub attempts: u32,
}

impl Transport {
    pub(crate) async fn upload_url(&self, upload: &UrlUpload) -> Result<UploadAnswer, FetchUrlError> {
        let (url, own) = parse(&upload.url)?;
        let authorization = upload.login.as_ref().and_then(UrlLogin::header).or(own);
        let transfer = Arc::new(Transfer::start(self.reporter(), Direction::Push, &upload.content));
        let body = BodyPieces {
            pieces: upload.body.clone(),
            reported: upload.content.size,
        };
        let body = RequestBody::Pieces(Arc::new(body), transfer);
        let host = url.host_str().unwrap_or_default();
        let mut attempts = Attempts::new();
        loop {
            let sent = self
                .upload_once(&url, authorization.as_ref(), &upload.content_type, &body)
                .await;
            let error = match sent {
                Ok(answer) => {
                    let attempts = attempts.number;
                    return Ok(UploadAnswer { attempts, ..answer });
                }
                Err(error) => error,
            };
            if !is_untouched(&error) || !self.wait_to_retry(host, &mut attempts, &error).await {
                return Err(error.into());
            }
        }
    }

    async fn upload_once(
        &self,
        url: &Url,
        authorization: Option<&HeaderValue>,
        content_type: &str,
        body: &RequestBody,
    ) -> Result<UploadAnswer, RequestError> {
        let content_type = HeaderValue::from_str(content_type).ok();
        let headers = HeaderMap::from_iter(content_type.map(|value| (CONTENT_TYPE, value)));
        let exchange = Exchange {
            method: &Method::POST,
            url,
            headers: &headers,
            body,
            is_commit: true,
        };
        let response = self.http().exchange(&exchange, authorization).await?;
        if is_refusal_for_now(response.status) {
            return Err(RequestError::Response(Box::new(response.into_error().await)));
        }
        let location = response.headers.get(LOCATION);
        let location = location.and_then(|value| value.to_str().ok()).map(redact_text);
        Ok(UploadAnswer {
            status: response.status,
            location,
            body: response.body.read_beginning(ANSWER_LIMIT).await,
            attempts: 1,
        })
    }
}

/// Tells whether nothing has come of a failed request, so that it may be sent again without asking.
fn is_untouched(error: &RequestError) -> bool {
    match error {
        RequestError::Connect { .. } => true,
        RequestError::Response(response) => is_refusal_for_now(response.status()),
        _ => false,
    }
}

fn is_refusal_for_now(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}
