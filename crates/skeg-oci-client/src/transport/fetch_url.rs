//! Reading what is at a URL: nothing of it is a registry's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, LOCATION};
use http::{Method, StatusCode};
use skeg_credentials::Secret;
use url::Url;

use crate::error::{FetchUrlError, RedirectError, RequestError};
use crate::transport::redirect::MAX_REDIRECTS;
use crate::transport::{
    Attempts, Exchange, Limited, RequestBody, Response, Transport, is_redirect, is_same_origin,
    next_location, redact, redact_text,
};

/// Who asks for what is at a URL.
#[derive(Clone, Debug)]
pub enum UrlLogin {
    /// A user and a password.
    Basic(String, Secret<String>),
    /// A token.
    Bearer(Secret<String>),
}

impl UrlLogin {
    /// As a header; nothing if that cannot be one.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        match self {
            Self::Basic(user, password) => basic(user.as_bytes(), password.expose().as_bytes()),
            Self::Bearer(token) => {
                let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose())).ok()?;
                value.set_sensitive(true);
                Some(value)
            }
        }
    }
}

impl Transport {
    pub(crate) async fn fetch_url(
        &self,
        text: &str,
        login: Option<&UrlLogin>,
        limit: usize,
    ) -> Result<Bytes, FetchUrlError> {
        let (url, own) = parse(text)?;
        let authorization = login.and_then(UrlLogin::header).or(own);
        let host = url.host_str().unwrap_or_default();
        let mut attempts = Attempts::new();
        loop {
            let error = match self.fetch_once(&url, authorization.as_ref(), limit).await {
                Ok(Limited::Whole(bytes)) => return Ok(bytes),
                Ok(Limited::TooLarge) => {
                    let url = redact(&url);
                    return Err(FetchUrlError::TooLarge { url, limit });
                }
                Err(error) => error,
            };
            if !self.wait_to_retry(host, &mut attempts, &error).await {
                return Err(error.into());
            }
        }
    }

    async fn fetch_once(
        &self,
        first: &Url,
        authorization: Option<&HeaderValue>,
        limit: usize,
    ) -> Result<Limited, RequestError> {
        let response = self.follow(first, authorization, &identity()).await?;
        if response.status == StatusCode::OK {
            return response.body.read(limit).await;
        }
        Err(RequestError::Response(Box::new(response.into_error().await)))
    }

    /// Sends a request to wherever redirects lead; whatever the status is then, it is the answer. The authorization goes to
    /// the first origin alone.
    pub(super) async fn follow(
        &self,
        first: &Url,
        authorization: Option<&HeaderValue>,
        headers: &HeaderMap,
    ) -> Result<Response, RequestError> {
        let mut url = first.clone();
        for _ in 0..=MAX_REDIRECTS {
            let authorization = authorization.filter(|_| is_same_origin(first, &url));
            let exchange = Exchange {
                method: &Method::GET,
                url: &url,
                headers,
                body: &RequestBody::Empty,
                is_commit: false,
            };
            let response = self.http().exchange(&exchange, authorization).await?;
            if !is_redirect(&Method::GET, response.status) || !response.headers.contains_key(LOCATION) {
                return Ok(response);
            }
            url = next_location(&url, &response.headers).map_err(|error| refused(&url, error))?;
        }
        Err(refused(&url, RedirectError::TooMany(MAX_REDIRECTS)))
    }
}

/// The headers of a request for bytes as they are.
pub(super) fn identity() -> HeaderMap {
    HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))])
}

/// The URL without its user and password, and these as a header.
pub(super) fn parse(text: &str) -> Result<(Url, Option<HeaderValue>), FetchUrlError> {
    let mut url = Url::parse(text).map_err(|source| FetchUrlError::InvalidUrl {
        url: redact_text(text),
        source,
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchUrlError::Scheme {
            scheme: url.scheme().to_owned(),
        });
    }
    let user = percent_decoded(url.username());
    let password = percent_decoded(url.password().unwrap_or_default());
    if user.is_empty() && password.is_empty() {
        return Ok((url, None));
    }
    let authorization = basic(&user, &password);
    // The setters fail for URLs that cannot have a user, and this one has.
    if url.set_username("").is_err() || url.set_password(None).is_err() {
        return Ok((url, None));
    }
    Ok((url, authorization))
}

/// A user and a password as a header.
fn basic(user: &[u8], password: &[u8]) -> Option<HeaderValue> {
    let encoded = STANDARD.encode([user, b":", password].concat());
    let mut value = HeaderValue::try_from(format!("Basic {encoded}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    bytes
}

fn refused(url: &Url, source: RedirectError) -> RequestError {
    RequestError::Redirect {
        method: Method::GET,
        url: redact(url),
        source,
    }
}
