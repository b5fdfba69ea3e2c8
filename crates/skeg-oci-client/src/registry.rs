//! One registry as a whole: is it there, and does it know us?

use std::fmt;
use std::sync::Arc;

use skeg_credentials::Credential;
use skeg_oci::{RegistryHost, RepositoryName};

use crate::credential::{BoxFuture, CredentialProvider, ProvideCredentialError, ProvidedCredential};
use crate::error::{AuthenticateError, RequestError};
use crate::repository::Repository;
use crate::request::Call;
use crate::transport::{Attempts, Endpoint, Response, Transport};

/// One registry. Made by [`Client::registry`](crate::Client::registry).
#[derive(Clone)]
pub struct Registry {
    transport: Arc<Transport>,
    endpoint: Endpoint,
}

impl Registry {
    pub(crate) fn new(transport: Arc<Transport>, host: RegistryHost) -> Self {
        Self {
            transport,
            endpoint: Endpoint {
                host,
                repository: None,
            },
        }
    }

    /// The registry's host.
    pub fn host(&self) -> &RegistryHost {
        &self.endpoint.host
    }

    pub(crate) fn repository(&self, name: RepositoryName) -> Repository {
        Repository::new(Arc::clone(&self.transport), self.endpoint.host.clone(), name)
    }

    pub(crate) async fn call(&self, call: &Call) -> Result<Response, RequestError> {
        self.transport.call(&self.endpoint, call).await
    }

    /// See [`Repository::wait_to_retry`].
    pub(crate) async fn wait_to_retry(&self, attempts: &mut Attempts, error: &RequestError) -> bool {
        let host = self.endpoint.host.as_str();
        self.transport.wait_to_retry(host, attempts, error).await
    }

    pub(crate) fn heard_warnings(&self) -> Vec<String> {
        self.transport.heard_warnings()
    }

    pub(crate) fn url(&self) -> Result<url::Url, RequestError> {
        self.transport.registry_url(&self.endpoint)
    }

    /// Asks the registry whether it accepts `credential`. A registry that demands none accepts any.
    ///
    /// # Errors
    ///
    /// [`AuthenticateError`](crate::AuthenticateError) with the server's words, when it does not.
    pub async fn authenticate(&self, credential: &Credential) -> Result<(), RequestError> {
        let given = Arc::new(Given(credential.clone()));
        let transport = self.transport.with_credentials(given);
        let answer = transport.call(&self.endpoint, &Call::ping()).await;
        answer.map(drop).map_err(given_refused)
    }
}

/// Names the credential as the caller knows it.
fn given_refused(error: RequestError) -> RequestError {
    match error {
        RequestError::Authenticate(AuthenticateError::Refused { host, source, .. }) => {
            AuthenticateError::GivenRefused { host, source }.into()
        }
        other => other,
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Registry")
            .field(&self.endpoint.host)
            .finish()
    }
}

/// Has one credential for everything.
struct Given(Credential);

impl CredentialProvider for Given {
    fn credential<'a>(
        &'a self,
        _host: &'a RegistryHost,
        _repository: Option<&'a RepositoryName>,
    ) -> BoxFuture<'a, Result<Option<ProvidedCredential>, ProvideCredentialError>> {
        Box::pin(std::future::ready(Ok(Some(ProvidedCredential {
            credential: self.0.clone(),
            source: "the login".to_owned(),
        }))))
    }
}
