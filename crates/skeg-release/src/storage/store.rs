//! The records of releases: their history, what is deployed, and how much history is kept.
//!
//! Helm 4.3.1, `pkg/storage/storage.go`.

use std::fmt;
use std::sync::Arc;

use super::driver::{BrokenRecord, HeadOutcome, Index, ReleaseDriver};
use super::entry::RecordEntry;
use super::error::StorageError;
use crate::record::{Release, Status};

/// Who is told of records that cannot be read.
pub type BrokenRecordObserver = Arc<dyn Fn(&BrokenRecord) + Send + Sync>;

/// Records of releases, wherever they are kept.
#[derive(Clone)]
pub struct ReleaseStore {
    pub(super) driver: Arc<dyn ReleaseDriver>,
    max_history: usize,
    observer: BrokenRecordObserver,
}

impl fmt::Debug for ReleaseStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReleaseStore")
            .field("driver", &self.driver)
            .field("max_history", &self.max_history)
            .finish_non_exhaustive()
    }
}

impl ReleaseStore {
    /// Records of a driver, with all of their history.
    pub fn new(driver: Arc<dyn ReleaseDriver>) -> Self {
        Self {
            driver,
            max_history: 0,
            observer: Arc::new(|_| {}),
        }
    }

    /// The most revisions that are kept when one is added; 0 keeps all.
    #[must_use]
    pub fn with_max_history(mut self, max_history: usize) -> Self {
        self.max_history = max_history;
        self
    }

    /// Tells someone of the records that cannot be read. They do not hide those that can.
    #[must_use]
    pub fn with_observer(mut self, observer: BrokenRecordObserver) -> Self {
        self.observer = observer;
        self
    }

    /// A revision.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] if there is none, [`StorageError::Decode`] if it cannot be read.
    pub async fn get(&self, name: &str, version: i64) -> Result<Release, StorageError> {
        self.driver.get(name, version).await
    }

    /// What revisions there are, the oldest first, without reading them.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] if there is none.
    pub async fn revisions(&self, name: &str) -> Result<Vec<RecordEntry>, StorageError> {
        let mut entries = self.driver.index(Some(name)).await?;
        if entries.is_empty() {
            return Err(StorageError::NotFound);
        }
        entries.sort_by_key(RecordEntry::version);
        Ok(entries)
    }

    /// The newest revision that can be read.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] if there is none, [`StorageError::NoRevision`] if none can be read.
    pub async fn last(&self, name: &str) -> Result<Release, StorageError> {
        let entries = self.revisions(name).await?;
        let newest = self.newest(entries).await?;
        newest.ok_or_else(|| StorageError::NoRevision {
            name: name.to_owned(),
        })
    }

    /// The newest revision that is deployed, going by the label as Helm does.
    ///
    /// # Errors
    /// [`StorageError::NoDeployed`] if there is none.
    pub async fn deployed(&self, name: &str) -> Result<Release, StorageError> {
        let mut entries = self.driver.index(Some(name)).await?;
        entries.retain(is_deployed);
        entries.sort_by_key(RecordEntry::version);
        let newest = self.newest(entries).await?;
        newest.ok_or_else(|| no_deployed(name))
    }

    /// All revisions that are deployed, the oldest first. There is more than one only if programs were killed.
    ///
    /// # Errors
    /// [`StorageError::NoDeployed`] if there is none.
    pub async fn deployed_all(&self, name: &str) -> Result<Vec<Release>, StorageError> {
        let mut entries = self.driver.index(Some(name)).await?;
        entries.retain(is_deployed);
        if entries.is_empty() {
            return Err(no_deployed(name));
        }
        self.read(entries).await
    }

    /// The heads of all revisions that can be read, the oldest first.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] if there is none.
    pub async fn history(&self, name: &str) -> Result<Vec<HeadOutcome>, StorageError> {
        let entries = self.revisions(name).await?;
        let index = Index {
            name: Some(name),
            size: entries.len(),
        };
        let mut heads = self.driver.heads(entries, index).await?;
        heads.retain(|(entry, head)| match head {
            Ok(_) => true,
            Err(error) => {
                self.report(entry, error);
                false
            }
        });
        heads.sort_by_key(|(_, head)| head.as_ref().map_or(0, |head| head.version));
        Ok(heads)
    }

    /// Keeps a new revision, and removes the oldest ones if there are too many.
    ///
    /// # Errors
    /// [`StorageError::AlreadyExists`] if another program has made this revision.
    pub async fn create(&self, release: &mut Release, now: i64) -> Result<(), StorageError> {
        if self.max_history > 0 {
            match self.prune(&release.name, self.max_history - 1).await {
                Err(StorageError::NotFound) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        self.driver.create(release, now).await
    }

    /// Writes a revision again.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if another program has written it since this one read or wrote it.
    pub async fn update(&self, release: &mut Release, now: i64) -> Result<(), StorageError> {
        self.driver.update(release, now).await
    }

    /// Removes a revision.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] if there is none.
    pub async fn delete(&self, name: &str, version: i64) -> Result<(), StorageError> {
        self.driver.delete(name, version).await
    }

    /// Removes the oldest revisions until there are no more than `most`; what is deployed stays.
    async fn prune(&self, name: &str, most: usize) -> Result<(), StorageError> {
        let entries = self.revisions(name).await?;
        let surplus = entries.len().saturating_sub(most);
        let deployed = entries
            .iter()
            .filter(|entry| is_deployed(entry))
            .map(RecordEntry::version);
        let deployed = deployed.max();
        let versions = entries.iter().map(RecordEntry::version);
        let removable = versions.filter(|version| *version > 0 && Some(*version) != deployed);
        for version in removable.take(surplus) {
            match self.driver.delete(name, version).await {
                Err(StorageError::NotFound) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The newest record that can be read.
    async fn newest(&self, mut entries: Vec<RecordEntry>) -> Result<Option<Release>, StorageError> {
        if entries.iter().any(|entry| entry.identity.is_none()) {
            return Ok(self.read(entries).await?.pop());
        }
        while let Some(entry) = entries.pop() {
            if let Some(release) = self.read(vec![entry]).await?.pop() {
                return Ok(Some(release));
            }
        }
        Ok(None)
    }

    /// The records that can be read, the oldest first.
    async fn read(&self, entries: Vec<RecordEntry>) -> Result<Vec<Release>, StorageError> {
        let mut releases = Vec::new();
        for (entry, release) in self.driver.records(entries).await? {
            match release {
                Ok(release) => releases.push(release),
                Err(error) => self.report(&entry, &error),
            }
        }
        releases.sort_by_key(|release| release.version);
        Ok(releases)
    }

    pub(super) fn report(&self, entry: &RecordEntry, error: &crate::record::DecodeReleaseError) {
        (self.observer)(&BrokenRecord {
            namespace: entry.namespace.clone(),
            key: entry.key.clone(),
            error: error.clone(),
        });
    }
}

fn is_deployed(entry: &RecordEntry) -> bool {
    entry.status() == Some(Status::Deployed.as_str())
}

fn no_deployed(name: &str) -> StorageError {
    StorageError::NoDeployed {
        name: name.to_owned(),
    }
}
