//! When a failed request is sent again: a policy that is data, and a pure decision.

use std::io;
use std::time::Duration;

use http::StatusCode;
use http::header::{DATE, HeaderMap, RETRY_AFTER};
use url::Url;

use crate::credential::BoxFuture;
use crate::error::{AuthenticateError, ConnectError, RequestError};

/// When a failed request is sent again, and after what pause.
///
/// It holds for every request of a client alike: to a registry, to its token service, to where they redirect, and through
/// a proxy. The pause doubles from `base_delay` up to `max_delay`, give or take a quarter. A server's `Retry-After` replaces
/// it, up to `retry_after_limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times a request is sent at most.
    pub attempts: u32,
    /// How many times when no connection comes about or the server stays silent, which seldom changes within seconds.
    pub silent_attempts: u32,
    /// The first pause.
    pub base_delay: Duration,
    /// The longest pause of our own.
    pub max_delay: Duration,
    /// The longest pause that a server may ask for.
    pub retry_after_limit: Duration,
    /// How long one request may pause and wait for answers, all tries together; no single wait is longer either. The
    /// transfer of a body does not count.
    pub budget: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            silent_attempts: 2,
            base_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(10),
            retry_after_limit: Duration::from_mins(1),
            budget: Duration::from_mins(10),
        }
    }
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Send the request again after the pause.
    Retry {
        /// The pause.
        after: Duration,
    },
    /// Give up.
    Stop,
}

/// How a request failed, as far as the decision depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The server refused for now.
    Busy {
        /// The pause that it asks for.
        retry_after: Option<Duration>,
    },
    /// The connection broke.
    Broken,
    /// No connection came about, or no answer came.
    Silent,
    /// It would fail again.
    Final,
}

/// The tries of one request so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempts {
    /// Which try it is, from 1.
    pub(crate) number: u32,
    /// How long it has paused, and waited for answers in vain.
    waited: Duration,
}

impl Attempts {
    pub(crate) fn new() -> Self {
        Self {
            number: 1,
            waited: Duration::ZERO,
        }
    }

    /// Notes how long a failed try took for nothing.
    pub(crate) fn failed(&mut self, error: &RequestError) {
        self.waited = self.waited.saturating_add(waited_in(error));
    }

    /// Notes the pause before the next try.
    pub(crate) fn paused(&mut self, pause: Duration) {
        self.number += 1;
        self.waited = self.waited.saturating_add(pause);
    }
}

/// How long was waited for the answer that did not come.
fn waited_in(error: &RequestError) -> Duration {
    match error {
        RequestError::Timeout { after, .. } => *after,
        RequestError::Connect { source, .. } => match **source {
            ConnectError::Timeout { after } => after,
            _ => Duration::ZERO,
        },
        RequestError::Authenticate(AuthenticateError::TokenRequest { source, .. }) => waited_in(source),
        _ => Duration::ZERO,
    }
}

impl RetryPolicy {
    /// The statuses after which the same request may succeed later. All others are final.
    pub const STATUSES: [u16; 8] = [408, 429, 499, 500, 502, 503, 504, 522];

    /// Never sends a request again.
    pub fn none() -> Self {
        Self {
            attempts: 1,
            silent_attempts: 1,
            ..Self::default()
        }
    }

    /// Decides what to do after the last of `attempts` ended in `outcome`. `chance` is between 0 and 1.
    pub(crate) fn decide(&self, attempts: &Attempts, outcome: Outcome, chance: f64) -> Decision {
        let attempt = attempts.number;
        let limit = match outcome {
            Outcome::Busy { .. } | Outcome::Broken => self.attempts,
            Outcome::Silent => self.silent_attempts.min(self.attempts),
            Outcome::Final => return Decision::Stop,
        };
        if attempt >= limit {
            return Decision::Stop;
        }
        let after = match outcome {
            Outcome::Busy {
                retry_after: Some(asked),
            } => asked.min(self.retry_after_limit),
            _ => self
                .own_delay(attempt)
                .mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0),
        };
        if attempts.waited.saturating_add(after) > self.budget {
            return Decision::Stop;
        }
        Decision::Retry { after }
    }

    fn own_delay(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.base_delay.saturating_mul(doubled).min(self.max_delay)
    }
}

impl Outcome {
    /// Classifies a failed request.
    pub(crate) fn of(error: &RequestError) -> Self {
        match error {
            RequestError::Response(response) if response.is_retryable() => Self::Busy {
                retry_after: retry_after(&response.headers),
            },
            RequestError::Broken { .. } => Self::Broken,
            RequestError::Timeout { .. } => Self::Silent,
            RequestError::Connect { source, .. } => match **source {
                ConnectError::Io { .. } => Self::Broken,
                ConnectError::Refused
                | ConnectError::Resolve { .. }
                | ConnectError::Timeout { .. }
                | ConnectError::Proxy { .. } => Self::Silent,
                // A load balancer without anybody behind it hangs up like this.
                ConnectError::Tls { ref source } if is_hang_up(source) => Self::Silent,
                _ => Self::Final,
            },
            RequestError::Authenticate(AuthenticateError::TokenRequest { source, .. }) => Self::of(source),
            RequestError::Authenticate(AuthenticateError::Token { source, .. }) if source.is_retryable() => {
                Self::Busy {
                    retry_after: retry_after(&source.headers),
                }
            }
            _ => Self::Final,
        }
    }
}

