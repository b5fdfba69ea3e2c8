//! Sending one request once.

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderMap, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderValue, Method, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;

use crate::client::{ClientOptions, Timeouts};
use crate::error::{RequestError, TimeoutStage};
use crate::request::{Call, Retries};
use crate::transport::activity::{Activity, Patience};
use crate::transport::body::{ReadSourceError, RequestBody, SendBody};
use crate::transport::connect_failure::{self, chain};
use crate::transport::connector::{Connector, Proxies};
use crate::transport::pace::Paces;
use crate::transport::redact::redact;
use crate::transport::response::{Response, ResponseBody};
use crate::transport::retry::is_limit;

/// How much of a response is read from a connection at once.
const READ_BUFFER: usize = 256 * 1024;

/// How many bytes an HTTP/2 server may send ahead on one stream.
const STREAM_WINDOW: u32 = 2 * 1024 * 1024;

/// The HTTP client with our limits around it.
#[derive(Clone)]
pub(crate) struct HttpClient {
    client: Client<Connector, SendBody>,
    proxies: Proxies,
    paces: Paces,
    timeouts: Timeouts,
    offline: bool,
    user_agent: HeaderValue,
}

/// One request to one URL.
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a RequestBody,
    /// Whether the server has much to do before it answers.
    pub(crate) is_commit: bool,
}

impl<'a> Exchange<'a> {
    pub(crate) fn of(call: &'a Call, url: &'a Url) -> Self {
        Self {
            method: &call.method,
            url,
            headers: &call.headers,
            body: &call.body,
            is_commit: call.method == Method::PUT && call.retries == Retries::Caller,
        }
    }
}

impl HttpClient {
    pub(crate) fn new(options: &ClientOptions) -> Self {
        let proxies = Proxies::new(&options.proxy);
        let connector = Connector::new(options, proxies.clone());
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .http1_max_buf_size(READ_BUFFER)
            .http2_initial_stream_window_size(STREAM_WINDOW)
            .http2_initial_connection_window_size(2 * STREAM_WINDOW)
            .build(connector);
        Self {
            client,
            proxies,
            paces: Paces::new(
                options.requests_per_host,
                Arc::clone(&options.sleeper),
                Arc::clone(&options.hosts),
            ),
            timeouts: options.timeouts,
            offline: options.offline,
            user_agent: HeaderValue::from_str(&options.user_agent)
                .unwrap_or_else(|_| HeaderValue::from_static("skeg")),
        }
    }

    pub(crate) fn paces(&self) -> &Paces {
        &self.paces
    }

    /// Sends a request, when its host's turn has come, and waits for the head of its response, of whatever status.
    pub(crate) async fn exchange(
        &self,
        exchange: &Exchange<'_>,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response, RequestError> {
        if self.offline {
            return Err(RequestError::Offline {
                method: exchange.method.clone(),
                url: redact(exchange.url),
            });
        }
        let admission = self.paces.admit(exchange.method, exchange.url).await;
        let activity = Arc::new(Activity::new());
        let patience = Patience {
            sending: self.timeouts.idle,
            waiting: self.patience_for_head(exchange),
        };
        let request = self.request(exchange, authorization, Arc::clone(&activity))?;
        let started = tokio::time::Instant::now();
        let outcome = activity.watch(patience, self.client.request(request)).await;
        let url = redact(exchange.url);
        let response = match outcome {
            Err(stalled) => {
                return Err(RequestError::Timeout {
                    method: exchange.method.clone(),
                    url,
                    stage: TimeoutStage::ResponseHead,
                    after: stalled.0,
                });
            }
            Ok(Err(error)) => return Err(request_error(exchange.method, url, error)),
            Ok(Ok(response)) => response,
        };
        let (head, incoming) = response.into_parts();
        if is_limit(head.status, &head.headers) {
            admission.refused();
        } else {
            admission.answered();
        }
        tracing::debug!(
            method = %exchange.method,
            url,
            status = head.status.as_u16(),
            elapsed = ?started.elapsed(),
            authorized = authorization.is_some(),
            "request"
        );
        Ok(Response {
            status: head.status,
            headers: head.headers,
            version: head.version,
            url: exchange.url.clone(),
            body: ResponseBody {
                incoming,
                idle: self.timeouts.idle,
                method: exchange.method.clone(),
                url,
            },
        })
    }

    fn patience_for_head(&self, exchange: &Exchange<'_>) -> Duration {
        if exchange.is_commit {
            self.timeouts.upload_commit
        } else {
            self.timeouts.response_head
        }
    }

    fn request(
        &self,
        exchange: &Exchange<'_>,
        authorization: Option<&HeaderValue>,
        activity: Arc<Activity>,
    ) -> Result<Request<SendBody>, RequestError> {
        let broken = |source| RequestError::Broken {
            method: exchange.method.clone(),
            url: redact(exchange.url),
            source,
        };
        let uri: Uri = exchange
            .url
            .as_str()
            .parse()
            .map_err(|error: http::uri::InvalidUri| broken(error.into()))?;
        let proxy_authorization = self.proxies.authorization(&uri);
        let mut request = Request::new(exchange.body.open(activity));
        *request.method_mut() = exchange.method.clone();
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.clone_from(exchange.headers);
        headers.insert(USER_AGENT, self.user_agent.clone());
        if matches!(*exchange.method, Method::PUT | Method::POST | Method::PATCH) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(exchange.body.size()));
        }
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        if let Some(authorization) = proxy_authorization {
            headers.insert(PROXY_AUTHORIZATION, authorization);
        }
        Ok(request)
    }
}

/// Names why the HTTP client gave up.
fn request_error(method: &Method, url: String, error: hyper_util::client::legacy::Error) -> RequestError {
    let method = method.clone();
    if let Some(source) = connect_failure::find(&error) {
        return RequestError::Connect { method, url, source };
    }
    let read = chain(&error).find_map(|error| error.downcast_ref::<ReadSourceError>());
    if let Some(read) = read {
        return RequestError::ReadSource {
            path: read.path.clone(),
            source: Arc::clone(&read.source),
        };
    }
    let parsing = chain(&error)
        .filter_map(|error| error.downcast_ref::<hyper::Error>())
        .find(|error| error.is_parse());
    match parsing {
        None => RequestError::Broken {
            method,
            url,
            source: error.into(),
        },
        // A server that begins its answer with something else than HTTP speaks TLS.
        Some(parsing) if url.starts_with("http:") && is_no_status_line(parsing) => {
            RequestError::TlsServer { method, url }
        }
        Some(parsing) => RequestError::Malformed {
            method,
            url,
            source: parsing.to_string().into(),
        },
    }
}

/// Tells whether not even the version of HTTP could be read. The client tells that in words only.
fn is_no_status_line(parsing: &hyper::Error) -> bool {
    parsing.to_string().contains("HTTP version")
}
