//! Running a sequence twice, and judging.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::answers::{Answer, QUESTIONS};
use super::step::{Action, Actor, Sequence, Step};
use super::{Workloads, compare, server};
use crate::{LiveCluster, Program, Sandbox, data_directory};

/// The objects and revisions of a namespace, as what was compared.
const ON_SERVER: &str = "what is on the server";

/// The cluster and the programs.
#[derive(Debug)]
pub struct Matrix {
    /// Where everything happens.
    pub cluster: LiveCluster,
    /// The real helm.
    pub helm: Program,
    /// The program that is compared with it.
    pub other: Program,
    /// What has been done so far.
    pub counts: Counts,
}

/// How much was compared.
#[derive(Debug, Default)]
pub struct Counts {
    /// Commands of sequences.
    pub commands: AtomicUsize,
    /// Those of them that were not by helm.
    pub by_other: AtomicUsize,
    /// Those that failed, by both programs alike.
    pub failures: AtomicUsize,
    /// Those that failed because of someone else's change.
    pub conflicts: AtomicUsize,
    /// Answers of both programs about a release.
    pub answers: AtomicUsize,
    /// Sequences that ended where skeg is meant to do otherwise.
    pub meant: AtomicUsize,
}

/// Where the namespaces differ, or the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// After which step, from 0.
    pub step: usize,
    /// Whether skeg is meant to do otherwise.
    pub is_meant: bool,
    /// What was compared.
    pub subject: String,
    /// What is different; helm's own is marked by `-`.
    pub lines: Vec<String>,
}

impl Difference {
    /// What differences of the same kind have in common: what was compared, and the places without numbers.
    pub fn kind(&self) -> String {
        let lines = self.lines.iter().filter_map(|line| line.lines().next());
        let kind: String = [self.subject.split(" --").next().unwrap_or_default()]
            .into_iter()
            .chain(lines)
            .collect();
        kind.chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect()
    }
}

