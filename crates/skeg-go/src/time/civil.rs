//! The calendar: days as years, months and days, and back.
//!
//! Like Go, it counts in 64 bits from a year so long ago that all instants come after it, and wraps around.

/// The year on whose first of March the count begins; a multiple of 400.
const FIRST_YEAR: i64 = -292_277_022_400;
const DAYS_IN_400_YEARS: i64 = 146_097;
/// Days from the beginning of the count to the first of January of year 1.
const DAYS_TO_YEAR_ONE: i64 = -FIRST_YEAR / 400 * DAYS_IN_400_YEARS + 306;
const SECONDS_PER_DAY: i64 = 86_400;

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// 1 to 12
    pub(super) month: u8,
    pub(super) day: u8,
    /// 1 to 366
    pub(super) year_day: u16,
    /// 0 is Sunday.
    pub(super) weekday: u8,
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
}

impl Civil {
    /// From seconds since the beginning of year 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_possible_wrap,
        reason = "the count wraps around as in Go; all parts are in their ranges after division"
    )]
    pub(super) fn from_seconds(seconds: i64) -> Self {
        let absolute = seconds.wrapping_add(DAYS_TO_YEAR_ONE * SECONDS_PER_DAY) as u64;
        let days = (absolute / SECONDS_PER_DAY as u64) as i64;
        let second_of_day = absolute % SECONDS_PER_DAY as u64;
        let day_of_era = days % DAYS_IN_400_YEARS;
        let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
        let year_of_era = (day_of_era - leap_days) / 365;
        let march_day = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * march_day + 2) / 153;
        let day = march_day - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 {
            march_month + 3
        } else {
            march_month - 9
        };
        let january = i64::from(month <= 2);
        let year = days / DAYS_IN_400_YEARS * 400 + year_of_era + FIRST_YEAR + january;
        let year_day = match month {
            1 | 2 => march_day - 306 + 1,
            _ => march_day + 60 + i64::from(is_leap(year)),
        };
        Self {
            year,
            month: month as u8,
            day: day as u8,
            year_day: year_day as u16,
            // The count begins on a Wednesday.
            weekday: ((days + 3) % 7) as u8,
            hour: (second_of_day / 3_600) as u8,
            minute: (second_of_day / 60 % 60) as u8,
            second: (second_of_day % 60) as u8,
        }
    }
}

/// Seconds since the beginning of year 1; months, days and seconds of the day may be out of their ranges.
#[expect(clippy::cast_possible_truncation, reason = "the count wraps around as in Go")]
pub(super) fn to_seconds(year: i64, month: i64, day: i64, second_of_day: i64) -> i64 {
    let months = i128::from(month) - 1;
    let year = i128::from(year) + months.div_euclid(12) - i128::from(FIRST_YEAR);
    // Months from March on.
    let month = (months.rem_euclid(12) + 10) % 12;
    let year = year - i128::from(month >= 10);
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leap_days + (153 * month + 2) / 5 + i128::from(day) - 1;
    let days = days - i128::from(DAYS_TO_YEAR_ONE);
    (days * i128::from(SECONDS_PER_DAY) + i128::from(second_of_day)) as i64
}

/// Whether February has 29 days.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month has; `month` is 1 to 12.
pub(super) fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
