//! The question every source of credentials answers, and the answer with where it comes from.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::{Credential, CredentialKey, Warning};

/// A source of credentials.
///
/// Looking up may read files and wait for helper programs: asynchronous callers move it to a thread that may block.
pub trait CredentialStore: Send + Sync {
    /// Finds the credential for a registry or a repository; what went wrong on the way is in the answer.
    fn lookup(&self, key: &CredentialKey) -> Lookup;
}

impl<S: CredentialStore + ?Sized> CredentialStore for Arc<S> {
    fn lookup(&self, key: &CredentialKey) -> Lookup {
        (**self).lookup(key)
    }
}

/// The answer to [`CredentialStore::lookup`].
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    /// The credential; [`Credential::Anonymous`] if none is known.
    pub credential: Credential,
    /// Where the credential comes from; `None` exactly if it is anonymous.
    pub source: Option<CredentialSource>,
    /// What could not be asked, in the order of the attempts. It is of interest when the registry demands a credential.
    pub warnings: Vec<Warning>,
}

/// Where a credential is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialSource {
    /// The file, or what stands in its place.
    pub location: ConfigLocation,
    /// How the location keeps it.
    pub kind: SourceKind,
    /// The key under which it is kept, as stored.
    pub key: String,
}

/// What a credential was read from, or which configuration named the helper that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigLocation {
    /// A configuration file.
    File(PathBuf),
    /// The content of a variable, by the variable's name.
    Inline(String),
    /// The caller itself, who named a user and a password for one host.
    Caller,
    /// A store in memory.
    Memory,
}

/// How a location keeps a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceKind {
    /// The helper of this one host (`credHelpers`), by its suffix.
    Helper(String),
    /// The helper for all hosts (`credsStore`), by its suffix.
    Store(String),
    /// The platform's helper, used because the file configures nothing, by its suffix.
    NativeStore(String),
    /// The location itself (`auths`).
    Plain,
}

impl SourceKind {
    /// The suffix of the helper program that keeps the credential.
    pub fn helper(&self) -> Option<&str> {
        match self {
            Self::Helper(suffix) | Self::Store(suffix) | Self::NativeStore(suffix) => Some(suffix),
            Self::Plain => None,
        }
    }
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { location, kind, key } = self;
        match kind {
            SourceKind::Helper(suffix) => {
                write!(
                    f,
                    "`{key}` in docker-credential-{suffix} (credHelpers of {location})"
                )
            }
            SourceKind::Store(suffix) => {
                write!(
                    f,
                    "`{key}` in docker-credential-{suffix} (credsStore of {location})"
                )
            }
            SourceKind::NativeStore(suffix) => {
                write!(f, "`{key}` in docker-credential-{suffix} (found on this machine)")
            }
            SourceKind::Plain => write!(f, "`{key}` in {location}"),
        }
    }
}

impl fmt::Display for ConfigLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Inline(name) => f.write_str(name),
            Self::Caller => f.write_str("the command line"),
            Self::Memory => f.write_str("memory"),
        }
    }
}
