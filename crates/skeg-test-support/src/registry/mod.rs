//! An OCI registry in the test's own process: distribution-spec v1.1 on a loopback port.

mod auth;
mod blob_store;
mod body;
mod builder;
pub(crate) mod fault;
pub(crate) mod log;
mod options;
mod plain;
mod proxy;
pub(crate) mod response;
mod routes;
pub(crate) mod server;
mod state;
mod token;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

use self::fault::FaultSet;
use self::log::SharedLog;
use self::routes::Backend;
use self::server::ServerRuntime;
use self::token::TokenIssuer;
use crate::tls::{PemIdentity, TestCertificates};

pub use self::builder::FakeRegistryBuilder;
pub use self::fault::Fault;
pub use self::log::{Authorization, Origin, RequestLog, RequestRecord};
pub use self::options::LocationStyle;
pub use self::plain::{PlainReply, PlainRequest, PlainServer};
pub use self::proxy::{ProxyServer, ProxyServerBuilder};
pub use self::state::sha256_digest;
pub use self::token::TokenServer;

/// A running registry; it stops when dropped.
///
/// It has threads of its own, so it can be used from synchronous and asynchronous tests alike.
#[derive(Debug)]
pub struct FakeRegistry {
    _runtime: ServerRuntime,
    backend: Arc<Backend>,
    issuer: Option<Arc<TokenIssuer>>,
    certificates: Option<TestCertificates>,
    faults: FaultSet,
    log: SharedLog,
    connections: Arc<AtomicUsize>,
    host: String,
}

impl FakeRegistry {
    /// Starts an open registry without TLS.
    #[must_use]
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// Begins to describe a registry.
    pub fn builder() -> FakeRegistryBuilder {
        FakeRegistryBuilder::default()
    }

    /// `127.0.0.1:PORT` or `[::1]:PORT`: the host part of references.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// `http://127.0.0.1:PORT` or the same with https.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.backend.base_url
    }

    /// `oci://HOST/path`, as commands take it.
    #[must_use]
    pub fn oci(&self, path: &str) -> String {
        format!("oci://{}/{path}", self.host)
    }

    /// The authority's certificate, PEM, of a registry with TLS.
    ///
    /// # Panics
    ///
    /// Panics where the registry has no TLS.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.certificates().ca_pem()
    }

    /// A client certificate that a registry with mutual TLS accepts.
    ///
    /// # Panics
    ///
    /// Panics where the registry has no TLS.
    #[must_use]
    pub fn client_identity(&self) -> PemIdentity {
        self.certificates().client("test client")
    }

    fn certificates(&self) -> &TestCertificates {
        self.certificates
            .as_ref()
            .expect("because the test asked for TLS in the builder")
    }

    /// The requests to the registry so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> RequestLog {
        self.log.snapshot(Some(Origin::Registry))
    }

    /// The requests to the token server so far.
    #[must_use]
    pub fn token_requests(&self) -> RequestLog {
        self.log.snapshot(Some(Origin::TokenServer))
    }

    /// The requests to the blob store of
    /// [`redirect_blobs_to_store`](FakeRegistryBuilder::redirect_blobs_to_store) so far.
    #[must_use]
    pub fn blob_store_requests(&self) -> RequestLog {
        self.log.snapshot(Some(Origin::BlobStore))
    }

    /// The requests to the registry and all servers that belong to it so far.
    #[must_use]
    pub fn all_requests(&self) -> RequestLog {
        self.log.snapshot(None)
    }

    /// Forgets the requests so far; those that run are not followed any further.
    pub fn clear_requests(&self) {
        self.log.clear();
    }

    /// The number of TCP connections the registry has accepted, TLS handshakes that failed included.
    #[must_use]
    pub fn accepted_connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Adds a fault to the running registry (and its token server and blob store).
    pub fn add_fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.faults.clear();
    }

    /// Ends the life of all tokens given out.
    pub fn revoke_tokens(&self) {
        if let Some(issuer) = &self.issuer {
            issuer.revoke_all();
        }
    }

    /// Stores a blob and returns its digest.
    pub fn put_blob(&self, repository: &str, bytes: impl Into<Bytes>) -> String {
        let bytes = bytes.into();
        let digest = sha256_digest(&bytes);
        let mut contents = self.backend.contents.lock();
        let repository = contents.repository(repository);
        repository.blobs.insert(digest.clone(), bytes);
        digest
    }

    /// Stores a manifest under its digest and, unless `reference` is a digest, under that tag;
    /// returns its digest. Nothing is checked.
    pub fn put_manifest(
        &self,
        repository: &str,
        reference: &str,
        media_type: &str,
        bytes: impl Into<Bytes>,
    ) -> String {
        let bytes = bytes.into();
        let digest = sha256_digest(&bytes);
        let mut contents = self.backend.contents.lock();
        let repository = contents.repository(repository);
        let manifest = (media_type.to_owned(), bytes);
        repository.manifests.insert(digest.clone(), manifest);
        if !reference.contains(':') {
            repository.tags.insert(reference.to_owned(), digest.clone());
        }
        digest
    }

    /// Creates an empty repository (see
    /// [`closed_namespace`](FakeRegistryBuilder::closed_namespace)).
    pub fn create_repository(&self, repository: &str) {
        self.backend.contents.lock().repository(repository);
    }

    /// The names of the repositories, sorted.
    #[must_use]
    pub fn repositories(&self) -> Vec<String> {
        self.backend
            .contents
            .lock()
            .repositories
            .keys()
            .cloned()
            .collect()
    }

    /// The tags of a repository, sorted.
    #[must_use]
    pub fn tags(&self, repository: &str) -> Vec<String> {
        let contents = self.backend.contents.lock();
        let repository = contents.repositories.get(repository);
        repository.map_or_else(Vec::new, |repository| repository.tags.keys().cloned().collect())
    }

    /// The media type and bytes of a manifest by tag or digest.
    #[must_use]
    pub fn manifest(&self, repository: &str, reference: &str) -> Option<(String, Bytes)> {
        let contents = self.backend.contents.lock();
        let repository = contents.repositories.get(repository)?;
        let digest = repository.resolve(reference)?;
        repository.manifests.get(&digest).cloned()
    }

    /// The digest a tag points to.
    #[must_use]
    pub fn resolve(&self, repository: &str, reference: &str) -> Option<String> {
        let contents = self.backend.contents.lock();
        contents.repositories.get(repository)?.resolve(reference)
    }

    /// The bytes of a blob.
    #[must_use]
    pub fn blob(&self, repository: &str, digest: &str) -> Option<Bytes> {
        self.backend.contents.lock().blob(repository, digest)
    }

    /// The digests of a repository's blobs, sorted.
    #[must_use]
    pub fn blobs(&self, repository: &str) -> Vec<String> {
        let contents = self.backend.contents.lock();
        let repository = contents.repositories.get(repository);
        repository.map_or_else(Vec::new, |repository| repository.blobs.keys().cloned().collect())
    }

    /// The number of upload sessions that were neither finished nor cancelled.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        self.backend.contents.lock().uploads.len()
    }
}
