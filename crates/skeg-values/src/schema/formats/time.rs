//! Dates, times, durations and periods (RFC 3339).

use skeg_go::quote::quote;

use super::{Verdict, is_digits, quote_character, refuse};

/// `date`, judged by Go's `time.Parse`.
pub(super) fn date(text: &str) -> Verdict {
    let stopped = |rest: &str, element: &str| {
        refuse(format!(
            "parsing time {} as \"2006-01-02\": cannot parse {} as {}",
            quote(text),
            quote(rest),
            quote(element)
        ))
    };
    let outside = |what: &str| refuse(format!("parsing time {}: {what} out of range", quote(text)));

    let Some((year, rest)) = number(text, 4) else {
        return stopped(text, "2006");
    };
    let Some(rest) = rest.strip_prefix('-') else {
        return stopped(rest, "-");
    };
    let Some((month, after)) = number(rest, 2) else {
        return stopped(rest, "01");
    };
    if !(1..=12).contains(&month) {
        return outside("month");
    }
    let Some(rest) = after.strip_prefix('-') else {
        return stopped(after, "-");
    };
    let Some((day, rest)) = number(rest, 2) else {
        return stopped(rest, "02");
    };
    if !rest.is_empty() {
        return refuse(format!(
            "parsing time {}: extra text: {}",
            quote(text),
            quote(rest)
        ));
    }
    if !(1..=days_in(month, year)).contains(&day) {
        return outside("day");
    }
    Ok(())
}

fn number(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (front, rest) = text.split_at_checked(digits)?;
    (is_digits(front)).then_some(())?;
    Some((front.parse().ok()?, rest))
}

fn days_in(month: u32, year: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// `time`
pub(super) fn time(text: &str) -> Verdict {
    let bytes = text.as_bytes();
    if bytes.len() < 9 {
        return refuse("less than 9 characters long");
    }
    if bytes[2] != b':' || bytes[5] != b':' {
        return refuse("missing colon in correct place");
    }
    let Some((clock, rest)) = text.split_at_checked(8) else {
        return refuse("invalid hour/min/sec");
    };
    let mut numbers = [0_i64; 3];
    for (number, part) in numbers.iter_mut().zip(clock.split(':')) {
        *number = match part.parse() {
            Ok(parsed) if parsed < 0 => return refuse("non-positive hour/min/sec"),
            Ok(parsed) => parsed,
            Err(_) => return refuse("invalid hour/min/sec"),
        };
    }
    let [hour, minute, second] = numbers;
    if hour > 23 || minute > 59 || second > 60 {
        return refuse("hour/min/sec out of range");
    }
    let rest = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let rest = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
            if rest.len() == fraction.len() {
                return refuse("no digits in second fraction");
            }
            rest
        }
    };
    let minutes = (hour * 60 + minute - offset(rest)?).rem_euclid(24 * 60);
    if second >= 60 && minutes != 23 * 60 + 59 {
        return refuse("invalid leap second");
    }
    Ok(())
}

/// The offset from UTC in minutes.
fn offset(text: &str) -> Result<i64, String> {
    if text == "z" || text == "Z" {
        return Ok(0);
    }
    if text.len() != 6 {
        return Err("offset must be 6 characters long".to_owned());
    }
    let (sign, clock) = match text.as_bytes()[0] {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return Err("offset must begin with plus/minus".to_owned()),
    };
    if clock.as_bytes()[2] != b':' {
        return Err("missing colon in offset in correct place".to_owned());
    }
    let mut numbers = [0_i64; 2];
    for (number, part) in numbers.iter_mut().zip(clock.splitn(2, ':')) {
        *number = match part.parse() {
            Ok(parsed) if parsed < 0 => return Err("non-positive hour/min in offset".to_owned()),
            Ok(parsed) => parsed,
            Err(_) => return Err("invalid hour/min in offset".to_owned()),
        };
    }
    let [hours, minutes] = numbers;
    if hours > 23 || minutes > 59 {
        return Err("hour/min in offset out of range".to_owned());
    }
    Ok(sign * (hours * 60 + minutes))
}

/// `date-time`
pub(super) fn date_time(text: &str) -> Verdict {
    if text.len() < 20 {
        return refuse("less than 20 characters long");
    }
    if !matches!(text.as_bytes()[10], b't' | b'T') {
        return refuse("11th character must be t or T");
    }
    date(&text[..10]).map_err(|error| format!("invalid date element: {error}"))?;
    time(&text[11..]).map_err(|error| format!("invalid time element: {error}"))
}

/// `duration` (appendix A)
pub(super) fn duration(text: &str) -> Verdict {
    const UNITS: [&str; 2] = ["YMD", "HMS"];

    let Some(text) = text.strip_prefix('P') else {
        return refuse("must start with P");
    };
    if text.is_empty() {
        return refuse("nothing after P");
    }
    if let Some(weeks) = text.strip_suffix('W') {
        return match weeks {
            "" => refuse("no number in week"),
            weeks if is_digits(weeks) => Ok(()),
            _ => refuse("invalid week"),
        };
    }
    for (index, part) in text.split('T').enumerate() {
        if index != 0 && part.is_empty() {
            return refuse("no time elements");
        }
        let Some(units) = UNITS.get(index) else {
            return refuse("more than one T");
        };
        check_elements(part, units)?;
    }
    Ok(())
}

fn check_elements(mut text: &str, all: &str) -> Verdict {
    let mut left = all;
    while !text.is_empty() {
        let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
        if rest.len() == text.len() {
            return refuse("missing number");
        }
        let Some(unit) = rest.chars().next() else {
            return refuse("missing unit");
        };
        let Some(at) = left.find(unit) else {
            let unit_text = quote_character(unit);
            return refuse(if all.contains(unit) {
                format!("unit {unit_text} out of order")
            } else {
                format!("invalid unit {unit_text}")
            });
        };
        left = &left[at + 1..];
        text = &rest[unit.len_utf8()..];
    }
    Ok(())
}

/// `period`: two ends, or one and a duration.
pub(super) fn period(text: &str) -> Verdict {
    let Some((start, end)) = text.split_once('/') else {
        return refuse("missing slash");
    };
    if start.starts_with('P') {
        duration(start).map_err(|error| format!("invalid start duration: {error}"))?;
        return date_time(end).map_err(|error| format!("invalid end date-time: {error}"));
    }
    date_time(start).map_err(|error| format!("invalid start date-time: {error}"))?;
    if end.starts_with('P') {
        duration(end).map_err(|error| format!("invalid end duration: {error}"))
    } else {
        date_time(end).map_err(|error| format!("invalid end date-time: {error}"))
    }
}
