//! New RSA keys, whose primes are looked for on all cores.

use std::cell::Cell;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;

use crypto_primes::hazmat::{SetBits, SmallFactorsSieveFactory};
use crypto_primes::{Flavor, is_prime, sieve_and_find};
use rsa::BoxedUint;

use super::random::{Fill, Generator};
use super::rsa_key::RsaKey;

/// With more, starting them takes a good part of the time that they save.
const MOST_THREADS: usize = 16;

/// Makes RSA keys, on several threads where the machine has them.
///
/// Clones share what has been made. Nothing is made without need: threads look for the primes that somebody waits
/// for. They end when those are found, and soon after the last clone is gone.
#[derive(Clone)]
pub(super) struct KeyPool {
    common: Arc<Primes>,
    large: Arc<Primes>,
}

impl KeyPool {
    /// A pool that takes its random bytes from `fill`.
    pub(super) fn new(fill: Fill) -> Self {
        Self {
            common: Arc::new(Primes::new(fill, 1024)),
            large: Arc::new(Primes::new(fill, 2048)),
        }
    }

    /// A key of 2048 bits, the kind that certificates get.
    pub(super) fn common_key(&self) -> RsaKey {
        self.common.key()
    }

    /// A key of 4096 bits, the kind that stands alone.
    pub(super) fn large_key(&self) -> RsaKey {
        self.large.key()
    }
}

/// Primes of one size.
struct Primes {
    fill: Fill,
    bits: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    found: Vec<BoxedUint>,
    /// How many more are to be found.
    wanted: usize,
    /// How many other threads there are.
    running: usize,
}

impl Primes {
    fn new(fill: Fill, bits: u32) -> Self {
        Self {
            fill,
            bits,
            state: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(self: &Arc<Self>) -> RsaKey {
        loop {
            self.want(2);
            let (first, second) = (self.take(), self.take());
            if let Some(key) = RsaKey::from_primes(first, second) {
                return key;
            }
        }
    }

    /// Has other threads help until there are so many primes.
    fn want(self: &Arc<Self>, primes: usize) {
        let mut state = self.lock();
        state.wanted = primes.saturating_sub(state.found.len());
        while state.wanted > 0 && state.running + 1 < threads() {
            let (pool, fill, bits) = (Arc::downgrade(self), self.fill, self.bits);
            let started = thread::Builder::new()
                .name("rsa-primes".to_owned())
                .spawn(move || work(&pool, fill, bits));
            if started.is_err() {
                return;
            }
            state.running += 1;
        }
    }

    /// A prime that another thread has found, or that this one finds first.
    fn take(&self) -> BoxedUint {
        loop {
            if let Some(prime) = self.lock().found.pop() {
                return prime;
            }
            let found = search(self.fill, self.bits, || !self.lock().found.is_empty());
            if let Some(prime) = found {
                let mut state = self.lock();
                state.wanted = state.wanted.saturating_sub(1);
                return prime;
            }
        }
    }

    /// Files what a thread found; whether it shall go on.
    fn report(&self, found: Option<BoxedUint>) -> bool {
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

/// How many threads may search at once, the one that wants a key included. Asked when a key is wanted, since the answer
/// takes reading several files.
fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| {
        let available = thread::available_parallelism();
        available.map_or(1, NonZero::get).min(MOST_THREADS)
    })
}

/// Searches until nothing more is wanted or nobody is left to want it.
fn work(pool: &Weak<Primes>, fill: Fill, bits: u32) {
    let is_unwanted = || pool.upgrade().is_none_or(|pool| pool.lock().wanted == 0);
    loop {
        let found = search(fill, bits, is_unwanted);
        match pool.upgrade() {
            Some(pool) if pool.report(found) => {}
            _ => return,
        }
    }
}

/// A prime with its two highest bits set, looked for as the crate `rsa` does it; none if told to stop before.
fn search(fill: Fill, bits: u32, is_over: impl Fn() -> bool) -> Option<BoxedUint> {
    let sieves = SmallFactorsSieveFactory::new(Flavor::Any, bits, SetBits::TwoMsb)
        .expect("because there are primes of so many bits");
    let is_stopped = Cell::new(false);
    let found = sieve_and_find(&mut Generator(fill), sieves, |_, candidate: &BoxedUint| {
        is_stopped.set(is_over());
        is_stopped.get() || is_prime(Flavor::Any, candidate)
    });
    found
        .expect("because the sieve fits the numbers")
        .filter(|_| !is_stopped.get())
}
