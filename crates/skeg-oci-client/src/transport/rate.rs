//! How fast a host may be asked, learned from its complaints.
//!
//! As CUBIC does for bytes (RFC 9438), for requests: a complaint tells the rate that the host did not bear, the next
//! requests go out well below it, back to it within seconds, slowly around it, and then ever faster, so that a limit that
//! was lifted, or was guessed too low, is found out soon. Pure: the clock is the caller's.

use std::time::Duration;

use tokio::time::Instant;

/// The share of the rate complained about that is gone on with.
const DECREASE: f64 = 0.7;

/// The share of a rate that was borne for a while that is taken to be borne for good.
const NEAR: f64 = 0.95;

/// More than so many times the rate that was known is not believed to have been tried.
const FAR: f64 = 1.25;

/// How long it takes to be back at that rate.
const RECOVERY: Duration = Duration::from_secs(5);

/// A rate is taken from what was answered in so long at least,
const SHORTEST: Duration = Duration::from_millis(100);

/// and about so long at most.
const LONGEST: Duration = Duration::from_secs(4);

/// The slowest, in requests per second.
const SLOWEST: f64 = 1.0;

/// Above this, requests are not held apart.
const FASTEST: f64 = 1000.0;

/// The rate of one host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// The rate that was complained about last, in requests per second; nothing before the first complaint.
    ceiling: Option<f64>,
    /// When requests went out again after that, and whether there was another complaint since.
    resumed: Instant,
    complained: bool,
    /// What was answered, and since when.
    answered: f64,
    since: Instant,
}

