//! What Sprig returned for the same calls.

use serde_json::{Value, json};
use skeg_go::{CallError, GoValue};
use skeg_sprig::{Surroundings, functions};
use skeg_template::{Body, Function};

use crate::codec::{decode, encode};

#[test]
fn returns_what_sprig_returned() {
    let functions = functions(&Surroundings {
        now: || 0,
        time_zone: None,
        fill_random: |_| {},
    });
    let data = include_str!("../data/functions.jsonl");
    let rows = data.lines().skip(1);
    let wrong: Vec<String> = rows.filter_map(|row| difference(&functions, row)).collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// How a recorded call and ours differ.
fn difference(functions: &[Function], row: &str) -> Option<String> {
    let recorded: Value = serde_json::from_str(row).unwrap();
    let name = recorded["f"].as_str().unwrap();
    let Some(function) = functions.iter().find(|function| function.name == name) else {
        return Some(format!("there is no {name}"));
    };
    let arguments: Vec<GoValue> = recorded["a"].as_array().unwrap().iter().map(decode).collect();
    let (key, outcome) = match call(function, &arguments) {
        Ok(value) => ("r", encode(&value)),
        Err(error) => ("e", json!(error.to_string())),
    };
    if recorded.get(key) != Some(&outcome) {
        return Some(format!("{row}\n    ours: {key} {outcome}"));
    }
    if key == "e" {
        return None;
    }
    let after = Value::Array(arguments.iter().map(encode).collect());
    let expected = recorded.get("after").unwrap_or(&recorded["a"]);
    (after != *expected).then(|| format!("{row}\n    arguments after the call: {after}"))
}

fn call(function: &Function, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match &function.body {
        Body::Pure(body) => body(arguments),
        Body::Stateful(body) => body(arguments),
        Body::Caller(_) => panic!("{} wants to know its caller", function.name),
    }
}
