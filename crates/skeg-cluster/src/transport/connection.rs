//! The HTTP client: one connection with many requests at a time where the server speaks HTTP/2.
//!
//! The stack of the `kube` crate speaks HTTP/1.1 only, where each request at a time costs a connection of its own; so its
//! layers for the address, the credentials and impersonation are put before a client of our own.

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_rustls::{FixedServerNameResolver, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::Config;
use kube::client::{Body, ClientBuilder, ConfigExt as _};
use rustls::ClientConfig;
use tower::{BoxError, Service, ServiceBuilder};

use crate::configuration::ConfigurationError;
use crate::error::ClusterError;

/// How often a connection in use is asked whether it is alive.
const KEEP_ALIVE: std::time::Duration = std::time::Duration::from_secs(30);
/// How many bytes of an answer may be on their way before we take them.
const WINDOW: u32 = 1 << 20;

/// Makes the client; nothing is sent yet.
pub(crate) fn connect(config: &Config) -> Result<kube::Client, ClusterError> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(config.connect_timeout);
    let Some(proxy) = config.proxy_url.clone() else {
        return client(config, tcp);
    };
    match proxy.scheme_str() {
        Some("socks5" | "socks5h") => client(config, SocksV5::new(proxy, tcp)),
        Some("https") => {
            let tls = tls(config)?;
            let to_proxy = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
            let to_proxy = to_proxy.enable_http1().wrap_connector(tcp);
            client(config, tunnel(&proxy, to_proxy))
        }
        Some("http") => client(config, tunnel(&proxy, tcp)),
        other => {
            let scheme = other.unwrap_or_default();
            let reason = format!("unsupported scheme \"{scheme}\", must be http, https, or socks5");
            Err(ConfigurationError::Invalid(format!("the address of the proxy: {reason}")).into())
        }
    }
}

fn tunnel<C>(proxy: &Uri, connector: C) -> Tunnel<C> {
    let tunnel = Tunnel::new(proxy.clone(), connector);
    let login = hyper_util::client::proxy::matcher::Matcher::builder()
        .all(proxy.to_string())
        .build();
    let example = Uri::from_static("https://example.invalid");
    let found = login.intercept(&example);
    match found.as_ref().and_then(|found| found.basic_auth()) {
        Some(header) => tunnel.with_auth(header.clone()),
        None => tunnel,
    }
}

fn tls(config: &Config) -> Result<ClientConfig, ClusterError> {
    let tls = config.rustls_client_config();
    tls.map_err(|error| ConfigurationError::Invalid(super::go_words::chain(&error)).into())
}

fn client<C>(config: &Config, connector: C) -> Result<kube::Client, ClusterError>
where
    C: Service<Uri> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin + 'static,
    C::Future: Send + 'static,
    C::Error: Into<BoxError>,
{
    let builder = HttpsConnectorBuilder::new()
        .with_tls_config(tls(config)?)
        .https_or_http();
    let builder = match &config.tls_server_name {
        Some(name) => builder.with_server_name_resolver(FixedServerNameResolver::new(
            name.clone()
                .try_into()
                .map_err(|_| ConfigurationError::Invalid(format!("\"{name}\" is no name of a server")))?,
        )),
        None => builder,
    };
    let https = builder.enable_all_versions().wrap_connector(connector);
    let http: legacy::Client<_, Body> = legacy::Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http2_keep_alive_interval(KEEP_ALIVE)
        .http2_initial_stream_window_size(WINDOW)
        .http2_initial_connection_window_size(WINDOW)
        .build(https);
    let credentials = config.auth_layer().map_err(|error| credentials_error(&error))?;
    let headers = config
        .extra_headers_layer()
        .map_err(|error| credentials_error(&error))?;
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(credentials)
        .layer(headers)
        .map_err(BoxError::from)
        .service(http);
    Ok(ClientBuilder::new(service, config.default_namespace.clone()).build())
}

fn credentials_error(error: &kube::Error) -> ClusterError {
    ClusterError::Credentials {
        reason: super::go_words::chain(error),
    }
}
