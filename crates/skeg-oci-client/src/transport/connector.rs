//! Connections: TCP, through a proxy where one is set, and TLS on top.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use http::uri::Authority;
use http::{HeaderValue, Uri};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use skeg_oci::RegistryHost;
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tower_service::Service;

use crate::client::{ClientOptions, ProxyOptions, Timeouts, TlsOptions};
use crate::error::ConnectError;
use crate::host::HostConfiguration;
use crate::transport::connect_failure::{ConnectFailure, classify};
use crate::transport::tls;

type PinnedFuture<T> = Pin<Box<dyn Future<Output = Result<T, ConnectFailure>> + Send>>;

/// Makes connections for the HTTP client.
#[derive(Clone)]
pub(crate) struct Connector {
    shared: Arc<Shared>,
}

struct Shared {
    tcp: TcpConnector,
    tls_options: TlsOptions,
    hosts: Arc<dyn HostConfiguration>,
    timeouts: Timeouts,
    /// With the settings of the client, and with those of hosts that have their own.
    https: OnceCell<HttpsConnector<TcpConnector>>,
    https_of_hosts: Mutex<HashMap<String, Arc<OnceCell<HttpsConnector<TcpConnector>>>>>,
}

impl Connector {
    pub(crate) fn new(options: &ClientOptions, proxies: Proxies) -> Self {
        let mut direct = HttpConnector::new();
        direct.enforce_http(false);
        direct.set_nodelay(true);
        direct.set_connect_timeout(Some(options.timeouts.connect));
        Self {
            shared: Arc::new(Shared {
                tcp: TcpConnector { direct, proxies },
                tls_options: options.tls.clone(),
                hosts: Arc::clone(&options.hosts),
                timeouts: options.timeouts,
                https: OnceCell::new(),
                https_of_hosts: Mutex::default(),
            }),
        }
    }
}

/// How long a registry on this machine may take to answer TLS. One without TLS may wait for the end of a line instead.
const LOOPBACK_LIMIT: Duration = Duration::from_secs(5);

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TcpConnection>;
    type Error = ConnectFailure;
    type Future = PinnedFuture<Self::Response>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.connect(uri).await })
    }
}

impl Shared {
    async fn connect(&self, uri: Uri) -> Result<MaybeHttpsStream<TcpConnection>, ConnectFailure> {
        if uri.scheme_str() == Some("http") {
            let connecting = self.tcp.clone().call(uri);
            let connection = within(self.timeouts.connect, connecting).await?;
            return Ok(MaybeHttpsStream::Http(connection));
        }
        let mut https = self.https_connector_for(&uri).await?;
        let mut limit = self.timeouts.connect + self.timeouts.tls_handshake;
        if registry_host(&uri).is_some_and(|host| host.is_loopback()) {
            limit = limit.min(LOOPBACK_LIMIT);
        }
        within(limit, async move { https.call(uri).await.map_err(classify) }).await
    }

    async fn https_connector_for(&self, uri: &Uri) -> Result<HttpsConnector<TcpConnector>, ConnectFailure> {
        let authority = uri.authority().map_or("", Authority::as_str);
        let Some(options) = registry_host(uri).and_then(|host| self.hosts.options(&host).tls) else {
            let options = &self.tls_options;
            let connector = self.https.get_or_try_init(|| self.https_connector(options));
            return connector.await.cloned();
        };
        let cell = {
            let mut cells = self
                .https_of_hosts
                .lock()
                .expect("because nothing panics while it holds the lock");
            Arc::clone(cells.entry(authority.to_owned()).or_default())
        };
        let connector = cell.get_or_try_init(|| self.https_connector(&options));
        connector.await.cloned()
    }

    async fn https_connector(
        &self,
        options: &TlsOptions,
    ) -> Result<HttpsConnector<TcpConnector>, ConnectFailure> {
        let options = options.clone();
        let config = tokio::task::spawn_blocking(move || tls::client_config(&options))
            .await
            .map_err(|error| classify(Box::new(io::Error::other(error))))?
            .map_err(ConnectError::from)?;
        Ok(hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_only()
            .enable_all_versions()
            .wrap_connector(self.tcp.clone()))
    }
}

