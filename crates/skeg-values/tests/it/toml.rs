//! TOML against `BurntSushi/toml`.

use skeg_go::{GoType, GoValue, IntType};
use skeg_values::{Value, json, toml};

use crate::recorded;

fn go_value(value: &Value) -> GoValue {
    match value {
        Value::Null => GoValue::Nil,
        Value::Bool(value) => GoValue::Bool(*value),
        Value::String(text) => GoValue::from(text.as_str()),
        Value::List(items) => GoValue::list(items.iter().map(go_value).collect()),
        Value::Map(map) => GoValue::Map(map.iter().map(|(key, value)| (key, go_value(value))).collect()),
        number => GoValue::Float(number.as_f64().unwrap_or_default()),
    }
}

#[test]
fn values_print_as_recorded() {
    for row in recorded(include_str!("../data/toml-encode.jsonl")) {
        let value = json::parse(row[0].as_bytes()).expect("because it was recorded");
        let (text, error) = match toml::encode(&go_value(&value)) {
            Ok(text) => (String::from_utf8_lossy(&text).into_owned(), String::new()),
            Err(error) => (String::new(), error.to_string()),
        };
        assert_eq!((text, error), (row[1].clone(), row[2].clone()), "{}", row[0]);
    }
}

/// The value with the types of numbers, as the recorder showed it.
fn show(value: &GoValue) -> String {
    let join = |items: Vec<String>| items.join(", ");
    match value {
        GoValue::Map(map) => {
            let entries = map.entries();
            let entries = entries
                .iter()
                .map(|(key, value)| format!("\"{}\": {}", key.to_lossy(), show(value)));
            format!("{{{}}}", join(entries.collect()))
        }
        GoValue::List(list) => {
            let kind = if *list.element() == GoType::Interface {
                "list"
            } else {
                "maps"
            };
            format!("{kind}[{}]", join(list.iter().map(show).collect()))
        }
        GoValue::String(text)
            if text.to_lossy().contains(" +0000 ") || text.to_lossy().contains(" -0700 ") =>
        {
            format!("time.Time({})", text.to_lossy())
        }
        GoValue::String(text) => format!("\"{}\"", text.to_lossy()),
        GoValue::Int(IntType::Int64, number) => format!("int64({number})"),
        GoValue::Float(number) if number.is_infinite() => "float64(+Inf)".to_owned(),
        GoValue::Float(number) => format!("float64({number})"),
        GoValue::Bool(value) => format!("bool({value})"),
        other => format!("{other:?}"),
    }
}

#[test]
fn documents_decode_as_recorded() {
    let mut failures = Vec::new();
    for row in recorded(include_str!("../data/toml-decode.jsonl")) {
        let got = match toml::decode(row[0].as_bytes()) {
            Ok(map) => (show(&GoValue::Map(map)), String::new()),
            Err(error) => (String::new(), error.to_string()),
        };
        if got != (row[1].clone(), row[2].clone()) {
            failures.push(format!("{:?}\n got {got:?}\nwant {:?}", row[0], &row[1..]));
        }
    }
    assert!(failures.is_empty(), "{}\n{}", failures.len(), failures.join("\n"));
}

#[track_caller]
fn check_hostile(text: &str) {
    assert!(toml::decode(text.as_bytes()).is_err());
}

#[test]
fn hostile_documents_are_refused() {
    check_hostile(&format!("a = {}", "[".repeat(100_000)));
    check_hostile(&format!("a = {}", "{a=".repeat(100_000)));
    check_hostile("a = \"\\ud800\"");
    check_hostile("a = \"\\u00\u{e9}0\"");
    check_hostile("a = 2024-0\u{e9}-01");
    check_hostile("a = 12:0\u{e9}:00");
}
