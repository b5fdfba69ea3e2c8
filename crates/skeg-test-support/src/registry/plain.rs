//! A web server that answers what the test says: redirect targets, captive portals, traps.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use super::fault::{Fault, FaultSet};
use super::log::{Origin, RequestLog, SharedLog};
use super::response::Reply;
use super::server::{Bound, Handler, Inbound, ServerOptions, ServerRuntime};
use crate::tls::{AcceptorOptions, TestCertificates, acceptor};

/// A request to a [`PlainServer`], whole.
#[derive(Debug)]
pub struct PlainRequest<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a Bytes,
}

/// The answer of a [`PlainServer`].
#[derive(Debug, Clone)]
pub struct PlainReply(Reply);

impl PlainReply {
    /// An empty answer with this status.
    ///
    /// # Panics
    ///
    /// Panics where `status` is no HTTP status.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self(Reply::new(status))
    }

    /// Adds a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Sets the body.
    #[must_use]
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        Self(self.0.body(body))
    }
}

/// A web server on a loopback port with a request log; it stops when dropped.
#[derive(Debug)]
pub struct PlainServer {
    _runtime: ServerRuntime,
    log: SharedLog,
    faults: FaultSet,
    base_url: String,
    certificates: Option<TestCertificates>,
}

impl PlainServer {
    /// Starts a server without TLS that answers with `respond`.
    pub fn start(respond: impl Fn(&PlainRequest<'_>) -> PlainReply + Send + Sync + 'static) -> Self {
        Self::launch(respond, None)
    }

    /// Starts a server with TLS and an authority of its own.
    pub fn start_tls(respond: impl Fn(&PlainRequest<'_>) -> PlainReply + Send + Sync + 'static) -> Self {
        Self::launch(respond, Some(TestCertificates::generate()))
    }

    /// Starts a server that answers every request with `reply`.
    #[must_use]
    pub fn fixed(reply: PlainReply) -> Self {
        Self::start(move |_| reply.clone())
    }

    /// Starts a server that answers every request with 200 and a web page.
    #[must_use]
    pub fn captive_portal() -> Self {
        let page = "<!doctype html><title>Welcome</title><p>Please sign in to the network.</p>\n";
        Self::fixed(
            PlainReply::new(200)
                .header("content-type", "text/html; charset=utf-8")
                .body(page),
        )
    }

    fn launch(
        respond: impl Fn(&PlainRequest<'_>) -> PlainReply + Send + Sync + 'static,
        certificates: Option<TestCertificates>,
    ) -> Self {
        let runtime = ServerRuntime::new();
        let options = ServerOptions {
            origin: Origin::Plain,
            log: SharedLog::default(),
            faults: FaultSet::default(),
            latency: Duration::ZERO,
            tls: certificates
                .as_ref()
                .map(|certificates| acceptor(certificates, AcceptorOptions::default())),
        };
        let bound = Bound::loopback(false);
        let base_url = options.url(&bound);
        let handler = Arc::new(PlainHandler { respond });
        runtime.serve(bound, options.clone(), handler);
        Self {
            _runtime: runtime,
            log: options.log,
            faults: options.faults,
            base_url,
            certificates,
        }
    }

    /// `http://127.0.0.1:PORT` or the same with https.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base_url
            .split_once("://")
            .map_or(&self.base_url, |(_, host)| host)
    }

    /// The authority's certificate, PEM, of a server with TLS.
    ///
    /// # Panics
    ///
    /// Panics where the server has no TLS.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.certificates
            .as_ref()
            .expect("because the test started the server with TLS")
            .ca_pem()
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> RequestLog {
        self.log.snapshot(None)
    }

    /// Adds a fault.
    pub fn add_fault(&self, fault: Fault) {
        self.faults.add(fault);
    }
}

struct PlainHandler<F> {
    respond: F,
}

impl<F> Handler for PlainHandler<F>
where
    F: Fn(&PlainRequest<'_>) -> PlainReply + Send + Sync + 'static,
{
    fn respond(&self, request: &Inbound) -> Reply {
        let target = request.head.uri.path_and_query();
        let reply = (self.respond)(&PlainRequest {
            method: request.head.method.as_str(),
            target: target.map_or("/", http::uri::PathAndQuery::as_str),
            headers: &request.head.headers,
            body: &request.body,
        });
        if request.head.method == http::Method::HEAD {
            reply.0.without_body()
        } else {
            reply.0
        }
    }
}
