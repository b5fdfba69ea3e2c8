//! Faults: misbehaviour described as data, matched by method, part of the target, and count.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One misbehaviour and the requests it happens to.
///
/// Without [`on`](Fault::on) it happens to every request, without [`times`](Fault::times) every
/// time. Where several match one request, the first that is not used up wins.
///
/// ```
/// use skeg_test_support::Fault;
///
/// let fault = Fault::status(503).header("Retry-After", "0").times(2).on("PUT", "/blobs/");
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    pub(crate) action: FaultAction,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) removed_headers: Vec<String>,
    pub(crate) early: bool,
    pub(crate) committed: bool,
    method: Option<String>,
    part: String,
    after: usize,
    times: Option<usize>,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum FaultAction {
    /// The real response, with changed headers.
    Headers,
    Status {
        status: u16,
        body: Vec<u8>,
    },
    TokenExpired,
    DisconnectAfter(usize),
    Truncate {
        bytes: usize,
        chunked: bool,
    },
    CorruptAt(usize),
    Append(Vec<u8>),
    StallAfter(usize),
    Delay(Duration),
    NoResponse,
    RedirectTo(String),
    RedirectLoop,
    PageLoop,
    GoAway,
    /// So many requests in each period.
    RateLimit {
        requests: usize,
        period: Duration,
    },
}

impl Fault {
    fn new(action: FaultAction) -> Self {
        Self {
            action,
            headers: Vec::new(),
            removed_headers: Vec::new(),
            early: false,
            committed: false,
            method: None,
            part: String::new(),
            after: 0,
            times: None,
        }
    }

    /// Answers `status` with an empty body, after reading the request's body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(FaultAction::Status {
            status,
            body: Vec::new(),
        })
    }

    /// Answers `status` with a distribution-spec error body.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = super::response::error_body(code, message);
        Self::status(status)
            .header("Content-Type", "application/json")
            .body(body)
    }

    /// Answers 401 with the registry's own challenge and forgets the token that was sent.
    #[must_use]
    pub fn token_expired() -> Self {
        Self::new(FaultAction::TokenExpired)
    }

    /// Leaves the response as it is but for headers set or removed on this fault.
    #[must_use]
    pub fn headers() -> Self {
        Self::new(FaultAction::Headers)
    }

    /// Resets the connection after `bytes` of the request's body, or of the response's body where
    /// the request has none.
    #[must_use]
    pub fn disconnect_after(bytes: usize) -> Self {
        Self::new(FaultAction::DisconnectAfter(bytes))
    }

    /// Sends the whole `Content-Length` but only `bytes` of the body, then closes.
    #[must_use]
    pub fn truncate(bytes: usize) -> Self {
        Self::new(FaultAction::Truncate {
            bytes,
            chunked: false,
        })
    }

    /// Sends `bytes` of the body in chunked coding and closes without the last chunk.
    #[must_use]
    pub fn truncate_chunked(bytes: usize) -> Self {
        Self::new(FaultAction::Truncate { bytes, chunked: true })
    }

    /// Inverts the byte at `offset` of the response's body.
    #[must_use]
    pub fn corrupt_at(offset: usize) -> Self {
        Self::new(FaultAction::CorruptAt(offset))
    }

    /// Adds bytes at the end of the response's body; `Content-Length` counts them.
    #[must_use]
    pub fn append(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(FaultAction::Append(bytes.into()))
    }

    /// Stops for ever, with the connection open, after `bytes` of the request's body, or of the
    /// response's body where the request has none.
    #[must_use]
    pub fn stall_after(bytes: usize) -> Self {
        Self::new(FaultAction::StallAfter(bytes))
    }

    /// Waits before doing what is right.
    #[must_use]
    pub fn delay(duration: Duration) -> Self {
        Self::new(FaultAction::Delay(duration))
    }

    /// Reads the request and never answers.
    #[must_use]
    pub fn no_response_headers() -> Self {
        Self::new(FaultAction::NoResponse)
    }

    /// Answers 307 with this `Location`.
    #[must_use]
    pub fn redirect_to(url: impl Into<String>) -> Self {
        Self::new(FaultAction::RedirectTo(url.into()))
    }

    /// Answers 307 to the same target with a growing `hop` parameter, so that no two are equal.
    #[must_use]
    pub fn redirect_loop() -> Self {
        Self::new(FaultAction::RedirectLoop)
    }

    /// Adds a `Link` to a next page of the same list, with a growing `hop` parameter, so that no two are equal.
    #[must_use]
    pub fn page_loop() -> Self {
        Self::new(FaultAction::PageLoop)
    }

    /// Answers as it should and then takes no more requests on the connection: GOAWAY in HTTP/2, `Connection: close` else.
    #[must_use]
    pub fn go_away() -> Self {
        Self::new(FaultAction::GoAway)
    }

    /// Answers 429 to those beyond the first `requests` of each `period`, which begins with the first request in it.
    #[must_use]
    pub fn rate_limit(requests: usize, period: Duration) -> Self {
        Self::new(FaultAction::RateLimit { requests, period })
    }

    /// Answers 200 with a web page, as a captive portal does.
    #[must_use]
    pub fn html() -> Self {
        Self::status(200)
            .header("Content-Type", "text/html; charset=utf-8")
            .body("<!doctype html><title>Welcome</title><p>Please sign in to the network.</p>\n")
    }

    /// Sets a response header (each call adds one; one that the response has is replaced).
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a response header.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.removed_headers.push(name.to_owned());
        self
    }

    /// Sets the body of a [`status`](Fault::status) fault; others ignore it.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        if let FaultAction::Status { body, .. } = &mut self.action {
            *body = bytes.into();
        }
        self
    }

    /// Answers without reading the request's body, and closes the connection.
    #[must_use]
    pub fn early(mut self) -> Self {
        self.early = true;
        self
    }

    /// Does what was asked before answering wrongly: the client cannot know it was done.
    #[must_use]
    pub fn committed(mut self) -> Self {
        self.committed = true;
        self
    }

    /// Restricts the fault to a method and to targets that contain `part`.
    #[must_use]
    pub fn on(mut self, method: &str, part: &str) -> Self {
        self.method = Some(method.to_owned());
        part.clone_into(&mut self.part);
        self
    }

    /// Restricts the fault to targets that contain `part`, whatever the method.
    #[must_use]
    pub fn on_target(mut self, part: &str) -> Self {
        part.clone_into(&mut self.part);
        self
    }

    /// Lets the first `requests` that match pass.
    #[must_use]
    pub fn after(mut self, requests: usize) -> Self {
        self.after = requests;
        self
    }

    /// Happens at most `times` times.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// Happens once.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    fn matches(&self, method: &str, target: &str) -> bool {
        let method_matches = self.method.as_deref().is_none_or(|wanted| wanted == method);
        method_matches && target.contains(&self.part)
    }
}

