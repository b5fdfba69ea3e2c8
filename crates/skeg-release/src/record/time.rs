//! Times as records have them: an instant, and the offset that it was written with.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use skeg_go::time::{Location, ParseTimeError, Time};

const RFC_3339: &[u8] = b"2006-01-02T15:04:05Z07:00";
const RFC_3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";
const NANOSECONDS: i128 = 1_000_000_000;

/// An instant with nanoseconds and the offset of the place where it was written.
///
/// Printed it is what Go writes into JSON: `2026-11-22T14:02:48.702330671+05:30`.
///
/// ```
/// use skeg_release::RecordTime;
///
/// let time = RecordTime::parse("2026-11-22T14:02:48.700+05:30")?;
/// assert_eq!(time.to_string(), "2026-11-22T14:02:48.7+05:30");
/// assert_eq!(RecordTime::from_unix_nanoseconds(0).to_string(), "1970-01-01T00:00:00Z");
/// # Ok::<(), skeg_go::time::ParseTimeError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RecordTime {
    seconds: i64,
    nanosecond: u32,
    /// Seconds east of UTC; `None` is `Z`.
    offset: Option<i32>,
}

impl RecordTime {
    /// An instant in UTC.
    pub fn from_unix_nanoseconds(nanoseconds: i128) -> Self {
        let seconds = nanoseconds.div_euclid(NANOSECONDS);
        let nanosecond = nanoseconds.rem_euclid(NANOSECONDS);
        Self {
            seconds: i64::try_from(seconds).unwrap_or(i64::MAX),
            nanosecond: u32::try_from(nanosecond).unwrap_or(0),
            offset: None,
        }
    }

    /// Reads a time in the form of RFC 3339, as Go does: of a fraction nine digits count.
    ///
    /// # Errors
    /// It has another form, in Go's words.
    pub fn parse(text: &str) -> Result<Self, ParseTimeError> {
        let time = Time::parse_in(RFC_3339, text.as_bytes(), &Location::Utc)?;
        let offset = match time.location() {
            Location::Fixed { offset, .. } => Some(*offset),
            _ if text.ends_with('Z') => None,
            _ => Some(0),
        };
        Ok(Self {
            seconds: time.unix(),
            nanosecond: time.nanosecond(),
            offset,
        })
    }

    /// Seconds since 1970.
    pub fn unix(self) -> i64 {
        self.seconds
    }

    /// Whether it is the time that Go has where nobody set one.
    pub fn is_zero(self) -> bool {
        Time::zero().unix() == self.seconds && self.nanosecond == 0
    }

    /// The time as Go has it after reading: where the offset is the one of this place, it is local.
    pub fn to_go(self, local: &Location) -> Time {
        let utc = Time::now(
            i128::from(self.seconds) * NANOSECONDS + i128::from(self.nanosecond),
            0,
            Location::Utc,
        )
        .in_location(Location::Utc);
        let Some(offset) = self.offset else {
            return utc;
        };
        let here = utc.in_location(local.clone());
        if offset_of(&here) == offset {
            return here;
        }
        utc.in_location(Location::Fixed {
            name: Rc::from(""),
            offset,
        })
    }
}

fn offset_of(time: &Time) -> i32 {
    let shown = time.format(b"-07:00:00");
    let number = |range: std::ops::Range<usize>| -> i32 {
        let digits = shown.get(range).and_then(|digits| str::from_utf8(digits).ok());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    let seconds = number(1..3) * 3600 + number(4..6) * 60 + number(7..9);
    if shown.first() == Some(&b'-') {
        -seconds
    } else {
        seconds
    }
}

impl fmt::Display for RecordTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_go(&Location::Utc).format(RFC_3339_NANO);
        formatter.write_str(&String::from_utf8_lossy(&text))
    }
}

/// Two times are equal if they are the same instant.
impl PartialEq for RecordTime {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for RecordTime {}

impl PartialOrd for RecordTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RecordTime {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanosecond).cmp(&(other.seconds, other.nanosecond))
    }
}

#[cfg(test)]
mod tests {
    use skeg_go::time::Location;

    use super::RecordTime;

    #[track_caller]
    fn check(text: &str, written: &str, shown_in_kolkata: &str) {
        let time = RecordTime::parse(text).expect("because the text is a time");
        assert_eq!(time.to_string(), written);
        let local = Location::local(Some("Asia/Kolkata"));
        assert_eq!(time.to_go(&local).to_string(), shown_in_kolkata);
    }

    #[test]
    fn times_keep_their_offset() {
        check(
            "2026-11-22T08:32:20.604064024Z",
            "2026-11-22T08:32:20.604064024Z",
            "2026-11-22 08:32:20.604064024 +0000 UTC",
        );
        check(
            "2026-11-22T08:32:20.1234567899+00:00",
            "2026-11-22T08:32:20.123456789Z",
            "2026-11-22 08:32:20.123456789 +0000 +0000",
        );
        check(
            "2026-11-22T14:02:20.10+05:30",
            "2026-11-22T14:02:20.1+05:30",
            "2026-11-22 14:02:20.1 +0530 IST",
        );
        check(
            "2026-11-22T00:02:20-08:00",
            "2026-11-22T00:02:20-08:00",
            "2026-11-22 00:02:20 -0800 -0800",
        );
    }

    #[test]
    fn instants_are_compared() {
        let time = |text| RecordTime::parse(text).expect("because the text is a time");
        assert_eq!(time("2026-11-22T08:00:00Z"), time("2026-11-22T09:00:00+01:00"));
        assert!(time("2026-11-22T08:00:00.1Z") > time("2026-11-22T09:00:00+01:00"));
        assert!(time("0001-01-01T00:00:00Z").is_zero());
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22 08:00:00Z",
            "2026-11-22t08:00:00z",
            "2026-11-22T08:00:00",
            "1",
        ] {
            assert!(RecordTime::parse(text).is_err(), "{text}");
        }
    }
}
