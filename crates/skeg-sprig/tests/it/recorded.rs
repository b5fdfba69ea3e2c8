//! What Sprig returned for the same calls.

use serde_json::{Value, json};
use skeg_go::GoValue;
use skeg_template::Function;

use crate::codec::{decode, encode};
use crate::{all_functions, call};

#[test]
fn returns_what_sprig_returned() {
    let functions = all_functions();
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
