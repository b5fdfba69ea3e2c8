//! Printing YAML: `toYaml`, and `toYamlPretty`, which is another library.

use serde_json::{Value, json};
use skeg_values::yaml;

use crate::fuzz::generate::{self, Range};
use crate::fuzz::random::Random;
use crate::fuzz::{Area, none, typed};

pub(super) const AREA: Area = Area {
    name: "yaml-print",
    generate,
    answer,
    known: none,
};

pub(super) const PRETTY: Area = Area {
    name: "yaml-pretty",
    generate,
    answer: answer_pretty,
    known: none,
};

fn generate(random: &mut Random) -> Value {
    json!({ "value": generate::value(random, Range::Runtime, 4) })
}

fn answer(request: &Value) -> Value {
    let printed = yaml::encode_go(&typed::value(&request["value"]));
    typed::answer(printed.map(|printed| typed::text(&printed)))
}

fn answer_pretty(request: &Value) -> Value {
    let printed = yaml::encode_pretty(&typed::value(&request["value"]));
    typed::answer(printed.map(|printed| typed::text(&printed)))
}
