//! What the comparison found, as text.

use std::fmt::Write as _;

use super::compare::Verdict;

/// One case and how it went.
pub(super) struct Finding {
    pub(super) title: String,
    pub(super) verdict: Verdict,
}

/// Every case that differs, then the counts.
pub(super) fn render(findings: &[Finding], verbose: bool) -> String {
    let mut text = String::new();
    let mut write = |line: String| writeln!(text, "{line}").expect("because a string takes any text");
    for finding in findings {
        match &finding.verdict {
            Verdict::Different(difference) => write(format!("DIFFERENT {}\n  {difference}", finding.title)),
            Verdict::Unstable => write(format!("UNSTABLE  {}", finding.title)),
            Verdict::IdenticalMasked(lines) if verbose => {
                write(format!("MASKED    {} ({lines} lines)", finding.title));
            }
            _ => {}
        }
    }
    let count = |is: fn(&Verdict) -> bool| findings.iter().filter(|finding| is(&finding.verdict)).count();
    write(format!(
        "{} cases: {} identical, {} identical but for lines that helm draws by lot, {} fail alike, \
         {} different, {} without two equal runs of helm",
        findings.len(),
        count(|verdict| matches!(verdict, Verdict::Identical)),
        count(|verdict| matches!(verdict, Verdict::IdenticalMasked(_))),
        count(|verdict| matches!(verdict, Verdict::SameFailure)),
        count(|verdict| matches!(verdict, Verdict::Different(_))),
        count(|verdict| matches!(verdict, Verdict::Unstable)),
    ));
    text
}
