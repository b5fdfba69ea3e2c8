//! Findings as a document for programs.

use serde::Serialize;
use skeg_lint::{Finding, Severity};

use super::{LintArgs, Linted};

/// What was found in all charts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LintReport {
    linted: usize,
    failed: usize,
    charts: Vec<ChartReport>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChartReport {
    path: String,
    is_failed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    findings: Vec<FindingReport>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingReport {
    severity: &'static str,
    rule: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
}

impl LintReport {
    pub(super) fn new(args: &LintArgs, linted: &[Linted]) -> Self {
        let charts: Vec<ChartReport> = linted.iter().map(|linted| chart(args, linted)).collect();
        Self {
            linted: charts.len(),
            failed: charts.iter().filter(|chart| chart.is_failed).count(),
            charts,
        }
    }
}

fn chart(args: &LintArgs, linted: &Linted) -> ChartReport {
    let wanted = linted
        .findings()
        .iter()
        .filter(|finding| !args.quiet || finding.severity > Severity::Info);
    ChartReport {
        path: linted.path.clone(),
        is_failed: linted.is_failed(args.strict),
        error: linted
            .outcome
            .as_ref()
            .err()
            .map(|error| crate::error::chain(error)),
        findings: wanted.map(finding).collect(),
    }
}

fn finding(finding: &Finding) -> FindingReport {
    FindingReport {
        severity: severity(finding.severity),
        rule: finding.rule.id(),
        message: finding.message.clone(),
        file: finding.file.clone(),
        line: finding.position.map(|position| position.line),
        column: finding.position.map(|position| position.column),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
