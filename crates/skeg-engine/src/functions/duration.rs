//! Helm 4 functions on durations.
//!
//! They take a duration, the text of one, or a number of seconds. All but `mustToDuration` make nothing of what
//! is none of these.

use skeg_go::time::Duration;
use skeg_go::{CallError, GoCall, GoFunction, GoValue, Parameter, number, quote, strconv, unicode};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    of_duration("mustToDuration", |arguments| {
        Ok(duration(argument(arguments, 0))?.into())
    }),
    of_duration("durationDays", |a| Ok((lenient(a).hours() / 24.0).into())),
    of_duration("durationHours", |a| Ok(lenient(a).hours().into())),
    of_duration("durationMicroseconds", |a| {
        Ok(GoValue::int64(lenient(a).microseconds()))
    }),
    of_duration("durationMilliseconds", |a| {
        Ok(GoValue::int64(lenient(a).milliseconds()))
    }),
    of_duration("durationMinutes", |a| Ok(lenient(a).minutes().into())),
    of_duration("durationNanoseconds", |a| {
        Ok(GoValue::int64(lenient(a).nanoseconds()))
    }),
    of_duration("durationSeconds", |a| Ok(lenient(a).seconds().into())),
    of_duration("durationWeeks", |a| Ok((lenient(a).hours() / 24.0 / 7.0).into())),
    to_multiple("durationRoundTo", |a| Ok(lenient(a).round(multiple(a)).into())),
    to_multiple("durationTruncateTo", |a| {
        Ok(lenient(a).truncate(multiple(a)).into())
    }),
];

const fn of_duration(name: &'static str, call: GoCall) -> GoFunction {
    GoFunction::fixed(name, &[Parameter::Any], call)
}

const fn to_multiple(name: &'static str, call: GoCall) -> GoFunction {
    GoFunction::fixed(name, &[Parameter::Any, Parameter::Any], call)
}

fn argument(arguments: &[GoValue], index: usize) -> &GoValue {
    arguments.get(index).unwrap_or(&GoValue::Nil)
}

fn lenient(arguments: &[GoValue]) -> Duration {
    duration(argument(arguments, 0)).unwrap_or_default()
}

/// The second argument; rounding to no duration changes nothing.
fn multiple(arguments: &[GoValue]) -> Duration {
    duration(argument(arguments, 1)).unwrap_or_default()
}

fn duration(value: &GoValue) -> Result<Duration, CallError> {
    match value {
        GoValue::Nil => Err(CallError::new("invalid duration")),
        GoValue::String(text) => duration_of_text(text),
        GoValue::Int(_, seconds) => duration_of_seconds(*seconds, seconds),
        GoValue::Uint(_, seconds) => {
            let nearest = i64::try_from(*seconds).unwrap_or(i64::MAX);
            duration_of_seconds(nearest, seconds)
        }
        GoValue::Float(seconds) => duration_of_float(*seconds),
        GoValue::Object(object) => match (value.as_object::<Duration>(), object.as_i64()) {
            (Some(duration), _) => Ok(*duration),
            (None, Some(seconds)) => duration_of_seconds(seconds, &seconds),
            (None, None) => Err(unsupported(value)),
        },
        _ => Err(unsupported(value)),
    }
}

fn unsupported(value: &GoValue) -> CallError {
    CallError::new(format!("unsupported duration type {}", value.type_name()))
}

fn duration_of_text(text: &[u8]) -> Result<Duration, CallError> {
    let trimmed = unicode::trim_space(text);
    if trimmed.is_empty() {
        return Err(CallError::new("empty duration"));
    }
    if let Ok(duration) = Duration::parse(trimmed) {
        return Ok(duration);
    }
    if let Ok(seconds) = strconv::parse_float(trimmed) {
        return duration_of_float(seconds);
    }
    let quoted = quote::quote_bytes(text);
    Err(CallError::new(format!("could not parse duration {quoted}")))
}

/// `seconds` is what a message shows, `nearest` what 64 bits can hold of it.
fn duration_of_seconds(nearest: i64, seconds: &dyn std::fmt::Display) -> Result<Duration, CallError> {
    match nearest.checked_mul(NANOSECONDS) {
        Some(nanoseconds) => Ok(Duration::from_nanoseconds(nanoseconds)),
        None => Err(CallError::new(format!("duration seconds overflow: {seconds}"))),
    }
}

