//! Credentials in memory, for tests and for callers that have their own storage.

use crate::key::{KeyForm, best_first};
use crate::{
    ConfigLocation, Credential, CredentialKey, CredentialSource, CredentialStore, Lookup, SourceKind,
};

/// A store that holds its credentials in memory and finds them by the same rules as a file.
///
/// ```
/// use skeg_credentials::{Credential, CredentialKey, CredentialStore, MemoryStore};
///
/// let store = MemoryStore::default().with(&CredentialKey::parse("ghcr.io/team")?, Credential::basic("me", "secret"));
/// assert_eq!(store.lookup(&CredentialKey::parse("ghcr.io/team/app")?).credential.username(), Some("me"));
/// assert!(store.lookup(&CredentialKey::parse("ghcr.io/other")?).credential.is_anonymous());
/// # Ok::<(), skeg_credentials::ParseCredentialKeyError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    entries: Vec<(String, Credential)>,
}

impl MemoryStore {
    /// Adds a credential for a host, or for the repositories under a path of it; a later one replaces an earlier one.
    #[must_use]
    pub fn with(mut self, key: &CredentialKey, credential: Credential) -> Self {
        let key = key.server_address();
        self.entries.push((key, credential));
        self
    }
}

impl CredentialStore for MemoryStore {
    fn lookup(&self, key: &CredentialKey) -> Lookup {
        let keys = self.entries.iter().map(|(key, _)| key.as_str());
        let Some(&best) = best_first(keys, KeyForm::Scoped, key).first() else {
            return Lookup::default();
        };
        let (key, credential) = self.entries[best].clone();
        let source = CredentialSource {
            location: ConfigLocation::Memory,
            kind: SourceKind::Plain,
            key,
        };
        Lookup {
            source: (!credential.is_anonymous()).then_some(source),
            credential,
            warnings: Vec::new(),
        }
    }
}
