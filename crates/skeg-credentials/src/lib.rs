//! Registry credentials: who a client is for a host and a repository.
//!
//! Here: the configuration files of Helm, Docker and Podman, the helper programs they name, the rules by which one of
//! their entries is chosen, and logging in and out. Not here: where those files are (the caller passes every path; this
//! crate reads no environment), prompting, and what a registry makes of a credential (`skeg-oci-client`).
//!
//! Start with [`CredentialChain`] (lookups), [`LoginStore`] (changes) and [`Credential`]. Both block while they read
//! files and wait for helpers, each for at most the limit of [`HelperPrograms`]; asynchronous callers move them to a
//! thread that may block.
//!
//! ```
//! use std::sync::Arc;
//! use skeg_credentials::{
//!     ConfigSource, Credential, CredentialChain, CredentialKey, CredentialStore, HelperPrograms, LoginStore,
//! };
//!
//! let directory = tempfile::tempdir()?;
//! let file = directory.path().join("registry/config.json");
//! let chain = CredentialChain::new(Arc::new(HelperPrograms::new("")))
//!     .with_config(ConfigSource::docker(&file));
//!
//! let team = CredentialKey::parse("registry.example/team")?;
//! LoginStore::new(&file, chain.clone()).login(&team, &Credential::basic("me", "secret"))?;
//!
//! let lookup = chain.lookup(&CredentialKey::parse("registry.example/team/app")?);
//! assert_eq!(lookup.credential, Credential::basic("me", "secret"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: a secret is a [`Secret`], so that no message, warning or log holds one; a broken file or helper is a
//! [`Warning`] of a lookup, never its failure; which of several entries wins depends on their keys alone; a change of a
//! file loses neither what it held nor what another process writes at the same time.

mod chain;
mod credential;
mod docker_config;
mod error;
mod helper;
mod key;
mod list;
mod login;
mod memory;
mod secret;
mod store;

pub use crate::chain::{ConfigSource, CredentialChain};
pub use crate::credential::{Credential, CredentialKind};
pub use crate::docker_config::{ConfigProblem, EntryProblem};
pub use crate::error::{LoginError, LogoutError, ReadConfigError, Warning, WriteConfigError};
pub use crate::helper::{DEFAULT_HELPER_LIMIT, HelperError, HelperFailure, HelperPrograms};
pub use crate::key::{CredentialKey, ParseCredentialKeyError};
pub use crate::login::{Listing, LoginEntry, LoginOutcome, LoginStore, LogoutOutcome};
pub use crate::memory::MemoryStore;
pub use crate::secret::Secret;
pub use crate::store::{ConfigLocation, CredentialSource, CredentialStore, Lookup, SourceKind};
