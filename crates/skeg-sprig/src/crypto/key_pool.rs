//! RSA keys that are made before they are asked for.

use std::fmt;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use super::numbers::primes::{Fill, Search};
use super::numbers::rsa;

/// Primes of 1024 bits, for keys of 2048.
const COMMON: usize = 16;
/// Primes of 2048 bits, for keys of 4096.
const LARGE: usize = 32;

/// Makes RSA keys, on several threads where the machine has them.
///
/// Clones share what has been made. Nothing is made without need: neither before [`KeyPool::prepare`] or the
/// first template that wants a key, nor more than was announced. Threads end when all is made, and soon after
/// the last clone is gone.
#[derive(Clone)]
pub struct KeyPool {
    common: Arc<Primes<COMMON>>,
    large: Arc<Primes<LARGE>>,
}

impl KeyPool {
    /// A pool that takes its random bytes from `fill_random`.
    pub fn new(fill_random: fn(&mut [u8])) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            common: Arc::new(Primes::new(fill_random, cores)),
            large: Arc::new(Primes::new(fill_random, cores)),
        }
    }

    /// Begins to make so many keys of 2048 bits, the kind that certificates get, on other threads.
    ///
    /// Meant for when it is known that templates will want them: each takes some hundredths of a second.
    pub fn prepare(&self, keys: usize) {
        self.common.announce(keys.saturating_mul(2));
    }

    /// A key of 2048 bits in the form of PKCS #1.
    pub(super) fn common_key(&self) -> Vec<u8> {
        self.common.key()
    }

    /// A key of 4096 bits in the form of PKCS #1.
    pub(super) fn large_key(&self) -> Vec<u8> {
        self.large.key()
    }
}

impl fmt::Debug for KeyPool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyPool")
    }
}

/// Primes of one size.
struct Primes<const L: usize> {
    fill: Fill,
    /// How many threads may search at once, the one that wants a key included.
    threads: usize,
    state: Mutex<State<L>>,
}

struct State<const L: usize> {
    found: Vec<[u64; L]>,
    /// How many more the other threads shall find.
    wanted: usize,
    /// How many other threads there are.
    running: usize,
}

impl<const L: usize> Primes<L> {
    fn new(fill: Fill, threads: usize) -> Self {
        Self {
            fill,
            threads,
            state: Mutex::new(State {
                found: Vec::new(),
                wanted: 0,
                running: 0,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<L>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has other threads find so many primes more.
    fn announce(self: &Arc<Self>, primes: usize) {
        let mut state = self.lock();
        state.wanted = state.wanted.saturating_add(primes);
        self.start_threads(&mut state);
    }

    fn start_threads(self: &Arc<Self>, state: &mut State<L>) {
        let limit = self.threads.saturating_sub(1).min(state.wanted);
        while state.running < limit {
            let (pool, fill) = (Arc::downgrade(self), self.fill);
            let started = thread::Builder::new()
                .name("rsa-primes".to_owned())
                .spawn(move || work(&pool, fill));
            if started.is_err() {
                return;
            }
            state.running += 1;
        }
    }

    fn key(self: &Arc<Self>) -> Vec<u8> {
        {
            let mut state = self.lock();
            let missing = 2_usize.saturating_sub(state.found.len());
            state.wanted = state.wanted.max(missing);
            self.start_threads(&mut state);
        }
        let mut search = Search::new(self.fill);
        let mut first = self.take(&mut search);
        loop {
            let second = self.take(&mut search);
            match rsa::private_key(&first, &second) {
                Some(key) => return key,
                None => first = second,
            }
        }
    }

    /// A prime that another thread has found, or that this one finds first.
    fn take(&self, search: &mut Search<L>) -> [u64; L] {
        loop {
            if let Some(prime) = self.lock().found.pop() {
                return prime;
            }
            if let Some(prime) = search.step() {
                let mut state = self.lock();
                state.wanted = state.wanted.saturating_sub(1);
                return prime;
            }
        }
    }

    /// Files what a thread found; whether it shall go on.
    fn report(&self, found: Option<[u64; L]>) -> bool {
        let mut state = self.lock();
        if let Some(prime) = found {
            state.found.push(prime);
            state.wanted = state.wanted.saturating_sub(1);
        }
        if state.wanted == 0 {
            state.running -= 1;
        }
        state.wanted > 0
    }
}

/// Searches until nothing more is wanted or nobody is left to want it.
fn work<const L: usize>(pool: &Weak<Primes<L>>, fill: Fill) {
    let mut search = Search::new(fill);
    loop {
        let found = search.step();
        match pool.upgrade() {
            Some(pool) if pool.report(found) => {}
            _ => return,
        }
    }
}