impl Rate {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            ceiling: None,
            resumed: now,
            complained: false,
            answered: 0.0,
            since: now,
        }
    }

    /// How far requests are held apart.
    pub(super) fn interval(&self, now: Instant) -> Option<Duration> {
        let rate = self.rate(now).filter(|rate| *rate < FASTEST)?;
        Some(Duration::from_secs_f64(1.0 / rate))
    }

    /// A request was answered.
    pub(super) fn answer(&mut self, now: Instant) {
        self.answered += 1.0;
        let period = now.saturating_duration_since(self.since);
        if period > LONGEST {
            self.answered /= 2.0;
            self.since = now - period / 2;
        }
    }

    /// A request that went out at `sent` was refused. The first one since a pause tells the rate; those that were on their
    /// way meanwhile tell nothing new.
    pub(super) fn complain(&mut self, sent: Instant, now: Instant) {
        if self.complained || sent < self.resumed {
            return;
        }
        self.complained = true;
        let period = now.saturating_duration_since(self.since).max(SHORTEST);
        let answered = self.answered / period.as_secs_f64();
        let borne = match (self.rate(now), self.ceiling) {
            // It went well for a while: the limit is near, however few there were to send, unless far fewer were sent than
            // might have been.
            (Some(rate), Some(ceiling)) if now.saturating_duration_since(self.resumed) > RECOVERY / 2 => {
                rate.min(answered.max(ceiling) * FAR) * NEAR
            }
            (Some(rate), _) => answered.clamp(rate / 2.0, rate),
            (None, _) => answered,
        };
        self.ceiling = Some(borne.max(SLOWEST));
    }

    /// The pause after a complaint is over.
    pub(super) fn resume(&mut self, now: Instant) {
        if !self.complained {
            return;
        }
        self.complained = false;
        self.resumed = now;
        self.since = now;
        self.answered = 0.0;
    }

    /// The rate that was complained about last, in requests per second.
    pub(super) fn ceiling(&self) -> Option<f64> {
        self.ceiling
    }

    fn rate(&self, now: Instant) -> Option<f64> {
        let ceiling = self.ceiling?;
        let recovery = RECOVERY.as_secs_f64();
        let elapsed = now.saturating_duration_since(self.resumed).as_secs_f64();
        let distance = (elapsed - recovery) / recovery;
        let rate = ceiling * (1.0 + (1.0 - DECREASE) * distance.powi(3));
        Some(rate.max(SLOWEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How a host limits: so many requests in each window, and so many more at first.
    #[derive(Clone, Copy)]
    struct Limit {
        requests: u32,
        window: u64,
        burst: u32,
    }

    /// Sends so many requests with 50 ms of latency, 32 at once, and 250 ms of pause after a complaint. Says how long it
    /// took, in milliseconds, and how many were refused.
    fn simulate(limit: Limit, total: u32) -> (u64, u32) {
        let zero = Instant::now();
        let mut rate = Rate::new(zero);
        let (mut next, mut pause) = (0_f64, None);
        let mut under_way: Vec<(u64, bool)> = Vec::new();
        let (mut left, mut done, mut refused) = (total, 0, 0);
        let (mut window, mut admitted, mut burst) = (0, 0, limit.burst);
        for now in 0.. {
            let clock = zero + Duration::from_millis(now);
            if pause.is_some_and(|end| now >= end) {
                pause = None;
                rate.resume(clock);
                next = as_f64(now);
            }
            for (_, is_refused) in under_way.extract_if(.., |(end, _)| *end <= now) {
                if !is_refused {
                    rate.answer(clock);
                    done += 1;
                    continue;
                }
                refused += 1;
                left += 1;
                if pause.is_none() {
                    rate.complain(clock, clock);
                    pause = Some(now + 250);
                }
            }
            if done == total {
                return (now, refused);
            }
            while pause.is_none() && left > 0 && under_way.len() < 32 && next <= as_f64(now) {
                let interval = rate.interval(clock).unwrap_or_default();
                next = next.max(as_f64(now)) + interval.as_secs_f64() * 1000.0;
                if now / limit.window != window {
                    (window, admitted) = (now / limit.window, 0);
                }
                let is_refused = admitted == limit.requests && burst == 0;
                if admitted < limit.requests {
                    admitted += 1;
                } else {
                    burst = burst.saturating_sub(1);
                }
                left -= 1;
                under_way.push((now + 50, is_refused));
            }
        }
        unreachable!("time does not end")
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds of minutes")]
    fn as_f64(number: u64) -> f64 {
        number as f64
    }

    /// Checks that a host with a limit is asked so much longer than the limit makes it at most, and how many are refused.
    #[track_caller]
    fn check(limit: Limit, total: u32, times: f64, most_refused: u32) {
        let (took, refused) = simulate(limit, total);
        let least = f64::from(total - limit.burst) * as_f64(limit.window) / f64::from(limit.requests);
        let ratio = as_f64(took) / least;
        assert!(
            ratio <= times && refused <= most_refused,
            "{took} ms are {ratio:.2} times {least} ms, {refused} refused"
        );
    }

    #[test]
    fn limits_are_found_and_kept_to() {
        let limit = |requests, window, burst| Limit {
            requests,
            window,
            burst,
        };
        check(limit(25, 250, 0), 2000, 1.3, 60);
        check(limit(100, 250, 0), 4000, 1.4, 120);
        check(limit(10, 1000, 0), 300, 1.4, 60);
        check(limit(10, 1000, 100), 400, 1.4, 60);
        check(limit(1, 100, 50), 400, 1.4, 60);
        check(limit(1, 5, 200), 4000, 1.5, 120);
    }

    #[test]
    fn nothing_is_held_apart_without_a_complaint() {
        let now = Instant::now();
        let mut rate = Rate::new(now);
        for _ in 0..1000 {
            rate.answer(now);
        }
        assert_eq!(rate.interval(now), None);
    }

    #[test]
    fn a_complaint_is_forgotten() {
        let zero = Instant::now();
        let mut rate = Rate::new(zero);
        let at = |seconds| zero + Duration::from_secs(seconds);
        for _ in 0..20 {
            rate.answer(at(1));
        }
        rate.complain(at(1), at(1));
        rate.resume(at(2));
        assert_eq!(rate.interval(at(2)), Some(Duration::from_secs_f64(1.0 / 14.0)));
        assert_eq!(rate.interval(at(7)), Some(Duration::from_millis(50)));
        assert_eq!(rate.interval(at(40)), None);
    }

    #[test]
    fn a_rate_that_was_not_made_use_of_is_not_believed() {
        let zero = Instant::now();
        let mut rate = Rate::new(zero);
        let at = |seconds| zero + Duration::from_secs(seconds);
        for _ in 0..20 {
            rate.answer(at(1));
        }
        rate.complain(at(1), at(1));
        rate.resume(at(1));
        rate.complain(at(600), at(600));
        assert_eq!(rate.ceiling(), Some(20.0 * FAR * NEAR));
    }

    #[test]
    fn complaints_about_everything_end_at_the_slowest() {
        let zero = Instant::now();
        let mut rate = Rate::new(zero);
        for second in 0..20 {
            let now = zero + Duration::from_secs(second);
            rate.complain(now, now);
            rate.resume(now);
        }
        let end = zero + Duration::from_secs(19);
        assert_eq!(rate.interval(end), Some(Duration::from_secs(1)));
    }
}
