//! Not more requests to a host at once than it bears, and slower for everybody after it said that it is too many.
//!
//! Each host (scheme, name and port: registries, token services and storage alike) has a number of requests that may wait
//! for an answer at the same time, reading and writing apart, so that an upload never waits for the downloads that feed
//! it. When a host limits one request (429, or 503 with `Retry-After`), all requests to it pause, and go out one by one
//! afterwards: no faster than it answered before, and gradually faster again while it does not complain.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use http::Method;
use skeg_oci::RegistryHost;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

use crate::host::HostConfiguration;
use crate::transport::retry::Sleeper;

/// Requests closer to each other than this are not held apart.
const CLOSEST: Duration = Duration::from_millis(2);

/// Requests are not held further apart than this.
const FARTHEST: Duration = Duration::from_secs(1);

/// For so long after a host complained it is not asked faster than it bore then.
const MEMORY: Duration = Duration::from_mins(1);

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
    _permit: Option<OwnedSemaphorePermit>,
}

struct State {
    pause: Option<Pause>,
    pauses: u64,
    /// How far requests are held apart, and the next of them may go out.
    interval: Option<Duration>,
    next: Instant,
    /// The interval at which the host complained last, and when.
    complaint: Option<(Duration, Instant)>,
    /// Answers since the last pause, and its end.
    answered: u32,
    since: Instant,
}

#[derive(Clone, Copy)]
struct Pause {
    number: u64,
    until: Instant,
    length: Duration,
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
        while let Some(pause) = pace.pause_after(waited_for) {
            self.sleeper
                .sleep(pause.until.saturating_duration_since(Instant::now()))
                .await;
            pace.end_pause(pause.length);
            waited_for = pause.number;
        }
        if let Some(wait) = pace.take_turn() {
            self.sleeper.sleep(wait).await;
        }
        Admission {
            pace,
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
        self.pace.note_answer();
    }
}

impl Pace {
    fn new(limit: usize, configured: Option<Duration>) -> Self {
        Self {
            configured,
            reading: Arc::new(Semaphore::new(limit)),
            writing: Arc::new(Semaphore::new(limit)),
            state: Mutex::new(State {
                pause: None,
                pauses: 0,
                interval: None,
                next: Instant::now(),
                complaint: None,
                answered: 0,
                since: Instant::now(),
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
    fn take_turn(&self) -> Option<Duration> {
        let mut state = self.state();
        let interval = state.interval.max(self.configured)?;
        let now = Instant::now();
        let turn = state.next.max(now);
        state.next = turn + interval;
        let wait = turn.saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }

    /// The first complaint tells how many requests the host bears; those that were on their way meanwhile tell nothing new.
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
        let period = now.saturating_duration_since(state.since) + length;
        let borne = match state.answered {
            0 => state.interval.unwrap_or(CLOSEST) * 2,
            answered => period / answered,
        };
        let interval = (borne + borne / 10).clamp(CLOSEST, FARTHEST);
        state.interval = Some(interval);
        state.complaint = Some((interval, now));
    }

    /// Ends the pause, when it was not for longer than `length`.
    fn end_pause(&self, length: Duration) {
        let mut state = self.state();
        if state.pause.is_some_and(|pause| pause.length <= length) {
            state.pause = None;
            state.since = Instant::now();
            state.next = state.since;
            state.answered = 0;
        }
    }

    fn note_answer(&self) {
        let mut state = self.state();
        state.answered = state.answered.saturating_add(1);
        let Some(interval) = state.interval else {
            return;
        };
        let lowest = match state.complaint {
            Some((lowest, at)) if at.elapsed() < MEMORY => lowest,
            _ => Duration::ZERO,
        };
        let shorter = interval.saturating_sub(interval / 64).max(lowest);
        state.interval = Some(shorter).filter(|interval| *interval > CLOSEST);
    }
}
