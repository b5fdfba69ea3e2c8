//! The request log: what every server of the harness saw, in order, with times.
//!
//! A record is opened when the head of a request has been read and closed when the last byte of
//! the response was handed to the connection, which is before the client can have read it. Two
//! requests are therefore sequential exactly when the second could have waited for the first.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Version};

/// Which of the harness's servers received a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The registry itself.
    Registry,
    /// The token server of a registry with bearer authentication.
    TokenServer,
    /// The blob store a registry redirects to.
    BlobStore,
    /// A [`PlainServer`](crate::PlainServer).
    Plain,
    /// A [`ProxyServer`](crate::ProxyServer).
    Proxy,
    /// An [`ApiProxy`](crate::ApiProxy).
    ApiProxy,
}

/// What the `Authorization` header of a request said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorization {
    /// No such header.
    None,
    /// `Basic`, decoded and split at the first colon.
    Basic {
        /// The part before the first colon.
        username: String,
        /// The part after the first colon.
        password: String,
    },
    /// `Bearer`, with the token as sent (the token server names them `token-1`, `token-2`, …).
    Bearer(String),
    /// Anything else, verbatim.
    Other(String),
}

impl Authorization {
    /// Classifies the `Authorization` header in `headers`.
    pub fn of(headers: &HeaderMap) -> Self {
        headers.get(AUTHORIZATION).map_or(Self::None, Self::of_value)
    }

    /// Classifies one header's value.
    pub(crate) fn of_value(value: &HeaderValue) -> Self {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        Self::parse(&text).unwrap_or(Self::Other(text))
    }

    fn parse(text: &str) -> Option<Self> {
        let (scheme, value) = text.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Self::Bearer(value.trim().to_owned()));
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
        let (username, password) = decoded.split_once(':')?;
        Some(Self::Basic {
            username: username.to_owned(),
            password: password.to_owned(),
        })
    }
}

/// One request as a server saw it, and what became of it.
#[derive(Debug, Clone)]
pub struct RequestRecord {
    /// Which server received it.
    pub origin: Origin,
    /// The place in the order of arrival, from 0, over all servers that share the log.
    pub index: usize,
    /// The TCP connection it came on, numbered from 0 per server.
    pub connection: usize,
    /// The method, upper case.
    pub method: String,
    /// Path and query as sent (the whole URI where the client sent an absolute one).
    pub target: String,
    /// The status of the response; `None` where no response was sent.
    pub status: Option<u16>,
    /// What the `Authorization` header said.
    pub authorization: Authorization,
    /// All other request headers, names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// Bytes of the request body that were read.
    pub received: u64,
    /// Bytes of the response body that were sent.
    pub sent: u64,
    /// When the head of the request was read.
    pub started: Instant,
    /// When the last byte of the response left, or the connection broke; `None` while it runs.
    pub finished: Option<Instant>,
}

impl RequestRecord {
    /// The first value of the request header `name` (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The target without its query.
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The query without the question mark; empty where there is none.
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// Says whether the method is `method` and the target contains `part`.
    pub fn is(&self, method: &str, part: &str) -> bool {
        self.method == method && self.target.contains(part)
    }
}

impl fmt::Display for RequestRecord {
    /// Writes `METHOD target status`, with `-` for a request that got no response.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.method, self.target)?;
        match self.status {
            Some(status) => write!(f, "{status}"),
            None => f.write_str("-"),
        }
    }
}

/// A copy of the log at one moment, in order of arrival.
#[derive(Debug, Clone, Default)]
pub struct RequestLog {
    records: Vec<RequestRecord>,
}

impl RequestLog {
    /// The number of requests.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Says whether there was no request.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The requests in order of arrival.
    pub fn iter(&self) -> std::slice::Iter<'_, RequestRecord> {
        self.records.iter()
    }

    /// The requests as a slice.
    pub fn as_slice(&self) -> &[RequestRecord] {
        &self.records
    }

    /// The requests with this method whose target contains `part`.
    #[must_use]
    pub fn matching(&self, method: &str, part: &str) -> Self {
        self.only(|record| record.is(method, part))
    }

    /// The number of requests with this method whose target contains `part`.
    pub fn count(&self, method: &str, part: &str) -> usize {
        self.iter().filter(|record| record.is(method, part)).count()
    }

    /// The requests that `keep` accepts.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&RequestRecord) -> bool) -> Self {
        Self {
            records: self.iter().filter(|record| keep(record)).cloned().collect(),
        }
    }

    /// Each request as `METHOD target status`.
    pub fn lines(&self) -> Vec<String> {
        self.iter().map(ToString::to_string).collect()
    }

    /// The number of different connections the requests came on.
    pub fn connections(&self) -> usize {
        let mut seen: Vec<(Origin, usize)> = Vec::new();
        for record in &self.records {
            let key = (record.origin, record.connection);
            if !seen.contains(&key) {
                seen.push(key);
            }
        }
        seen.len()
    }

    /// The sum of the response bodies' bytes.
    pub fn bytes_sent(&self) -> u64 {
        self.iter().map(|record| record.sent).sum()
    }

    /// The sum of the request bodies' bytes.
    pub fn bytes_received(&self) -> u64 {
        self.iter().map(|record| record.received).sum()
    }

    /// The length of the longest chain of requests each of which began after the one before had
    /// been answered: how many times the client waited for the network.
    ///
    /// Requests made side by side count once. They are told apart by time, so a test that asserts
    /// this number gives the registry a `.latency(…)` well above the client's own pauses; without
    /// it, two parallel requests may both be answered before the other has begun.
    pub fn sequential_round_trips(&self) -> usize {
        let mut spans: Vec<(Instant, Option<Instant>)> = self
            .iter()
            .map(|record| (record.started, record.finished))
            .collect();
        spans.sort_by_key(|(_, finished)| (finished.is_none(), *finished));
        longest_chain(&spans)
    }

    /// The largest number of requests that ran at the same time.
    pub fn most_parallel(&self) -> usize {
        self.iter()
            .map(|one| {
                self.iter()
                    .filter(|other| {
                        other.started <= one.started && other.finished.is_none_or(|end| end > one.started)
                    })
                    .count()
            })
            .max()
            .unwrap_or(0)
    }

    /// The time from the first request's start to the last answer.
    pub fn elapsed(&self) -> Duration {
        let start = self.iter().map(|record| record.started).min();
        let end = self.iter().filter_map(|record| record.finished).max();
        match (start, end) {
            (Some(start), Some(end)) => end.saturating_duration_since(start),
            _ => Duration::ZERO,
        }
    }
}

