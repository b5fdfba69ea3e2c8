//! Listing the logins there are, without their secrets.

use std::collections::BTreeMap;

use crate::chain::ConfigSource;
use crate::docker_config::Document;
use crate::helper::{Logins, TOKEN_USERNAME};
use crate::key::{KeyForm, is_same_login};
use crate::{
    CredentialChain, CredentialKey, CredentialKind, Listing, LoginEntry, LoginStore, SourceKind, Warning,
};

impl LoginStore {
    /// Lists the logins of all configurations. A host whose helper cannot list is named without its user.
    pub fn list(&self) -> Listing {
        let mut lister = Lister {
            chain: self.chain(),
            asked: BTreeMap::new(),
            listing: Listing::default(),
        };
        for config in self.chain().configs() {
            match config.load() {
                Ok(document) => lister.add(config, &document),
                Err(error) => lister.listing.warnings.push(Warning::Config(error)),
            }
        }
        lister.listing
    }
}

/// A listing under construction; each helper is asked once.
struct Lister<'a> {
    chain: &'a CredentialChain,
    asked: BTreeMap<String, Logins>,
    listing: Listing,
}

impl Lister<'_> {
    fn add(&mut self, config: &ConfigSource, document: &Document) {
        self.add_helpers(config, document);
        if let Some(kind) = config.store(document, self.chain.helpers()) {
            self.add_store(config, &kind);
        }
        self.add_plain(config, document);
    }

    fn add_helpers(&mut self, config: &ConfigSource, document: &Document) {
        for (key, suffix) in document.helpers().filter(|(_, suffix)| !suffix.is_empty()) {
            let logins = self.logins(config, suffix);
            let login = login_for(logins, key).cloned();
            let (username, kind) = login.map_or((None, None), described);
            let source = config.source(SourceKind::Helper(suffix.to_owned()), key);
            self.push(LoginEntry {
                source,
                username,
                kind,
            });
        }
    }

    fn add_store(&mut self, config: &ConfigSource, kind: &SourceKind) {
        let Some(suffix) = kind.helper() else {
            return;
        };
        for (key, username) in self.logins(config, suffix).clone() {
            let source = config.source(kind.clone(), key);
            let (username, kind) = described(username);
            self.push(LoginEntry {
                source,
                username,
                kind,
            });
        }
    }

    fn add_plain(&mut self, config: &ConfigSource, document: &Document) {
        for entry in document.entries() {
            match entry.credential {
                Ok(None) => {}
                Ok(Some(credential)) => self.push(LoginEntry {
                    source: config.source(SourceKind::Plain, entry.key),
                    username: credential.username().map(str::to_owned),
                    kind: credential.kind(),
                }),
                Err(problem) => self.listing.warnings.push(Warning::Entry {
                    location: config.location().clone(),
                    key: entry.key.to_owned(),
                    problem,
                }),
            }
        }
    }

    fn push(&mut self, entry: LoginEntry) {
        self.listing.entries.push(entry);
    }

    /// A helper's logins; none, and a warning the first time, if it cannot list them.
    fn logins(&mut self, config: &ConfigSource, suffix: &str) -> &Logins {
        if !self.asked.contains_key(suffix) {
            let logins = self.chain.helpers().list(suffix).unwrap_or_else(|problem| {
                let location = config.location().clone();
                self.listing.warnings.push(Warning::Helper { location, problem });
                Logins::default()
            });
            self.asked.insert(suffix.to_owned(), logins);
        }
        &self.asked[suffix]
    }
}

/// The user that a helper lists for a key of `credHelpers`.
fn login_for<'a>(logins: &'a Logins, key: &str) -> Option<&'a String> {
    let exact = logins.get(key);
    exact.or_else(|| {
        let target = CredentialKey::parse(key).ok()?;
        let same = |server: &str| is_same_login(server, KeyForm::Scoped, &target);
        logins
            .iter()
            .find(|(server, _)| same(server))
            .map(|(_, username)| username)
    })
}

/// The user and the kind of a login, from what a helper lists as its user.
fn described(username: String) -> (Option<String>, Option<CredentialKind>) {
    if username == TOKEN_USERNAME {
        (None, Some(CredentialKind::IdentityToken))
    } else {
        (Some(username), Some(CredentialKind::Basic))
    }
}
