//! The page `docs/reference/reliability.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Shown;
use super::table::{CASES, Case, Group};

/// The page before any section.
pub(super) const HEAD: &str = "# Reliability\n\n\
    <!-- Written by `cargo xtask reliability --write`. Do not edit. -->\n";

/// The section of the cases. Only results change it, so that a second run gives the same bytes.
pub(super) fn cases(shown: &BTreeMap<&'static str, Shown>) -> String {
    let mut page = String::from(
        "What can go wrong between a client and a registry, what skeg does then, and what Helm 4.3.1 does where that was \
         measured against the same scripted registry (“–” where it was not). Every case is a test of that name; \
         `cargo xtask reliability` runs them all and fails when a case has none.\n",
    );
    for group in Group::ALL {
        let _infallible = write!(
            page,
            "\n## {}\n\n| # | What happens | What skeg does | Helm 4.3.1 | Result |\n|---|---|---|---|---|\n",
            group.title()
        );
        for case in CASES.iter().filter(|case| case.group == group) {
            page.push_str(&row(case, shown.get(case.id)));
        }
    }
    page.push_str("\n## Tests\n\n");
    for case in CASES {
        let tests = shown.get(case.id).map_or(&[][..], |shown| &shown.tests);
        let tests: Vec<_> = tests.iter().map(|test| format!("`{test}`")).collect();
        let _infallible = writeln!(page, "- {}: {}", case.id, tests.join(", "));
    }
    page
}

fn row(case: &Case, shown: Option<&Shown>) -> String {
    let result = match shown {
        None => "no test",
        Some(shown) if shown.failed.is_empty() => "passed",
        Some(_) => "failed",
    };
    let helm = if case.helm.is_empty() { "–" } else { case.helm };
    format!(
        "| {} | {} | {} | {helm} | {result} |\n",
        case.id, case.happens, case.answer
    )
}
