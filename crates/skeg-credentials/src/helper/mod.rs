//! Credential helpers: the programs `docker-credential-*` that keep credentials in the system's own store.

mod program;
mod protocol;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

pub use self::program::{HelperError, HelperFailure};
pub(crate) use self::protocol::TOKEN_USERNAME;

use crate::Credential;

/// How long a helper may take by default; helpers that ask a cloud service need seconds.
pub const DEFAULT_HELPER_LIMIT: Duration = Duration::from_secs(30);

/// The helper programs on a search path. Each is asked once for each host; the answers, failures among them, are kept
/// as long as this value lives.
///
/// A helper inherits the environment, and the terminal as its only way to ask a person (as `pass` does).
pub struct HelperPrograms {
    search_path: OsString,
    limit: Duration,
    answers: Mutex<Answers>,
}

/// Answers by helper and server; a place is there before its answer, so that only one thread asks.
type Answers = BTreeMap<(String, String), Arc<OnceLock<Answer>>>;

/// What a helper answered to `get`: `None` if it knows no credential.
pub(crate) type Answer = Result<Option<Credential>, Arc<HelperError>>;

/// A helper's logins: server address and user name.
pub(crate) type Logins = BTreeMap<String, String>;

impl HelperPrograms {
    /// Looks for helpers in the directories of `search_path` (the form of `PATH`); relative ones are passed over.
    pub fn new(search_path: impl Into<OsString>) -> Self {
        Self {
            search_path: search_path.into(),
            limit: DEFAULT_HELPER_LIMIT,
            answers: Mutex::default(),
        }
    }

    /// Sets how long a helper may take before it is killed.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Asks a helper for the credential of a server.
    pub(crate) fn get(&self, suffix: &str, server: &str) -> Answer {
        let answer = Arc::clone(
            self.answers()
                .entry((suffix.to_owned(), server.to_owned()))
                .or_default(),
        );
        answer.get_or_init(|| self.ask(suffix, server)).clone()
    }

    /// Gives a helper a credential to keep. The helper protocol knows no registry tokens: they are refused.
    pub(crate) fn store(
        &self,
        suffix: &str,
        server: &str,
        credential: &Credential,
    ) -> Result<(), Arc<HelperError>> {
        let (username, secret) = match credential {
            Credential::Basic { username, password } => (username.as_str(), password),
            Credential::IdentityToken(token) => (protocol::TOKEN_USERNAME, token),
            Credential::RegistryToken(_) | Credential::Anonymous => {
                let failure = HelperFailure::Unsupported;
                return Err(Arc::new(HelperError::new(suffix, "store", failure)));
            }
        };
        let request = protocol::store_request(server, username, secret.expose());
        self.forget(suffix, server);
        self.run(suffix, "store", &request)
            .map_err(|error| Arc::new(error.without(secret.expose())))?;
        Ok(())
    }

    /// Tells a helper to forget a server; tells whether it knew it.
    pub(crate) fn erase(&self, suffix: &str, server: &str) -> Result<bool, Arc<HelperError>> {
        self.forget(suffix, server);
        match self.run(suffix, "erase", server) {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(Arc::new(error)),
        }
    }

    /// Asks a helper for all of its logins.
    pub(crate) fn list(&self, suffix: &str) -> Result<Logins, Arc<HelperError>> {
        let list = || {
            let output = self.run(suffix, "list", "unused")?;
            protocol::read_list(&output)
                .ok_or_else(|| HelperError::new(suffix, "list", HelperFailure::Garbage))
        };
        list().map_err(Arc::new)
    }

    /// The helper for this platform's own store, if the program is there.
    ///
    /// Docker and ORAS: `osxkeychain` on macOS, `wincred` on Windows, and on Linux `pass` where that is installed,
    /// otherwise `secretservice`.
    pub(crate) fn native(&self) -> Option<&'static str> {
        let suffix = match std::env::consts::OS {
            "macos" => "osxkeychain",
            "windows" => "wincred",
            "linux" if self.find("pass").is_some() => "pass",
            "linux" => "secretservice",
            _ => return None,
        };
        self.find(&program::name_of(suffix)).map(|_| suffix)
    }

    fn ask(&self, suffix: &str, server: &str) -> Answer {
        match self.run(suffix, "get", server) {
            Ok(output) => match protocol::read_credential(&output) {
                Some(Credential::Anonymous) => Ok(None),
                Some(credential) => Ok(Some(credential)),
                None => Err(Arc::new(HelperError::new(suffix, "get", HelperFailure::Garbage))),
            },
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(Arc::new(error)),
        }
    }

    fn run(&self, suffix: &str, action: &'static str, input: &str) -> Result<Vec<u8>, HelperError> {
        let started = || {
            if !program::is_suffix(suffix) {
                return Err(HelperFailure::BadName);
            }
            let program = self
                .find(&program::name_of(suffix))
                .ok_or(HelperFailure::Missing)?;
            tracing::debug!(program = %program.display(), action, "running a credential helper");
            program::run(&program, action, input, self.limit)
        };
        started().map_err(|failure| HelperError::new(suffix, action, failure))
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        program::find(name, &self.search_path)
    }

    fn forget(&self, suffix: &str, server: &str) {
        self.answers().remove(&(suffix.to_owned(), server.to_owned()));
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for HelperPrograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HelperPrograms")
            .field("search_path", &self.search_path)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
