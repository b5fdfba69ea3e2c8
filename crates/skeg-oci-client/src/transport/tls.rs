//! The TLS settings, built from the caller's options at the first TLS connection.

use std::path::Path;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::client::TlsOptions;
use crate::error::TlsConfigError;
use crate::transport::verifier::Verifier;

/// Builds the settings. Reads the files of `options`; the system's certificates are read when a server shows one.
pub(crate) fn client_config(options: &TlsOptions) -> Result<ClientConfig, TlsConfigError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = if options.insecure_skip_verify {
        Verifier::accepting_any(Arc::clone(&provider))
    } else {
        Verifier::with_authorities(Arc::clone(&provider), own_authorities(options)?)
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("because ring supports the default versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    match client_identity(options)? {
        None => Ok(builder.with_no_client_auth()),
        Some((chain, key)) => builder
            .with_client_auth_cert(chain, key)
            .map_err(|source| TlsConfigError::ClientCertificate { source }),
    }
}

/// The certificate authorities of the caller's file.
fn own_authorities(options: &TlsOptions) -> Result<RootCertStore, TlsConfigError> {
    let mut roots = RootCertStore::empty();
    let Some(path) = &options.ca_file else {
        return Ok(roots);
    };
    let certificates = read_certificates("CA file", path)?;
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(TlsConfigError::Content {
            what: "certificate",
            path: path.clone(),
        });
    }
    Ok(roots)
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn client_identity(options: &TlsOptions) -> Result<Option<Identity>, TlsConfigError> {
    let (certificate, key) = match (&options.client_certificate, &options.client_key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        _ => return Err(TlsConfigError::IncompletePair),
    };
    let chain = read_certificates("client certificate", certificate)?;
    if chain.is_empty() {
        return Err(TlsConfigError::Content {
            what: "certificate",
            path: certificate.clone(),
        });
    }
    let pem = read("client key", key)?;
    let private_key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| TlsConfigError::Content {
        what: "private key",
        path: key.clone(),
    })?;
    Ok(Some((chain, private_key)))
}

fn read_certificates(
    what: &'static str,
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
    let pem = read(what, path)?;
    Ok(CertificateDer::pem_slice_iter(&pem)
        .filter_map(Result::ok)
        .collect())
}

#[expect(clippy::disallowed_methods, reason = "our own error names the file")]
fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, TlsConfigError> {
    std::fs::read(path).map_err(|source| TlsConfigError::Read {
        what,
        path: path.to_owned(),
        source,
    })
}
