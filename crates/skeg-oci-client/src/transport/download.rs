//! Reading what is at a URL into a file, or learning that it is still the same.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use http::header::{ACCEPT, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, StatusCode};
use skeg_oci::{Digest, Digester};
use url::Url;

use crate::error::{FetchUrlError, RequestError};
use crate::transport::fetch_url::{UrlLogin, identity, parse};
use crate::transport::{Attempts, Response, Transport, redact};

/// What is to be read.
#[derive(Clone, Debug, Default)]
pub struct UrlDownload {
    /// An `http` or `https` URL; a user and a password in it go to its own host alone.
    pub url: String,
    /// A user and a password for the origin of the URL (scheme, host and port), and for no other that redirects lead to.
    pub login: Option<UrlLogin>,
    /// The value of `Accept`, if there is to be one.
    pub accept: Option<&'static str>,
    /// What is known of the content already.
    pub known: Validators,
    /// How many bytes are accepted at most.
    pub limit: u64,
}

/// What a server says by which one can ask it later whether content has changed, as it says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The value of `ETag`.
    pub etag: Option<String>,
    /// The value of `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What became of an [`UrlDownload`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlAnswer {
    /// The content is in the file.
    Content(UrlContent),
    /// It is what is known already; the file is empty.
    NotModified,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlContent {
    /// How many bytes.
    pub size: u64,
    /// Their SHA-256 digest.
    pub digest: Digest,
    /// What to ask with next time.
    pub validators: Validators,
}

/// Why one try gave nothing.
enum Failure {
    Request(RequestError),
    Final(FetchUrlError),
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl Transport {
    pub(crate) async fn download_url(
        &self,
        download: &UrlDownload,
        file: &mut File,
    ) -> Result<UrlAnswer, FetchUrlError> {
        let (url, own) = parse(&download.url)?;
        let authorization = download.login.as_ref().and_then(UrlLogin::header).or(own);
        let host = url.host_str().unwrap_or_default();
        let mut attempts = Attempts::new();
        loop {
            let tried = self.download_once(&url, authorization.as_ref(), download, file);
            let error = match tried.await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Request(error)) => error,
            };
            if !self.wait_to_retry(host, &mut attempts, &error).await {
                return Err(error.into());
            }
        }
    }

    async fn download_once(
        &self,
        url: &Url,
        authorization: Option<&HeaderValue>,
        download: &UrlDownload,
        file: &mut File,
    ) -> Result<UrlAnswer, Failure> {
        let response = self.follow(url, authorization, &headers(download)).await?;
        let is_conditional = download.known != Validators::default();
        match response.status {
            StatusCode::OK => read(url, response, download.limit, file)
                .await
                .map(UrlAnswer::Content),
            StatusCode::NOT_MODIFIED if is_conditional => Ok(UrlAnswer::NotModified),
            _ => Err(RequestError::Response(Box::new(response.into_error().await)).into()),
        }
    }
}

fn headers(download: &UrlDownload) -> HeaderMap {
    let mut headers = identity();
    let mut set = |name: HeaderName, text: Option<&str>| {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert(name, value);
        }
    };
    set(ACCEPT, download.accept);
    set(IF_NONE_MATCH, download.known.etag.as_deref());
    set(IF_MODIFIED_SINCE, download.known.last_modified.as_deref());
    headers
}

async fn read(url: &Url, response: Response, limit: u64, file: &mut File) -> Result<UrlContent, Failure> {
    let write = |source| {
        Failure::Final(FetchUrlError::Write {
            url: redact(url),
            source,
        })
    };
    file.set_len(0).map_err(write)?;
    file.seek(SeekFrom::Start(0)).map_err(write)?;
    let text = |name| response.headers.get(name)?.to_str().ok().map(str::to_owned);
    let validators = Validators {
        etag: text(ETAG),
        last_modified: text(LAST_MODIFIED),
    };
    let mut body = response.body;
    let mut digester = Digester::sha256();
    while let Some(chunk) = body.chunk().await {
        let chunk = chunk?;
        if digester.count() + chunk.len() as u64 > limit {
            return Err(Failure::Final(FetchUrlError::TooLarge {
                url: redact(url),
                limit: usize::try_from(limit).unwrap_or(usize::MAX),
            }));
        }
        digester.update(&chunk);
        file.write_all(&chunk).map_err(write)?;
    }
    Ok(UrlContent {
        size: digester.count(),
        digest: digester.finish(),
        validators,
    })
}
