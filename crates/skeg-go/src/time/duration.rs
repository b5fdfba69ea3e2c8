//! Go's `time.Duration`: nanoseconds in 64 bits.

use std::fmt;

use super::error::{ParseDurationError, quote};

/// A span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND.unsigned_abs()),
    ("m", MINUTE.unsigned_abs()),
    ("h", HOUR.unsigned_abs()),
];
/// One nanosecond more than the longest duration: how long the longest negative one is.
const LIMIT: u64 = 1 << 63;

impl Duration {
    /// One second.
    pub const SECOND: Self = Self(SECOND);
    /// The longest duration.
    pub const MAX: Self = Self(i64::MAX);
    /// The longest negative duration.
    pub const MIN: Self = Self(i64::MIN);

    /// So many nanoseconds.
    pub const fn from_nanoseconds(nanoseconds: i64) -> Self {
        Self(nanoseconds)
    }

    /// So many seconds; as in Go, too many of them wrap around.
    pub const fn from_seconds_wrapping(seconds: i64) -> Self {
        Self(seconds.wrapping_mul(SECOND))
    }

    /// Reads `1h15m30.918s`, as `time.ParseDuration`.
    pub fn parse(text: &[u8]) -> Result<Self, ParseDurationError> {
        let error = |problem: String| ParseDurationError {
            problem,
            text: text.to_vec(),
        };
        let invalid = || error("invalid duration".to_owned());
        let (negative, mut rest) = match text.split_first() {
            Some((b'-', rest)) => (true, rest),
            Some((b'+', rest)) => (false, rest),
            _ => (false, text),
        };
        if rest == b"0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let (number, after) = Number::take(rest).ok_or_else(invalid)?;
            let is_unit = |byte: &&u8| **byte != b'.' && !byte.is_ascii_digit();
            let (unit, after) = after.split_at(after.iter().take_while(is_unit).count());
            if unit.is_empty() {
                return Err(error("missing unit in duration".to_owned()));
            }
            let known = UNITS.iter().find(|(name, _)| name.as_bytes() == unit);
            let Some((_, nanoseconds)) = known else {
                return Err(error(format!("unknown unit {} in duration", quote(unit))));
            };
            let span = number.times(*nanoseconds).ok_or_else(invalid)?;
            total = total.wrapping_add(span);
            if total > LIMIT {
                return Err(invalid());
            }
            rest = after;
        }
        match (negative, i64::try_from(total)) {
            (true, Ok(total)) => Ok(Self(-total)),
            (true, Err(_)) => Ok(Self::MIN),
            (false, total) => total.map(Self).map_err(|_| invalid()),
        }
    }

    /// All of it in nanoseconds.
    pub fn nanoseconds(self) -> i64 {
        self.0
    }

    /// Whole microseconds.
    pub fn microseconds(self) -> i64 {
        self.0 / 1_000
    }

    /// Whole milliseconds.
    pub fn milliseconds(self) -> i64 {
        self.0 / 1_000_000
    }

    /// Seconds and their fraction.
    pub fn seconds(self) -> f64 {
        self.in_units(SECOND)
    }

    /// Minutes and their fraction.
    pub fn minutes(self) -> f64 {
        self.in_units(MINUTE)
    }

    /// Hours and their fraction.
    pub fn hours(self) -> f64 {
        self.in_units(HOUR)
    }

    #[expect(clippy::cast_precision_loss, reason = "Go converts in the same way")]
    fn in_units(self, unit: i64) -> f64 {
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64
    }

    /// Rounds toward zero to a multiple; not at all if `multiple` is not positive.
    #[must_use]
    pub fn truncate(self, multiple: Self) -> Self {
        match multiple.0 {
            ..=0 => self,
            multiple => Self(self.0 - self.0 % multiple),
        }
    }

    /// Rounds to the nearest multiple, half of one away from zero; not at all if `multiple` is not positive.
    #[must_use]
    pub fn round(self, multiple: Self) -> Self {
        if multiple.0 <= 0 {
            return self;
        }
        let remainder = self.0 % multiple.0;
        let toward_zero = self.0 - remainder;
        if remainder.unsigned_abs() * 2 < multiple.0.unsigned_abs() {
            return Self(toward_zero);
        }
        Self(toward_zero.saturating_add(multiple.0 * if self.0 < 0 { -1 } else { 1 }))
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

/// A decimal number with a fraction.
struct Number {
    whole: u64,
    /// The fraction is this divided by `scale`.
    fraction: u64,
    scale: f64,
}

impl Number {
    fn take(text: &[u8]) -> Option<(Self, &[u8])> {
        let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (whole_digits, mut rest) = text.split_at(digits(text));
        let mut whole: u64 = 0;
        for digit in whole_digits {
            whole = whole.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            if whole > LIMIT {
                return None;
            }
        }
        let mut number = Self {
            whole,
            fraction: 0,
            scale: 1.0,
        };
        let mut has_digits = !whole_digits.is_empty();
        if let Some(after) = rest.strip_prefix(b".") {
            let (fraction_digits, after) = after.split_at(digits(after));
            has_digits |= !fraction_digits.is_empty();
            number.add_fraction(fraction_digits);
            rest = after;
        }
        has_digits.then_some((number, rest))
    }

    /// Digits that do not fit do not count.
    fn add_fraction(&mut self, digits: &[u8]) {
        for digit in digits {
            if self.fraction > (LIMIT - 1) / 10 {
                break;
            }
            let fraction = self.fraction * 10 + u64::from(digit - b'0');
            if fraction > LIMIT {
                break;
            }
            self.fraction = fraction;
            self.scale *= 10.0;
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Go converts in the same way; the fraction is positive and less than an hour"
    )]
    fn times(&self, unit: u64) -> Option<u64> {
        let mut span = self.whole.checked_mul(unit).filter(|span| *span <= LIMIT)?;
        if self.fraction > 0 {
            span += (self.fraction as f64 * (unit as f64 / self.scale)) as u64;
        }
        (span <= LIMIT).then_some(span)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.0.unsigned_abs();
        if self.0 < 0 {
            formatter.write_str("-")?;
        }
        match nanoseconds {
            0 => return formatter.write_str("0s"),
            1..1_000 => return write!(formatter, "{nanoseconds}ns"),
            1_000..1_000_000 => return write_decimal(formatter, nanoseconds, 3, "\u{b5}s"),
            1_000_000..1_000_000_000 => return write_decimal(formatter, nanoseconds, 6, "ms"),
            _ => {}
        }
        let (minutes, rest) = (
            nanoseconds / MINUTE.unsigned_abs(),
            nanoseconds % MINUTE.unsigned_abs(),
        );
        match (minutes / 60, minutes % 60) {
            (0, 0) => {}
            (0, minutes) => write!(formatter, "{minutes}m")?,
            (hours, minutes) => write!(formatter, "{hours}h{minutes}m")?,
        }
        write_decimal(formatter, rest, 9, "s")
    }
}

/// A number whose last `places` digits are a fraction, whose zeros at the end are not written.
fn write_decimal(formatter: &mut fmt::Formatter<'_>, number: u64, places: u32, unit: &str) -> fmt::Result {
    let one = 10_u64.pow(places);
    write!(formatter, "{}", number / one)?;
    if !number.is_multiple_of(one) {
        let fraction = format!("{:0width$}", number % one, width = places as usize);
        write!(formatter, ".{}", fraction.trim_end_matches('0'))?;
    }
    formatter.write_str(unit)
}
