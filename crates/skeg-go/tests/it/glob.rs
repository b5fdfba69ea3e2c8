//! Glob patterns against `gobwas/glob`.

use skeg_go::glob::Glob;

use crate::recorded::{bytes, rows};

#[test]
fn patterns_match_as_recorded() {
    for row in rows(include_str!("../data/globs.jsonl")) {
        let differences = differences(&row);
        assert!(differences.is_empty(), "{row}\n{differences:#?}");
    }
}

#[test]
fn many_stars_take_no_long_time() {
    let pattern = "*a".repeat(400) + "b";
    let path = "a".repeat(2000);
    assert!(!Glob::compile(pattern.as_bytes()).is_ok_and(|glob| glob.is_match(path.as_bytes())));
}

#[test]
fn nesting_has_a_limit() {
    assert!(Glob::compile("{a,".repeat(250).as_bytes()).is_ok());
    assert!(Glob::compile("{".repeat(100_000).as_bytes()).is_err());
}

/// What differs from the recorded row, as texts to read.
fn differences(row: &serde_json::Value) -> Vec<String> {
    let glob = Glob::compile(&bytes(&row["pattern"]));
    let (glob, matches) = match (glob, row["matches"].as_object()) {
        (Ok(glob), Some(matches)) => (glob, matches),
        // These panic there.
        (_, None) if row.get("panic").is_some() => return Vec::new(),
        (Err(error), None) if row["error"] == error.to_string() => return Vec::new(),
        (glob, _) => return vec![format!("{:?} != {}", glob.err(), row["error"])],
    };
    let differs =
        |(text, expected): &(&String, &serde_json::Value)| glob.is_match(text.as_bytes()) != **expected;
    let differing = matches.iter().filter(differs);
    differing
        .map(|(text, expected)| format!("{text:?} should be {expected}"))
        .collect()
}
