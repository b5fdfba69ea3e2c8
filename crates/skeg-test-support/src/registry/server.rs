//! The wire: accepts connections, reads requests, applies faults, writes the log.
//!
//! What to answer is decided by a [`Handler`], which sees a whole request and returns a whole
//! reply; everything that depends on time or on the connection is here.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Response;
use http::header::{CONNECTION, CONTENT_LENGTH};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use super::body::{Ending, ShapedBody};
use super::fault::{Fault, FaultAction, FaultSet};
use super::log::{Arrival, OpenRecord, Origin, SharedLog};
use super::response::{Reply, header_name, header_value};

/// How much memory a declared length alone may reserve.
const MAX_RESERVED: usize = 256 * 1024 * 1024;

/// A request with its whole body.
#[derive(Debug)]
pub(crate) struct Inbound {
    pub(crate) head: http::request::Parts,
    pub(crate) body: Bytes,
}

/// Decides the answer to a request.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Answers `request`.
    fn respond(&self, request: &Inbound) -> Reply;

    /// Answers like [`respond`](Handler::respond) to a token that has just expired.
    fn expire(&self, request: &Inbound) -> Reply {
        self.respond(request)
    }
}

/// What a server needs besides its handler.
#[derive(Clone)]
pub(crate) struct ServerOptions {
    pub(crate) origin: Origin,
    pub(crate) log: SharedLog,
    pub(crate) faults: FaultSet,
    pub(crate) latency: Duration,
    pub(crate) tls: Option<TlsAcceptor>,
}

impl ServerOptions {
    /// The address of a server with these options on `bound`.
    pub(crate) fn url(&self, bound: &Bound) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", bound.address)
    }
}

/// A loopback listener that is bound and not yet served.
#[derive(Debug)]
pub(crate) struct Bound {
    listener: std::net::TcpListener,
    pub(crate) address: SocketAddr,
}

impl Bound {
    /// Binds a free port of 127.0.0.1, or of `[::1]`.
    pub(crate) fn loopback(ipv6: bool) -> Self {
        let ip: IpAddr = if ipv6 {
            Ipv6Addr::LOCALHOST.into()
        } else {
            Ipv4Addr::LOCALHOST.into()
        };
        let listener = std::net::TcpListener::bind((ip, 0))
            .expect("because loopback has free ports in a test environment");
        listener
            .set_nonblocking(true)
            .expect("because a fresh socket accepts the flag");
        let address = listener
            .local_addr()
            .expect("because a bound socket has an address");
        Self { listener, address }
    }

    pub(crate) fn into_listener(self) -> std::net::TcpListener {
        self.listener
    }
}

/// A runtime of its own that is stopped, without waiting, when dropped.
#[derive(Debug)]
pub(crate) struct ServerRuntime(Option<Runtime>);

impl ServerRuntime {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("fake-registry")
            .enable_all()
            .build()
            .expect("because a test process can start threads");
        Self(Some(runtime))
    }

    /// Starts to serve on `bound`; returns the count of accepted connections.
    pub(crate) fn serve<H: Handler>(
        &self,
        bound: Bound,
        options: ServerOptions,
        handler: Arc<H>,
    ) -> Arc<AtomicUsize> {
        let accepted = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&accepted);
        self.spawn(async move {
            accept_loop(bound.listener, counter, move |stream, number| {
                let options = options.clone();
                let handler = Arc::clone(&handler);
                tokio::spawn(serve_connection(stream, number, options, handler));
            })
            .await;
        });
        accepted
    }

    /// Runs `task` on the runtime.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.0 {
            runtime.spawn(task);
        }
    }
}

impl Drop for ServerRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Accepts for ever, numbering the connections from 0.
pub(crate) async fn accept_loop(
    listener: std::net::TcpListener,
    accepted: Arc<AtomicUsize>,
    start: impl Fn(TcpStream, usize),
) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        // Small answers must not wait for the client's delayed acknowledgement.
        if stream.set_nodelay(true).is_err() {
            continue;
        }
        start(stream, accepted.fetch_add(1, Ordering::SeqCst));
    }
}

async fn serve_connection<H: Handler>(
    stream: TcpStream,
    number: usize,
    options: ServerOptions,
    handler: Arc<H>,
) {
    let state = ConnectionState::new(number);
    let stream = ResettableStream::new(stream, state.clone());
    let exchange = Exchange {
        options: options.clone(),
        handler,
        state,
    };
    // A broken connection or handshake is the client's to report.
    match options.tls {
        None => serve_stream(stream, exchange).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                serve_stream(stream, exchange).await;
            }
        }
    }
}

