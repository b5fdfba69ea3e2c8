//! Helpers of these tests.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use skeg_release::{
    BrokenRecord, MemoryObjects, ObjectDriver, RecordKind, RecordTime, Release, ReleaseStore, Status,
    StoredChart,
};

/// A store in memory, what it stands on, and what it reports.
pub(crate) struct Fixture {
    pub(crate) store: ReleaseStore,
    pub(crate) objects: MemoryObjects,
    broken: Arc<Mutex<Vec<BrokenRecord>>>,
}

impl Fixture {
    pub(crate) fn new(kind: RecordKind, namespace: Option<&str>) -> Self {
        let objects = MemoryObjects::default();
        let broken: Arc<Mutex<Vec<BrokenRecord>>> = Arc::default();
        let reports = Arc::clone(&broken);
        let driver = ObjectDriver::new(kind, Arc::new(objects.clone()), namespace);
        let store = ReleaseStore::new(Arc::new(driver)).with_observer(Arc::new(move |record| {
            reports
                .lock()
                .expect("because nobody panics")
                .push(record.clone());
        }));
        Self {
            store,
            objects,
            broken,
        }
    }

    /// Secrets in the namespace `shop`.
    pub(crate) fn secrets() -> Self {
        Self::new(RecordKind::Secret, Some("shop"))
    }

    /// The same objects, seen from all namespaces.
    pub(crate) fn everywhere(&self) -> ReleaseStore {
        let driver = ObjectDriver::new(RecordKind::Secret, Arc::new(self.objects.clone()), None);
        let broken = Arc::clone(&self.broken);
        ReleaseStore::new(Arc::new(driver)).with_observer(Arc::new(move |record| {
            broken.lock().expect("because nobody panics").push(record.clone());
        }))
    }

    pub(crate) fn create(&self, mut release: Release) -> Release {
        ready(self.store.create(&mut release, 1_700_000_000)).expect("because it is new");
        release
    }

    /// The names of the objects that could not be read.
    pub(crate) fn take_broken(&self) -> Vec<String> {
        let broken = std::mem::take(&mut *self.broken.lock().expect("because nobody panics"));
        broken.into_iter().map(|record| record.key).collect()
    }
}

/// What comes of something that never waits.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("because everything is in memory")
}

/// A revision that was deployed at the second of its number.
pub(crate) fn release(name: &str, version: i64, status: Status) -> Release {
    let mut release = Release::new(name, "shop", version);
    release.set_status(status, "done");
    release.info.last_deployed = Some(RecordTime::from_unix_nanoseconds(
        i128::from(version) * 1_000_000_000,
    ));
    release.chart = Some(StoredChart::named("demo", "1.0.0"));
    release
}
