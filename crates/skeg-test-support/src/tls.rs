//! Certificates for tests: one authority, a server certificate for loopback, a client certificate.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// A certificate with its private key, both PEM.
#[derive(Debug, Clone)]
pub struct PemIdentity {
    /// The certificate.
    pub certificate: String,
    /// The private key (PKCS #8).
    pub key: String,
}

/// An authority and the identities it signed.
pub struct TestCertificates {
    authority: CertifiedIssuer<'static, KeyPair>,
}

impl TestCertificates {
    /// Makes a new authority with a new key.
    ///
    /// # Panics
    ///
    /// Panics where the system has no randomness.
    #[must_use]
    pub fn generate() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(DnType::CommonName, "skeg test authority");
        let authority = CertifiedIssuer::self_signed(params, new_key())
            .expect("because the parameters are constant and valid");
        Self { authority }
    }

    /// The authority's certificate, PEM.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.authority.pem()
    }

    /// A server certificate for 127.0.0.1, `::1` and localhost.
    #[must_use]
    pub fn loopback_server(&self) -> PemIdentity {
        self.server(&["127.0.0.1", "::1", "localhost"])
    }

    /// A server certificate for these names and addresses.
    #[must_use]
    pub fn server(&self, names: &[&str]) -> PemIdentity {
        self.sign(names, ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// A client certificate for this common name.
    #[must_use]
    pub fn client(&self, name: &str) -> PemIdentity {
        self.sign(&[name], ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn sign(&self, names: &[&str], usage: ExtendedKeyUsagePurpose) -> PemIdentity {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let common_name = names.first().cloned().unwrap_or_default();
        let mut params = CertificateParams::new(names).expect("because tests name valid hosts and addresses");
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.extended_key_usages = vec![usage];
        let key = new_key();
        let certificate = params
            .signed_by(&key, &self.authority)
            .expect("because the authority may sign");
        PemIdentity {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

impl std::fmt::Debug for TestCertificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestCertificates").finish_non_exhaustive()
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate().expect("because the system has randomness")
}

/// What the acceptor asks of clients and offers them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AcceptorOptions {
    pub(crate) require_client_certificate: bool,
    pub(crate) http2: bool,
}

/// An acceptor with a loopback certificate.
pub(crate) fn acceptor(certificates: &TestCertificates, options: AcceptorOptions) -> TlsAcceptor {
    let identity = certificates.loopback_server();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("because the provider supports the default versions");
    let builder = if options.require_client_certificate {
        let mut roots = RootCertStore::empty();
        roots
            .add(certificates.authority.der().clone())
            .expect("because the authority is a valid certificate");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .expect("because there is a root");
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    let mut config = builder
        .with_single_cert(chain(&identity), private_key(&identity))
        .expect("because the key belongs to the certificate");
    config.alpn_protocols = if options.http2 {
        vec![b"h2".to_vec(), b"http/1.1".to_vec()]
    } else {
        vec![b"http/1.1".to_vec()]
    };
    TlsAcceptor::from(Arc::new(config))
}

fn chain(identity: &PemIdentity) -> Vec<CertificateDer<'static>> {
    use rustls_pki_types::pem::PemObject as _;
    CertificateDer::pem_slice_iter(identity.certificate.as_bytes())
        .collect::<Result<_, _>>()
        .expect("because the PEM was just written")
}

fn private_key(identity: &PemIdentity) -> PrivateKeyDer<'static> {
    use rustls_pki_types::pem::PemObject as _;
    PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("because the PEM was just written")
}