async fn serve_stream<S, H>(stream: S, exchange: Exchange<H>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    H: Handler,
{
    let exchange = Arc::new(exchange);
    let farewell = Arc::clone(&exchange.state.farewell);
    let service = service_fn(move |request| {
        let exchange = Arc::clone(&exchange);
        async move { exchange.run(request).await }
    });
    let mut builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
    builder.http1().half_close(false);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = farewell.notified() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    drop(served);
}

/// What the requests of one connection share.
struct Exchange<H> {
    options: ServerOptions,
    handler: Arc<H>,
    state: ConnectionState,
}

impl<H: Handler> Exchange<H> {
    async fn run(&self, request: http::Request<Incoming>) -> io::Result<Response<ShapedBody>> {
        let (head, mut body) = request.into_parts();
        let record = self.options.log.open(&Arrival {
            origin: self.options.origin,
            connection: self.state.number,
            head: &head,
        });
        let target = head.uri.to_string();
        let fault = self.options.faults.pick(head.method.as_str(), &target);
        self.pause(fault.as_ref()).await;
        let has_body = !body.is_end_stream();
        if has_body && let Some(fault) = &fault {
            self.interrupt(fault, &mut body, &record).await?;
        }
        let early = fault.as_ref().is_some_and(|fault| fault.early);
        let body = if early {
            Bytes::new()
        } else {
            read_body(&mut body, &record, usize::MAX).await?
        };
        let request = Inbound { head, body };
        let reply = match &fault {
            None => self.handler.respond(&request),
            Some(fault) => self.faulty_reply(fault, &request).await?,
        };
        let shape = Shape::of(fault.as_ref());
        Ok(self.send(reply, &shape, record))
    }

    async fn pause(&self, fault: Option<&Fault>) {
        let mut pause = self.options.latency;
        if let Some(FaultAction::Delay(delay)) = fault.map(|fault| &fault.action) {
            pause += *delay;
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }

    /// Breaks off in the middle of the request's body where the fault says so.
    async fn interrupt(&self, fault: &Fault, body: &mut Incoming, record: &OpenRecord) -> io::Result<()> {
        if fault.committed {
            return Ok(());
        }
        match fault.action {
            FaultAction::DisconnectAfter(bytes) => {
                read_body(body, record, bytes).await?;
                Err(self.reset())
            }
            FaultAction::StallAfter(bytes) => {
                read_body(body, record, bytes).await?;
                std::future::pending().await
            }
            _ => Ok(()),
        }
    }

    async fn faulty_reply(&self, fault: &Fault, request: &Inbound) -> io::Result<Reply> {
        let replaced = match &fault.action {
            FaultAction::Status { status, body } => Reply::new(*status).body(body.clone()),
            FaultAction::RedirectTo(url) => Reply::redirect(url),
            FaultAction::RedirectLoop => Reply::redirect(&next_hop(&request.head.uri)),
            FaultAction::TokenExpired => self.handler.expire(request),
            FaultAction::RateLimit { .. } => Reply::error(429, "TOOMANYREQUESTS", "too many requests"),
            FaultAction::PageLoop => {
                let next = format!("<{}>; rel=\"next\"", next_hop(&request.head.uri));
                return Ok(self.handler.respond(request).header("link", &next));
            }
            FaultAction::GoAway => {
                self.state.farewell.notify_one();
                return Ok(self.handler.respond(request));
            }
            FaultAction::NoResponse => {
                self.commit(fault, request);
                return std::future::pending().await;
            }
            FaultAction::DisconnectAfter(0) => {
                self.commit(fault, request);
                return Err(self.reset());
            }
            _ => return Ok(with_changed_headers(self.handler.respond(request), fault)),
        };
        self.commit(fault, request);
        Ok(with_changed_headers(replaced, fault))
    }

    fn commit(&self, fault: &Fault, request: &Inbound) {
        if fault.committed {
            self.handler.respond(request);
        }
    }

    fn reset(&self) -> io::Error {
        self.state.reset_when_closed();
        io::Error::other("the fault breaks the connection here")
    }

    fn send(&self, reply: Reply, shape: &Shape, record: OpenRecord) -> Response<ShapedBody> {
        record.set_status(reply.status.as_u16());
        let bodiless = reply.head_length.is_some() || reply.status.as_u16() == 204;
        let (data, declared, ending) = if bodiless {
            (Bytes::new(), Some(0), Ending::Complete)
        } else {
            shape.apply(reply.body)
        };
        let mut response = Response::new(ShapedBody {
            data,
            declared,
            ending,
            record,
            connection: self.state.clone(),
            flushed: false,
        });
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        if let Some(length) = reply.head_length {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        response
    }
}

/// Reads the body to its end, or `limit` bytes of it.
async fn read_body(body: &mut Incoming, record: &OpenRecord, limit: usize) -> io::Result<Bytes> {
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut bytes = BytesMut::with_capacity(expected.min(limit).min(MAX_RESERVED));
    while bytes.len() < limit {
        let Some(frame) = body.frame().await else {
            break;
        };
        if let Ok(data) = frame.map_err(io::Error::other)?.into_data() {
            record.add_received(data.len());
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes.freeze())
}

fn next_hop(uri: &http::Uri) -> String {
    let hop: u32 = uri
        .query()
        .and_then(|query| query.strip_prefix("hop="))
        .and_then(|hop| hop.parse().ok())
        .unwrap_or(0);
    format!("{}?hop={}", uri.path(), hop + 1)
}

fn with_changed_headers(mut reply: Reply, fault: &Fault) -> Reply {
    for name in &fault.removed_headers {
        reply.headers.remove(header_name(name));
    }
    for (name, _) in &fault.headers {
        reply.headers.remove(header_name(name));
    }
    for (name, value) in &fault.headers {
        reply.headers.append(header_name(name), header_value(value));
    }
    if fault.early {
        reply.headers.insert(CONNECTION, header_value("close"));
    }
    reply
}

/// How a fault changes the body of a response.
#[derive(Debug, Default)]
struct Shape {
    action: Option<FaultAction>,
}

impl Shape {
    fn of(fault: Option<&Fault>) -> Self {
        Self {
            action: fault.map(|fault| fault.action.clone()),
        }
    }

    /// Returns the bytes to send, the length to declare, and how the body ends.
    fn apply(&self, body: Bytes) -> (Bytes, Option<u64>, Ending) {
        let whole = Some(body.len() as u64);
        let first = |count: usize| body.slice(..count.min(body.len()));
        match &self.action {
            Some(FaultAction::DisconnectAfter(bytes)) => (first(*bytes), whole, Ending::Reset),
            Some(FaultAction::StallAfter(bytes)) => (first(*bytes), whole, Ending::Stall),
            Some(FaultAction::Truncate { bytes, chunked }) => {
                (first(*bytes), whole.filter(|_| !chunked), Ending::Close)
            }
            Some(FaultAction::CorruptAt(offset)) => {
                let mut bytes = body.to_vec();
                if let Some(byte) = bytes.get_mut(*offset) {
                    *byte = !*byte;
                }
                (bytes.into(), whole, Ending::Complete)
            }
            Some(FaultAction::Append(extra)) => {
                let bytes = [&body[..], extra].concat();
                let length = Some(bytes.len() as u64);
                (bytes.into(), length, Ending::Complete)
            }
            _ => (body, whole, Ending::Complete),
        }
    }
}

/// What is shared between a connection's socket and the bodies sent on it.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionState {
    pub(crate) number: usize,
    reset: Arc<AtomicBool>,
    pub(crate) farewell: Arc<Notify>,
}

impl ConnectionState {
    /// The state of a new connection.
    pub(crate) fn new(number: usize) -> Self {
        Self {
            number,
            reset: Arc::default(),
            farewell: Arc::default(),
        }
    }

    /// Makes the close of the connection a reset.
    pub(crate) fn reset_when_closed(&self) {
        self.reset.store(true, Ordering::SeqCst);
    }
}

/// A TCP stream that is reset instead of closed when its state says so.
pub(crate) struct ResettableStream {
    inner: TcpStream,
    state: ConnectionState,
}

impl ResettableStream {
    pub(crate) fn new(inner: TcpStream, state: ConnectionState) -> Self {
        Self { inner, state }
    }
}

impl Drop for ResettableStream {
    fn drop(&mut self) {
        if self.state.reset.load(Ordering::SeqCst) {
            // Where it fails the peer sees an ordinary close, which breaks the message as well.
            drop(self.inner.set_zero_linger());
        }
    }
}

impl AsyncRead for ResettableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for ResettableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
