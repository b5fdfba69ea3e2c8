//! `Masterminds/semver`.

use serde_json::{Value, json};
use skeg_go::semver::{Version, VersionConstraint};

use crate::fuzz::random::Random;
use crate::fuzz::{Area, none, typed};

pub(super) const AREA: Area = Area {
    name: "semver",
    generate,
    answer,
    known: none,
};

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "10",
    "01",
    "1",
    "2",
    "3",
    "99999999999999999999",
    "x",
    "X",
    "*",
    "",
    "-1",
    "1a",
];
const TAGS: &[&str] = &[
    "",
    "",
    "",
    "",
    "-0",
    "-rc.1",
    "-alpha",
    "-alpha.beta",
    "-01",
    "-",
    "+meta",
    "-rc.1+b.7",
    "-a_b",
    "+",
];
const OPERATORS: &[&str] = &[
    "", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "==", "> ", "^ ", ">>", "~^",
];
const JOINTS: &[&str] = &[" ", ",", ", ", " || ", "||", " - ", "-", " , "];

fn version(random: &mut Random) -> String {
    let mut text = random.pick(&["", "", "", "", "v", "V", " "]).to_owned();
    for part in 0..=random.below(4) {
        if part > 0 {
            text.push('.');
        }
        text += if random.once_in(3) {
            random.pick(NUMBERS)
        } else {
            random.pick(&NUMBERS[..4])
        };
    }
    text + random.pick(TAGS)
}

fn generate(random: &mut Random) -> Value {
    let mut constraint = String::new();
    for part in 0..=random.below(3) {
        if part > 0 {
            constraint += random.pick(JOINTS);
        }
        constraint += random.pick(OPERATORS);
        constraint += &version(random);
    }
    json!({ "constraint": constraint, "version": version(random) })
}

fn answer(request: &Value) -> Value {
    let text = typed::plain(request, "version");
    let version = Version::parse(text);
    let strict = Version::parse_strict(text).map(|version| version.to_string());
    let constraint = VersionConstraint::parse(typed::plain(request, "constraint"));
    let mut answers = json!({ "strict": typed::answer(strict) });
    if let (Ok(constraint), Ok(version)) = (&constraint, &version) {
        answers["check"] = Value::from(constraint.check(version));
    }
    answers["version"] = typed::answer(version.map(|version| version.to_string()));
    answers["constraint"] = typed::answer(constraint.map(|constraint| constraint.to_string()));
    answers
}
