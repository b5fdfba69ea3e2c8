//! Regular expressions against Go.

use std::ops::Range;

use serde_json::Value;
use skeg_go::regexp;

use crate::recorded::{bytes, integer, rows};

#[test]
fn patterns_match_as_recorded() {
    for row in rows(include_str!("../data/regexps.jsonl")) {
        let differences = differences(&row);
        assert!(differences.is_empty(), "{row}\n{differences:#?}");
    }
}

#[test]
fn meta_characters_get_a_backslash() {
    assert_eq!(
        regexp::quote_meta(b"a.b[c]{1}^$|?*+()\\-"),
        br"a\.b\[c\]\{1\}\^\$\|\?\*\+\(\)\\-"
    );
    assert_eq!(regexp::quote_meta(b""), b"");
    assert_eq!(regexp::quote_meta(b"\xff\xc3\xa9."), b"\xff\xc3\xa9\\.");
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(regexp::compile(nested(999).as_bytes()).is_ok());
    let error = regexp::compile(nested(1000).as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("error parsing regexp: expression nests too deeply: `((("));
    assert!(regexp::compile("(".repeat(100_000).as_bytes()).is_err());
    assert!(regexp::compile("(?:".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn size_has_a_limit() {
    let large = "(?:x{1000}y{1000}z{1000}){1}".repeat(2000);
    let error = regexp::compile(large.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("error parsing regexp: expression too large: `"));
}

/// What differs from the recorded row, as texts to read.
fn differences(row: &Value) -> Vec<String> {
    let compiled = regexp::compile(&bytes(&row["pattern"]));
    let regexp = match (compiled, row.get("error")) {
        (Ok(regexp), None) => regexp,
        (Err(error), Some(expected)) => {
            let expected = String::from_utf8_lossy(&bytes(expected)).into_owned();
            return compare("error", &error.to_string(), &expected);
        }
        (compiled, expected) => return vec![format!("{:?} != {expected:?}", compiled.err())],
    };
    let text = bytes(&row["text"]);
    let template = bytes(&row["template"]);
    let limit = usize::try_from(integer(&row["limit"])).ok();
    let parts =
        |value: &Value| -> Vec<Vec<u8>> { value.as_array().into_iter().flatten().map(bytes).collect() };
    let all = ranges(&row["all"]);
    let mut differences = compare("all", &regexp.find_all(&text, None), &all);
    differences.extend(compare("is_match", &regexp.is_match(&text), &!all.is_empty()));
    differences.extend(compare("find", &regexp.find(&text), &all.first().cloned()));
    let replaced = regexp.replace_all(&text, &template);
    differences.extend(compare("replaced", &replaced, &bytes(&row["replaced"])));
    let literal = regexp.replace_all_literal(&text, &template);
    differences.extend(compare("literal", &literal, &bytes(&row["literal"])));
    let split: Vec<Vec<u8>> = regexp
        .split(&text, limit)
        .into_iter()
        .map(<[u8]>::to_vec)
        .collect();
    differences.extend(compare("split", &split, &parts(&row["split"])));
    differences
}

fn compare<T: PartialEq + std::fmt::Debug>(what: &str, ours: &T, expected: &T) -> Vec<String> {
    if ours == expected {
        return Vec::new();
    }
    vec![format!("{what}: {ours:?} != {expected:?}")]
}

fn ranges(value: &Value) -> Vec<Range<usize>> {
    let number = |value: &Value| usize::try_from(integer(value)).expect("because it is an index");
    let range = |pair: &Value| number(&pair[0])..number(&pair[1]);
    value.as_array().into_iter().flatten().map(range).collect()
}
