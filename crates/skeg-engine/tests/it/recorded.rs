//! Recorded from Helm: whole charts, what it prints, what it logs, how it fails.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::support::render_chart;

#[derive(Deserialize)]
struct Row {
    note: String,
    files: BTreeMap<String, String>,
    values: String,
    stdout: String,
    error: String,
    log: Vec<String>,
}

#[track_caller]
fn check(recorded: &str) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in recorded.lines().skip(1) {
        let row: Row = serde_json::from_str(line).expect("rows are JSON");
        let mut printed = render_chart(&row.files, &row.values);
        printed.log.sort();
        count += 1;
        if (&printed.stdout, &printed.error, &printed.log) != (&row.stdout, &row.error, &row.log) {
            wrong.push(format!(
                "{}\n--- helm\n{}{}\n{}\n--- skeg\n{}{}\n{}\n",
                row.note,
                row.stdout,
                row.error,
                row.log.join("\n"),
                printed.stdout,
                printed.error,
                printed.log.join("\n"),
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn values() {
    check(include_str!("../data/values.jsonl"));
}

#[test]
fn rendering() {
    check(include_str!("../data/render.jsonl"));
}
