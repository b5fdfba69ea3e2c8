//! The description of a fake registry, and its start.

use std::sync::Arc;
use std::time::Duration;

use super::FakeRegistry;
use super::auth::{AccessControl, RegistryHandler};
use super::blob_store::BlobStore;
use super::fault::{Fault, FaultSet};
use super::log::{Origin, SharedLog};
use super::options::{LocationStyle, Quirks};
use super::routes::Backend;
use super::server::{Bound, ServerOptions, ServerRuntime};
use super::state::SharedContents;
use super::token::{TokenIssuer, TokenServer};
use crate::tls::{AcceptorOptions, TestCertificates, acceptor};

/// Describes a [`FakeRegistry`]; [`start`](FakeRegistryBuilder::start) starts it.
#[derive(Debug, Default)]
#[must_use = "a described registry does nothing until it is started"]
pub struct FakeRegistryBuilder {
    quirks: Quirks,
    access: Access,
    challenges: Option<Vec<String>>,
    faults: Vec<Fault>,
    latency: Duration,
    ipv6: bool,
    tls: bool,
    tls_options: AcceptorOptions,
    blob_store: bool,
}

#[derive(Debug, Default)]
enum Access {
    #[default]
    Open,
    Basic(String, String),
    Bearer(TokenServer),
}

impl FakeRegistryBuilder {
    /// Lets in this user only, by Basic authentication.
    pub fn basic_auth(mut self, username: &str, password: &str) -> Self {
        self.access = Access::Basic(username.to_owned(), password.to_owned());
        self
    }

    /// Lets in holders of this server's tokens only.
    pub fn bearer_auth(mut self, server: TokenServer) -> Self {
        self.access = Access::Bearer(server);
        self
    }

    /// Sends these `WWW-Authenticate` lines; `{challenge}` in one stands for the true challenge.
    pub fn challenges<const N: usize>(mut self, lines: [&str; N]) -> Self {
        self.challenges = Some(lines.map(str::to_owned).into());
        self
    }

    /// Listens on `[::1]` instead of 127.0.0.1.
    pub fn ipv6(mut self) -> Self {
        self.ipv6 = true;
        self
    }

    /// Speaks TLS with a certificate for 127.0.0.1, `::1` and localhost of a new authority.
    pub fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Speaks TLS and demands a client certificate of the same authority.
    pub fn mutual_tls(mut self) -> Self {
        self.tls_options.require_client_certificate = true;
        self.tls()
    }

    /// Speaks TLS and offers HTTP/2.
    pub fn http2(mut self) -> Self {
        self.tls_options.http2 = true;
        self.tls()
    }

    /// Has no referrers endpoint and does not answer with `OCI-Subject`.
    pub fn without_referrers_api(mut self) -> Self {
        self.quirks.no_referrers = true;
        self
    }

    /// Answers 405 to PATCH.
    pub fn no_chunked_upload(mut self) -> Self {
        self.quirks.no_chunked_upload = true;
        self
    }

    /// Answers 201 to PATCH and keeps the first chunk only, as ECR does.
    pub fn discard_chunks(mut self) -> Self {
        self.quirks.discard_chunks = true;
        self
    }

    /// Answers 413 to the PUT of more than `bytes` at once.
    pub fn monolithic_limit(mut self, bytes: usize) -> Self {
        self.quirks.monolithic_limit = Some(bytes);
        self
    }

    /// Sends `OCI-Chunk-Min-Length`.
    pub fn chunk_min_length(mut self, bytes: usize) -> Self {
        self.quirks.chunk_min_length = Some(bytes);
        self
    }

    /// Opens an upload session whenever a mount is asked for.
    pub fn refuse_mounts(mut self) -> Self {
        self.quirks.refuse_mounts = true;
        self
    }

    /// Opens an upload session on `POST ?digest=` and ignores its body.
    pub fn refuse_single_post(mut self) -> Self {
        self.quirks.refuse_single_post = true;
        self
    }

    /// Answers 200 with the whole blob to a byte range.
    pub fn ignore_ranges(mut self) -> Self {
        self.quirks.ignore_ranges = true;
        self
    }

    /// Sends at most `count` tags at once, with a `Link` to the rest.
    pub fn tags_page_size(mut self, count: usize) -> Self {
        self.quirks.tags_page_size = Some(count);
        self
    }

    /// Answers 400 where more than `count` tags are asked for, as Quay and ECR do.
    pub fn tags_page_max(mut self, count: usize) -> Self {
        self.quirks.tags_page_max = Some(count);
        self
    }

