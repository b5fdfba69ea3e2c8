//! Durations in words, as kubectl prints ages.

/// A duration of whole seconds in at most two units: `45s`, `7m5s`, `3h`, `2d4h`, `1y30d`.
///
/// Source: apimachinery 0.37.1, `util/duration`. A negative one is `<invalid>`, but for a second that clocks may differ.
///
/// ```
/// use skeg_kubernetes::human_duration;
///
/// assert_eq!(human_duration(425), "7m5s");
/// ```
pub fn human_duration(seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let years = days / 365;
    if seconds < -1 {
        "<invalid>".to_owned()
    } else if seconds < 0 {
        "0s".to_owned()
    } else if seconds < 120 {
        format!("{seconds}s")
    } else if minutes < 10 {
        two((minutes, "m"), (seconds % 60, "s"))
    } else if minutes < 180 {
        format!("{minutes}m")
    } else if hours < 8 {
        two((hours, "h"), (minutes % 60, "m"))
    } else if hours < 48 {
        format!("{hours}h")
    } else if days < 8 {
        two((days, "d"), (hours % 24, "h"))
    } else if days < 2 * 365 {
        format!("{days}d")
    } else if years < 8 {
        two((years, "y"), (days % 365, "d"))
    } else {
        format!("{years}y")
    }
}

/// Two units, the second only if there is something of it.
fn two((large, large_unit): (i64, &str), (small, small_unit): (i64, &str)) -> String {
    match small {
        0 => format!("{large}{large_unit}"),
        _ => format!("{large}{large_unit}{small}{small_unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: i64, expected: &str) {
        assert_eq!(human_duration(seconds), expected);
    }

    #[test]
    fn at_most_two_units() {
        const HOUR: i64 = 3600;
        const DAY: i64 = 24 * HOUR;
        check(-2, "<invalid>");
        check(-1, "0s");
        check(0, "0s");
        check(119, "119s");
        check(120, "2m");
        check(121, "2m1s");
        check(599, "9m59s");
        check(601, "10m");
        check(3 * HOUR - 1, "179m");
        check(3 * HOUR, "3h");
        check(3 * HOUR + 61, "3h1m");
        check(8 * HOUR + 61, "8h");
        check(2 * DAY - 1, "47h");
        check(2 * DAY, "2d");
        check(2 * DAY + HOUR, "2d1h");
        check(8 * DAY + HOUR, "8d");
        check(729 * DAY, "729d");
        check(730 * DAY, "2y");
        check(731 * DAY, "2y1d");
        check(8 * 365 * DAY + DAY, "8y");
        check(i64::MAX, "292471208677y");
    }
}
