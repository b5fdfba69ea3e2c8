//! Values of flags as Go's `pflag` parses them: lists with commas, pairs, durations.

use std::time::Duration;

use skeg_go::quote::quote;

/// A value of a flag that cannot be understood, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct FlagValueError(String);

/// Splits at commas, like one line of a CSV file: `a,"b,c"` is two values.
///
/// # Errors
/// A quotation mark stands where none belongs, or has no partner.
pub(crate) fn split_list(text: &str) -> Result<Vec<String>, FlagValueError> {
    // A CSV reader takes the first line that is not empty, and no more.
    let Some(line) = text.split('\n').find(|line| !matches!(*line, "" | "\r")) else {
        return match text {
            "" => Ok(Vec::new()),
            _ => Err(FlagValueError("EOF".to_owned())),
        };
    };
    let mut fields = Vec::new();
    let mut rest = line.strip_suffix('\r').unwrap_or(line);
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted, line)?,
            None => plain_field(rest, line)?,
        };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

fn plain_field<'text>(text: &'text str, line: &str) -> Result<(String, Option<&'text str>), FlagValueError> {
    let (field, after) = match text.split_once(',') {
        Some((field, after)) => (field, Some(after)),
        None => (text, None),
    };
    match field.find('"') {
        Some(at) => Err(misplaced(line, &text[at..], "bare \" in non-quoted-field")),
        None => Ok((field.to_owned(), after)),
    }
}

/// A field behind its first quotation mark; two marks are one.
fn quoted_field<'text>(
    mut text: &'text str,
    line: &str,
) -> Result<(String, Option<&'text str>), FlagValueError> {
    const MESSAGE: &str = "extraneous or missing \" in quoted-field";
    let mut field = String::new();
    loop {
        let Some((part, after)) = text.split_once('"') else {
            return Err(misplaced(line, "", MESSAGE));
        };
        field.push_str(part);
        match after.as_bytes().first() {
            None => return Ok((field, None)),
            Some(b',') => return Ok((field, Some(&after[1..]))),
            Some(b'"') => {
                field.push('"');
                text = &after[1..];
            }
            Some(_) => {
                let mark = &text[part.len()..];
                return Err(misplaced(line, mark, MESSAGE));
            }
        }
    }
}

/// `at` is what remains of the line.
fn misplaced(line: &str, at: &str, message: &str) -> FlagValueError {
    let column = line.len() - at.len() + 1;
    FlagValueError(format!("parse error on line 1, column {column}: {message}"))
}

/// Checks pairs, `key=value,key=value`, and returns their keys.
pub(crate) fn pair_keys(text: &str) -> Result<Vec<String>, FlagValueError> {
    let pairs = match text.matches('=').count() {
        0 => return Err(FlagValueError(format!("{text} must be formatted as key=value"))),
        1 => vec![text.trim_matches('"').to_owned()],
        _ => split_list(text)?,
    };
    let key = |pair: String| match pair.split_once('=') {
        Some((key, _)) => Ok(key.to_owned()),
        None => Err(FlagValueError(format!("{pair} must be formatted as key=value"))),
    };
    pairs.into_iter().map(key).collect()
}

/// Reads a duration such as `5m30s`; one that is negative counts as none.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, FlagValueError> {
    check_duration(text)?;
    if text.starts_with('-') {
        return Ok(Duration::ZERO);
    }
    let mut seconds = 0.0;
    let mut rest = text.trim_start_matches('+');
    while let Some(unit) = rest.find(|c: char| !c.is_ascii_digit() && c != '.') {
        let number: f64 = rest[..unit].parse().unwrap_or_default();
        let after = rest[unit..].find(|c: char| c.is_ascii_digit() || c == '.');
        let (name, next) = rest[unit..].split_at(after.unwrap_or(rest.len() - unit));
        seconds += number * seconds_in(name);
        rest = next;
    }
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

fn seconds_in(unit: &str) -> f64 {
    match unit {
        "ns" => 1e-9,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        // Microseconds in one of their three spellings.
        _ => 1e-6,
    }
}

/// Checks a duration such as `5m30s`, as Go's `time.ParseDuration` does.
fn check_duration(text: &str) -> Result<(), FlagValueError> {
    let invalid = || FlagValueError(format!("time: invalid duration {}", quote(text)));
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(());
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let end = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
        let number = &rest[..end];
        if number.matches('.').count() > 1 || !number.contains(|c: char| c.is_ascii_digit()) {
            return Err(invalid());
        }
        let after = &rest[end..];
        let unit = &after[..after.find(is_number).unwrap_or(after.len())];
        match unit {
            "" => {
                return Err(FlagValueError(format!(
                    "time: missing unit in duration {}",
                    quote(text)
                )));
            }
            "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h" => {}
            _ => {
                let message = format!("time: unknown unit {} in duration {}", quote(unit), quote(text));
                return Err(FlagValueError(message));
            }
        }
        rest = &after[unit.len()..];
    }
    Ok(())
}

