//! When a request is sent again.

use std::time::Duration;

use http::{HeaderMap, Method};

use crate::error::Status;

/// How often a request is sent again that the server asked to be sent later, as in Kubernetes' own client.
const MOST_PAUSES: u32 = 10;
/// How often a question is asked again whose answer was lost.
const MOST_REPEATS: u32 = 3;
/// The pause before the first repeat; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Counts how often one request was sent.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    pauses: u32,
    repeats: u32,
}

impl Attempts {
    /// After a refusal: how long to wait before the request is sent again; none if the refusal stands.
    ///
    /// A server that names a time (429, or any 5xx with `Retry-After`) is obeyed. When the storage behind it has just
    /// chosen another leader nothing was written, and the request is repeated.
    pub(super) fn after_refusal(&mut self, status: &Status, headers: &HeaderMap) -> Option<Duration> {
        let is_overload = status.code == 429 || status.code >= 500;
        let wish = retry_after(headers).filter(|_| is_overload);
        if let Some(wish) = wish
            && self.pauses < MOST_PAUSES
        {
            self.pauses += 1;
            return Some(wish.min(LONGEST_PAUSE));
        }
        let is_leader_change = status.code >= 500
            && ["etcdserver: leader changed", "raft proposal dropped"]
                .iter()
                .any(|words| status.message.contains(words));
        if is_leader_change { self.repeat() } else { None }
    }

    /// After an answer that did not come: how long to wait before the request is sent again; none if it may have been
    /// carried out.
    pub(super) fn after_loss(&mut self, method: &Method, was_sent: bool) -> Option<Duration> {
        (was_sent && *method == Method::GET)
            .then(|| self.repeat())
            .flatten()
    }

    fn repeat(&mut self) -> Option<Duration> {
        if self.repeats == MOST_REPEATS {
            return None;
        }
        self.repeats += 1;
        Some(FIRST_PAUSE * 2_u32.pow(self.repeats - 1))
    }
}

/// The seconds of `Retry-After`; API servers send no dates.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16, message: &str) -> Status {
        Status {
            code,
            message: message.to_owned(),
            ..Status::default()
        }
    }

    fn headers(retry_after: Option<&'static str>) -> HeaderMap {
        let value = retry_after.map(http::HeaderValue::from_static);
        value
            .into_iter()
            .map(|value| (http::header::RETRY_AFTER, value))
            .collect()
    }

    #[track_caller]
    fn check(code: u16, message: &str, wish: Option<&'static str>, expected: Option<u64>) {
        let pause = Attempts::default().after_refusal(&status(code, message), &headers(wish));
        assert_eq!(
            pause.map(|pause| u64::try_from(pause.as_millis()).unwrap()),
            expected
        );
    }

    #[test]
    fn servers_are_obeyed() {
        check(429, "", Some("1"), Some(1_000));
        check(503, "", Some("2"), Some(2_000));
        check(500, "", Some("9999"), Some(30_000));
        check(429, "", None, None);
        check(409, "", Some("1"), None);
        check(500, "rpc error: etcdserver: leader changed", None, Some(50));
        check(500, "boom", None, None);
    }

    #[test]
    fn patience_ends() {
        let mut attempts = Attempts::default();
        let busy = status(429, "");
        let count = (0..100)
            .take_while(|_| attempts.after_refusal(&busy, &headers(Some("0"))).is_some())
            .count();
        assert_eq!(count, 10);
    }

    #[test]
    fn only_questions_are_repeated() {
        let mut attempts = Attempts::default();
        assert!(attempts.after_loss(&Method::PATCH, true).is_none());
        assert!(attempts.after_loss(&Method::GET, false).is_none());
        assert!(attempts.after_loss(&Method::GET, true).is_some());
    }
}
