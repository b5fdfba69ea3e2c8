//! Made-up values, in the form of [`super::typed`].

use serde_json::{Value, json};

use super::random::Random;

/// Which values there may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// Those of values.yaml: numbers are floats.
    Document,
    /// Those that functions return too.
    Runtime,
}

const TEXTS: &[&str] = &[
    "",
    "a",
    "hi",
    "nginx",
    "1.25.3-alpine",
    "héllo",
    "日本",
    "a\tb\n",
    "line 1\nline 2\n",
    "\n\n",
    "`q`",
    "\"'\\",
    "\u{0}\u{7f}",
    "😀\u{301}",
    "\u{a0}\u{2028}",
    "true",
    "No",
    "~",
    "null",
    "80",
    "0x1F",
    "1_000",
    "1e3",
    ".5",
    "12:30:45",
    "2001-01-01",
    "- a",
    "a: b",
    "#c",
    " #",
    "a #b",
    "x ",
    " x",
    "&a",
    "*a",
    "!t",
    "|",
    ">",
    "%d",
    "@",
    "{a",
    "[",
    "]",
    ",",
    "<no value>",
    "<&>",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
    "-",
    "--- a",
    "...",
    "?",
    ": ",
    "=",
    "<<",
    "foo-bar_baz",
    "FooBarHTTP1x",
    "10Gi",
    "0777",
    "08",
    "+1",
    "-0",
    "\r\n",
    "a\u{85}b",
    "\u{feff}",
];

const KEYS: &[&str] = &[
    "a", "b", "c", "image", "tag", "enabled", "a9", "a10", "A", "a-b", "a.b", "aB", "_x", "1", "é", "y",
    "true", "x y", "", "<<", "global", "name",
];

pub(super) fn text(random: &mut Random) -> String {
    match random.below(12) {
        0 => random.text(TEXTS, 4),
        1 => random.text(
            &[
                "a", "b", " ", "\n", "\t", ":", "#", "-", "'", "\"", "é", "word", "  ",
            ],
            30,
        ),
        _ => random.pick(TEXTS).to_owned(),
    }
}

/// A string that may not be UTF-8.
pub(super) fn bytes(random: &mut Random) -> Value {
    if random.once_in(12) {
        let mut bytes = text(random).into_bytes();
        bytes.extend_from_slice(random.pick::<[u8]>(&[b"\xff", b"\xe2\x82", b"\xc0\x80z"]));
        return super::typed::text(&bytes);
    }
    Value::from(text(random))
}

fn key(random: &mut Random) -> String {
    if random.once_in(8) {
        text(random)
    } else {
        random.pick(KEYS).to_owned()
    }
}

/// A floating-point number.
pub(super) fn float(random: &mut Random) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "any number will do")]
    let number = match random.below(8) {
        0..=2 => random.below(100) as f64,
        3 => random.below(2_000_000) as f64 / 8.0,
        4 => f64::from_bits(random.bits()),
        5 => random.bits() as f64,
        6 => random.below(100_000) as f64 / 1000.0,
        _ => *random.pick(&[
            &0.0,
            &-0.0,
            &1e6,
            &1e21,
            &1e20,
            &1e-5,
            &0.5,
            &2.5,
            &1e15,
            &123_456_789.0,
            &1e-7,
            &-1.0,
        ]),
    };
    let number = if number.is_finite() { number } else { 1.5 };
    json!({ "float64": number.to_bits().to_string() })
}

/// An integer of some type.
pub(super) fn integer(random: &mut Random) -> Value {
    let number = match random.below(5) {
        0 => random.bits().cast_signed(),
        1 => *random.pick(&[&i64::MAX, &i64::MIN, &0, &-1, &0x1f600, &0xd800, &127]),
        2 => -i64::try_from(random.below(1_000_000)).unwrap_or_default(),
        _ => i64::try_from(random.below(1000)).unwrap_or_default(),
    };
    match random.below(6) {
        0 => json!({ "uint64": number.cast_unsigned().to_string() }),
        1 => json!({ "uint8": (number & 0xff).to_string() }),
        2 | 3 => json!({ "int64": number.to_string() }),
        _ => json!({ "int": number.to_string() }),
    }
}

/// A value with at most `depth` levels of lists and maps.
pub(super) fn value(random: &mut Random, range: Range, depth: usize) -> Value {
    let choices = if depth == 0 { 9 } else { 16 };
    match random.below(choices) {
        0 => Value::Null,
        1 => Value::from(random.once_in(2)),
        2 | 3 => float(random),
        4 if range == Range::Runtime => integer(random),
        5 if range == Range::Runtime && random.once_in(2) => bytes(random),
        4..=8 => Value::from(text(random)),
        9 if range == Range::Runtime => {
            let items: Vec<Value> = (0..random.below(4)).map(|_| Value::from(text(random))).collect();
            json!({ "strings": items })
        }
        9..=11 => {
            let items: Vec<Value> = (0..random.below(4))
                .map(|_| value(random, range, depth - 1))
                .collect();
            json!({ "list": items })
        }
        _ => map(random, range, depth - 1),
    }
}

/// A map whose values have at most `depth` levels.
pub(super) fn map(random: &mut Random, range: Range, depth: usize) -> Value {
    let mut entries: Vec<(String, Value)> = Vec::new();
    for _ in 0..random.below(5) {
        let key = key(random);
        if entries.iter().all(|(other, _)| *other != key) {
            entries.push((key, value(random, range, depth)));
        }
    }
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|(key, value)| json!([key, value]))
        .collect();
    json!({ "map": entries })
}