/// Counts pairwise disjoint spans greedily; `spans` are sorted by their end, open ones last.
fn longest_chain(spans: &[(Instant, Option<Instant>)]) -> usize {
    let mut count = 0;
    let mut busy_until: Option<Instant> = None;
    for (started, finished) in spans {
        if busy_until.is_some_and(|end| *started < end) {
            continue;
        }
        count += 1;
        match finished {
            Some(end) => busy_until = Some(*end),
            None => break,
        }
    }
    count
}

impl<'a> IntoIterator for &'a RequestLog {
    type Item = &'a RequestRecord;
    type IntoIter = std::slice::Iter<'a, RequestRecord>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl std::ops::Index<usize> for RequestLog {
    type Output = RequestRecord;

    fn index(&self, index: usize) -> &RequestRecord {
        &self.records[index]
    }
}

impl fmt::Display for RequestLog {
    /// Writes one request per line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for record in &self.records {
            writeln!(f, "{record}")?;
        }
        Ok(())
    }
}

/// The growing log that the servers of one registry share.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedLog {
    records: Arc<Mutex<Records>>,
}

#[derive(Debug, Default)]
struct Records {
    /// How many records were forgotten: the index of the first that is kept.
    first: usize,
    kept: Vec<RequestRecord>,
}

/// What is known about a request when its head has been read.
pub(crate) struct Arrival<'a> {
    pub(crate) origin: Origin,
    pub(crate) connection: usize,
    pub(crate) head: &'a http::request::Parts,
}

impl SharedLog {
    /// Opens a record.
    pub(crate) fn open(&self, arrival: &Arrival<'_>) -> OpenRecord {
        let mut records = self.lock();
        let index = records.first + records.kept.len();
        records.kept.push(RequestRecord {
            origin: arrival.origin,
            index,
            connection: arrival.connection,
            method: arrival.head.method.to_string(),
            target: target(arrival.head),
            status: None,
            authorization: Authorization::of(&arrival.head.headers),
            headers: plain_headers(&arrival.head.headers),
            received: 0,
            sent: 0,
            started: Instant::now(),
            finished: None,
        });
        OpenRecord {
            log: self.clone(),
            index,
        }
    }

    /// Copies the records of `origin`, or all of them.
    pub(crate) fn snapshot(&self, origin: Option<Origin>) -> RequestLog {
        let records = self.lock();
        let kept = records
            .kept
            .iter()
            .filter(|record| origin.is_none_or(|wanted| record.origin == wanted));
        RequestLog {
            records: kept.cloned().collect(),
        }
    }

    /// Forgets all records; open ones are not followed any further.
    pub(crate) fn clear(&self) {
        let mut records = self.lock();
        records.first += records.kept.len();
        records.kept.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The target as sent; HTTP/2 has no absolute form, but its URI looks like one.
fn target(head: &http::request::Parts) -> String {
    match head.uri.path_and_query() {
        Some(path) if head.version == Version::HTTP_2 || head.uri.scheme().is_none() => path.to_string(),
        _ => head.uri.to_string(),
    }
}

fn plain_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| *name != AUTHORIZATION)
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}

/// A record that is still being filled; it is closed at the latest when dropped.
#[derive(Debug)]
pub(crate) struct OpenRecord {
    log: SharedLog,
    index: usize,
}

impl OpenRecord {
    /// Notes bytes of the request's body.
    pub(crate) fn add_received(&self, bytes: usize) {
        self.update(|record| record.received += bytes as u64);
    }

    /// Notes bytes of the response's body.
    pub(crate) fn add_sent(&self, bytes: usize) {
        self.update(|record| record.sent += bytes as u64);
    }

    /// Notes the response's status.
    pub(crate) fn set_status(&self, status: u16) {
        self.update(|record| record.status = Some(status));
    }

    /// Closes the record, unless it is closed.
    pub(crate) fn finish(&self) {
        self.update(|record| {
            record.finished.get_or_insert_with(Instant::now);
        });
    }

    fn update(&self, change: impl FnOnce(&mut RequestRecord)) {
        let mut records = self.log.lock();
        let place = self.index.checked_sub(records.first);
        if let Some(record) = place.and_then(|place| records.kept.get_mut(place)) {
            change(record);
        }
    }
}

impl Drop for OpenRecord {
    fn drop(&mut self) {
        self.finish();
    }
}
