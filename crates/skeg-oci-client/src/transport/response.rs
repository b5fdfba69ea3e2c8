//! Responses: the head, the body in pieces, and the error that a refusal becomes.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use skeg_oci::ErrorBody;
use url::Url;

use crate::error::{RequestError, ResponseError, TimeoutStage};
use crate::transport::redact::redact;

/// How much of an error's body is read.
const ERROR_LIMIT: usize = 64 * 1024;

/// How many characters of a text that is no error list are kept.
const TEXT_LIMIT: usize = 300;

/// What is kept of the headers of an error.
const KEPT: [HeaderName; 3] = [WWW_AUTHENTICATE, RETRY_AFTER, DATE];

/// A response whose body is still to be read.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) version: http::Version,
    /// Where it came from, after all redirects.
    pub(crate) url: Url,
    pub(crate) body: ResponseBody,
}

/// The body of a response. Waits a limited time for each piece.
pub(crate) struct ResponseBody {
    pub(crate) incoming: Incoming,
    pub(crate) idle: Duration,
    pub(crate) method: Method,
    /// Redacted, for messages.
    pub(crate) url: String,
}

/// What reading at most so many bytes gave.
pub(crate) enum Limited {
    Whole(Bytes),
    TooLarge,
}

impl ResponseBody {
    /// Waits for the next piece; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Option<Result<Bytes, RequestError>> {
        loop {
            let Ok(frame) = tokio::time::timeout(self.idle, self.incoming.frame()).await else {
                return Some(Err(RequestError::Timeout {
                    method: self.method.clone(),
                    url: self.url.clone(),
                    stage: TimeoutStage::Body,
                    after: self.idle,
                }));
            };
            match frame? {
                Ok(frame) => {
                    if let Ok(data) = frame.into_data() {
                        return Some(Ok(data));
                    }
                }
                Err(source) => {
                    return Some(Err(RequestError::Broken {
                        method: self.method.clone(),
                        url: self.url.clone(),
                        source: source.into(),
                    }));
                }
            }
        }
    }

    /// Reads all of it, unless there are more than `limit` bytes.
    pub(crate) async fn read(mut self, limit: usize) -> Result<Limited, RequestError> {
        let mut read = BytesMut::new();
        while let Some(chunk) = self.chunk().await {
            let chunk = chunk?;
            if read.len() + chunk.len() > limit {
                return Ok(Limited::TooLarge);
            }
            read.extend_from_slice(&chunk);
        }
        Ok(Limited::Whole(read.freeze()))
    }

    /// Reads the beginning, whatever happens behind it.
    pub(crate) async fn read_beginning(mut self, limit: usize) -> Bytes {
        let mut read = BytesMut::new();
        while let Some(Ok(chunk)) = self.chunk().await {
            let wanted = chunk.len().min(limit - read.len());
            read.extend_from_slice(&chunk[..wanted]);
            if read.len() == limit {
                break;
            }
        }
        read.freeze()
    }
}

impl Response {
    /// Turns a refusal into an error, with the server's words.
    pub(crate) async fn into_error(self) -> ResponseError {
        let method = self.body.method.clone();
        let body = self.body.read_beginning(ERROR_LIMIT).await;
        let parsed = ErrorBody::parse(&body);
        let text = match parsed {
            Some(_) => String::new(),
            None => plain_text(&self.headers, &body),
        };
        ResponseError {
            method,
            url: redact(&self.url),
            status: self.status,
            body: parsed,
            text,
            headers: kept(&self.headers),
            is_foreign: false,
        }
    }
}

/// The headers of a refusal that somebody asks for; others may hold cookies and signed addresses.
fn kept(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.iter().filter(|(name, _)| KEPT.contains(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The beginning of a body as one line for a message; web pages have nothing to say there.
fn plain_text(headers: &HeaderMap, body: &[u8]) -> String {
    let is_html = crate::request::media_type(headers).is_some_and(|kind| kind.as_str() == "text/html");
    let text = String::from_utf8_lossy(body);
    if is_html || text.trim_start().starts_with('<') {
        return String::new();
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .chars()
        .filter(|character| !character.is_control())
        .take(TEXT_LIMIT)
        .collect()
}
