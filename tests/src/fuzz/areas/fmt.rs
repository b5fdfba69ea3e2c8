//! `fmt.Sprintf`.

use serde_json::{Value, json};

use crate::fuzz::generate::{self, Range};
use crate::fuzz::random::Random;
use crate::fuzz::{Area, none, typed};

pub(super) const AREA: Area = Area {
    name: "fmt",
    generate,
    answer,
    known: none,
};

const FLAGS: &[&str] = &["", "", "", "+", "-", "#", " ", "0", "#+", "-0", "+ ", "# "];
const WIDTHS: &[&str] = &["", "", "", "", "5", "12", "3", "*", "[1]*", "[2]5"];
const PRECISIONS: &[&str] = &["", "", "", "", ".", ".0", ".2", ".7", ".*", ".[1]*", ".[2]"];
const INDEXES: &[&str] = &["", "", "", "", "", "", "[1]", "[2]", "[3]", "[0]", "[x]", "["];
// No `p`, whose results are addresses.
const VERBS: &[&str] = &[
    "v", "v", "v", "s", "s", "d", "d", "q", "t", "T", "b", "o", "O", "x", "X", "c", "U", "e", "E", "f", "F",
    "g", "G", "w", "z", "%", "é", "!", "",
];

fn generate(random: &mut Random) -> Value {
    let mut format = String::new();
    for _ in 0..=random.below(2) {
        format += random.pick(&["", " ", "a=", "é "]);
        format.push('%');
        for part in [FLAGS, WIDTHS, PRECISIONS, INDEXES, VERBS] {
            format += random.pick(part);
        }
    }
    let args: Vec<Value> = (0..=random.below(2))
        .map(|_| generate::value(random, Range::Runtime, 2))
        .collect();
    json!({ "format": format, "args": { "list": args } })
}

fn answer(request: &Value) -> Value {
    let args = typed::value(&request["args"]);
    let args = args
        .as_list()
        .map(|list| list.items().to_vec())
        .unwrap_or_default();
    typed::ok(typed::text(&skeg_go::fmt::sprintf(
        &typed::bytes(&request["format"]),
        &args,
    )))
}
