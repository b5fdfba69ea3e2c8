//! The client: the settings and the state that all registries share.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use skeg_oci::{RegistryHost, RepositoryName};

use crate::credential::CredentialProvider;
use crate::error::FetchUrlError;
use crate::host::{HostConfiguration, SameForAll};
use crate::registry::Registry;
use crate::reporter::TransferReporter;
use crate::repository::Repository;
use crate::transport::{RetryPolicy, Sleeper, TokioSleeper, Transport, UrlAnswer, UrlDownload};
use crate::transport::{UploadAnswer, UrlLogin, UrlUpload};

/// Talks to registries over HTTP. Cheap to clone; clones share connections, tokens and what was learned about hosts.
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
}

/// How a [`Client`] behaves. Every value has a default that suits public registries.
#[derive(Clone)]
pub struct ClientOptions {
    /// How TLS servers are checked, and how we identify ourselves to them.
    pub tls: TlsOptions,
    /// Use plain HTTP for every registry. Without it, plain HTTP is used for those on a loopback address that do not
    /// speak TLS, and for no others.
    pub plain_http: bool,
    /// The proxies to go through.
    pub proxy: ProxyOptions,
    /// Send no request at all: each one fails with [`RequestError::Offline`](crate::RequestError::Offline).
    pub offline: bool,
    /// The value of `User-Agent`.
    pub user_agent: String,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// When a failed request is sent again.
    pub retry: RetryPolicy,
    /// How many requests may wait for an answer of one host at the same time: so many that read, and so many that write.
    pub requests_per_host: usize,
    /// What differs for some hosts.
    pub hosts: Arc<dyn HostConfiguration>,
    /// Waits between two tries.
    pub sleeper: Arc<dyn Sleeper>,
}

/// How TLS servers are checked, and how we identify ourselves to them. The files are read at the first TLS connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// A PEM file of certificate authorities that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// A PEM file of the client certificate and its chain.
    pub client_certificate: Option<PathBuf>,
    /// A PEM file of the client certificate's key.
    pub client_key: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure_skip_verify: bool,
}

/// The proxies to go through, as the variables of the same names state them; empty means none.
///
/// As in Go, loopback hosts are never reached through a proxy.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProxyOptions {
    /// `HTTP_PROXY`: the proxy for `http` URLs.
    pub http: String,
    /// `HTTPS_PROXY`: the proxy for `https` URLs.
    pub https: String,
    /// `NO_PROXY`: comma-separated hosts, domains and networks that are reached directly.
    pub no_proxy: String,
}

/// How long to wait for what. There is no limit on a whole transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a TCP connection.
    pub connect: Duration,
    /// For the TLS handshake, on top of that.
    pub tls_handshake: Duration,
    /// For the head of a response, from the end of the request.
    pub response_head: Duration,
    /// For the head of the response that ends a blob's upload, which some registries take long to give.
    pub upload_commit: Duration,
    /// For more bytes of a body, in either direction.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            tls_handshake: Duration::from_secs(10),
            response_head: Duration::from_mins(1),
            upload_commit: Duration::from_mins(5),
            idle: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    /// These, none of them longer than `limit`.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self {
            connect: self.connect.min(limit),
            tls_handshake: self.tls_handshake.min(limit),
            response_head: self.response_head.min(limit),
            upload_commit: self.upload_commit.min(limit),
            idle: self.idle.min(limit),
        }
    }
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            tls: TlsOptions::default(),
            plain_http: false,
            offline: false,
            proxy: ProxyOptions::default(),
            user_agent: concat!("skeg/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeouts: Timeouts::default(),
            retry: RetryPolicy::default(),
            requests_per_host: 32,
            hosts: Arc::new(SameForAll),
            sleeper: Arc::new(TokioSleeper),
        }
    }
}

impl Client {
    /// Makes a client. Nothing is read or connected until the first request.
    pub fn new(
        options: ClientOptions,
        credentials: Arc<dyn CredentialProvider>,
        reporter: Arc<dyn TransferReporter>,
    ) -> Self {
        Self {
            transport: Arc::new(Transport::new(options, credentials, reporter)),
        }
    }

    /// Reads what is at an `http` or `https` URL, which need not be a registry's; more than `limit` bytes are an error.
    ///
    /// Redirects are followed and failures that may pass tried again. No credential of the provider is sent: a user
    /// and a password in the URL itself go to its own host.
    ///
    /// # Errors
    ///
    /// See [`FetchUrlError`]; any status but 200 is a [`RequestError::Response`](crate::RequestError::Response).
    pub async fn fetch_url(&self, url: &str, limit: usize) -> Result<Bytes, FetchUrlError> {
        self.transport.fetch_url(url, None, limit).await
    }

    /// As [`Client::fetch_url`], with a login, which goes to the host of the URL alone.
    ///
    /// # Errors
    ///
    /// See [`Client::fetch_url`].
    pub async fn fetch_url_as(
        &self,
        url: &str,
        login: Option<&UrlLogin>,
        limit: usize,
    ) -> Result<Bytes, FetchUrlError> {
        self.transport.fetch_url(url, login, limit).await
    }

    /// Sends a body of any size to an `http` or `https` URL by POST, and returns what is answered, whatever the status is.
    ///
    /// No redirect is followed. It is sent again only where nothing can have come of it: no connection came about, or the
    /// server refused for now (429, 503). What else fails may have been done, which only the caller can find out.
    ///
    /// # Errors
    ///
    /// See [`FetchUrlError`]; no status but 429 and 503 is an error.
    pub async fn upload_url(&self, upload: &UrlUpload) -> Result<UploadAnswer, FetchUrlError> {
        self.transport.upload_url(upload).await
    }

    /// Reads what is at an `http` or `https` URL into a file, from its beginning; what was in the file is lost.
    ///
    /// As [`Client::fetch_url`], for content of any size and with a login; a server that is told what is known already
    /// may answer that nothing has changed.
    ///
    /// # Errors
    ///
    /// See [`FetchUrlError`]; any status but 200 and an expected 304 is a
    /// [`RequestError::Response`](crate::RequestError::Response).
    pub async fn download_url(
        &self,
        download: &UrlDownload,
        file: &mut File,
    ) -> Result<UrlAnswer, FetchUrlError> {
        self.transport.download_url(download, file).await
    }

    /// One registry.
    pub fn registry(&self, host: RegistryHost) -> Registry {
        Registry::new(Arc::clone(&self.transport), host)
    }

    /// One repository of a registry.
    pub fn repository(&self, host: RegistryHost, name: RepositoryName) -> Repository {
        Repository::new(Arc::clone(&self.transport), host, name)
    }
}
