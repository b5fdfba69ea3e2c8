//! Requests to the real API server: HTTP/2 over TLS, on one connection that is made anew when it breaks.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_rustls::TlsConnector;

use super::kubeconfig::Kubeconfig;

/// The body of a request that is passed on.
pub(super) type RequestBody = UnsyncBoxBody<Bytes, hyper::Error>;

/// So much may be under way to us before it is read: large answers are no slower than without us.
const WINDOW: u32 = 8 * 1024 * 1024;

/// A server and a connection to it.
pub(super) struct Upstream {
    authority: String,
    connector: TlsConnector,
    sender: Mutex<Option<SendRequest<RequestBody>>>,
}

impl Upstream {
    /// The server of a kubeconfig; it is not connected to before the first request.
    pub(super) fn of(kubeconfig: &Kubeconfig) -> Self {
        let authority = kubeconfig
            .server()
            .strip_prefix("https://")
            .expect("because the test cluster speaks TLS");
        let pem = kubeconfig
            .authority()
            .expect("because the kubeconfig holds the authority");
        Self {
            authority: authority.to_owned(),
            connector: connector(&pem),
            sender: Mutex::default(),
        }
    }

    /// Sends a request whose URI is path and query, and returns when the head of the answer is there.
    pub(super) async fn send(&self, mut request: Request<RequestBody>) -> io::Result<Response<Incoming>> {
        let target = request.uri().path_and_query().map_or("/", |path| path.as_str());
        *request.uri_mut() = format!("https://{}{target}", self.authority)
            .parse::<Uri>()
            .map_err(io::Error::other)?;
        *request.version_mut() = http::Version::HTTP_2;
        let mut sender = self.connected().await?;
        let sent = sender.send_request(request).await;
        if sent.is_err() {
            self.forget_connection().await;
        }
        sent.map_err(io::Error::other)
    }

    /// Lets the next request make a new connection: a broken one is not always known to be one at once.
    pub(super) async fn forget_connection(&self) {
        *self.sender.lock().await = None;
    }

    async fn connected(&self) -> io::Result<SendRequest<RequestBody>> {
        let mut kept = self.sender.lock().await;
        if let Some(sender) = kept.as_ref().filter(|sender| !sender.is_closed()) {
            return Ok(sender.clone());
        }
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let host = self.authority.rsplit_once(':').map_or("", |(host, _)| host);
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let stream = self.connector.connect(name, stream).await?;
        let (sender, connection) = Builder::new(TokioExecutor::new())
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(WINDOW)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        // Its end is seen by the sender.
        tokio::spawn(async move { drop(connection.await) });
        *kept = Some(sender.clone());
        Ok(sender)
    }
}

fn connector(authority: &str) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(authority.as_bytes())
        .expect("because the kubeconfig's authority is PEM");
    roots
        .add(certificate)
        .expect("because the authority is a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("because the provider supports the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsConnector::from(Arc::new(config))
}
