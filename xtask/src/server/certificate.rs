//! Certificates for one run: an authority, and under it a server certificate for loopback, and those of clients.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rustls::ServerConfig;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

use crate::failure::Context;
use crate::failure::Result;

/// A certificate authority and what it signed, as files in a directory.
pub(crate) struct Authority {
    directory: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Makes an authority and a certificate for `127.0.0.1`, `::1` and `localhost`.
    pub(crate) fn create(directory: &Path) -> Result<Self> {
        let authority_key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(DnType::CommonName, "skeg test authority");
        let authority = params.self_signed(&authority_key)?;
        let issuer = Issuer::new(params, authority_key);

        let names = ["127.0.0.1", "::1", "localhost"].map(str::to_owned);
        let server_key = KeyPair::generate()?;
        let server = CertificateParams::new(names)?.signed_by(&server_key, &issuer)?;

        fs_err::write(Self::path(directory), authority.pem())?;
        let made = Self {
            directory: directory.to_path_buf(),
            issuer,
        };
        fs_err::write(made.certificate(), server.pem())?;
        fs_err::write(made.key(), server_key.serialize_pem())?;
        Ok(made)
    }

    /// A certificate and its key, PEM, of a client who is to be known by this name and group.
    pub(crate) fn client(&self, name: &str, group: &str) -> Result<(String, String)> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.distinguished_name.push(DnType::OrganizationName, group);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok((certificate.pem(), key.serialize_pem()))
    }

    /// The authority's own certificate, which clients trust.
    pub(crate) fn path(directory: &Path) -> PathBuf {
        directory.join("authority.pem")
    }

    /// The same, for those who have the authority at hand.
    pub(crate) fn authority(&self) -> PathBuf {
        Self::path(&self.directory)
    }

    /// The same as text.
    pub(crate) fn pem(&self) -> Result<String> {
        Ok(fs_err::read_to_string(self.authority())?)
    }

    /// The server's certificate.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.directory.join("server.pem")
    }

    /// The server's private key.
    pub(crate) fn key(&self) -> PathBuf {
        self.directory.join("server.key")
    }

    /// The same certificate for a server in this process.
    pub(crate) fn server_config(&self) -> Result<Arc<ServerConfig>> {
        let certificate =
            CertificateDer::from_pem_file(self.certificate()).context(self.certificate().display())?;
        let key = PrivateKeyDer::from_pem_file(self.key()).context(self.key().display())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        Ok(Arc::new(config))
    }
}