    /// Redirects `GET` of blobs to `ORIGIN/v2/NAME/blobs/DIGEST?signature=secret`.
    pub fn redirect_blobs_to(mut self, origin: &str) -> Self {
        self.quirks.blob_redirect = Some(origin.to_owned());
        self
    }

    /// Redirects `GET` of blobs to a server on another port that has them and answers 400 to any
    /// request with credentials.
    pub fn redirect_blobs_to_store(mut self) -> Self {
        self.blob_store = true;
        self
    }

    /// Sets the form of the `Location` of upload sessions.
    pub fn location_style(mut self, style: LocationStyle) -> Self {
        self.quirks.location_style = style;
        self
    }

    /// Answers 405 to everything that writes.
    pub fn read_only(mut self) -> Self {
        self.quirks.read_only = true;
        self
    }

    /// Answers 400 `TAG_INVALID` to a PUT of a tag that exists, whatever it points to.
    pub fn immutable_tags(mut self) -> Self {
        self.quirks.immutable_tags = true;
        self
    }

    /// Answers 404 `NAME_UNKNOWN` to a push into a repository that was not created.
    pub fn closed_namespace(mut self) -> Self {
        self.quirks.closed_namespace = true;
        self
    }

    /// Refuses manifests with `If-Match` in place of another state, by 412.
    pub fn compare_states(mut self) -> Self {
        self.quirks.compares_states = true;
        self
    }

    /// Puts this many repositories on a page of the catalogue, whatever the client asks for.
    pub fn catalog_page_size(mut self, count: usize) -> Self {
        self.quirks.catalog_page_size = Some(count);
        self
    }

    /// Waits before each answer, so that parallel requests are seen to be parallel.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Starts the registry.
    pub fn start(self) -> FakeRegistry {
        let runtime = ServerRuntime::new();
        let certificates = self.tls.then(TestCertificates::generate);
        let options = ServerOptions {
            origin: Origin::Registry,
            log: SharedLog::default(),
            faults: FaultSet::from(self.faults),
            latency: self.latency,
            tls: certificates
                .as_ref()
                .map(|certificates| acceptor(certificates, self.tls_options)),
        };
        let launch = Launch {
            runtime: &runtime,
            options: &options,
            ipv6: self.ipv6,
        };
        let bound = Bound::loopback(self.ipv6);
        let host = bound.address.to_string();
        let mut quirks = self.quirks;
        let contents = Arc::new(SharedContents::default());
        if self.blob_store {
            quirks.blob_redirect = Some(launch.blob_store(Arc::clone(&contents)));
        }
        let backend = Arc::new(Backend {
            contents,
            quirks,
            base_url: options.url(&bound),
        });
        let (access, issuer) = launch.access(self.access);
        let handler = Arc::new(RegistryHandler {
            backend: Arc::clone(&backend),
            access,
            challenges: self.challenges,
        });
        let connections = runtime.serve(bound, options.clone(), handler);
        FakeRegistry {
            _runtime: runtime,
            backend,
            issuer,
            certificates,
            faults: options.faults,
            log: options.log,
            connections,
            host,
        }
    }
}

/// What the servers of one registry are started with.
struct Launch<'a> {
    runtime: &'a ServerRuntime,
    options: &'a ServerOptions,
    ipv6: bool,
}

impl Launch<'_> {
    fn options_of(&self, origin: Origin) -> ServerOptions {
        ServerOptions {
            origin,
            ..self.options.clone()
        }
    }

    fn access(&self, access: Access) -> (AccessControl, Option<Arc<TokenIssuer>>) {
        let server = match access {
            Access::Open => return (AccessControl::Open, None),
            Access::Basic(username, password) => {
                return (AccessControl::Basic { username, password }, None);
            }
            Access::Bearer(server) => server,
        };
        let issuer = if server.same_origin {
            Arc::new(TokenIssuer::new(server, None))
        } else {
            let bound = Bound::loopback(self.ipv6);
            let issuer = Arc::new(TokenIssuer::new(server, Some(self.options.url(&bound))));
            let options = self.options_of(Origin::TokenServer);
            self.runtime.serve(bound, options, Arc::clone(&issuer));
            issuer
        };
        (AccessControl::Bearer(Arc::clone(&issuer)), Some(issuer))
    }

    fn blob_store(&self, contents: Arc<SharedContents>) -> String {
        let bound = Bound::loopback(self.ipv6);
        let url = self.options.url(&bound);
        let options = self.options_of(Origin::BlobStore);
        self.runtime
            .serve(bound, options, Arc::new(BlobStore { contents }));
        url
    }
}
