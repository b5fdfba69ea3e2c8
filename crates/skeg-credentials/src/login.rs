//! Logging in and out: where a credential is put, and what remains elsewhere when it is removed.

use std::path::PathBuf;
use std::sync::Arc;

use crate::chain::ConfigSource;
use crate::docker_config::{AuthEntry, ConfigFormat, Document, HelperChoice, read_file, update};
use crate::{
    Credential, CredentialChain, CredentialKey, CredentialKind, CredentialSource, HelperError, LoginError,
    LogoutError, ReadConfigError, SourceKind, Warning,
};

/// The file that logins are written to, or whose helpers keep them, and the chain in which they are found again.
///
/// Helm 4.3.1: a login goes to the helper that the file names for the host (`credHelpers`, then `credsStore`),
/// otherwise into the file; while the file configures nothing, to the platform's own store, if its helper is
/// installed, which is then noted in the file. Beyond Helm, a login may be for a path of a host.
#[derive(Clone, Debug)]
pub struct LoginStore {
    path: PathBuf,
    chain: CredentialChain,
}

/// What [`LoginStore::login`] did.
#[derive(Clone, Debug)]
pub struct LoginOutcome {
    /// Where the credential is now.
    pub stored_in: CredentialSource,
    /// What did not work before it was stored there.
    pub warnings: Vec<Warning>,
}

/// What [`LoginStore::logout`] did.
#[derive(Clone, Debug)]
pub struct LogoutOutcome {
    /// Whether there was a login to remove.
    pub removed: bool,
    /// Where a credential for the same target is still found, first of all the one that is used from now on.
    pub remaining: Vec<CredentialSource>,
    /// What could not be asked.
    pub warnings: Vec<Warning>,
}

/// What [`LoginStore::list`] found.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The logins, in the order in which the configurations are asked.
    pub entries: Vec<LoginEntry>,
    /// What could not be asked.
    pub warnings: Vec<Warning>,
}

/// A login that is known, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginEntry {
    /// Where it is.
    pub source: CredentialSource,
    /// The user, where one is known.
    pub username: Option<String>,
    /// What it consists of; `None` if only the helper knows.
    pub kind: Option<CredentialKind>,
}

impl LoginStore {
    /// Writes to `path`, a file of Docker's form; `chain` is what lookups use, `path` usually first in it.
    pub fn new(path: impl Into<PathBuf>, chain: CredentialChain) -> Self {
        Self {
            path: path.into(),
            chain,
        }
    }

    /// Stores a credential for a host, or for the repositories under a path of it.
    ///
    /// # Errors
    /// The credential cannot be stored, the configured helper fails, or the file cannot be read or written. The file
    /// is then as it was.
    pub fn login(&self, target: &CredentialKey, credential: &Credential) -> Result<LoginOutcome, LoginError> {
        let entry = AuthEntry::from_credential(credential).ok_or(LoginError::Anonymous)?;
        if credential
            .username()
            .is_some_and(|username| username.contains(':'))
        {
            return Err(LoginError::ColonInUsername);
        }
        let document = self.read()?;
        let mut kind = self.keeper(&document, target);
        let mut warnings = Vec::new();
        match self.give_to_helper(&kind, target, credential) {
            Ok(()) => {}
            // Nobody configured this helper: that it is broken must not prevent a login.
            Err(problem) if matches!(kind, SourceKind::NativeStore(_)) => {
                let location = self.config().location().clone();
                warnings.push(Warning::Helper { location, problem });
                kind = SourceKind::Plain;
            }
            Err(problem) => return Err(refusal(problem, credential)),
        }
        self.note(&kind, target, &entry)?;
        let stored_in = self.config().source(kind, target.server_address());
        Ok(LoginOutcome { stored_in, warnings })
    }

