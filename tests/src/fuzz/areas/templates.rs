//! Whole templates: `text/template` with Sprig's functions.

use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use skeg_go::{CallError, GoMap, GoValue, Parameter};
use skeg_sprig::Surroundings;
use skeg_template::{Body, Caller, Function, FunctionTable, TemplateSet};
use skeg_values::{json as go_json, yaml};

use super::template_text;
use crate::fuzz::generate::{self, Range};
use crate::fuzz::random::Random;
use crate::fuzz::{Area, Difference, typed};

pub(super) const AREA: Area = Area {
    name: "templates",
    generate,
    answer,
    known,
};

fn generate(random: &mut Random) -> Value {
    let range = if random.once_in(4) {
        Range::Runtime
    } else {
        Range::Document
    };
    json!({ "template": template_text::template(random), "data": generate::map(random, range, 3) })
}

fn known(difference: &Difference) -> Option<&'static str> {
    let (ours, theirs) = (difference.ours.to_string(), difference.theirs.to_string());
    if without_escapes(&difference.theirs) == without_escapes(&difference.ours) {
        return Some("Go 1.26 escapes U+FFFD in JSON");
    }
    let request = difference.request.to_string();
    if request.contains("toDate") && ours.contains(" +0000 UTC") {
        return Some("times by verbs that show Go's own fields of them");
    }
    if request.contains("printf") && request.contains("semver") && theirs.contains("&{") {
        return Some("versions by verbs that show Go's own fields of them");
    }
    if ours.contains("the text would be longer than") && theirs.contains("error") {
        return Some("texts that are too long for us are too long for Go, in other words");
    }
    if request.contains("date") && ours.len() == theirs.len() {
        return Some("the time went on");
    }
    if ours.contains("not defined") && !theirs.contains("not defined") {
        return Some("a function is not there yet");
    }
    None
}

/// The text of an answer with U+FFFD as it is, however it was escaped, also by functions that change the case.
fn without_escapes(answer: &Value) -> String {
    let text = match answer.get("ok") {
        Some(text) => String::from_utf8_lossy(&typed::bytes(text)).into_owned(),
        None => answer.to_string(),
    };
    text.to_lowercase().replace("\\ufffd", "\u{fffd}")
}

fn answer(request: &Value) -> Value {
    let mut set = TemplateSet::new(FUNCTIONS.with(FunctionTable::clone));
    if let Err(error) = set.parse("main", typed::plain(request, "template").as_bytes()) {
        return typed::failed(&error.to_string());
    }
    let mut out = Vec::new();
    let outcome = set.execute("main", &typed::value(&request["data"]), &mut out);
    typed::answer(outcome.map(|()| typed::text(&out)))
}

thread_local! {
    static FUNCTIONS: FunctionTable = functions();
}

/// Sprig's functions, and the same ones of Helm's as on the other side.
fn functions() -> FunctionTable {
    let surroundings = Surroundings {
        now,
        time_zone: None,
        fill_random: |bytes| bytes.fill(7),
        host_addresses: |_| Vec::new(),
    };
    let mut table: FunctionTable = skeg_sprig::functions(&surroundings).into_iter().collect();
    let include = |caller: &mut Caller<'_>, arguments: &[GoValue]| {
        let name = arguments[0].as_string().cloned().unwrap_or_default();
        match caller.execute(&name, &arguments[1]) {
            Ok(text) => Ok(GoValue::string(text)),
            Err(error) => Err(CallError::wrapping(error.to_string(), error)),
        }
    };
    table.insert(function(
        "include",
        &[Parameter::String, Parameter::Any],
        Body::Caller(Rc::new(include)),
    ));
    table.insert(function("toYaml", &[Parameter::Any], Body::Pure(to_yaml)));
    table.insert(function("fromYaml", &[Parameter::String], Body::Pure(from_yaml)));
    table.insert(function("toJson", &[Parameter::Any], Body::Pure(to_json)));
    table
}

#[expect(
    clippy::disallowed_methods,
    reason = "some functions tell the time, on the other side too"
)]
fn now() -> i128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i128::try_from(since.as_nanos()).unwrap_or_default()
}

fn function(name: &'static str, parameters: &'static [Parameter], body: Body) -> Function {
    Function {
        name,
        parameters,
        variadic: None,
        body,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "functions of templates can fail")]
fn to_yaml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut text = yaml::encode_go(&arguments[0]).unwrap_or_default();
    text.pop_if(|last| *last == b'\n');
    Ok(GoValue::string(text))
}

#[expect(clippy::unnecessary_wraps, reason = "functions of templates can fail")]
fn from_yaml(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = arguments[0].as_string().cloned().unwrap_or_default();
    let map = yaml::decode_go_map(&text)
        .unwrap_or_else(|error| GoMap::from_iter([("Error", GoValue::from(error.to_string()))]));
    Ok(map.into())
}

#[expect(clippy::unnecessary_wraps, reason = "functions of templates can fail")]
fn to_json(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::string(
        go_json::encode_go(&arguments[0]).unwrap_or_default(),
    ))
}
