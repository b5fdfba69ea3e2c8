//! Records in memory: for tests, and for looking at records without a cluster.
//!
//! Helm 4.3.1, `pkg/storage/driver/memory.go`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use skeg_values::{Value, json, yaml};

use super::driver::{HeadOutcome, Index, Kept, ReleaseDriver};
use super::entry::{RecordEntry, record_key};
use super::error::StorageError;
use crate::record::{DecodeReleaseError, Release, ReleaseHead};

const DEFAULT_NAMESPACE: &str = "default";

/// Records in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryDriver {
    /// Sorted by release and revision.
    releases: Arc<Mutex<Vec<Release>>>,
    namespace: Option<String>,
}

/// Records in a file that cannot be taken in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadRecordsError {
    /// The file is not YAML.
    #[error(transparent)]
    Yaml(#[from] yaml::DecodeError),
    /// It is no list of records.
    #[error("the document is {kind}, and not a list of releases")]
    NoList {
        /// What it is.
        kind: &'static str,
    },
    /// One of them cannot be read.
    #[error("error unmarshaling JSON: while decoding JSON: {0}")]
    Decode(#[from] DecodeReleaseError),
    /// There are two of the same name and revision.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl MemoryDriver {
    /// The same records, seen from one namespace; from all if it is `None`.
    #[must_use]
    pub fn in_namespace(&self, namespace: Option<&str>) -> Self {
        Self {
            releases: Arc::clone(&self.releases),
            namespace: namespace.map(str::to_owned),
        }
    }

    /// Takes in a YAML list of records.
    ///
    /// # Errors
    /// It is none, or there is such a record already.
    pub fn load(&self, content: &[u8]) -> Result<(), LoadRecordsError> {
        let releases = match yaml::decode(content)? {
            Value::List(releases) => releases,
            Value::Null => Vec::new(),
            other => {
                let kind = other.json_kind();
                return Err(LoadRecordsError::NoList { kind });
            }
        };
        for release in &releases {
            self.add(Release::from_json(&json::to_string(release))?)?;
        }
        Ok(())
    }

    /// Keeps a record in its own namespace.
    fn add(&self, release: Release) -> Result<(), StorageError> {
        let mut releases = self.lock();
        match releases.binary_search_by(|other| order(other).cmp(&order(&release))) {
            Ok(_) => Err(StorageError::AlreadyExists),
            Err(place) => {
                releases.insert(place, release);
                Ok(())
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Release>> {
        self.releases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_here(&self, release: &Release) -> bool {
        self.namespace
            .as_deref()
            .is_none_or(|here| here == namespace(release))
    }

    fn find<T>(
        &self,
        name: &str,
        version: i64,
        take: impl FnOnce(&mut Vec<Release>, usize) -> T,
    ) -> Result<T, StorageError> {
        let mut releases = self.lock();
        let is_it =
            |release: &Release| self.is_here(release) && release.name == name && release.version == version;
        let place = releases.iter().position(is_it).ok_or(StorageError::NotFound)?;
        Ok(take(&mut releases, place))
    }

    fn read(&self, wanted: &[RecordEntry]) -> Vec<(RecordEntry, Release)> {
        let found = wanted.iter().filter_map(|entry| {
            let (name, version) = entry.identity.as_ref()?;
            let here = self.in_namespace(Some(&entry.namespace));
            let release = here.find(name, *version, |releases, place| releases[place].clone());
            Some((entry.clone(), release.ok()?))
        });
        found.collect()
    }
}

fn namespace(release: &Release) -> &str {
    match &*release.namespace {
        "" => DEFAULT_NAMESPACE,
        namespace => namespace,
    }
}

fn order(release: &Release) -> (&str, &str, i64) {
    (namespace(release), &release.name, release.version)
}

/// In memory releases have no labels of the system; the status alone is needed to find what is deployed.
fn entry(release: &Release) -> RecordEntry {
    let status = ("status".to_owned(), release.info.status.to_string());
    RecordEntry {
        key: record_key(&release.name, release.version),
        namespace: namespace(release).to_owned(),
        labels: [status].into(),
        identity: Some((release.name.clone(), release.version)),
        resource_version: None,
    }
}

impl ReleaseDriver for MemoryDriver {
    fn create<'a>(&'a self, release: &'a mut Release, _now: i64) -> Kept<'a, ()> {
        Box::pin(async move { self.add(release.clone()) })
    }

    fn update<'a>(&'a self, release: &'a mut Release, _now: i64) -> Kept<'a, ()> {
        Box::pin(async move {
            self.find(&release.name, release.version, |releases, place| {
                releases[place] = release.clone();
            })
        })
    }

    fn get<'a>(&'a self, name: &'a str, version: i64) -> Kept<'a, Release> {
        Box::pin(async move { self.find(name, version, |releases, place| releases[place].clone()) })
    }

    fn delete<'a>(&'a self, name: &'a str, version: i64) -> Kept<'a, ()> {
        Box::pin(async move { self.find(name, version, |releases, place| drop(releases.remove(place))) })
    }

    fn index<'a>(&'a self, name: Option<&'a str>) -> Kept<'a, Vec<RecordEntry>> {
        Box::pin(async move {
            let releases = self.lock();
            let is_wanted =
                |release: &&Release| self.is_here(release) && name.is_none_or(|name| name == release.name);
            Ok(releases.iter().filter(is_wanted).map(entry).collect())
        })
    }

    fn heads<'a>(&'a self, wanted: Vec<RecordEntry>, _index: Index<'a>) -> Kept<'a, Vec<HeadOutcome>> {
        Box::pin(async move {
            let found = self.read(&wanted).into_iter();
            Ok(found
                .map(|(entry, release)| (entry, Ok(ReleaseHead::from(&release))))
                .collect())
        })
    }

    fn records(
        &self,
        wanted: Vec<RecordEntry>,
    ) -> Kept<'_, Vec<(RecordEntry, Result<Release, DecodeReleaseError>)>> {
        Box::pin(async move {
            let found = self.read(&wanted).into_iter();
            Ok(found.map(|(entry, release)| (entry, Ok(release))).collect())
        })
    }
}
