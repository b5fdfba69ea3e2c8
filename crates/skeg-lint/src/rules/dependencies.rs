//! Declared dependencies, and the charts in `charts/`.

use std::collections::HashSet;

use skeg_chart::Dependency;

use crate::finding::Severity;
use crate::linter::{Linter, Spot};
use crate::rule::Rule;

/// Checks that dependencies are declared once and are there.
pub(crate) fn check(linter: &mut Linter<'_>) {
    linter.note_loading();
    let chart = match linter.chart() {
        Ok(chart) => chart,
        Err(reason) => {
            let message = format!("unable to load chart\n\t{reason}");
            return linter.report(Severity::Error, &Spot::subject(Rule::Loadable, ""), message);
        }
    };
    let declared = chart.metadata().dependencies();
    let names: HashSet<&str> = declared.iter().map(Dependency::name).collect();
    let present: Vec<&str> = chart
        .subcharts()
        .iter()
        .map(|chart| chart.metadata().name())
        .collect();
    let undeclared = present.iter().copied().filter(|name| !names.contains(name));
    let missing = declared
        .iter()
        .map(Dependency::name)
        .filter(|name| !present.contains(name));
    let findings = [
        (
            Severity::Error,
            Rule::DependencyUndeclared,
            "chart metadata is missing these dependencies",
            undeclared.collect(),
        ),
        (
            Severity::Error,
            Rule::DependencyDuplicate,
            "multiple dependencies with name or alias",
            repeated(declared),
        ),
        (
            Severity::Warning,
            Rule::DependencyMissing,
            "chart directory is missing these dependencies",
            missing.collect::<Vec<&str>>(),
        ),
    ];
    let findings: Vec<_> = findings
        .into_iter()
        .filter(|(.., names)| !names.is_empty())
        .map(|(severity, rule, problem, names)| (severity, rule, format!("{problem}: {}", names.join(","))))
        .collect();
    let directory = linter.directory().display().to_string();
    for (severity, rule, message) in findings {
        let spot = Spot::subject(rule, &directory).in_file("Chart.yaml");
        linter.report(severity, &spot, message);
    }
}

/// The names, or aliases, that more than one dependency has.
fn repeated(declared: &[Dependency]) -> Vec<&str> {
    let mut seen = HashSet::new();
    declared
        .iter()
        .map(|dependency| match dependency.alias() {
            "" => dependency.name(),
            alias => alias,
        })
        .filter(|name| !seen.insert(*name))
        .collect()
}
