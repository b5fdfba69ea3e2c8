//! Reading YAML: `sigs.k8s.io/yaml`, loose and strict.

use serde_json::{Value, json};
use skeg_values::yaml::{self, DecodeError};

use crate::fuzz::random::Random;
use crate::fuzz::{Area, none, typed};

pub(super) const AREA: Area = Area {
    name: "yaml-read",
    generate,
    answer,
    known: none,
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

fn generate(random: &mut Random) -> Value {
    json!({ "text": random.text(PIECES, 14) })
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
