//! Go's `time.Time`: an instant and the location that it is shown in.

use std::cmp::Ordering;
use std::fmt;

use super::civil::{self, Civil};
use super::duration::Duration;
use super::zone::{Location, Zone};

/// Seconds from the beginning of year 1 to 1970.
const YEAR_ONE_TO_UNIX: i64 = 62_135_596_800;
const NANOSECONDS: i64 = 1_000_000_000;

/// An instant with nanoseconds, in a location.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// Since the beginning of year 1; wraps around.
    seconds: i64,
    nanosecond: u32,
    /// Nanoseconds of a clock that never jumps; only `now` has them.
    monotonic: Option<i64>,
    location: Location,
}

impl Time {
    /// `time.Time{}`: the beginning of year 1 in UTC.
    pub fn zero() -> Self {
        Self {
            seconds: 0,
            nanosecond: 0,
            monotonic: None,
            location: Location::Utc,
        }
    }

    /// `time.Unix`: seconds since 1970.
    pub fn from_unix(seconds: i64, location: Location) -> Self {
        Self {
            seconds: seconds.wrapping_add(YEAR_ONE_TO_UNIX),
            location,
            ..Self::zero()
        }
    }

    /// `time.Now`: nanoseconds since 1970, and nanoseconds since the program began.
    pub fn now(unix_nanoseconds: i128, monotonic: i64, location: Location) -> Self {
        let seconds = unix_nanoseconds.div_euclid(i128::from(NANOSECONDS));
        let nanosecond = unix_nanoseconds.rem_euclid(i128::from(NANOSECONDS));
        Self {
            nanosecond: u32::try_from(nanosecond).unwrap_or(0),
            monotonic: Some(monotonic),
            ..Self::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX), location)
        }
    }

    /// `time.Date`: what a clock on the wall shows in a location. What is out of range is carried over.
    pub(super) fn from_wall(wall: i64, nanosecond: u32, location: Location) -> Self {
        let unix = wall.wrapping_sub(YEAR_ONE_TO_UNIX);
        let offset = match location.zone_at(unix).offset {
            0 => 0,
            offset => location.zone_at(unix.wrapping_sub(offset.into())).offset,
        };
        Self {
            nanosecond,
            ..Self::from_unix(unix.wrapping_sub(offset.into()), location)
        }
    }

    /// Seconds since 1970.
    pub fn unix(&self) -> i64 {
        self.seconds.wrapping_sub(YEAR_ONE_TO_UNIX)
    }

    /// Nanoseconds since 1970, wrapped around.
    pub fn unix_nanoseconds(&self) -> i64 {
        let seconds = self.unix().wrapping_mul(NANOSECONDS);
        seconds.wrapping_add(self.nanosecond.into())
    }

    /// Nanoseconds within the second.
    pub fn nanosecond(&self) -> u32 {
        self.nanosecond
    }

    /// Where it is shown.
    pub fn location(&self) -> &Location {
        &self.location
    }

    pub(super) fn zone(&self) -> Zone {
        self.location.zone_at(self.unix())
    }

    pub(super) fn civil_in(&self, zone: &Zone) -> Civil {
        Civil::from_seconds(self.seconds.wrapping_add(zone.offset.into()))
    }

    pub(super) fn civil(&self) -> Civil {
        self.civil_in(&self.zone())
    }

    /// The same instant in another location.
    #[must_use]
    pub fn in_location(&self, location: Location) -> Self {
        Self {
            location,
            ..self.without_monotonic()
        }
    }

    fn without_monotonic(&self) -> Self {
        Self {
            monotonic: None,
            ..self.clone()
        }
    }

    /// Later, or earlier.
    #[must_use]
    pub fn add(&self, duration: Duration) -> Self {
        let duration = duration.nanoseconds();
        let nanosecond = i64::from(self.nanosecond) + duration % NANOSECONDS;
        let carry = nanosecond.div_euclid(NANOSECONDS);
        Self {
            seconds: self.seconds.saturating_add(duration / NANOSECONDS + carry),
            nanosecond: u32::try_from(nanosecond.rem_euclid(NANOSECONDS)).unwrap_or(0),
            monotonic: self
                .monotonic
                .and_then(|monotonic| monotonic.checked_add(duration)),
            location: self.location.clone(),
        }
    }

    /// Later by calendar units, which are carried over where they are out of range.
    #[must_use]
    pub fn add_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        let (hour, minute) = (i64::from(civil.hour), i64::from(civil.minute));
        let wall = civil::to_seconds(
            civil.year.wrapping_add(years),
            i64::from(civil.month).wrapping_add(months),
            i64::from(civil.day).wrapping_add(days),
            hour * 3_600 + minute * 60 + i64::from(civil.second),
        );
        Self::from_wall(wall, self.nanosecond, self.location.clone())
    }

    /// How long it was from the other time to this one; the longest duration if that is too long.
    pub fn since(&self, other: &Self) -> Duration {
        let total =
            |time: &Self| i128::from(time.seconds) * i128::from(NANOSECONDS) + i128::from(time.nanosecond);
        let nanoseconds = match (self.monotonic, other.monotonic) {
            (Some(own), Some(other)) => i128::from(own) - i128::from(other),
            _ => total(self) - total(other),
        };
        match i64::try_from(nanoseconds) {
            Ok(nanoseconds) => Duration::from_nanoseconds(nanoseconds),
            Err(_) if nanoseconds < 0 => Duration::MIN,
            Err(_) => Duration::MAX,
        }
    }

    /// Which of two comes first.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self.monotonic, other.monotonic) {
            (Some(own), Some(other)) => own.cmp(&other),
            _ => (self.seconds, self.nanosecond).cmp(&(other.seconds, other.nanosecond)),
        }
    }

    /// Whether it is the beginning of year 1 in UTC.
    pub fn is_zero(&self) -> bool {
        self.seconds == 0 && self.nanosecond == 0
    }

    /// Rounds down to a multiple of `multiple` since year 1.
    #[must_use]
    pub fn truncate(&self, multiple: Duration) -> Self {
        let time = self.without_monotonic();
        match multiple.nanoseconds() {
            ..=0 => time,
            multiple => time.add(Duration::from_nanoseconds(-self.remainder(multiple))),
        }
    }

    /// Rounds to the nearest multiple of `multiple` since year 1, half of one up.
    #[must_use]
    pub fn round(&self, multiple: Duration) -> Self {
        let time = self.without_monotonic();
        let multiple = multiple.nanoseconds();
        if multiple <= 0 {
            return time;
        }
        let remainder = self.remainder(multiple);
        if remainder < multiple - remainder {
            return time.add(Duration::from_nanoseconds(-remainder));
        }
        time.add(Duration::from_nanoseconds(multiple - remainder))
    }

    fn remainder(&self, multiple: i64) -> i64 {
        let total = i128::from(self.seconds) * i128::from(NANOSECONDS) + i128::from(self.nanosecond);
        i64::try_from(total.rem_euclid(multiple.into())).unwrap_or(0)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.format(b"2006-01-02 15:04:05.999999999 -0700 MST");
        formatter.write_str(&String::from_utf8_lossy(&text))?;
        if let Some(monotonic) = self.monotonic {
            let sign = if monotonic < 0 { '-' } else { '+' };
            let (seconds, rest) = (
                monotonic.unsigned_abs() / NANOSECONDS.unsigned_abs(),
                monotonic.unsigned_abs() % NANOSECONDS.unsigned_abs(),
            );
            write!(formatter, " m={sign}{seconds}.{rest:09}")?;
        }
        Ok(())
    }
}
