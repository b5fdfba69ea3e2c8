//! Records kept while an operation is under way.

use super::{OperationError, Operator};
use crate::progress::Event;
use crate::record::{Release, Status};
use crate::storage::{RecordEntry, StorageError};

impl Operator<'_> {
    /// What revisions there are, the oldest first; none if there is no such release.
    pub(crate) async fn revisions(&self, name: &str) -> Result<Vec<RecordEntry>, StorageError> {
        match self.store.revisions(name).await {
            Err(StorageError::NotFound) => Ok(Vec::new()),
            other => other,
        }
    }

    /// The last revision.
    pub(crate) async fn last(&self, name: &str) -> Result<Release, StorageError> {
        self.store.last(name).await
    }

    /// Keeps a new record.
    pub(crate) async fn create(&self, release: &mut Release, most: usize) -> Result<(), OperationError> {
        let store = self.store.clone().with_max_history(most);
        Ok(store.create(release, self.time().unix()).await?)
    }

    /// Writes a record again.
    pub(crate) async fn update(&self, release: &mut Release) -> Result<(), StorageError> {
        self.store.update(release, self.time().unix()).await
    }

    /// Writes a record again; that it cannot be written is told and no reason to stop, as with Helm.
    pub(crate) async fn record(&self, release: &mut Release) {
        if let Err(error) = self.update(release).await {
            let fields = [
                ("name", release.name.clone()),
                ("revision", release.version.to_string()),
                ("error", error.to_string()),
            ];
            self.warn("failed to update release", &fields);
        }
    }

    /// Marks all revisions but one that count as deployed as superseded.
    pub(crate) async fn supersede_others(&self, name: &str, version: i64) -> Result<(), StorageError> {
        let deployed = match self.store.deployed_all(name).await {
            Err(StorageError::NoDeployed { .. }) => Vec::new(),
            other => other?,
        };
        for mut other in deployed.into_iter().filter(|other| other.version != version) {
            other.info.status = Status::Superseded;
            self.record(&mut other).await;
        }
        Ok(())
    }

    pub(crate) fn warn(&self, text: &str, fields: &[(&'static str, String)]) {
        self.observer.observe(&Event::Warning {
            text: text.to_owned(),
            fields: fields.to_vec(),
        });
    }
}
