//! Findings in the Static Analysis Results Interchange Format, version 2.1.0, which code review tools read.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use skeg_lint::{Finding, Rule, Severity};

use super::{Linted, subcharts};
use crate::paths::clean;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The log of one run over all charts.
pub(super) fn log(linted: &[Linted]) -> Value {
    let mut rules: Vec<Rule> = findings(linted).map(|(_, finding)| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let described: Vec<Value> = rules
        .iter()
        .map(|rule| json!({"id": rule.id(), "shortDescription": {"text": rule.description()}}))
        .collect();
    let results: Vec<Value> = findings(linted)
        .map(|(path, finding)| result(path, finding, &rules))
        .collect();
    let failures = linted.iter().filter_map(|linted| linted.outcome.as_ref().err());
    let notifications: Vec<Value> = failures
        .map(|error| json!({"level": "error", "message": {"text": crate::error::chain(error)}}))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "skeg",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": described,
            }},
            "invocations": [{
                "executionSuccessful": notifications.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    })
}

fn findings(linted: &[Linted]) -> impl Iterator<Item = (&str, &Finding)> {
    linted.iter().flat_map(|linted| {
        let findings = linted.findings().iter();
        findings.map(|finding| (linted.path.as_str(), finding))
    })
}

fn result(chart: &str, finding: &Finding, rules: &[Rule]) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(chart, finding.file.as_deref())}});
    if let Some(position) = finding.position {
        physical["region"] = json!({"startLine": position.line, "startColumn": position.column});
    }
    json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": rules.binary_search(&finding.rule).unwrap_or_default(),
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": physical}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The file as a relative reference, or the whole chart; what is in an archive cannot be pointed at.
fn uri(chart: &str, file: Option<&str>) -> String {
    let path = match file {
        Some(file) if !subcharts::is_archive(chart) => clean(&Path::new(chart).join(file)),
        _ => clean(Path::new(chart)),
    };
    let mut uri = String::new();
    for byte in path.to_string_lossy().replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(byte.into());
            }
            other => {
                // Writing into text cannot fail.
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}
