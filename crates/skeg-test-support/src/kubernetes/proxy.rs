//! A proxy before a real API server: it writes every request down, makes all of them late, and fails those that a test chooses.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONNECTION, HOST, RETRY_AFTER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use super::body::{Cut, PassedBody, Source};
use super::kubeconfig::Kubeconfig;
use super::upstream::Upstream;
use crate::registry::fault::{Fault, FaultAction, FaultSet};
use crate::registry::log::{Arrival, Origin, RequestLog, SharedLog};
use crate::registry::response::{header_name, header_value};
use crate::registry::server::{Bound, ConnectionState, ResettableStream, ServerRuntime, accept_loop};
use crate::tls::{AcceptorOptions, TestCertificates, acceptor};

/// So much may be under way to the client before it is read.
const WINDOW: u32 = 8 * 1024 * 1024;

/// Describes an [`ApiProxy`].
#[derive(Debug, Clone)]
#[must_use = "a described proxy does nothing until it is started"]
pub struct ApiProxyBuilder {
    kubeconfig: Kubeconfig,
    delay: Duration,
    plain: bool,
    http1: bool,
    faults: Vec<Fault>,
}

impl ApiProxyBuilder {
    /// Makes every request late by this much.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Speaks plain HTTP/1.1 with clients instead of TLS. Clients of Kubernetes keep their tokens for themselves then: whoever
    /// sends none is the current user of the kubeconfig.
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Offers clients HTTP/1.1 only.
    pub fn http1_only(mut self) -> Self {
        self.http1 = true;
        self
    }

    /// Adds a fault (see [`ApiProxy::add_fault`]).
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Starts the proxy.
    #[must_use]
    pub fn start(self) -> ApiProxy {
        let bound = Bound::loopback(false);
        let certificates = (!self.plain).then(TestCertificates::generate);
        let scheme = if self.plain { "http" } else { "https" };
        let url = format!("{scheme}://{}", bound.address);
        let authority = certificates.as_ref().map(TestCertificates::ca_pem);
        let proxy = ApiProxy {
            runtime: ServerRuntime::new(),
            log: SharedLog::default(),
            faults: FaultSet::default(),
            kubeconfig: self.kubeconfig.at(&url, authority.as_deref()),
            connections: Arc::default(),
            breaker: Arc::default(),
        };
        for fault in self.faults {
            proxy.add_fault(fault);
        }
        let served = Arc::new(Served {
            upstream: Upstream::of(&self.kubeconfig),
            delay: self.delay,
            token: self.plain.then(|| format!("Bearer {}", self.kubeconfig.token())),
            log: proxy.log.clone(),
            faults: proxy.faults.clone(),
            breaker: Arc::clone(&proxy.breaker),
            tls: certificates.map(|certificates| {
                let options = AcceptorOptions {
                    http2: !self.http1,
                    ..AcceptorOptions::default()
                };
                acceptor(&certificates, options)
            }),
        });
        let accepted = Arc::clone(&proxy.connections);
        proxy.runtime.spawn(async move {
            accept_loop(bound.into_listener(), accepted, move |stream, number| {
                tokio::spawn(Arc::clone(&served).connection(stream, number));
            })
            .await;
        });
        proxy
    }
}

/// A proxy before a Kubernetes API server, on a loopback port; it stops when dropped.
///
/// Clients reach it by TLS with HTTP/2 or HTTP/1.1, the server is reached by HTTP/2. Bodies are passed on as they come, so that
/// watches work; what takes a connection over (`exec`, `port-forward`) does not. Users are known by their tokens, not by client
/// certificates.
pub struct ApiProxy {
    runtime: ServerRuntime,
    log: SharedLog,
    faults: FaultSet,
    kubeconfig: Kubeconfig,
    connections: Arc<AtomicUsize>,
    breaker: Arc<Notify>,
}

impl ApiProxy {
    /// Starts a proxy that only writes down.
    #[must_use]
    pub fn start(kubeconfig: &Kubeconfig) -> Self {
        Self::builder(kubeconfig).start()
    }

    /// Begins to describe a proxy before the server of a kubeconfig.
    pub fn builder(kubeconfig: &Kubeconfig) -> ApiProxyBuilder {
        ApiProxyBuilder {
            kubeconfig: kubeconfig.clone(),
            delay: Duration::ZERO,
            plain: false,
            http1: false,
            faults: Vec::new(),
        }
    }

