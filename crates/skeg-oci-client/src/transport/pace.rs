//! Not more requests to a host at once than it bears, and slower for everybody after it said that it is too many.
//!
//! Each host (scheme, name and port: registries, token services and storage alike) has a number of requests that may wait
//! for an answer at the same time, reading and writing apart, so that an upload never waits for the downloads that feed
//! it. When a host limits one request (429, or 503 with `Retry-After`), all requests to it pause, and go out one by one
//! afterwards, at the rate that is learned from its complaints.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use http::Method;
use skeg_oci::RegistryHost;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use crate::host::HostConfiguration;
use crate::transport::rate::Rate;
use crate::transport::retry::Sleeper;

/// The hosts that are spoken to.
#[derive(Clone)]
pub(crate) struct Paces {
    limit: usize,
    sleeper: Arc<dyn Sleeper>,
    configuration: Arc<dyn HostConfiguration>,
    hosts: Arc<Mutex<HashMap<String, Arc<Pace>>>>,
}

/// How one host is spoken to.
struct Pace {
    reading: Arc<Semaphore>,
    writing: Arc<Semaphore>,
    /// How far requests are always held apart.
    configured: Option<Duration>,
    state: Mutex<State>,
}

/// Held while a request waits for its answer.
pub(crate) struct Admission {
    pace: Arc<Pace>,
    since: Instant,
    _permit: Option<OwnedSemaphorePermit>,
}

struct State {
    pause: Option<Pause>,
    pauses: u64,
    rate: Rate,
    /// When the next request may go out.
    next: Instant,
}

#[derive(Clone, Copy)]
struct Pause {
    number: u64,
    until: Instant,
    length: Duration,
}

/// When a request may go out.
#[derive(Clone, Copy)]
struct Turn {
    wait: Duration,
    /// How many pauses there were when it was given out.
    pauses: u64,
}

impl Paces {
    pub(crate) fn new(
        limit: usize,
        sleeper: Arc<dyn Sleeper>,
        configuration: Arc<dyn HostConfiguration>,
    ) -> Self {
        Self {
            limit: limit.clamp(1, Semaphore::MAX_PERMITS),
            sleeper,
            configuration,
            hosts: Arc::default(),
        }
    }

    /// Waits until a request may go out.
    pub(crate) async fn admit(&self, method: &Method, url: &Url) -> Admission {
        let pace = self.pace(url);
        let is_reading = method == Method::GET || method == Method::HEAD;
        let places = if is_reading { &pace.reading } else { &pace.writing };
        // They are never closed.
        let permit = Arc::clone(places).acquire_owned().await.ok();
        let mut waited_for = 0;
        loop {
            while let Some(pause) = pace.pause_after(waited_for) {
                self.sleeper
                    .sleep(pause.until.saturating_duration_since(Instant::now()))
                    .await;
                pace.end_pause(pause.length);
                waited_for = pause.number;
            }
            let Some(turn) = pace.take_turn() else { break };
            self.sleeper.sleep(turn.wait).await;
            // When the host has complained meanwhile, the turns are given out anew.
            if pace.state().pauses == turn.pauses {
                break;
            }
        }
        Admission {
            pace,
            since: Instant::now(),
            _permit: permit,
        }
    }

    /// Notes that a host wants to be left alone for a while.
    pub(crate) fn pause(&self, url: &Url, length: Duration) {
        self.pace(url).begin_pause(length);
    }

    /// Notes that somebody has waited for so long since a host complained.
    pub(crate) fn waited(&self, url: &Url, length: Duration) {
        self.pace(url).end_pause(length);
    }

    fn pace(&self, url: &Url) -> Arc<Pace> {
        let mut hosts = self
            .hosts
            .lock()
            .expect("because nothing panics while it holds the lock");
        let host = url.origin().ascii_serialization();
        let pace = hosts.entry(host).or_insert_with(|| Arc::new(self.new_pace(url)));
        Arc::clone(pace)
    }

    fn new_pace(&self, url: &Url) -> Pace {
        let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let host = RegistryHost::parse(authority).ok();
        let options = host
            .map(|host| self.configuration.options(&host))
            .unwrap_or_default();
        let limit = options.requests.map_or(self.limit, |requests| {
            usize::try_from(requests.get())
                .unwrap_or(usize::MAX)
                .min(Semaphore::MAX_PERMITS)
        });
        let rate = options.requests_per_second;
        Pace::new(limit, rate.map(|rate| Duration::from_secs(1) / rate.get()))
    }
}

impl Admission {
    /// Notes that the host answered, and did not complain.
    pub(crate) fn answered(&self) {
        self.pace.state().rate.answer(Instant::now());
    }

    /// Notes that the host complained of too many requests.
    pub(crate) fn refused(&self) {
        let mut state = self.pace.state();
        state.rate.complain(self.since, Instant::now());
        tracing::debug!(rate = state.rate.ceiling(), "the host limits requests");
    }
}

impl Pace {
    fn new(limit: usize, configured: Option<Duration>) -> Self {
        let now = Instant::now();
        Self {
            configured,
            reading: Arc::new(Semaphore::new(limit)),
            writing: Arc::new(Semaphore::new(limit)),
            state: Mutex::new(State {
                pause: None,
                pauses: 0,
                rate: Rate::new(now),
                next: now,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("because nothing panics while it holds the lock")
    }

    /// The pause that is on, unless it is one that was waited for already.
    fn pause_after(&self, number: u64) -> Option<Pause> {
        let now = Instant::now();
        let pause = self.state().pause;
        pause.filter(|pause| pause.number > number && pause.until > now)
    }

    /// When the next request goes out, if not now.
    fn take_turn(&self) -> Option<Turn> {
        let mut state = self.state();
        let now = Instant::now();
        let interval = state.rate.interval(now).max(self.configured)?;
        let turn = state.next.max(now);
        state.next = turn + interval;
        let wait = turn.saturating_duration_since(now);
        (!wait.is_zero()).then_some(Turn {
            wait,
            pauses: state.pauses,
        })
    }

    fn begin_pause(&self, length: Duration) {
        let mut state = self.state();
        let now = Instant::now();
        let until = now + length;
        if let Some(pause) = &mut state.pause {
            pause.until = pause.until.max(until);
            pause.length = pause.length.max(length);
            return;
        }
        state.pauses += 1;
        state.pause = Some(Pause {
            number: state.pauses,
            until,
            length,
        });
    }

    /// Ends the pause, when it was not for longer than `length`.
    fn end_pause(&self, length: Duration) {
        let mut state = self.state();
        if state.pause.is_some_and(|pause| pause.length <= length) {
            state.pause = None;
            let now = Instant::now();
            state.rate.resume(now);
            state.next = now;
        }
    }
}