const NANOSECONDS: i64 = 1_000_000_000;

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "Go converts in the same way"
)]
fn duration_of_float(seconds: f64) -> Result<Duration, CallError> {
    const LIMIT: f64 = i64::MAX as f64 / NANOSECONDS as f64;
    let error = |problem: &str, number: f64| {
        Err(CallError::new(format!(
            "{problem}: {}",
            number::format_f64(number)
        )))
    };
    if !seconds.is_finite() {
        return error("invalid duration seconds", seconds);
    }
    if !(-LIMIT..=LIMIT).contains(&seconds) {
        return error("duration seconds overflow", seconds);
    }
    let nanoseconds = seconds * NANOSECONDS as f64;
    if nanoseconds.abs() > i64::MAX as f64 {
        return error("duration nanoseconds overflow", nanoseconds);
    }
    // The processor makes the smallest number of the first that is too big.
    let wrapped = nanoseconds >= i64::MAX as f64;
    let nanoseconds = if wrapped { i64::MIN } else { nanoseconds as i64 };
    Ok(Duration::from_nanoseconds(nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use skeg_go::{IntType, UintType, fmt};

    #[track_caller]
    fn check(name: &str, arguments: &[GoValue], expected: &str) {
        let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
        let result = match (function.call)(arguments) {
            Ok(value) => fmt::to_text(&value).to_lossy().into_owned(),
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(result, expected, "{name}");
    }

    fn text(text: &str) -> GoValue {
        text.into()
    }

    #[test]
    fn anything_becomes_a_duration() {
        let check = |value: GoValue, expected| check("mustToDuration", &[value], expected);
        check(text("1h2m3s"), "1h2m3s");
        check(text(" 2.5\n"), "2.5s");
        check(text("-3"), "-3s");
        check(text("1_0"), "10s");
        check(text("0x10"), "error: could not parse duration \"0x10\"");
        check(text("0x1p4"), "16s");
        check(text(""), "error: empty duration");
        check(text("  "), "error: empty duration");
        check(text("x"), "error: could not parse duration \"x\"");
        check(text("NaN"), "error: invalid duration seconds: NaN");
        check(text("Inf"), "error: invalid duration seconds: +Inf");
        check(text("1e10"), "error: duration seconds overflow: 1e+10");
        check(GoValue::Nil, "error: invalid duration");
        check(GoValue::int(90), "1m30s");
        check(GoValue::int64(-1), "-1s");
        check(
            GoValue::int64(i64::MAX),
            "error: duration seconds overflow: 9223372036854775807",
        );
        check(GoValue::int(9_223_372_036), "2562047h47m16s");
        check(
            GoValue::int(9_223_372_037),
            "error: duration seconds overflow: 9223372037",
        );
        check(GoValue::Int(IntType::Int8, 5), "5s");
        check(
            GoValue::Uint(UintType::Uint64, u64::MAX),
            "error: duration seconds overflow: 18446744073709551615",
        );
        check(GoValue::Float(1.5), "1.5s");
        check(GoValue::Float(0.000_000_001_9), "1ns");
        check(GoValue::Float(-1e10), "error: duration seconds overflow: -1e+10");
        check(GoValue::Bool(true), "error: unsupported duration type bool");
        check(
            GoValue::list(vec![]),
            "error: unsupported duration type []interface {}",
        );
        check(Duration::from_nanoseconds(7).into(), "7ns");
    }

    #[test]
    fn durations_become_numbers() {
        let day_and_half: &[GoValue] = &[text("36h")];
        check("durationSeconds", day_and_half, "129600");
        check("durationMilliseconds", day_and_half, "129600000");
        check("durationMicroseconds", day_and_half, "129600000000");
        check("durationNanoseconds", day_and_half, "129600000000000");
        check("durationMinutes", day_and_half, "2160");
        check("durationHours", day_and_half, "36");
        check("durationDays", day_and_half, "1.5");
        check("durationWeeks", day_and_half, "0.21428571428571427");
        check("durationSeconds", &[text("1500us")], "0.0015");
        for name in [
            "durationSeconds",
            "durationDays",
            "durationWeeks",
            "durationNanoseconds",
        ] {
            check(name, &[text("nonsense")], "0");
            check(name, &[GoValue::Nil], "0");
        }
    }

    #[test]
    fn durations_round() {
        check("durationRoundTo", &[text("2h13m"), text("1h")], "2h0m0s");
        check("durationRoundTo", &[text("2h30m"), text("1h")], "3h0m0s");
        check("durationRoundTo", &[GoValue::int(7), GoValue::int(5)], "5s");
        check("durationRoundTo", &[text("7s"), text("?")], "7s");
        check("durationRoundTo", &[text("7s"), text("-1s")], "7s");
        check("durationRoundTo", &[text("?"), text("5s")], "0s");
        check("durationTruncateTo", &[text("-2h59m"), text("1h")], "-2h0m0s");
        check("durationTruncateTo", &[text("7s"), GoValue::Nil], "7s");
        check("durationTruncateTo", &[text("?"), text("5s")], "0s");
    }
}