    /// Removes the login for a host, or for a path of one, from the file and from its helper.
    ///
    /// # Errors
    /// The configured helper fails, or the file cannot be read or written.
    pub fn logout(&self, target: &CredentialKey) -> Result<LogoutOutcome, LogoutError> {
        let document = self.read()?;
        let mut removed = false;
        if document.has_login(target) {
            removed |= update(&self.path, |document| document.remove_login(target))?;
        }
        if let SourceKind::Helper(suffix) | SourceKind::Store(suffix) = self.keeper(&document, target) {
            removed |= self.erase(&suffix, target).map_err(LogoutError::Helper)?;
        }
        let mut warnings = Vec::new();
        let configs = self.chain.configs().iter();
        let remaining = configs
            .filter_map(|config| self.chain.find_in(config, target, &mut warnings))
            .map(|(_, source)| source)
            .collect();
        Ok(LogoutOutcome {
            removed,
            remaining,
            warnings,
        })
    }

    pub(crate) fn chain(&self) -> &CredentialChain {
        &self.chain
    }

    fn read(&self) -> Result<Document, ReadConfigError> {
        read_file(&self.path, ConfigFormat::Config)
    }

    fn config(&self) -> ConfigSource {
        ConfigSource::docker(&self.path)
    }

    /// Who keeps the logins for a target.
    fn keeper(&self, document: &Document, target: &CredentialKey) -> SourceKind {
        match document.helper_for(target) {
            HelperChoice::Helper(suffix) => SourceKind::Helper(suffix.to_owned()),
            HelperChoice::File => SourceKind::Plain,
            HelperChoice::Unnamed => self
                .config()
                .store(document, self.chain.helpers())
                .unwrap_or(SourceKind::Plain),
        }
    }

    fn give_to_helper(
        &self,
        kind: &SourceKind,
        target: &CredentialKey,
        credential: &Credential,
    ) -> Result<(), Arc<HelperError>> {
        match kind.helper() {
            Some(suffix) => self
                .chain
                .helpers()
                .store(suffix, &target.server_address(), credential),
            None => Ok(()),
        }
    }

    /// Writes to the file what belongs there: the login itself, or that a helper has it.
    fn note(&self, kind: &SourceKind, target: &CredentialKey, entry: &AuthEntry) -> Result<(), LoginError> {
        let key = target.server_address();
        let edit = |document: &mut Document| match kind {
            SourceKind::Plain => {
                document.set_login(&key, entry);
                true
            }
            _ => note_helper(document, kind, target),
        };
        let is_needed = match kind {
            SourceKind::Plain => true,
            _ => note_helper(&mut self.read()?, kind, target),
        };
        if is_needed {
            update(&self.path, edit)?;
        }
        Ok(())
    }

    /// Asks first, since a helper may succeed in removing what it never had.
    fn erase(&self, suffix: &str, target: &CredentialKey) -> Result<bool, Arc<HelperError>> {
        let server = target.server_address();
        match self.chain.helpers().get(suffix, &server) {
            Ok(None) => Ok(false),
            Ok(Some(_)) | Err(_) => self.chain.helpers().erase(suffix, &server),
        }
    }
}

/// Takes plain secrets of a login out of the file that a helper keeps now, marks a path so that lookups ask for it, and
/// notes the platform's helper. Tells whether anything changed: for a host and a configured helper nothing does, as in
/// Helm.
fn note_helper(document: &mut Document, kind: &SourceKind, target: &CredentialKey) -> bool {
    let mut is_changed = document.clear_login(target);
    if target.path().is_some() {
        is_changed |= document.mark_login(&target.server_address());
    }
    if let SourceKind::NativeStore(suffix) = kind {
        document.set_store(suffix);
        is_changed = true;
    }
    is_changed
}

fn refusal(problem: Arc<HelperError>, credential: &Credential) -> LoginError {
    match credential.kind() {
        Some(CredentialKind::RegistryToken) => LoginError::RegistryToken(problem.suffix.clone()),
        _ => LoginError::Helper(problem),
    }
}
