//! The store as one command uses it: offline or not, at one time, and given up when it fails.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use skeg_oci::{Digest, MediaType, RegistryHost, RepositoryName};
use skeg_store::{Claim, Content, Lookup, Partial, Store, StoreError, TagScope};

use super::CachedRepository;
use crate::reporter::{Notice, TransferReporter};
use crate::transport::{Sleeper, TokioSleeper, chain};

/// How often is looked whether somebody else is done with a download.
const POLL: Duration = Duration::from_millis(100);

/// After so many looks without a new byte somebody else's download is not waited for any more: 30 seconds.
const PATIENCE: u32 = 300;

/// How a [`Cache`] behaves.
#[derive(Clone)]
pub struct CacheOptions {
    /// Ask for nothing that the store does not have.
    pub offline: bool,
    /// The time of whatever is done.
    pub now: SystemTime,
    /// Waits for other processes.
    pub sleeper: Arc<dyn Sleeper>,
}

impl CacheOptions {
    /// Asks for what the store does not have, at the time `now`.
    pub fn at(now: SystemTime) -> Self {
        Self {
            offline: false,
            now,
            sleeper: Arc::new(TokioSleeper),
        }
    }
}

/// A store in front of repositories.
pub struct Cache {
    store: Store,
    options: CacheOptions,
    reporter: Arc<dyn TransferReporter>,
    is_read_only: AtomicBool,
    is_told: AtomicBool,
}

impl Cache {
    /// Puts `store` in front of repositories. The reporter hears of trouble with it.
    pub fn new(store: Store, options: CacheOptions, reporter: Arc<dyn TransferReporter>) -> Self {
        Self {
            store,
            options,
            reporter,
            is_read_only: AtomicBool::new(false),
            is_told: AtomicBool::new(false),
        }
    }

    /// The repository `name` of the registry `host`, which `inner` reads, with the store in front of it.
    pub fn repository<R>(
        self: &Arc<Self>,
        inner: R,
        host: RegistryHost,
        name: RepositoryName,
    ) -> CachedRepository<R> {
        let repository = name;
        CachedRepository::cached(inner, Arc::clone(self), TagScope { host, repository })
    }

    pub(super) fn is_offline(&self) -> bool {
        self.options.offline
    }

    /// Looks for something in the store; trouble is told and counts as nothing found.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store, SystemTime) -> Result<T, StoreError> + Send + 'static,
    ) -> Option<T> {
        let result = self.blocking(work).await;
        result.map_err(|error| self.tell(&error)).ok()
    }

    /// Writes something to the store. After the first failure nothing more is written.
    pub(super) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store, SystemTime) -> Result<T, StoreError> + Send + 'static,
    ) -> Option<T> {
        if self.is_read_only.load(Ordering::Relaxed) {
            return None;
        }
        let result = self.blocking(work).await;
        result.map_err(|error| self.give_up(&error)).ok()
    }

    /// Nothing more is written, since that failed.
    pub(super) fn give_up(&self, error: &StoreError) {
        self.is_read_only.store(true, Ordering::Relaxed);
        self.tell(error);
    }

    /// Tells of trouble, once: what follows seldom has another cause.
    fn tell(&self, error: &StoreError) {
        if self.is_told.swap(true, Ordering::Relaxed) {
            return;
        }
        let cause = chain(error).find_map(|cause| cause.downcast_ref::<io::Error>());
        let cause = cause.map(|cause| format!(": {}", cause.kind()));
        self.reporter.on_notice(&Notice::CacheTrouble {
            directory: self.store.root().to_owned(),
            problem: format!("{error}{}", cause.unwrap_or_default()),
        });
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store, SystemTime) -> T + Send + 'static,
    ) -> T {
        let cache = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&cache.store, cache.options.now))
            .await
            .expect("because the work on a store does not panic, and its runtime waits for it")
    }

    /// Content of the store, checked.
    pub(super) async fn content(self: &Arc<Self>, digest: &Digest) -> Option<Content> {
        let wanted = digest.clone();
        match self.read(move |store, now| store.get(&wanted, now)).await? {
            Lookup::Found(content) => Some(content),
            Lookup::Missing => None,
            Lookup::Damaged => {
                let digest = digest.clone();
                self.reporter.on_notice(&Notice::DamagedContent { digest });
                None
            }
        }
    }

    /// Stores content that is in memory.
    pub(super) async fn insert(self: &Arc<Self>, digest: &Digest, media_type: &MediaType, bytes: Vec<u8>) {
        let (digest, media_type) = (digest.clone(), media_type.clone());
        self.write(move |store, now| store.insert(&digest, Some(&media_type), &bytes, now))
            .await;
    }

    /// Keeps the store within its limit, after a blob was stored.
    pub(super) async fn maintain(self: &Arc<Self>) {
        self.write(Store::maintain).await;
    }

    /// The partial download of `digest` for this process alone; waits for another one that is getting on with it.
    /// `None` if the store is of no use.
    pub(super) async fn claim(self: &Arc<Self>, digest: &Digest) -> Option<Partial> {
        let mut seen = 0;
        let mut idle = 0;
        while idle < PATIENCE {
            let wanted = digest.clone();
            match self.write(move |store, _| store.claim(&wanted)).await? {
                Claim::Granted(partial) => return Some(partial),
                Claim::Busy { length } => {
                    idle = if length == seen { idle + 1 } else { 0 };
                    seen = length;
                }
            }
            self.options.sleeper.sleep(POLL).await;
        }
        None
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = self.store.root();
        formatter.debug_tuple("Cache").field(&root).finish()
    }
}
