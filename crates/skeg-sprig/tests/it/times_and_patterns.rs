//! What Sprig returned for patterns, times, versions, URLs and paths, and what the methods of its results return.

use serde_json::{Value, json};
use skeg_go::time::{Location, Time};
use skeg_go::{CallError, GoList, GoType, GoValue};
use skeg_sprig::{Surroundings, functions};
use skeg_template::{Body, Function};

use crate::codec;

#[test]
fn returns_what_sprig_returned() {
    let functions = functions(&Surroundings {
        now: || 1_700_000_000_000_000_000,
        time_zone: Some("America/New_York".to_owned()),
        fill_random: |_| {},
        host_addresses: |_| Vec::new(),
    });
    let data = include_str!("../data/times-and-patterns.jsonl");
    let rows = data.lines().skip(1);
    let wrong: Vec<String> = rows.filter_map(|row| difference(&functions, row)).collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_no_time_is_now() {
    let functions = functions(&Surroundings {
        now: || 1_700_000_000_123_456_789,
        time_zone: None,
        fill_random: |_| {},
        host_addresses: |_| Vec::new(),
    });
    let check = |name: &str, arguments: &[GoValue], expected: &str| {
        let value = call(function(&functions, name), arguments).map(|value| text(&value));
        assert_eq!(value.map_err(|error| error.to_string()), Ok(expected.to_owned()));
    };
    let layout = || GoValue::from("2006-01-02 15:04:05");
    check("date", &[layout(), GoValue::Float(0.0)], "2023-11-14 22:13:20");
    check("date", &[layout(), "1".into()], "2023-11-14 22:13:20");
    check("date", &[layout(), GoValue::Nil], "2023-11-14 22:13:20");
    check("htmlDate", &[GoValue::Float(0.0)], "2023-11-14");
    check(
        "now",
        &[],
        "2023-11-14 22:13:20.123456789 +0000 UTC m=+0.000000001",
    );
    check("ago", &[GoValue::Nil], "0s");
    check("ago", &[GoValue::int64(1_699_990_000)], "2h46m40s");
    check("ago", &[GoValue::int(1_700_000_003)], "-3s");
    check("ago", &[GoValue::Float(1.0)], "0s");
    check("durationRound", &[time(&json!([1_699_000_000, "UTC"]))], "11d");
}

/// How a recorded call and ours differ.
fn difference(functions: &[Function], row: &str) -> Option<String> {
    let recorded: Value = serde_json::from_str(row).unwrap();
    let arguments: Vec<GoValue> = recorded["a"]
        .as_array()
        .unwrap()
        .iter()
        .map(decode(functions))
        .collect();
    let outcome = match recorded["method"].as_str() {
        Some(method) => call_method(method, &arguments[0], &arguments[1..]),
        None => call(function(functions, recorded["f"].as_str().unwrap()), &arguments),
    };
    let (key, outcome) = match outcome {
        Ok(value) => ("r", encode(&value)),
        Err(error) => ("e", json!(error.to_string())),
    };
    (recorded.get(key) != Some(&outcome)).then(|| format!("{row}\n    ours: {key} {outcome}"))
}

fn function<'f>(functions: &'f [Function], name: &str) -> &'f Function {
    functions
        .iter()
        .find(|function| function.name == name)
        .expect("a function")
}

fn call(function: &Function, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match &function.body {
        Body::Pure(body) => body(arguments),
        Body::Stateful(body) => body(arguments),
        Body::Caller(_) => panic!("{} wants to know its caller", function.name),
    }
}

fn call_method(name: &str, receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let GoValue::Object(object) = receiver else {
        panic!("{receiver:?} has no methods")
    };
    let method = object.methods().iter().find(|method| method.name == name);
    (method.expect("a method").call)(receiver, arguments)
}

fn decode(functions: &[Function]) -> impl Fn(&Value) -> GoValue {
    |json| match (json.get("time"), json.get("version")) {
        (Some(parts), _) => time(parts),
        (_, Some(version)) => {
            let version = GoValue::from(version.as_str().unwrap());
            call(function(functions, "semver"), &[version]).unwrap()
        }
        _ => codec::decode(json),
    }
}

fn time(parts: &Value) -> GoValue {
    let zone = parts[1].as_str().unwrap().as_bytes();
    let location = Location::load(zone, &Location::Utc).unwrap();
    Time::from_unix(parts[0].as_i64().unwrap(), location).into()
}

fn encode(value: &GoValue) -> Value {
    match value {
        GoValue::Object(object) => json!({ "object": [object.type_name(), object.to_text()] }),
        GoValue::List(list) if is_nil_strings(list) => json!({ "strings": null }),
        _ => codec::encode(value),
    }
}

fn is_nil_strings(list: &GoList) -> bool {
    list.is_nil() && *list.element() == GoType::String
}

fn text(value: &GoValue) -> String {
    skeg_go::fmt::to_text(value).to_lossy().into_owned()
}
