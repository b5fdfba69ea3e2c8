//! `regexp`.

use serde_json::{Value, json};
use skeg_go::regexp::Regexp;

use crate::fuzz::random::Random;
use crate::fuzz::{Area, none, typed};

pub(super) const AREA: Area = Area {
    name: "regexp",
    generate,
    answer,
    known: none,
};

const PIECES: &[&str] = &[
    "a",
    "b",
    "c",
    "ab",
    ".",
    "*",
    "+",
    "?",
    "*?",
    "+?",
    "??",
    "|",
    "(",
    ")",
    "(?:",
    "(?i)",
    "(?P<n>",
    "(?<m>",
    "(?s:",
    "(?U)",
    "[",
    "]",
    "[a-c]",
    "[^a]",
    "[[:alpha:]]",
    "[^[:^digit:]]",
    "[a&&b]",
    "[]a]",
    "[b-a]",
    "-",
    "^",
    "$",
    "\\A",
    "\\z",
    "\\b",
    "\\B",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\pL",
    "\\p{Greek}",
    "\\P{Lu}",
    "\\pX",
    "{2}",
    "{1,}",
    "{0,2}",
    "{,2}",
    "{2,1}",
    "{1001}",
    "{",
    "}",
    "\\Q",
    "\\E",
    "\\x41",
    "\\x{e9}",
    "\\101",
    "\\1",
    "\\n",
    "\\t",
    "\\.",
    "\\",
    "\\C",
    "\\_",
    "é",
    "日",
    "(?m)^",
    "(?m)$",
    "(?-s).",
    "(?z)",
    "(?",
    "()",
    "(a|b)",
    "(a*)",
    "(b+)?",
    "[\\d-z]",
    "\\pN",
    "[\\x{100}-\\x{200}]",
    "_",
    " ",
    ":",
    "/",
    "0",
    "9",
    "x*",
    "(?i:É)",
    "k",
    "\u{17f}",
];

const SUBJECTS: &[&str] = &[
    "a", "b", "c", "ab", "aab", "É", "é", "日本", "\n", " ", "_", "9", "0", "A", "x", "-", ".", "k", "K",
    "\u{212a}", "s", "\u{17f}", "[", "{2}", "\\", "α", "&",
];

const REPLACEMENTS: &[&str] = &[
    "$1", "${1}", "$1x", "${1}x", "$n", "$0", "$$", "<", ">", "${n}", "$9", "$", "${", "é", "\\1",
];

fn generate(random: &mut Random) -> Value {
    let mut subject = json!(random.text(SUBJECTS, 8));
    if random.once_in(12) {
        let (before, after) = (random.text(SUBJECTS, 3), random.text(SUBJECTS, 3));
        subject = typed::text(&[before.as_bytes(), b"\xff\xc3", after.as_bytes()].concat());
    }
    json!({
        "pattern": random.text(PIECES, 6),
        "text": subject,
        "replacement": random.text(REPLACEMENTS, 3),
    })
}

fn answer(request: &Value) -> Value {
    let expression = match Regexp::new(&typed::bytes(&request["pattern"])) {
        Ok(expression) => expression,
        Err(error) => return typed::failed(&error.to_string()),
    };
    let (text, replacement) = (
        typed::bytes(&request["text"]),
        typed::bytes(&request["replacement"]),
    );
    let found: Vec<Value> = expression
        .find_all(&text, None)
        .into_iter()
        .map(|range| json!([range.start, range.end]))
        .collect();
    let split: Vec<Value> = expression
        .split(&text, None)
        .into_iter()
        .map(typed::text)
        .collect();
    typed::ok(json!({
        "found": found,
        "split": split,
        "replaced": typed::text(&expression.replace_all(&text, &replacement)),
        "literal": typed::text(&expression.replace_all_literal(&text, &replacement)),
    }))
}
