//! Sending requests: the one place where they go out.
//!
//! A call passes four layers, outermost first: it is sent again after a failure that may pass ([`retry`]), answers demands
//! for authentication ([`crate::auth`]), follows redirects ([`redirect`]), and is sent once with time limits.

mod activity;
mod body;
mod connect_failure;
mod connector;
mod download;
mod fetch_url;
mod pace;
mod rate;
mod redact;
mod redirect;
mod response;
mod retry;
mod send;
mod tls;
mod upload;
mod verifier;
mod warning;

pub use self::body::BodyPiece;
pub(crate) use self::body::{BlobPart, ReadSourceError, RequestBody};
pub(crate) use self::connect_failure::chain;
pub use self::download::{UrlAnswer, UrlContent, UrlDownload, Validators};
pub use self::fetch_url::UrlLogin;
pub(crate) use self::redact::{redact, redact_text};
pub(crate) use self::redirect::{as_known, is_redirect, is_same_origin, next_location};
pub(crate) use self::response::{Limited, Response};
pub(crate) use self::retry::{Attempts, Decision, Outcome, chance, is_retryable_status};
pub use self::retry::{RetryPolicy, Sleeper, TokioSleeper};
pub(crate) use self::send::{Exchange, HttpClient};
pub use self::upload::{UploadAnswer, UrlUpload};

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderValue;
use skeg_oci::{RegistryHost, RepositoryName};
use url::Url;

use crate::auth::Authenticator;
use crate::client::ClientOptions;
use crate::credential::CredentialProvider;
use crate::error::{ConnectError, RedirectError, RequestError, ResponseError};
use crate::reporter::{Notice, RetryNotice, TransferReporter};
use crate::request::{Address, Call, Retries, base_url};
use crate::transport::redirect::MAX_REDIRECTS;
use crate::transport::warning::Warnings;

/// Pauses up to this are not worth a word to a person.
const QUIET_PAUSE: Duration = Duration::from_secs(1);

/// What all requests share.
pub(crate) struct Transport {
    http: HttpClient,
    authenticator: Authenticator,
    options: ClientOptions,
    reporter: Arc<dyn TransferReporter>,
    /// Registries that may speak plain HTTP, and were found to.
    plain_hosts: Mutex<HashSet<RegistryHost>>,
    warnings: Warnings,
    /// Held while a list of referrers is read, changed and put back.
    referrers: tokio::sync::Mutex<()>,
}

/// Whom a call is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Endpoint {
    pub(crate) host: RegistryHost,
    pub(crate) repository: Option<RepositoryName>,
}

impl Transport {
    pub(crate) fn new(
        options: ClientOptions,
        credentials: Arc<dyn CredentialProvider>,
        reporter: Arc<dyn TransferReporter>,
    ) -> Self {
        let options = ClientOptions {
            timeouts: options.timeouts.within(options.retry.budget),
            ..options
        };
        Self {
            http: HttpClient::new(&options),
            authenticator: Authenticator::new(credentials, Arc::clone(&reporter)),
            options,
            reporter,
            plain_hosts: Mutex::default(),
            warnings: Warnings::default(),
            referrers: tokio::sync::Mutex::default(),
        }
    }