    /// The kubeconfig by which clients reach the server through the proxy.
    #[must_use]
    pub fn kubeconfig(&self) -> &Kubeconfig {
        &self.kubeconfig
    }

    /// The requests so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> RequestLog {
        self.log.snapshot(None)
    }

    /// Forgets the requests so far; those that run are not followed any further.
    pub fn clear_requests(&self) {
        self.log.clear();
    }

    /// Adds a fault: a status (see [`Fault::kubernetes`]), a delay, a rate limit, headers, no response, a stall, GOAWAY, or a
    /// connection that breaks off. With `committed` the server has done what was asked when it happens.
    ///
    /// # Panics
    ///
    /// Panics where the fault is one of registries only.
    pub fn add_fault(&self, fault: Fault) {
        assert!(is_possible(&fault), "an API server does not do that: {fault:?}");
        self.faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.faults.clear();
    }

    /// Breaks all connections, as a server that was killed does; it is there again at once.
    pub fn hang_up(&self) {
        self.breaker.notify_waiters();
    }

    /// The number of connections that clients have made.
    #[must_use]
    pub fn accepted_connections(&self) -> usize {
        self.connections.load(std::sync::atomic::Ordering::SeqCst)
    }
}

impl std::fmt::Debug for ApiProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiProxy").finish_non_exhaustive()
    }
}

impl Fault {
    /// Answers as an API server does that refuses: a `Status` with this code, reason and message.
    ///
    /// ```
    /// use skeg_test_support::Fault;
    ///
    /// let conflict = Fault::kubernetes(409, "Conflict", "the object has been modified").once();
    /// let busy = Fault::kubernetes(429, "TooManyRequests", "try again later").header("Retry-After", "1");
    /// ```
    #[must_use]
    pub fn kubernetes(code: u16, reason: &str, message: &str) -> Self {
        let status = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": reason,
            "code": code,
        });
        Self::status(code)
            .header("Content-Type", "application/json")
            .body(status.to_string())
    }
}

/// What the requests of one connection share.
#[derive(Clone)]
pub(super) struct Connection {
    state: ConnectionState,
    broken: Arc<Notify>,
}

impl Connection {
    /// Ends the connection by a reset, with all that is under way on it.
    pub(super) fn break_off(&self) {
        self.state.reset_when_closed();
        self.broken.notify_one();
    }
}

/// What the connections share.
struct Served {
    upstream: Upstream,
    delay: Duration,
    token: Option<String>,
    log: SharedLog,
    faults: FaultSet,
    breaker: Arc<Notify>,
    tls: Option<TlsAcceptor>,
}