/// The faults of one server with their counters.
#[derive(Debug, Clone, Default)]
pub(crate) struct FaultSet {
    faults: Arc<Mutex<Vec<Armed>>>,
}

#[derive(Debug)]
struct Armed {
    fault: Fault,
    seen: usize,
    fired: usize,
    /// The period of a rate limit that runs, and the requests in it.
    period: Option<(Instant, usize)>,
}

impl Armed {
    /// Counts a request that matches and tells whether the fault happens to it.
    fn is_due(&mut self) -> bool {
        self.seen += 1;
        let used_up = self.fault.times.is_some_and(|times| self.fired >= times);
        if self.seen <= self.fault.after || used_up {
            return false;
        }
        let FaultAction::RateLimit { requests, period } = self.fault.action else {
            return true;
        };
        let (began, count) = self
            .period
            .filter(|(began, _)| began.elapsed() < period)
            .unwrap_or_else(|| (Instant::now(), 0));
        self.period = Some((began, count + 1));
        count >= requests
    }
}

impl FaultSet {
    pub(crate) fn add(&self, fault: Fault) {
        self.lock().push(Armed {
            fault,
            seen: 0,
            fired: 0,
            period: None,
        });
    }

    pub(crate) fn from(faults: Vec<Fault>) -> Self {
        let set = Self::default();
        for fault in faults {
            set.add(fault);
        }
        set
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// Counts the request for every fault that matches and returns the first that is due.
    pub(crate) fn pick(&self, method: &str, target: &str) -> Option<Fault> {
        let mut due = None;
        for armed in self.lock().iter_mut() {
            if !armed.fault.matches(method, target) {
                continue;
            }
            if armed.is_due() && due.is_none() {
                armed.fired += 1;
                due = Some(armed.fault.clone());
            }
        }
        due
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Armed>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