/// Reads a number of bytes: `512`, `64KiB`, `64MiB`, `1GiB`, `10MB`.
pub(crate) fn parse_size(text: &str) -> Result<usize, FlagValueError> {
    const UNITS: [(&str, usize); 8] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("KB", 1000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
        ("", 1),
    ];
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let factor = UNITS
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit))
        .map(|(_, factor)| factor);
    let size = number.parse::<usize>().ok().zip(factor);
    size.and_then(|(number, factor)| number.checked_mul(factor))
        .ok_or_else(|| FlagValueError("must be a size such as 64MiB".to_owned()))
}

/// Reads an integer, in the words of `strconv.ParseInt` where it is none.
pub(crate) fn parse_int(text: &str) -> Result<i64, FlagValueError> {
    let syntax = || {
        FlagValueError(format!(
            "strconv.ParseInt: parsing {}: invalid syntax",
            quote(text)
        ))
    };
    text.parse().map_err(|_| syntax())
}

/// Reads a number, in the words of `strconv.ParseFloat` where it is none.
pub(crate) fn parse_float(text: &str) -> Result<f32, FlagValueError> {
    let syntax = || {
        FlagValueError(format!(
            "strconv.ParseFloat: parsing {}: invalid syntax",
            quote(text)
        ))
    };
    text.parse().map_err(|_| syntax())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{check_duration, pair_keys, parse_duration, parse_size, split_list};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(split_list(text).unwrap(), expected, "{text}");
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(split_list(text).unwrap_err().to_string(), expected, "{text}");
    }

    #[test]
    fn lists_are_lines_of_csv() {
        check("", &[]);
        check("a", &["a"]);
        check("a,b", &["a", "b"]);
        check("a,,b,", &["a", "", "b", ""]);
        check(r#""a,b",c"#, &["a,b", "c"]);
        check(r#""a""b""#, &["a\"b"]);
        check(" a , b", &[" a ", " b"]);
        check("a\nb", &["a"]);
        check("\n\na,b", &["a", "b"]);
    }

    #[test]
    fn quotation_marks_stand_around_whole_values() {
        check_error(
            "a,\"b",
            "parse error on line 1, column 5: extraneous or missing \" in quoted-field",
        );
        check_error(
            "\"a\"b",
            "parse error on line 1, column 3: extraneous or missing \" in quoted-field",
        );
        check_error(
            "a\"b",
            "parse error on line 1, column 2: bare \" in non-quoted-field",
        );
        check_error("\n", "EOF");
    }

    #[test]
    fn pairs_have_keys() {
        assert_eq!(pair_keys("a=b").unwrap(), ["a"]);
        assert_eq!(pair_keys("a=b,c=d").unwrap(), ["a", "c"]);
        assert_eq!(pair_keys("\"a=b").unwrap(), ["a"]);
        assert_eq!(
            pair_keys("a").unwrap_err().to_string(),
            "a must be formatted as key=value"
        );
        assert_eq!(
            pair_keys("a=b,c,d=e").unwrap_err().to_string(),
            "c must be formatted as key=value"
        );
    }

    #[track_caller]
    fn check_bad_duration(text: &str, expected: &str) {
        assert_eq!(check_duration(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn durations_have_units() {
        for text in ["0", "5m", "1h2m3.5s", "-1s", "+.5ms", "3us", "3µs"] {
            assert!(check_duration(text).is_ok(), "{text}");
        }
        check_bad_duration("x", "time: invalid duration \"x\"");
        check_bad_duration("5", "time: missing unit in duration \"5\"");
        check_bad_duration("5d", "time: unknown unit \"d\" in duration \"5d\"");
        check_bad_duration("-", "time: invalid duration \"-\"");
        check_bad_duration(".s", "time: invalid duration \".s\"");
        check_bad_duration("1..2s", "time: invalid duration \"1..2s\"");
    }

    #[test]
    fn durations_are_sums() {
        for (text, milliseconds) in [
            ("0", 0),
            ("5m", 300_000),
            ("1h2m3.5s", 3_723_500),
            ("-1s", 0),
            ("+.5s", 500),
            ("2000us", 2),
            ("250ms", 250),
        ] {
            assert_eq!(
                parse_duration(text).unwrap(),
                Duration::from_millis(milliseconds),
                "{text}"
            );
        }
        assert!(parse_duration("5").is_err());
        assert_eq!(
            parse_duration("9999999999999h").unwrap().as_secs(),
            9_999_999_999_999 * 3600
        );
    }

    #[test]
    fn sizes_have_units() {
        for (text, size) in [
            ("0", 0),
            ("10", 10),
            ("2KiB", 2048),
            ("3 mb", 3_000_000),
            ("1GiB", 1 << 30),
        ] {
            assert_eq!(parse_size(text).unwrap(), size, "{text}");
        }
        for text in ["", "x", "1x", "-1", "1.5MiB", "99999999999GiB"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