impl Served {
    async fn connection(self: Arc<Self>, stream: TcpStream, number: usize) {
        let connection = Connection {
            state: ConnectionState::new(number),
            broken: Arc::default(),
        };
        let stream = ResettableStream::new(stream, connection.state.clone());
        // A broken connection or handshake is the client's to report.
        match self.tls.clone() {
            None => self.stream(stream, connection).await,
            Some(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
                    self.stream(stream, connection).await;
                }
            }
        }
    }

    async fn stream<S>(self: Arc<Self>, stream: S, connection: Connection)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let breaker = Arc::clone(&self.breaker);
        let (broken, farewell) = (
            Arc::clone(&connection.broken),
            Arc::clone(&connection.state.farewell),
        );
        let state = connection.state.clone();
        let service = service_fn(move |request| {
            let (served, connection) = (Arc::clone(&self), connection.clone());
            async move { served.exchange(request, connection).await }
        });
        let mut builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
        builder.http1().half_close(false);
        builder
            .http2()
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(WINDOW);
        let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            served = serving.as_mut() => drop(served),
            () = broken.notified() => {}
            () = breaker.notified() => state.reset_when_closed(),
            () = farewell.notified() => {
                serving.as_mut().graceful_shutdown();
                drop(serving.await);
            }
        }
    }

    async fn exchange(
        &self,
        request: Request<Incoming>,
        connection: Connection,
    ) -> io::Result<Response<PassedBody>> {
        let (head, body) = request.into_parts();
        let record = self.log.open(&Arrival {
            origin: Origin::ApiProxy,
            connection: connection.state.number,
            head: &head,
        });
        let fault = self.faults.pick(head.method.as_str(), &head.uri.to_string());
        self.pause(fault.as_ref()).await;
        let request = Request::from_parts(head, body);
        let answer = match &fault {
            None => self.forward(request, &connection).await?,
            Some(fault) => self.faulty(fault, request, &connection).await?,
        };
        record.set_status(answer.status.as_u16());
        let mut response = Response::new(PassedBody {
            source: answer.source,
            cut: fault.as_ref().and_then(cut),
            record,
            connection,
            sent: 0,
        });
        *response.status_mut() = answer.status;
        *response.headers_mut() = changed(answer.headers, fault.as_ref());
        Ok(response)
    }

    async fn pause(&self, fault: Option<&Fault>) {
        let mut pause = self.delay;
        if let Some(FaultAction::Delay(delay)) = fault.map(|fault| &fault.action) {
            pause += *delay;
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }

    /// The answer of the server itself. Where there is none the client's connection breaks too.
    async fn forward(&self, request: Request<Incoming>, connection: &Connection) -> io::Result<Answer> {
        let (mut head, body) = request.into_parts();
        for name in [HOST, CONNECTION, TRANSFER_ENCODING, UPGRADE] {
            head.headers.remove(name);
        }
        if let Some(token) = &self.token {
            head.headers
                .entry(AUTHORIZATION)
                .or_insert_with(|| header_value(token));
        }
        let request = Request::from_parts(head, body.boxed_unsync());
        let response = self
            .upstream
            .send(request)
            .await
            .inspect_err(|_| connection.break_off())?;
        let (head, body) = response.into_parts();
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            source: Source::Server(body),
        })
    }

    async fn faulty(
        &self,
        fault: &Fault,
        request: Request<Incoming>,
        connection: &Connection,
    ) -> io::Result<Answer> {
        if fault.committed {
            let real = self.forward(request, connection).await?;
            return Ok(replacement(fault, connection).await?.unwrap_or(real));
        }
        match replacement(fault, connection).await? {
            Some(answer) => Ok(answer),
            None => self.forward(request, connection).await,
        }
    }
}

/// The head of an answer, and where its body comes from.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    source: Source,
}

/// What a fault answers instead of the server; nothing where the server's own answer is only changed.
async fn replacement(fault: &Fault, connection: &Connection) -> io::Result<Option<Answer>> {
    match &fault.action {
        FaultAction::Status { status, body } => Ok(Some(Answer {
            status: StatusCode::from_u16(*status).expect("because tests give valid codes"),
            headers: HeaderMap::new(),
            source: Source::Fault(Some(Bytes::from(body.clone()))),
        })),
        FaultAction::RateLimit { .. } => Ok(Some(Answer {
            status: StatusCode::TOO_MANY_REQUESTS,
            headers: HeaderMap::from_iter([(RETRY_AFTER, header_value("1"))]),
            source: Source::Fault(Some(Bytes::from_static(
                b"Too many requests, please try again later.\n",
            ))),
        })),
        FaultAction::NoResponse => std::future::pending().await,
        FaultAction::DisconnectAfter(0) => {
            connection.break_off();
            Err(io::Error::other("the fault breaks the connection here"))
        }
        FaultAction::GoAway => {
            connection.state.farewell.notify_one();
            Ok(None)
        }
        _ => Ok(None),
    }
}

fn cut(fault: &Fault) -> Option<Cut> {
    match fault.action {
        FaultAction::DisconnectAfter(bytes) => Some(Cut::Disconnect(bytes)),
        FaultAction::StallAfter(bytes) => Some(Cut::Stall(bytes)),
        _ => None,
    }
}

fn changed(mut headers: HeaderMap, fault: Option<&Fault>) -> HeaderMap {
    let Some(fault) = fault else {
        return headers;
    };
    for name in &fault.removed_headers {
        headers.remove(header_name(name));
    }
    for (name, value) in &fault.headers {
        headers.insert(header_name(name), header_value(value));
    }
    headers
}

/// Whether a fault can happen to an API server. The others are those of registries.
fn is_possible(fault: &Fault) -> bool {
    !matches!(
        fault.action,
        FaultAction::TokenExpired
            | FaultAction::Truncate { .. }
            | FaultAction::CorruptAt(_)
            | FaultAction::Append(_)
            | FaultAction::RedirectTo(_)
            | FaultAction::RedirectLoop
            | FaultAction::PageLoop
    )
}
