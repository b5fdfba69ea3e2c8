//! Which registry, and which repositories of it, a credential is for.

mod stored;

use std::fmt;
use std::str::FromStr;

use skeg_oci::{ParseHostError, ParseRepositoryError, RegistryHost, RepositoryName};

pub(crate) use self::stored::{KeyForm, best_first, is_same_login};

/// The key under which every tool stores a Docker Hub login.
pub(crate) const DOCKER_HUB_KEY: &str = "https://index.docker.io/v1/";

/// What a credential is wanted for: a registry, and the repository when the request names one.
///
/// The same type names the target of a login: a host alone, or a host and the path whose repositories it is for.
///
/// ```
/// use skeg_credentials::CredentialKey;
///
/// let key = CredentialKey::parse("registry.example:5000/team/charts")?;
/// assert_eq!(key.host().as_str(), "registry.example:5000");
/// assert_eq!(key.path().map(|path| path.as_str()), Some("team/charts"));
/// assert_eq!(key.to_string(), "registry.example:5000/team/charts");
/// # Ok::<(), skeg_credentials::ParseCredentialKeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CredentialKey {
    host: RegistryHost,
    path: Option<RepositoryName>,
}

/// Why a text names neither a registry nor a path in one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseCredentialKeyError {
    /// The part before the first `/` is no host.
    #[error(transparent)]
    Host(#[from] ParseHostError),
    /// The part after the first `/` is no repository path.
    #[error(transparent)]
    Path(#[from] ParseRepositoryError),
}

impl CredentialKey {
    /// A request to the registry as a whole (its `/v2/` page, a login).
    pub fn for_host(host: RegistryHost) -> Self {
        Self { host, path: None }
    }

    /// A request to one repository.
    pub fn for_repository(host: RegistryHost, repository: RepositoryName) -> Self {
        Self {
            host,
            path: Some(repository),
        }
    }

    /// Parses `host[:port][/path]`.
    ///
    /// # Errors
    /// The host or the path breaks its grammar.
    pub fn parse(text: &str) -> Result<Self, ParseCredentialKeyError> {
        let (host, path) = match text.split_once('/') {
            Some((host, path)) => (host, Some(RepositoryName::parse(path)?)),
            None => (text, None),
        };
        let host = RegistryHost::parse(host)?;
        Ok(Self { host, path })
    }

    /// The registry.
    pub fn host(&self) -> &RegistryHost {
        &self.host
    }

    /// The repository, or the path a login is for.
    pub fn path(&self) -> Option<&RepositoryName> {
        self.path.as_ref()
    }

    /// Tells whether `host` is the same registry, whatever name of Docker Hub either uses.
    pub fn is_for(&self, host: &RegistryHost) -> bool {
        self.host.api_host() == host.api_host()
    }

    /// The key under which this is stored in a file or a helper.
    ///
    /// Helm 4.3.1: the host as it was written; for each name of Docker Hub `https://index.docker.io/v1/`. A path is
    /// appended to the host as Podman does it.
    pub fn server_address(&self) -> String {
        match &self.path {
            Some(_) => self.to_string(),
            None => self.host_address(),
        }
    }

    /// The key of the host alone.
    pub(crate) fn host_address(&self) -> String {
        if is_docker_hub(self.host.as_str()) {
            DOCKER_HUB_KEY.to_owned()
        } else {
            self.host.as_str().to_owned()
        }
    }
}

/// Tells whether a host, in lower case, is one of Docker Hub's names.
fn is_docker_hub(host: &str) -> bool {
    matches!(host, "docker.io" | "index.docker.io" | "registry-1.docker.io")
}

impl fmt::Display for CredentialKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}/{path}", self.host),
            None => write!(f, "{}", self.host),
        }
    }
}

impl FromStr for CredentialKey {
    type Err = ParseCredentialKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_address(text: &str, address: &str) {
        assert_eq!(CredentialKey::parse(text).unwrap().server_address(), address);
    }

    #[test]
    fn addresses_are_those_that_helm_writes() {
        check_address("ghcr.io", "ghcr.io");
        check_address("127.0.0.1:5000", "127.0.0.1:5000");
        check_address("[::1]:5000", "[::1]:5000");
        check_address("docker.io", DOCKER_HUB_KEY);
        check_address("index.docker.io", DOCKER_HUB_KEY);
        check_address("registry-1.docker.io", DOCKER_HUB_KEY);
        check_address("ghcr.io/team/app", "ghcr.io/team/app");
        check_address("docker.io/team", "docker.io/team");
    }

    #[test]
    fn malformed_targets_are_refused() {
        for text in [
            "",
            "/",
            "ghcr.io/",
            "ghcr.io//a",
            "ghcr.io/UP",
            "oci://ghcr.io",
            "a b",
        ] {
            assert!(CredentialKey::parse(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn names_of_docker_hub_are_one_registry() {
        let hub = CredentialKey::parse("docker.io/team/app").unwrap();
        assert!(hub.is_for(&RegistryHost::parse("registry-1.docker.io").unwrap()));
        assert!(!hub.is_for(&RegistryHost::parse("ghcr.io").unwrap()));
    }
}
