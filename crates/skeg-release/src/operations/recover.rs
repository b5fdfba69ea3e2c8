//! A release whose operation was cut off is set right.

use super::{OperationError, Operator};
use crate::record::{Release, Status};
use crate::storage::StorageError;

/// Seconds that an operation may take before it counts as cut off, which is Helm's usual patience.
const PATIENCE: i64 = 300;

/// How a release is recovered.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecoverOptions {
    /// Whether nothing is to change.
    pub dry_run: bool,
    /// Whether an operation may be cut off that was begun just now.
    pub force: bool,
}

/// One thing that was, or would be, set right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The revision.
    pub revision: i64,
    /// What it was.
    pub from: String,
    /// What it is now.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// What was, or would be, set right, and what cannot be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The revisions that were not as they should be.
    pub recoveries: Vec<Recovery>,
    /// The objects whose records cannot be read: `sh.helm.release.v1.x.v1`.
    pub unreadable: Vec<String>,
}

/// Sets the records of a release right: a revision whose program was killed has failed, and of several that count as
/// deployed only the last one does. Records that cannot be read are named. The objects are left as they are; the next `upgrade` or `rollback` changes them.
///
/// # Errors
/// There is no such release, or an operation may still be under way.
pub async fn recover(
    operator: &Operator<'_>,
    name: &str,
    options: RecoverOptions,
) -> Result<Recovered, OperationError> {
    let mut history = Vec::new();
    let mut unreadable = Vec::new();
    for entry in operator.store.revisions(name).await? {
        match operator.store.get(name, entry.version()).await {
            Ok(release) => history.push(release),
            Err(StorageError::Decode { key, source, .. }) => {
                operator.warn(
                    "a record cannot be read",
                    &[("name", key.clone()), ("error", source.to_string())],
                );
                unreadable.push(key);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let last_deployed = history
        .iter()
        .filter(|release| release.info.status == Status::Deployed)
        .map(|release| release.version)
        .max();
    let mut recoveries = Vec::new();
    for mut release in history {
        let Some((to, reason)) = remedy(&release, last_deployed) else {
            continue;
        };
        let age = age(operator, &release);
        if release.info.status.is_pending() && age < PATIENCE && !options.force {
            return Err(OperationError::UnderWay {
                status: release.info.status.to_string(),
                revision: release.version,
                seconds: age,
            });
        }
        recoveries.push(Recovery {
            revision: release.version,
            from: release.info.status.to_string(),
            to: to.to_string(),
            reason: reason.to_owned(),
        });
        if options.dry_run {
            continue;
        }
        if to == Status::Failed {
            let was = &release.info.status;
            release.info.description = format!("Recovered: the operation was cut off while {was}");
        }
        release.info.status = to;
        operator.update(&mut release).await?;
    }
    Ok(Recovered {
        recoveries,
        unreadable,
    })
}

/// What a revision should be, if it is not that.
fn remedy(release: &Release, last_deployed: Option<i64>) -> Option<(Status, &'static str)> {
    match &release.info.status {
        status if status.is_pending() => Some((Status::Failed, "its program ended before it was done")),
        Status::Uninstalling => Some((Status::Failed, "its program ended while it was uninstalled")),
        Status::Deployed if last_deployed.is_some_and(|last| last > release.version) => {
            Some((Status::Superseded, "a later revision is deployed"))
        }
        status if !release.is_labelled(status) => {
            Some((status.clone(), "the label of the record says something else"))
        }
        _ => None,
    }
}

/// Seconds since the operation was begun.
fn age(operator: &Operator<'_>, release: &Release) -> i64 {
    let begun = release
        .info
        .last_deployed
        .map_or(0, crate::record::RecordTime::unix);
    operator.time().unix() - begun
}