/// Tells whether a response of this status may be another one later.
pub(crate) fn is_retryable_status(status: StatusCode) -> bool {
    RetryPolicy::STATUSES.contains(&status.as_u16())
}

fn is_hang_up(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
    )
}

/// Tells whether a response says that there were too many requests, which all others to the same host had better heed.
pub(crate) fn is_limit(status: StatusCode, headers: &HeaderMap) -> bool {
    let is_asked_to_wait = status == StatusCode::SERVICE_UNAVAILABLE && headers.contains_key(RETRY_AFTER);
    status == StatusCode::TOO_MANY_REQUESTS || is_asked_to_wait
}

/// The host that said that there were too many requests, if that is the failure, by a URL on it.
pub(crate) fn limiting_host(error: &RequestError) -> Option<Url> {
    let response = match error {
        RequestError::Response(response) => response,
        RequestError::Authenticate(AuthenticateError::Token { source, .. }) => source,
        _ => return None,
    };
    let is_limit = is_limit(response.status, &response.headers);
    is_limit.then(|| Url::parse(&response.url).ok()).flatten()
}

/// Reads `Retry-After`: seconds, or a date, which is taken from the response's own `Date` so that no clock of ours matters.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

/// A number between 0 and 1 that differs from call to call.
pub(crate) fn chance() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new().hash_one(0_u8) >> 32;
    let random = u32::try_from(random).unwrap_or_default();
    f64::from(random) / f64::from(u32::MAX)
}

/// Waits between two tries.
pub trait Sleeper: Send + Sync {
    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// Waits by the clock of the tokio runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioSleeper;

impl Sleeper for TokioSleeper {
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(attempt: u32, outcome: Outcome, expected_milliseconds: Option<u64>) {
        let expected = expected_milliseconds.map_or(Decision::Stop, |milliseconds| Decision::Retry {
            after: Duration::from_millis(milliseconds),
        });
        assert_eq!(
            RetryPolicy::default().decide(&try_number(attempt), outcome, 0.5),
            expected
        );
    }

    fn try_number(number: u32) -> Attempts {
        Attempts {
            number,
            ..Attempts::new()
        }
    }

    #[test]
    fn all_waiting_together_is_limited() {
        let policy = RetryPolicy {
            budget: Duration::from_secs(5),
            ..RetryPolicy::default()
        };
        let mut attempts = Attempts::new();
        assert_ne!(policy.decide(&attempts, busy(5), 0.5), Decision::Stop);
        assert_eq!(policy.decide(&attempts, busy(6), 0.5), Decision::Stop);
        let error = RequestError::Timeout {
            method: http::Method::GET,
            url: String::new(),
            stage: crate::error::TimeoutStage::ResponseHead,
            after: Duration::from_secs(3),
        };
        attempts.failed(&error);
        attempts.paused(Duration::from_secs(1));
        assert_eq!(attempts.number, 2);
        assert_ne!(policy.decide(&attempts, busy(1), 0.5), Decision::Stop);
        assert_eq!(policy.decide(&attempts, busy(2), 0.5), Decision::Stop);
    }

    fn busy(seconds: u64) -> Outcome {
        Outcome::Busy {
            retry_after: Some(Duration::from_secs(seconds)),
        }
    }

    #[test]
    fn pauses_double_up_to_the_last_attempt() {
        check(1, Outcome::Broken, Some(250));
        check(2, Outcome::Broken, Some(500));
        check(3, Outcome::Busy { retry_after: None }, Some(1000));
        check(4, Outcome::Broken, Some(2000));
        check(5, Outcome::Broken, None);
        check(1, Outcome::Silent, Some(250));
        check(2, Outcome::Silent, None);
        check(1, Outcome::Final, None);
    }

    #[test]
    fn case_38_the_server_says_when() {
        check(1, busy(2), Some(2000));
        check(4, busy(0), Some(0));
        check(1, busy(3600), Some(60_000));
        check(5, busy(2), None);
    }

    #[test]
    fn pauses_vary_by_a_quarter() {
        let policy = RetryPolicy::default();
        let after = |chance| policy.decide(&try_number(1), Outcome::Broken, chance);
        assert_eq!(
            after(0.0),
            Decision::Retry {
                after: Duration::from_micros(187_500)
            }
        );
        assert_eq!(
            after(1.0),
            Decision::Retry {
                after: Duration::from_micros(312_500)
            }
        );
        assert!((0.0..=1.0).contains(&chance()));
        assert_eq!(
            RetryPolicy::none().decide(&try_number(1), Outcome::Broken, 0.5),
            Decision::Stop
        );
    }

    #[track_caller]
    fn check_header(lines: &[(&'static str, &str)], expected: Option<u64>) {
        let headers = lines.iter().map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, value.parse().unwrap())
        });
        assert_eq!(retry_after(&headers.collect()), expected.map(Duration::from_secs));
    }

    #[test]
    fn case_38_retry_after_in_both_forms() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        check_header(&[("retry-after", "2")], Some(2));
        check_header(
            &[("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"), date],
            Some(10),
        );
        check_header(&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"), date], Some(0));
        check_header(&[("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")], None);
        check_header(&[("retry-after", "-1")], None);
        check_header(&[("retry-after", "soon")], None);
        check_header(&[], None);
    }
}
