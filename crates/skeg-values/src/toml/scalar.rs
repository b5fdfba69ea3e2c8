//! Numbers, dates and times of TOML.

use skeg_go::GoValue;
use skeg_go::quote::quote;

/// What a word without quotes stands for; the error is Go's.
pub(super) fn parse(word: &str) -> Result<GoValue, String> {
    match word {
        "true" => return Ok(GoValue::Bool(true)),
        "false" => return Ok(GoValue::Bool(false)),
        "inf" | "+inf" => return Ok(GoValue::Float(f64::INFINITY)),
        "-inf" => return Ok(GoValue::Float(f64::NEG_INFINITY)),
        "nan" | "+nan" | "-nan" => return Ok(GoValue::Float(f64::NAN)),
        _ => {}
    }
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    match digits.chars().next() {
        Some('0'..='9') => {}
        Some('_') => return Err("expected value but found '_' instead".to_owned()),
        _ => return Err(format!("expected value but found {} instead", quote(word))),
    }
    if looks_like_time(word) {
        return time(word)
            .map(GoValue::from)
            .ok_or_else(|| format!("invalid datetime: {}", quote(word)));
    }
    let prefix = digits.get(..2).unwrap_or_default();
    let is_float = !matches!(prefix, "0x" | "0o" | "0b") && digits.contains(['.', 'e', 'E']);
    if is_float {
        float(word, digits)
    } else {
        integer(word, digits)
    }
}

fn integer(word: &str, digits: &str) -> Result<GoValue, String> {
    let invalid = |why: &str| format!("Invalid integer {}: {why}", quote(word));
    check_underscores(digits).map_err(|()| invalid("underscores must be surrounded by digits"))?;
    let digits = digits.replace('_', "");
    let (radix, number) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits.as_str()),
    };
    if radix == 10 && number.len() > 1 && number.starts_with('0') {
        return Err(invalid("cannot have leading zeroes"));
    }
    if number.is_empty() || !number.chars().all(|c| c.is_digit(radix)) {
        return Err(format!("expected value but found {} instead", quote(word)));
    }
    let sign = if word.starts_with('-') { "-" } else { "" };
    i64::from_str_radix(&format!("{sign}{number}"), radix)
        .map(GoValue::int64)
        .map_err(|_| format!("{word} is out of range for int64"))
}

fn float(word: &str, digits: &str) -> Result<GoValue, String> {
    let invalid = |why: &str| format!("Invalid float {}: {why}", quote(word));
    check_underscores(digits).map_err(|()| invalid("underscores must be surrounded by digits"))?;
    let digits = digits.replace('_', "");
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits.as_str(), None),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    if fraction.is_some_and(|fraction| !is_number(fraction)) {
        return Err(invalid("'.' must be followed by one or more digits"));
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(invalid("cannot have leading zeroes"));
    }
    let exponent_digits = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    if !is_number(whole) || exponent_digits.is_some_and(|digits| !is_number(digits)) {
        return Err(format!("expected value but found {} instead", quote(word)));
    }
    let sign = if word.starts_with('-') { "-" } else { "" };
    match format!("{sign}{digits}").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(GoValue::Float(number)),
        _ => Err(format!("{word} is out of range for float64")),
    }
}

fn check_underscores(digits: &str) -> Result<(), ()> {
    let bytes = digits.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_hexdigit);
    let is_fine = |at: usize| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
    let mut underscores = (0..bytes.len()).filter(|at| bytes[*at] == b'_');
    if underscores.all(is_fine) { Ok(()) } else { Err(()) }
}

fn looks_like_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits == 4 && bytes.get(4) == Some(&b'-')) || (digits == 2 && bytes.get(2) == Some(&b':'))
}

/// A date, a time or both as Go prints its `time.Time`.
fn time(word: &str) -> Option<String> {
    if word.as_bytes().get(2) == Some(&b':') {
        let (clock, rest) = clock(word)?;
        return rest
            .is_empty()
            .then(|| format!("0000-01-01 {clock} +0000 time-local"));
    }
    let (date, rest) = word.split_at_checked(10)?;
    check_date(date)?;
    if rest.is_empty() {
        return Some(format!("{date} 00:00:00 +0000 date-local"));
    }
    let (clock, zone) = clock(rest.strip_prefix(['T', 't', ' '])?)?;
    let zone = match zone {
        "" => "+0000 datetime-local".to_owned(),
        "Z" | "z" | "+00:00" => "+0000 UTC".to_owned(),
        offset => {
            let (hours, minutes) = offset.split_once(':')?;
            let is_offset = hours.len() == 3
                && hours.starts_with(['+', '-'])
                && number(&hours[1..], 2)? < 24
                && number(minutes, 2)? < 60;
            is_offset.then(|| format!("{hours}{minutes} {hours}{minutes}"))?
        }
    };
    Some(format!("{date} {clock} {zone}"))
}

fn check_date(date: &str) -> Option<()> {
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4)?;
    let month = number(parts.next()?, 2)?;
    let day = number(parts.next()?, 2)?;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => return None,
    };
    (parts.next().is_none() && (1..=days).contains(&day)).then_some(())
}

fn number(text: &str, digits: usize) -> Option<u32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// Hours, minutes and seconds as Go prints them, and what follows.
fn clock(text: &str) -> Option<(String, &str)> {
    let (minutes, rest) = text.split_at_checked(5)?;
    let (hour, minute) = minutes.split_once(':')?;
    let mut is_valid = number(hour, 2)? < 24 && number(minute, 2)? < 60;
    let mut out = minutes.to_owned();
    let mut rest = rest;
    match rest.strip_prefix(':') {
        None => out.push_str(":00"),
        Some(after) => {
            let (seconds, after) = after.split_at_checked(2)?;
            is_valid &= number(seconds, 2)? < 60;
            out.push(':');
            out.push_str(seconds);
            rest = after;
            if let Some(after) = after.strip_prefix('.') {
                let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
                let fraction = after[..end.min(9)].trim_end_matches('0');
                is_valid &= end > 0;
                if !fraction.is_empty() {
                    out.push('.');
                    out.push_str(fraction);
                }
                rest = &after[end..];
            }
        }
    }
    is_valid.then_some((out, rest))
}
