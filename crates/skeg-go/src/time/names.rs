//! Months and days of the week.

use std::fmt;

/// `time.Month`: January is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(pub i64);

/// `time.Weekday`: Sunday is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekday(pub i64);

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match usize::try_from(self.0 - 1)
            .ok()
            .and_then(|index| MONTHS.get(index))
        {
            Some(name) => formatter.write_str(name),
            None => write!(formatter, "%!Month({})", self.0),
        }
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match usize::try_from(self.0).ok().and_then(|index| WEEKDAYS.get(index)) {
            Some(name) => formatter.write_str(name),
            None => write!(formatter, "%!Weekday({})", self.0),
        }
    }
}