    /// A transport over the same connections that knows other credentials, and no tokens yet.
    pub(crate) fn with_credentials(&self, credentials: Arc<dyn CredentialProvider>) -> Self {
        let plain_hosts = self
            .plain_hosts
            .lock()
            .expect("because nothing panics while it holds the lock");
        Self {
            http: self.http.clone(),
            authenticator: Authenticator::new(credentials, Arc::clone(&self.reporter)),
            options: self.options.clone(),
            reporter: Arc::clone(&self.reporter),
            plain_hosts: Mutex::new(plain_hosts.clone()),
            warnings: Warnings::default(),
            referrers: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn heard_warnings(&self) -> Vec<String> {
        self.warnings.all()
    }

    /// Waits for the turn to change a list of referrers.
    pub(crate) async fn referrers_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.referrers.lock().await
    }

    pub(crate) fn reporter(&self) -> &Arc<dyn TransferReporter> {
        &self.reporter
    }

    pub(crate) fn http(&self) -> &HttpClient {
        &self.http
    }

    /// Sends a call until it succeeds, or fails for good. Every status but 2xx is an error.
    pub(crate) async fn call(&self, endpoint: &Endpoint, call: &Call) -> Result<Response, RequestError> {
        self.check_blocked(endpoint)?;
        let mut attempts = Attempts::new();
        loop {
            let error = match self.authenticator.call(self, endpoint, call).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            if call.retries == Retries::Caller
                || !self
                    .wait_to_retry(endpoint.host.as_str(), &mut attempts, &error)
                    .await
            {
                return Err(error);
            }
        }
    }

    fn check_blocked(&self, endpoint: &Endpoint) -> Result<(), RequestError> {
        let hosts = &self.options.hosts;
        let Some(origin) = hosts.blocked(&endpoint.host, endpoint.repository.as_ref()) else {
            return Ok(());
        };
        let host = endpoint.host.as_str();
        Err(RequestError::Blocked {
            place: match &endpoint.repository {
                Some(repository) => format!("{host}/{}", repository.as_str()),
                None => host.to_owned(),
            },
            origin,
        })
    }

    /// Waits.
    pub(crate) async fn pause(&self, duration: Duration) {
        self.options.sleeper.sleep(duration).await;
    }

    /// After a failure: waits and tells that it is worth another try, or tells that it is not.
    pub(crate) async fn wait_to_retry(
        &self,
        host: &str,
        attempts: &mut Attempts,
        error: &RequestError,
    ) -> bool {
        attempts.failed(error);
        let decision = self.options.retry.decide(attempts, Outcome::of(error), chance());
        let limited = retry::limiting_host(error);
        let Decision::Retry { after } = decision else {
            if let Some(url) = limited {
                self.http.paces().pause(&url, self.options.retry.base_delay);
            }
            return false;
        };
        self.report_retry(host, attempts.number, after, error);
        attempts.paused(after);
        if let Some(url) = &limited {
            self.http.paces().pause(url, after);
        }
        self.options.sleeper.sleep(after).await;
        if let Some(url) = &limited {
            self.http.paces().waited(url, after);
        }
        true
    }

    /// Tells of a pause that a person notices, and logs all of them.
    fn report_retry(&self, host: &str, attempt: u32, delay: Duration, error: &RequestError) {
        tracing::debug!(attempt, ?delay, error = %error, "retry");
        if delay <= QUIET_PAUSE {
            return;
        }
        let reason = error.reason();
        self.reporter.on_retry(&RetryNotice {
            host,
            attempt,
            delay,
            reason: &reason,
        });
    }

    /// Sends a call once, with this value of `Authorization`, to wherever redirects lead.
    pub(crate) async fn send(
        &self,
        endpoint: &Endpoint,
        call: &Call,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response, RequestError> {
        let result = self.send_to_registry(endpoint, call, authorization).await;
        let Err(error) = result else {
            return result;
        };
        if !self.learn_plain_http(endpoint, &error) {
            return Err(error);
        }
        self.send_to_registry(endpoint, call, authorization).await
    }

    async fn send_to_registry(
        &self,
        endpoint: &Endpoint,
        call: &Call,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response, RequestError> {
        let base = self.registry_url(endpoint)?;
        let first = match &call.address {
            Address::Path(path) => base.join(path).unwrap_or_else(|_| base.clone()),
            Address::Url(url) => url.clone(),
        };
        let mut is_foreign = !is_same_origin(&first, &base);
        let mut url = first;
        for _ in 0..=MAX_REDIRECTS {
            let authorization = authorization.filter(|_| !is_foreign);
            let response = self
                .http
                .exchange(&Exchange::of(call, &url), authorization)
                .await?;
            self.note_warnings(endpoint, &response);
            if is_redirect(&call.method, response.status) {
                url = next_location(&url, &response.headers)
                    .map_err(|error| redirect_error(call, &url, error))?;
                is_foreign |= !is_same_origin(&url, &base);
                continue;
            }
            if response.status.is_success() {
                return Ok(response);
            }
            let mut error = response.into_error().await;
            error.is_foreign = is_foreign;
            return Err(tls_server_or(error));
        }
        Err(redirect_error(call, &url, RedirectError::TooMany(MAX_REDIRECTS)))
    }

    /// The registry's own URL: HTTPS, unless it is to be or was found to be plain HTTP.
    pub(crate) fn registry_url(&self, endpoint: &Endpoint) -> Result<Url, RequestError> {
        let plain_hosts = self
            .plain_hosts
            .lock()
            .expect("because nothing panics while it holds the lock");
        let is_plain = self.options.plain_http
            || plain_hosts.contains(&endpoint.host)
            || self.options.hosts.options(&endpoint.host).plain_http;
        let scheme = if is_plain { "http" } else { "https" };
        base_url(scheme, &endpoint.host).map_err(|source| RequestError::InvalidHost {
            host: endpoint.host.to_string(),
            source,
        })
    }

    /// Notes that a loopback registry does not speak TLS, if that is why `error` came about.
    fn learn_plain_http(&self, endpoint: &Endpoint, error: &RequestError) -> bool {
        let is_plain = match error.connect() {
            Some(ConnectError::PlainHttpServer) => true,
            // Some servers hang up on what they do not understand.
            Some(ConnectError::Tls { source }) => matches!(
                source.kind(),
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
            ),
            // Others wait for more of it.
            Some(ConnectError::Timeout { .. }) => endpoint.host.is_loopback(),
            _ => false,
        };
        let may_be_plain =
            endpoint.host.is_loopback() || self.options.hosts.options(&endpoint.host).may_be_plain_http;
        if !is_plain || !may_be_plain {
            return false;
        }
        let mut plain_hosts = self
            .plain_hosts
            .lock()
            .expect("because nothing panics while it holds the lock");
        let is_news = plain_hosts.insert(endpoint.host.clone());
        drop(plain_hosts);
        if is_news {
            self.reporter.on_notice(&Notice::PlainHttp {
                host: endpoint.host.clone(),
            });
        }
        true
    }

    fn note_warnings(&self, endpoint: &Endpoint, response: &Response) {
        for text in self.warnings.news(&response.headers) {
            self.reporter.on_notice(&Notice::Warning {
                host: endpoint.host.clone(),
                text,
            });
        }
    }
}

fn redirect_error(call: &Call, url: &Url, source: RedirectError) -> RequestError {
    RequestError::Redirect {
        method: call.method.clone(),
        url: redact(url),
        source,
    }
}

/// Go's servers answer plain HTTP on a TLS port with this text.
fn tls_server_or(error: ResponseError) -> RequestError {
    let is_tls_server = error.status == http::StatusCode::BAD_REQUEST
        && error.text.contains("HTTP request to an HTTPS server");
    if is_tls_server {
        return RequestError::TlsServer {
            method: error.method,
            url: error.url,
        };
    }
    RequestError::Response(Box::new(error))
}
