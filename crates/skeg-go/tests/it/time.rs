//! Times, durations and layouts against Go.

use serde_json::{Value, json};
use skeg_go::number;
use skeg_go::time::{Duration, Location, Time};

use crate::recorded::{bytes, integer, rows, text};

#[test]
fn times_are_as_recorded() {
    for row in rows(include_str!("../data/times.jsonl")) {
        let differences = differences(&row);
        assert!(differences.is_empty(), "{row}\n{differences:#?}");
    }
}

/// What differs from the recorded row, as texts to read.
fn differences(row: &Value) -> Vec<String> {
    let ours = match text(&row["op"]) {
        "format" => json!({ "text": bytes_json(&time(row, "unix", "nano").format(&bytes(&row["layout"]))) }),
        "parse" => parsed(row),
        "parse_duration" => match Duration::parse(&bytes(&row["value"])) {
            Ok(duration) => json!({ "nanos": duration.nanoseconds() }),
            Err(error) => json!({ "error": error.to_string() }),
        },
        "duration" => duration(row),
        _ => arithmetic(row),
    };
    let ours = ours.as_object().expect("because it was made so");
    let expected = |key: &str| match row.get(key) {
        Some(Value::Object(_)) => bytes_json(&bytes(&row[key])),
        value => value.cloned().unwrap_or_default(),
    };
    ours.iter()
        .filter(|(key, ours)| **ours != expected(key))
        .map(|(key, ours)| format!("{key}: {ours} != {}", row[key.as_str()]))
        .collect()
}

fn bytes_json(bytes: &[u8]) -> Value {
    String::from_utf8_lossy(bytes).into_owned().into()
}

fn zone(row: &Value) -> Location {
    let name = text(&row["zone"]).as_bytes();
    Location::load(name, &Location::Utc).expect("because it is in the database")
}

fn time(row: &Value, seconds: &str, nanoseconds: &str) -> Time {
    let time = Time::from_unix(integer(&row[seconds]), zone(row));
    time.add(Duration::from_nanoseconds(integer(&row[nanoseconds])))
}

fn parsed(row: &Value) -> Value {
    match Time::parse_in(&bytes(&row["layout"]), &bytes(&row["value"]), &zone(row)) {
        Err(error) => json!({ "error": error.to_string() }),
        Ok(time) => json!({
            "unix": time.unix(),
            "nano": time.nanosecond(),
            "text": bytes_json(&time.format(b"2006-01-02 15:04:05.999999999 -07:00:00 MST")),
        }),
    }
}

fn duration(row: &Value) -> Value {
    let duration = Duration::from_nanoseconds(integer(&row["nanos"]));
    let multiple = Duration::from_nanoseconds(integer(&row["multiple"]));
    let units = [duration.hours(), duration.minutes(), duration.seconds()];
    json!({
        "text": duration.to_string(),
        "round": duration.round(multiple).nanoseconds(),
        "truncate": duration.truncate(multiple).nanoseconds(),
        "abs": duration.abs().nanoseconds(),
        "units": units.map(number::format_f64),
        "whole": [duration.milliseconds(), duration.microseconds()],
    })
}

fn arithmetic(row: &Value) -> Value {
    let show = |time: &Time| format!("{} {}", time.unix(), time.nanosecond());
    let (own, other) = (time(row, "unix", "nano"), time(row, "other_unix", "other_nano"));
    let span = Duration::from_nanoseconds(integer(&row["span"]));
    let date = |index: usize| integer(&row["date"][index]);
    json!({
        "string": own.to_string(),
        "add": show(&own.add(span)),
        "sub": own.since(&other).nanoseconds(),
        "compare": own.compare(&other) as i64,
        "truncate": show(&own.truncate(span)),
        "round": show(&own.round(span)),
        "add_date": show(&own.add_date(date(0), date(1), date(2))),
        "unix_nano": own.unix_nanoseconds(),
    })
}
