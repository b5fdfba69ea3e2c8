//! What a command answers, as far as both programs must answer alike.

use serde_json::Value;

use super::{RELEASE, compare, mask};
use crate::Outcome;

/// What both programs are asked about the release after each step; the output is JSON or text.
pub(super) const QUESTIONS: [&[&str]; 7] = [
    &["list", "-o", "json"],
    &["list"],
    &["history", RELEASE],
    &["status", RELEASE, "-o", "json"],
    &["history", RELEASE, "-o", "json"],
    &["get", "metadata", RELEASE, "-o", "json"],
    &["get", "all", RELEASE],
];

/// An answer: the exit code, what is on standard output, and the error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    status: Option<i32>,
    output: String,
    error: String,
}

impl Answer {
    /// Of a command in a namespace, whose name and times are replaced.
    pub(super) fn masked(outcome: &Outcome, namespace: &str) -> Self {
        let raw = Self::of(outcome);
        Self {
            output: mask::without_file_times(&mask::text(&raw.output, namespace)),
            error: mask::text(&raw.error, namespace),
            ..raw
        }
    }

    /// As it is, without the versions by which the server counts all writes.
    pub(super) fn of(outcome: &Outcome) -> Self {
        Self {
            status: outcome.status(),
            output: mask::versions(&outcome.stdout()),
            error: error(&outcome.stderr()),
        }
    }

    /// What a command that failed has said.
    pub(super) fn error(&self) -> &str {
        if self.is_success() { "" } else { &self.error }
    }

    /// Whether the command succeeded.
    pub(super) fn is_success(&self) -> bool {
        self.status == Some(0)
    }

    /// Whether someone else's change was in the way.
    pub(super) fn is_conflict(&self) -> bool {
        self.error.contains("conflict")
    }

    /// Where another answer differs.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.status != other.status {
            found.push(format!("exit code {:?}, not {:?}", other.status, self.status));
        }
        found.extend(compare::texts(&self.error, &other.error));
        let json = |answer: &Self| serde_json::from_str::<Value>(&answer.output);
        match (json(self), json(other)) {
            (Ok(one), Ok(other)) => found.extend(compare::values(&one, &other)),
            _ => found.extend(compare::texts(&self.output, &other.output)),
        }
        found
    }
}

/// The error and what belongs to it, without what is logged, hints, and what skeg tells about objects that are not ready.
fn error(stderr: &str) -> String {
    let mut kept = Vec::new();
    let mut is_report = false;
    for line in stderr.lines() {
        is_report = is_object(line) || (is_report && line.starts_with(' '));
        if !is_report && !is_log(line) && !line.starts_with("hint: ") {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// Whether a line names an object that the next lines are about: `Job/name:`.
fn is_object(line: &str) -> bool {
    line.strip_suffix(':')
        .and_then(|object| object.split_once('/'))
        .is_some_and(|(kind, name)| kind.starts_with(char::is_uppercase) && !name.contains(' '))
}

fn is_log(line: &str) -> bool {
    let is_klog = line.starts_with(['I', 'W', 'E'])
        && line[1..].starts_with(|c: char| c.is_ascii_digit())
        && line.len() > 5;
    is_klog || line.starts_with("level=")
}

#[cfg(test)]
mod tests {
    use super::{Answer, error};

    #[test]
    fn only_errors_are_compared() {
        let stderr = "level=WARN msg=\"upgrade failed\"\nI1122 08:46:19.749137 2325 warnings.go:107] \"Warning\"\nError: a\nb\nhint: c\n";
        assert_eq!(error(stderr), "Error: a\nb");
        assert_eq!(error("Error: a\nJob/b:\n  condition c\nhint: d"), "Error: a");
        assert_eq!(error("Error: a\n  b at <c/d>:\n"), "Error: a\n  b at <c/d>:");
        assert_eq!(error("Error: x"), "Error: x");
        assert_eq!(error("E"), "E");
    }

    #[track_caller]
    fn check(one: &str, other: &str, count: usize) {
        let answer = |output: &str| Answer {
            status: Some(0),
            output: output.to_owned(),
            error: String::new(),
        };
        assert_eq!(answer(one).differences(&answer(other)).len(), count);
    }

    #[test]
    fn json_is_compared_as_values() {
        check("{\"a\":1,\"b\":2}\n", "{\"b\":2, \"a\":1}", 0);
        check("{\"a\":1}", "{\"a\":2}", 1);
        check("NAME: a", "NAME: b", 2);
    }
}
