//! Checking the certificates of servers.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// Checks the certificates of servers. Signatures are checked whatever is trusted.
#[derive(Debug)]
pub(crate) struct Verifier {
    provider: Arc<CryptoProvider>,
    trust: Trust,
}

#[derive(Debug)]
enum Trust {
    /// Any certificate, for servers that the user trusts without one.
    Any,
    /// The system's authorities and those of the caller. They are loaded when the first certificate comes, since a server
    /// without TLS sends none and loading takes longer than asking it.
    Authorities {
        own: RootCertStore,
        loaded: OnceLock<Option<Arc<WebPkiServerVerifier>>>,
    },
}

impl Verifier {
    /// Accepts any certificate.
    pub(crate) fn accepting_any(provider: Arc<CryptoProvider>) -> Self {
        Self {
            provider,
            trust: Trust::Any,
        }
    }

    /// Accepts what the system's authorities or `own` signed.
    pub(crate) fn with_authorities(provider: Arc<CryptoProvider>, own: RootCertStore) -> Self {
        Self {
            provider,
            trust: Trust::Authorities {
                own,
                loaded: OnceLock::new(),
            },
        }
    }

    /// Those of the system that cannot be read are left out: a server whose authority is missing is refused anyway.
    fn load(&self, own: &RootCertStore) -> Option<Arc<WebPkiServerVerifier>> {
        let mut roots = own.clone();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::clone(&self.provider);
        let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        // It fails when there is no authority at all.
        builder.build().ok()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Trust::Authorities { own, loaded } = &self.trust else {
            return Ok(ServerCertVerified::assertion());
        };
        let Some(verifier) = loaded.get_or_init(|| self.load(own)) else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
