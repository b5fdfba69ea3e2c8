//! The shortest sequence that still differs.

use super::step::{Action, Sequence, Step};
use super::{Difference, Matrix};

/// How many sequences are tried; each takes a second or more.
const TRIES: usize = 60;

/// Leaves out of a sequence what is not needed for a difference: steps, flags, and that a step is not by helm.
///
/// The difference may become another one on the way; the one that is left is returned with the sequence.
pub fn shrink(matrix: &Matrix, sequence: &Sequence, difference: Difference) -> (Sequence, Difference) {
    let mut best = sequence.with(sequence.steps[..=difference.step].to_vec());
    let mut found = difference;
    let mut tries = TRIES;
    loop {
        let mut is_smaller = false;
        for candidate in smaller(&best) {
            if tries == 0 {
                return (best, found);
            }
            tries -= 1;
            if let Some(difference) = matrix.judge(&candidate) {
                best = candidate.with(candidate.steps[..=difference.step].to_vec());
                found = difference;
                is_smaller = true;
                break;
            }
        }
        if !is_smaller {
            return (best, found);
        }
    }
}

/// All sequences that are smaller by one thing, the most promising first.
fn smaller(sequence: &Sequence) -> Vec<Sequence> {
    let mut found: Vec<Sequence> = smaller_steps(&sequence.steps)
        .into_iter()
        .map(|steps| sequence.with(steps))
        .collect();
    if sequence.in_configmaps {
        found.push(Sequence {
            in_configmaps: false,
            steps: sequence.steps.clone(),
        });
    }
    found
}

fn smaller_steps(steps: &[Step]) -> Vec<Vec<Step>> {
    let replaced = |index: usize, step: Step| {
        let mut changed = steps.to_vec();
        changed[index] = step;
        changed
    };
    let mut found = Vec::new();
    for index in 0..steps.len().saturating_sub(1) {
        let mut shorter = steps.to_vec();
        shorter.remove(index);
        found.push(shorter);
    }
    for (index, step) in steps.iter().enumerate() {
        if step.is_by_other() {
            found.push(replaced(index, step.by_helm()));
        }
    }
    for (index, step) in steps.iter().enumerate() {
        let Action::Command { flags, .. } = &step.action else {
            continue;
        };
        for flag in 0..flags.len() {
            let mut without = step.clone();
            if let Action::Command { flags, .. } = &mut without.action {
                flags.remove(flag);
            }
            found.push(replaced(index, without));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Action, Actor, Edit, Step};
    use super::smaller_steps;

    #[test]
    fn one_thing_is_left_out_at_a_time() {
        let install = Step {
            actor: Actor::Other,
            action: Action::Command {
                words: vec!["install", "r"],
                chart: Some("shop-1"),
                flags: vec![vec!["--set", "a=b"], vec!["--no-hooks"]],
            },
        };
        let edit = Step {
            actor: Actor::Helm,
            action: Action::Edit(Edit::Scale),
        };
        let found = smaller_steps(&[edit.clone(), install]);
        let lines: Vec<String> = found
            .iter()
            .map(|steps| steps.last().expect("because none is empty").to_string())
            .collect();
        let chart = "tests/data/releases/shop-1";
        assert_eq!(
            lines,
            [
                format!("skeg install r {chart} --set a=b --no-hooks"),
                format!("helm install r {chart} --set a=b --no-hooks"),
                format!("skeg install r {chart} --no-hooks"),
                format!("skeg install r {chart} --set a=b"),
            ]
        );
        assert_eq!(found[0].len(), 1);
        assert!(smaller_steps(&[edit]).is_empty());
    }
}
