//! How a transfer is watched from outside.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use skeg_oci::{Descriptor, Digest, RegistryHost};

/// Receives the progress of transfers and what a person should know about them.
///
/// Every method does nothing unless implemented. They are called from several tasks at once.
pub trait TransferReporter: Send + Sync {
    /// A blob's transfer begins; `blob.size` bytes are to come. The id returned names it in the other calls.
    fn on_transfer_start(&self, direction: Direction, blob: &Descriptor) -> TransferId {
        let _ = (direction, blob);
        TransferId::default()
    }

    /// So many bytes of it are transferred by now, from its beginning. Goes back when the transfer starts again.
    fn on_transfer_progress(&self, id: TransferId, bytes: u64) {
        let _ = (id, bytes);
    }

    /// It is over, whether it succeeded or not.
    fn on_transfer_complete(&self, id: TransferId) {
        let _ = id;
    }

    /// A request failed and will be sent again after a pause of more than a second. Shorter ones pass unreported.
    fn on_retry(&self, retry: &RetryNotice<'_>) {
        let _ = retry;
    }

    /// Something worth telling a person happened.
    fn on_notice(&self, notice: &Notice) {
        let _ = notice;
    }
}

/// Names one transfer to its [`TransferReporter`], which chooses the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TransferId(pub u64);

/// Which way a blob goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the repository to us.
    Fetch,
    /// From us to the repository.
    Push,
}

/// A request that will be sent again.
#[derive(Clone, Copy, Debug)]
pub struct RetryNotice<'a> {
    /// The host asked.
    pub host: &'a str,
    /// How many times it was sent so far, from 1.
    pub attempt: u32,
    /// How long we wait before the next.
    pub delay: Duration,
    /// Why it failed, in few words and without the URL: "connection refused", "503 Service Unavailable".
    pub reason: &'a str,
}

/// Something a person should know, though nothing failed. `Display` gives one line without a final period.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The registry on a loopback address does not speak TLS, and plain HTTP is used.
    PlainHttp {
        /// The registry.
        host: RegistryHost,
    },
    /// The stored credential was refused, and the registry is read anonymously.
    CredentialRefused {
        /// The registry.
        host: RegistryHost,
        /// Where the credential comes from.
        source: String,
    },
    /// The registry sent a `Warning: 299` header.
    Warning {
        /// The registry.
        host: RegistryHost,
        /// Its text, without control characters.
        text: String,
    },
    /// A mirror could not be read, and the next place is asked.
    MirrorFailed {
        /// The mirror's repository, with its host.
        mirror: String,
        /// Why, as a phrase.
        reason: String,
    },
    /// The cache cannot be read or written, and is done without.
    CacheTrouble {
        /// Its directory.
        directory: PathBuf,
        /// Why, with all causes.
        problem: String,
    },
    /// Content of the cache was damaged and is removed from it.
    DamagedContent {
        /// Its digest.
        digest: Digest,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PlainHttp { host } => write!(formatter, "`{host}` does not speak TLS, using plain HTTP"),
            Self::CredentialRefused { host, source } => write!(
                formatter,
                "`{host}` refused the credential of {source}, continuing without it"
            ),
            Self::Warning { host, text } => write!(formatter, "`{host}` warns: {text}"),
            Self::MirrorFailed { mirror, reason } => write!(formatter, "mirror `{mirror}` failed: {reason}"),
            Self::CacheTrouble { directory, problem } => write!(
                formatter,
                "going on without the cache `{}`: {problem}",
                directory.display()
            ),
            Self::DamagedContent { digest } => {
                write!(
                    formatter,
                    "`{digest}` was damaged in the cache and is removed from it"
                )
            }
        }
    }
}

/// Reports nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct SilentReporter;

impl TransferReporter for SilentReporter {}

/// A transfer that is being reported, from its making to its dropping.
pub(crate) struct Transfer {
    reporter: Arc<dyn TransferReporter>,
    id: TransferId,
}

impl Transfer {
    pub(crate) fn start(
        reporter: &Arc<dyn TransferReporter>,
        direction: Direction,
        blob: &Descriptor,
    ) -> Self {
        Self {
            reporter: Arc::clone(reporter),
            id: reporter.on_transfer_start(direction, blob),
        }
    }

    pub(crate) fn progress(&self, bytes: u64) {
        self.reporter.on_transfer_progress(self.id, bytes);
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.reporter.on_transfer_complete(self.id);
    }
}

impl fmt::Debug for Transfer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Transfer").field(&self.id).finish()
    }
}
