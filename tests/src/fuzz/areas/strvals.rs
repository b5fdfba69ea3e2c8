//! `--set` and its kin.

use serde_json::{Value, json};
use skeg_values::{set, yaml};

use crate::fuzz::random::Random;
use crate::fuzz::{Area, Difference, typed};

pub(super) const AREA: Area = Area {
    name: "strvals",
    generate,
    answer,
    known,
};

const FLAGS: &[&str] = &["set", "set", "set", "set-string", "set-json", "set-literal"];

const VALUES: &[&str] = &[
    "{}",
    "a: 1",
    "a: {b: c}",
    "a: [1, 2]",
    "a: {b: [x, {c: d}]}",
    "b: null",
    "a: x\nb: {a: [[1]]}",
    "a.b: 1",
];

const PIECES: &[&str] = &[
    "a",
    "b",
    "c",
    "a=1",
    "b=x",
    "a.b=",
    "=",
    "=",
    ".",
    ",",
    ",",
    "[0]",
    "[1]",
    "[2]",
    "[-1]",
    "[x]",
    "[",
    "]",
    "[70000]",
    "[]",
    "{",
    "}",
    "{1,2}",
    "{}",
    "{a",
    "\\,",
    "\\.",
    "\\",
    "\\=",
    "1",
    "0",
    "01",
    "-1",
    "1.5",
    "true",
    "null",
    "NULL",
    "False",
    " ",
    "\"",
    "'",
    "\n",
    "é",
    "{\"x\":1}",
    "[1,2]",
    "\"s\"",
    "null",
    "9223372036854775808",
    "x y",
    "0x1",
    "+1",
    "1e3",
    "\t",
];

fn generate(random: &mut Random) -> Value {
    let mut argument = random.text(PIECES, 8);
    if random.once_in(2) {
        argument = format!(
            "{}={argument}",
            random.pick(&["a", "a.b", "a[0]", "b", "a.b[1].c", "c\\.d", "a[0][1]"])
        );
    }
    json!({ "flag": random.pick(FLAGS), "argument": argument, "values": random.pick(VALUES) })
}

fn known(difference: &Difference) -> Option<&'static str> {
    let both_fail = difference.ours.get("error").is_some() && difference.theirs.get("error").is_some();
    (both_fail && difference.request["flag"] == "set-json").then_some("Go 1.27 has other messages for JSON")
}

fn answer(request: &Value) -> Value {
    let values = match yaml::decode_go_map(typed::plain(request, "values").as_bytes()) {
        Ok(values) => values,
        Err(error) => return typed::failed(&error.to_string()),
    };
    let argument = typed::plain(request, "argument");
    let outcome = match typed::plain(request, "flag") {
        "set" => set::typed(argument, &values),
        "set-string" => set::strings(argument, &values),
        "set-json" => set::json(argument, &values),
        _ => set::literal(argument, &values),
    };
    let printed = outcome.map(|()| typed::text(&skeg_go::fmt::sprintf(b"%#v", &[values.into()])));
    typed::answer(printed)
}