impl Matrix {
    /// Runs a sequence in two new namespaces and returns the first difference.
    ///
    /// Where skeg is meant to do otherwise the sequence ends without one.
    pub fn judge(&self, sequence: &Sequence) -> Option<Difference> {
        let difference = self.compare(sequence)?;
        if difference.is_meant {
            self.counts.meant.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(difference)
    }

    fn compare(&self, sequence: &Sequence) -> Option<Difference> {
        let mut sandbox = Sandbox::new();
        self.cluster
            .kubeconfig()
            .write(&sandbox.home().join("kubeconfig"));
        // Both write what they need to know about the server here.
        sandbox.set("KUBECACHEDIR", sandbox.home().join("kube-cache"));
        if sequence.in_configmaps {
            sandbox.set("HELM_DRIVER", "configmap");
        }
        let name = LiveCluster::unused_name("m");
        let (by_helm, by_both) = (format!("{name}-a"), format!("{name}-b"));
        for namespace in [&by_helm, &by_both] {
            self.cluster.api().create_namespace(namespace);
        }
        sequence.steps.iter().enumerate().find_map(|(index, step)| {
            let expected = self.perform(&step.by_helm(), &by_helm, &sandbox);
            let actual = self.perform(step, &by_both, &sandbox);
            self.count(step, expected.as_ref());
            let failure = expected
                .as_ref()
                .map(Answer::error)
                .unwrap_or_default()
                .to_owned();
            let found = compare_answers(step, expected, actual)
                .or_else(|| self.compare_servers(&by_helm, &by_both))
                .or_else(|| self.compare_questions(&by_both, &sandbox));
            found.map(|(subject, lines)| Difference {
                step: index,
                is_meant: is_meant(&failure, &subject, &lines),
                subject,
                lines,
            })
        })
    }

    /// Does a step in a namespace; a command has an answer.
    fn perform(&self, step: &Step, namespace: &str, sandbox: &Sandbox) -> Option<Answer> {
        let (words, chart, flags) = match &step.action {
            Action::Edit(edit) => {
                edit.apply(self.cluster.api(), namespace);
                return None;
            }
            Action::Command { words, chart, flags } => (words, chart, flags),
        };
        let mut arguments: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        arguments.extend(chart.map(|chart| {
            let directory = data_directory().join("releases").join(chart);
            directory.display().to_string()
        }));
        arguments.extend(["--timeout", "20s", "--namespace", namespace].map(str::to_owned));
        arguments.extend(flags.iter().flatten().map(|&word| word.to_owned()));
        let program = match step.actor {
            Actor::Helm => &self.helm,
            Actor::Other => &self.other,
        };
        let outcome =
            Workloads::new(self.cluster.api(), namespace).drive_during(|| sandbox.run(program, &arguments));
        Some(Answer::masked(&outcome, namespace))
    }

    fn count(&self, step: &Step, answer: Option<&Answer>) {
        let Some(answer) = answer else { return };
        let add = |counter: &AtomicUsize, is_one: bool| {
            counter.fetch_add(usize::from(is_one), Ordering::Relaxed);
        };
        add(&self.counts.commands, true);
        add(&self.counts.by_other, step.is_by_other());
        add(&self.counts.failures, !answer.is_success());
        add(&self.counts.conflicts, answer.is_conflict());
    }

    fn compare_servers(&self, by_helm: &str, by_both: &str) -> Option<(String, Vec<String>)> {
        let snapshot = |namespace| -> Value { server::snapshot(self.cluster.api(), namespace) };
        let lines = compare::values(&snapshot(by_helm), &snapshot(by_both));
        (!lines.is_empty()).then(|| (ON_SERVER.to_owned(), lines))
    }

    /// Both programs tell the same about what both have made.
    fn compare_questions(&self, namespace: &str, sandbox: &Sandbox) -> Option<(String, Vec<String>)> {
        QUESTIONS.iter().find_map(|question| {
            let ask = |program| {
                let place = ["--namespace", namespace];
                Answer::of(&sandbox.run(program, question.iter().chain(&place)))
            };
            self.counts.answers.fetch_add(1, Ordering::Relaxed);
            let lines = ask(&self.helm).differences(&ask(&self.other));
            (!lines.is_empty()).then(|| (format!("the answer to `{}`", question.join(" ")), lines))
        })
    }
}

fn compare_answers(
    step: &Step,
    expected: Option<Answer>,
    actual: Option<Answer>,
) -> Option<(String, Vec<String>)> {
    let lines = expected?.differences(&actual?);
    (!lines.is_empty()).then(|| (format!("the answer to `{step}`"), lines))
}

/// Whether skeg is meant to do otherwise after a command that failed alike. Objects of one kind are applied side by side, so that
/// when one is refused others may have been applied, which helm would not have come to.
fn is_meant(failure: &str, subject: &str, lines: &[String]) -> bool {
    if subject != ON_SERVER || failure.is_empty() {
        return false;
    }
    let is_revision = |line: &String| line.starts_with("/sh.helm.release.v1.");
    let refusals = [
        "server-side apply failed for object",
        "failed to create resource",
        "cannot patch",
    ];
    refusals.iter().any(|words| failure.contains(words)) && !lines.iter().any(is_revision)
}

#[cfg(test)]
mod tests {
    use super::{ON_SERVER, is_meant};

    #[track_caller]
    fn check(failure: &str, subject: &str, line: &str, expected: bool) {
        assert_eq!(is_meant(failure, subject, &[line.to_owned()]), expected);
    }

    #[test]
    fn only_what_follows_from_known_failures_is_meant() {
        let (refused, object) = (
            "Error: UPGRADE FAILED: server-side apply failed for object n/r /v1, Kind=ConfigMap: no",
            "/ConfigMap r-config/data/text\n    - 1\n    + 2",
        );
        let revision = "/sh.helm.release.v1.r.v2\n    - {}\n    + nothing";
        check(refused, ON_SERVER, object, true);
        check(refused, ON_SERVER, revision, false);
        check(refused, "the answer to `list`", object, false);
        check("", ON_SERVER, object, false);
        check("Error: other", ON_SERVER, object, false);
        let patch = "Error: UPGRADE FAILED: cannot patch \"r-config\" with kind ConfigMap: no";
        check(patch, ON_SERVER, object, true);
    }
}