fn registry_host(uri: &Uri) -> Option<RegistryHost> {
    RegistryHost::parse(uri.authority()?.as_str()).ok()
}

async fn within<T>(
    limit: Duration,
    connecting: impl Future<Output = Result<T, ConnectFailure>>,
) -> Result<T, ConnectFailure> {
    match tokio::time::timeout(limit, connecting).await {
        Ok(result) => result,
        Err(_) => Err(ConnectError::Timeout { after: limit }.into()),
    }
}

/// Which requests go through which proxy.
#[derive(Clone)]
pub(crate) struct Proxies {
    matcher: Arc<Matcher>,
}

impl Proxies {
    pub(crate) fn new(options: &ProxyOptions) -> Self {
        let matcher = Matcher::builder()
            .http(options.http.clone())
            .https(options.https.clone())
            .no(options.no_proxy.clone())
            .build();
        Self {
            matcher: Arc::new(matcher),
        }
    }

    /// What a proxy that sees the request itself (one for plain HTTP) wants to know about us.
    pub(crate) fn authorization(&self, uri: &Uri) -> Option<HeaderValue> {
        if uri.scheme_str() != Some("http") {
            return None;
        }
        self.intercept(uri)?.basic_auth().cloned()
    }

    /// Loopback hosts are never reached through a proxy, as in Go.
    fn intercept(&self, uri: &Uri) -> Option<Intercept> {
        let host = RegistryHost::parse(uri.host()?).ok();
        if host.is_some_and(|host| host.is_loopback()) {
            return None;
        }
        self.matcher.intercept(uri)
    }
}

/// Makes TCP connections, directly or through a proxy.
#[derive(Clone)]
struct TcpConnector {
    direct: HttpConnector,
    proxies: Proxies,
}

impl Service<Uri> for TcpConnector {
    type Response = TcpConnection;
    type Error = ConnectFailure;
    type Future = PinnedFuture<TcpConnection>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.direct
            .poll_ready(context)
            .map_err(|error| classify(Box::new(error)))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let direct = self.direct.clone();
        match self.proxies.intercept(&uri) {
            None => Box::pin(connect_directly(direct, uri)),
            Some(proxy) => Box::pin(connect_through(direct, proxy, uri)),
        }
    }
}

async fn connect_directly(mut direct: HttpConnector, uri: Uri) -> Result<TcpConnection, ConnectFailure> {
    match direct.call(uri).await {
        Ok(io) => Ok(TcpConnection {
            io,
            is_proxied: false,
        }),
        Err(error) => Err(classify(Box::new(error))),
    }
}

/// For HTTPS asks the proxy for a tunnel; plain HTTP requests are sent to the proxy itself.
async fn connect_through(
    mut direct: HttpConnector,
    proxy: Intercept,
    uri: Uri,
) -> Result<TcpConnection, ConnectFailure> {
    let address = proxy.uri().clone();
    let fail = |source| {
        ConnectFailure::from(ConnectError::Proxy {
            proxy: address.authority().map(ToString::to_string).unwrap_or_default(),
            source,
        })
    };
    if address.scheme_str() != Some("http") {
        let scheme = address.scheme_str().unwrap_or_default();
        return Err(fail(
            format!("a proxy of kind `{scheme}` is not supported").into(),
        ));
    }
    let is_tunnel = uri.scheme_str() == Some("https");
    let io = if is_tunnel {
        let mut tunnel = Tunnel::new(address.clone(), direct);
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        tunnel.call(uri).await.map_err(|error| fail(error.into()))?
    } else {
        direct
            .call(address.clone())
            .await
            .map_err(|error| fail(error.into()))?
    };
    Ok(TcpConnection {
        io,
        is_proxied: !is_tunnel,
    })
}

/// A TCP connection that knows whether a proxy reads the requests on it.
pub(crate) struct TcpConnection {
    io: TokioIo<TcpStream>,
    is_proxied: bool,
}

impl Connection for TcpConnection {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.is_proxied)
    }
}

impl Read for TcpConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl Write for TcpConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, buffers)
    }
}
