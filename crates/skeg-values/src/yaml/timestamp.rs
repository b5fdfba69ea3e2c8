//! Which plain scalars look like a time to go-yaml.
//!
//! Decoding keeps them as text all the same, but printing has to quote them.

/// Whether go-yaml v2 takes `text` for a time: `2006-1-2`, `2006-1-2 15:4:5.9` or
/// `2006-1-2T15:4:5.9Z` (or `+07:00`), each part with one or two digits and in its range.
pub(crate) fn is_timestamp(text: &str) -> bool {
    parse(text).is_some()
}

fn parse(text: &str) -> Option<()> {
    let (year, rest) = number(text, 4, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 1, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 1, 2)?;
    if !(1..=12).contains(&month) || !(1..=days(year, month)).contains(&day) {
        return None;
    }
    let rest = match rest.as_bytes() {
        [] => return Some(()),
        [b' ', ..] => clock(&rest[1..])?,
        [b'T' | b't', ..] => zone(clock(&rest[1..])?)?,
        _ => return None,
    };
    rest.is_empty().then_some(())
}

/// Hours, minutes, seconds and a fraction.
fn clock(text: &str) -> Option<&str> {
    let (hour, rest) = number(text, 1, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 1, 2)?;
    let (second, rest) = number(rest.strip_prefix(':')?, 1, 2)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let Some(fraction) = rest.strip_prefix(['.', ',']) else {
        return Some(rest);
    };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    Some(if digits == 0 { rest } else { &fraction[digits..] })
}

/// `Z`, or a sign and an offset up to 24:60.
fn zone(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some(rest);
    }
    let (hour, rest) = number(text.strip_prefix(['+', '-'])?, 2, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2, 2)?;
    (hour <= 24 && minute <= 60).then_some(rest)
}

/// A number of at least `min` digits; takes at most `max`.
fn number(text: &str, min: usize, max: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(max).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    (digits >= min)
        .then(|| number.parse().ok())?
        .map(|number| (number, rest))
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_timestamp(text), expected);
    }

    #[test]
    fn times_are_those_of_go_yaml() {
        check("2001-12-14", true);
        check("2001-1-1", true);
        check("2004-02-29", true);
        check("2001-02-29", false);
        check("2001-13-01", false);
        check("2001-00-01", false);
        check("01-01-01", false);
        check("20011-01-01", false);
        check("2001-12-14 21:59:43.10", true);
        check("2001-12-14 21:59:43 +01:00", false);
        check("2001-12-14T21:59:43Z", true);
        check("2001-12-14t21:59:43.1+05:30", true);
        check("2001-12-14T21:59:43+25:30", false);
        check("2001-12-14T24:00:00Z", false);
        check("2001-12-14T21:59:43", false);
        check("2001-12-14x", false);
    }
}
