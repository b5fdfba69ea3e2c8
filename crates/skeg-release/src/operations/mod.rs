//! What is done with releases.

mod error;
mod hooks;
mod install;
mod logs;
mod preview;
mod records;
mod recover;
mod rollback;
mod test_hooks;
mod uninstall;
mod upgrade;

use std::time::Duration;

pub use error::{Failed, OperationError};
pub use install::{Install, InstallOptions};
pub use preview::{DifferenceStatus, ObjectDifference, drift};
pub use recover::{RecoverOptions, Recovered, Recovery, recover};
pub use rollback::{Rollback, RollbackOptions};
pub use test_hooks::{TestFilter, TestOptions, TestRun};
pub use uninstall::{UninstallOptions, UninstallOutcome, uninstall};
pub use upgrade::{Upgrade, UpgradeOptions};

use skeg_cluster::Cluster;

use crate::apply::{Method, Tools};
use crate::progress::Observer;
use crate::record::{ApplyMethod, RecordTime};
use crate::storage::ReleaseStore;
use crate::waiting::WaitOptions;

/// Where releases are, who does the work, and who is told.
#[derive(Clone, Copy)]
pub struct Operator<'a> {
    /// The cluster of the objects.
    pub cluster: &'a Cluster,
    /// The records.
    pub store: &'a ReleaseStore,
    /// Who is told what happens.
    pub observer: &'a dyn Observer,
    /// The clock, in nanoseconds since 1970.
    pub now: fn() -> i128,
}

impl<'a> Operator<'a> {
    pub(crate) fn tools(&self) -> Tools<'a> {
        Tools {
            cluster: self.cluster,
            observer: self.observer,
        }
    }

    pub(crate) fn time(&self) -> RecordTime {
        RecordTime::from_unix_nanoseconds((self.now)())
    }
}

/// What operations have in common.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are switches of the command line, each on its own"
)]
pub struct ChangeOptions {
    /// How and how long objects are waited for.
    pub wait: WaitOptions,
    /// Whether jobs are waited for too.
    pub wait_for_jobs: bool,
    /// Whether no hooks are run.
    pub disable_hooks: bool,
    /// Whether objects are put in the place of what is there.
    pub force_replace: bool,
    /// Whether fields of others are taken over.
    pub force_conflicts: bool,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self {
            wait: WaitOptions {
                strategy: crate::waiting::WaitStrategy::HookOnly,
                timeout: Duration::from_mins(5),
            },
            wait_for_jobs: false,
            disable_hooks: false,
            force_replace: false,
            force_conflicts: false,
        }
    }
}

impl ChangeOptions {
    /// How objects that may be there are written.
    pub(crate) fn method(&self, server_side: bool) -> Result<Method, OperationError> {
        match (server_side, self.force_replace) {
            (true, true) => Err(OperationError::Other(
                "invalid operation: cannot use server-side apply and force replace together".to_owned(),
            )),
            (false, true) => Ok(Method::Replace),
            (true, false) => Ok(Method::ServerSide {
                force_conflicts: self.force_conflicts,
            }),
            (false, false) if self.force_conflicts => Err(OperationError::Other(
                "invalid client update option(s): forceConflicts enabled when serverSideApply disabled"
                    .to_owned(),
            )),
            (false, false) => Ok(Method::ClientSide),
        }
    }
}

/// Who applies: `--server-side` of `upgrade` and `rollback`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServerSide {
    /// As it was done before.
    #[default]
    Auto,
    /// The server.
    Always,
    /// The client.
    Never,
}

impl ServerSide {
    pub(crate) fn decide(self, before: &ApplyMethod) -> bool {
        match self {
            Self::Auto => before.is_server_side(),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

pub(crate) fn apply_method(server_side: bool) -> ApplyMethod {
    if server_side {
        ApplyMethod::ServerSide
    } else {
        ApplyMethod::ClientSide
    }
}

/// Does some work until somebody wants it to end; none if that came first.
pub(crate) async fn until<T>(stop: impl Future<Output = ()>, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = stop => None,
    }
}
