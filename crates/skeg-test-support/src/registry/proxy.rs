//! A forward proxy: tunnels by CONNECT, and plain requests in absolute form.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use http::header::{HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::log::{Arrival, Authorization, Origin, RequestLog, SharedLog};
use super::server::{Bound, ServerRuntime, accept_loop};

type Reply = Response<Full<Bytes>>;

/// Describes a [`ProxyServer`].
#[derive(Debug, Clone, Default)]
#[must_use = "a described proxy does nothing until it is started"]
pub struct ProxyServerBuilder {
    credentials: Option<(String, String)>,
    routes: BTreeMap<String, String>,
}

impl ProxyServerBuilder {
    /// Answers 407 unless this user's Basic credentials come along.
    pub fn credentials(mut self, username: &str, password: &str) -> Self {
        self.credentials = Some((username.to_owned(), password.to_owned()));
        self
    }

    /// Connects to `address` where `authority` (`host:port`) is asked for, so that names can be
    /// used that do not exist.
    pub fn route(mut self, authority: &str, address: &str) -> Self {
        self.routes.insert(authority.to_owned(), address.to_owned());
        self
    }

    /// Starts the proxy.
    #[must_use]
    pub fn start(self) -> ProxyServer {
        let runtime = ServerRuntime::new();
        let bound = Bound::loopback(false);
        let address = bound.address.to_string();
        let log = SharedLog::default();
        let proxy = Arc::new(Proxy {
            options: self,
            log: log.clone(),
        });
        let accepted = Arc::new(AtomicUsize::new(0));
        runtime.spawn(async move {
            accept_loop(bound.into_listener(), accepted, move |stream, number| {
                tokio::spawn(serve(Arc::clone(&proxy), stream, number));
            })
            .await;
        });
        ProxyServer {
            _runtime: runtime,
            log,
            address,
        }
    }
}

/// A forward proxy on a loopback port with a request log; it stops when dropped.
#[derive(Debug)]
pub struct ProxyServer {
    _runtime: ServerRuntime,
    log: SharedLog,
    address: String,
}

impl ProxyServer {
    /// Starts an open proxy that connects to whatever it is asked for.
    #[must_use]
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// Begins to describe a proxy.
    pub fn builder() -> ProxyServerBuilder {
        ProxyServerBuilder::default()
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `http://USER:PASSWORD@127.0.0.1:PORT`.
    #[must_use]
    pub fn url_with_credentials(&self, username: &str, password: &str) -> String {
        format!("http://{username}:{password}@{}", self.address)
    }

    /// The requests so far: `CONNECT host:port` and absolute targets. What went through a tunnel
    /// is not counted.
    #[must_use]
    pub fn requests(&self) -> RequestLog {
        self.log.snapshot(None)
    }
}

struct Proxy {
    options: ProxyServerBuilder,
    log: SharedLog,
}

async fn serve(proxy: Arc<Proxy>, stream: TcpStream, connection: usize) {
    let service = service_fn(move |request| {
        let proxy = Arc::clone(&proxy);
        async move { Ok::<_, Infallible>(proxy.answer(request, connection).await) }
    });
    // A connection that breaks is the client's to report.
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
    drop(served);
}

impl Proxy {
    async fn answer(&self, request: Request<Incoming>, connection: usize) -> Reply {
        let (head, body) = request.into_parts();
        let record = self.log.open(&Arrival {
            origin: Origin::Proxy,
            connection,
            head: &head,
        });
        let request = Request::from_parts(head, body);
        let reply = if !self.admits(request.headers()) {
            let mut reply = status(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
            let challenge = HeaderValue::from_static("Basic realm=\"proxy\"");
            reply.headers_mut().insert(PROXY_AUTHENTICATE, challenge);
            reply
        } else if request.method() == Method::CONNECT {
            self.tunnel(request).await
        } else {
            self.forward(request).await
        };
        record.set_status(reply.status().as_u16());
        let length = reply.body().size_hint().exact().unwrap_or(0);
        record.add_sent(usize::try_from(length).unwrap_or(usize::MAX));
        reply
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some((username, password)) = &self.options.credentials else {
            return true;
        };
        let expected = Authorization::Basic {
            username: username.clone(),
            password: password.clone(),
        };
        headers
            .get(PROXY_AUTHORIZATION)
            .is_some_and(|value| Authorization::of_value(value) == expected)
    }

    async fn connect(&self, authority: &str) -> Option<TcpStream> {
        let address = self.options.routes.get(authority);
        let address = address.map_or(authority, String::as_str);
        TcpStream::connect(address).await.ok()
    }

    async fn tunnel(&self, request: Request<Incoming>) -> Reply {
        let authority = request.uri().to_string();
        let Some(mut upstream) = self.connect(&authority).await else {
            return status(StatusCode::BAD_GATEWAY);
        };
        tokio::spawn(async move {
            if let Ok(upgraded) = hyper::upgrade::on(request).await {
                let mut client = TokioIo::new(upgraded);
                // Either side may end the tunnel as it likes.
                drop(tokio::io::copy_bidirectional(&mut client, &mut upstream).await);
            }
        });
        status(StatusCode::OK)
    }

    async fn forward(&self, request: Request<Incoming>) -> Reply {
        let Some(authority) = request.uri().authority().map(ToString::to_string) else {
            return status(StatusCode::BAD_REQUEST);
        };
        let Some(upstream) = self.connect(&with_port(&authority)).await else {
            return status(StatusCode::BAD_GATEWAY);
        };
        exchange(upstream, request, &authority)
            .await
            .unwrap_or_else(|_| status(StatusCode::BAD_GATEWAY))
    }
}

async fn exchange(
    upstream: TcpStream,
    mut request: Request<Incoming>,
    authority: &str,
) -> Result<Reply, hyper::Error> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(upstream)).await?;
    tokio::spawn(connection);
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = path.map_or_else(|| Uri::from_static("/"), Uri::from);
    request.headers_mut().remove(PROXY_AUTHORIZATION);
    if let Ok(host) = HeaderValue::from_str(authority) {
        request.headers_mut().insert(HOST, host);
    }
    let (head, body) = sender.send_request(request).await?.into_parts();
    let bytes = body.collect().await?.to_bytes();
    Ok(Response::from_parts(head, Full::new(bytes)))
}

fn with_port(authority: &str) -> String {
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    if has_port {
        authority.to_owned()
    } else {
        format!("{authority}:80")
    }
}

fn status(status: StatusCode) -> Reply {
    let mut reply = Response::new(Full::default());
    *reply.status_mut() = status;
    reply
}
