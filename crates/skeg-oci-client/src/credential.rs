//! Where the client gets credentials from, without knowing any file.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use skeg_credentials::Credential;
use skeg_oci::{RegistryHost, RepositoryName};

/// A future on the heap, as object-safe traits need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Finds the credential for a registry.
///
/// The client asks only when a registry demands authentication, and once for each host and repository.
pub trait CredentialProvider: Send + Sync {
    /// Returns the credential for `repository` of `host`, or `None` when there is none: the client goes on anonymously.
    fn credential<'a>(
        &'a self,
        host: &'a RegistryHost,
        repository: Option<&'a RepositoryName>,
    ) -> BoxFuture<'a, Result<Option<ProvidedCredential>, ProvideCredentialError>>;
}

/// A credential and where it was found.
#[derive(Clone, Debug)]
pub struct ProvidedCredential {
    /// The credential.
    pub credential: Credential,
    /// Where it comes from, for messages: "`/home/a/.docker/config.json`", "`docker-credential-pass`".
    pub source: String,
}

/// Why no credential could be looked up. It fails an operation only when the registry insists on a credential.
#[derive(Debug)]
pub struct ProvideCredentialError(pub Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for ProvideCredentialError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the credential could not be looked up")
    }
}

impl std::error::Error for ProvideCredentialError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// Never has a credential.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anonymous;

impl CredentialProvider for Anonymous {
    fn credential<'a>(
        &'a self,
        _host: &'a RegistryHost,
        _repository: Option<&'a RepositoryName>,
    ) -> BoxFuture<'a, Result<Option<ProvidedCredential>, ProvideCredentialError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}
