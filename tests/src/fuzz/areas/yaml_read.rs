//! Reading YAML: `sigs.k8s.io/yaml`, loose and strict.

use serde_json::{Value, json};
use skeg_values::yaml::{self, DecodeError};

use crate::fuzz::random::Random;
use crate::fuzz::{Area, Difference, typed};

pub(super) const AREA: Area = Area {
    name: "yaml-read",
    generate,
    answer,
    known,
};

const PIECES: &[&str] = &[
    "a",
    "b: ",
    "a: ",
    "- ",
    "-",
    ": ",
    ":",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n ",
    "  ",
    " ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "?",
    "? ",
    "# c",
    " # c\n",
    "&a ",
    "*a",
    "&b ",
    "*b",
    "<<: ",
    "!!str ",
    "!!int ",
    "!!binary ",
    "!t ",
    "!",
    "'",
    "\"",
    "''",
    "\\n",
    "\\",
    "|",
    ">",
    "|-\n",
    "|+\n",
    ">2\n",
    "|2-\n",
    "---\n",
    "---",
    "...\n",
    "%YAML 1.1\n",
    "true",
    "y",
    "No",
    "~",
    "null",
    "1",
    "08",
    "0x1F",
    "0o17",
    "1_000",
    "1e3",
    ".5",
    ".inf",
    "-.nan",
    "12:30:45",
    "2001-01-01",
    "1.20",
    "0.1",
    "100000000000000000000",
    "9223372036854775808",
    "=",
    "é",
    "😀",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{0}",
    "\u{7f}",
    "{{ .x }}",
    "word two",
    "x",
    "key: value\n",
    "list:\n- 1\n- 2\n",
    "  nested: {a: 1, b: [x, y]}\n",
    "\r\n",
    "@",
    "`",
    "%",
];

/// Bytes that are no text where most of them stand.
const BYTES: &[u8] = &[
    0, 7, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xe2, 0xed, 0xef, 0xf0, 0xf5, 0xff,
];

fn generate(random: &mut Random) -> Value {
    let pieces = if random.once_in(8) { 60 } else { 14 };
    let mut text = random.text(PIECES, pieces);
    // Go-YAML reads 512 bytes at once, and what is wrong with them may come before what is wrong with the YAML.
    if random.once_in(8) {
        let length = 440 + random.below(80);
        let filler = random.pick(&["x", "é", " ", "\n", "\u{feff}", "a: b\n"]);
        let filler = filler.repeat(length / filler.len());
        let begin = random.pick(&["", "# ", "'", "- ", "a: ", "|\n "]);
        let end = random.pick(&["", "\n", "'", ": "]);
        text = format!("{}{begin}{filler}{end}{text}", random.text(PIECES, 4));
    }
    let mut bytes = text.into_bytes();
    if random.once_in(16) {
        for _ in 0..=random.below(2) {
            bytes.insert(random.below(bytes.len() + 1), BYTES[random.below(BYTES.len())]);
        }
    } else if random.once_in(64) {
        bytes = utf_16(&String::from_utf8_lossy(&bytes));
    }
    json!({ "text": typed::text(&bytes) })
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

/// Go looks at the keys of a mapping in no order, and stops at the first that JSON does not have.
fn known(difference: &Difference) -> Option<&'static str> {
    let message = |answer: &Value| answer["loose"]["error"].as_str().map(str::to_owned);
    let is_about_keys = |answer| message(answer).is_some_and(|text| text.starts_with("unsupported map key"));
    let both = is_about_keys(&difference.ours) && is_about_keys(&difference.theirs);
    both.then_some("the first of several keys")
}

fn describe(decoded: Result<skeg_values::Value, DecodeError>) -> Value {
    match decoded {
        Ok(value) => typed::ok(skeg_values::json::to_string(&value)),
        Err(error) => typed::failed(error.message()),
    }
}

fn answer(request: &Value) -> Value {
    let text = typed::bytes(&request["text"]);
    json!({ "loose": describe(yaml::decode(&text)), "strict": describe(yaml::decode_strict(&text)) })
}
