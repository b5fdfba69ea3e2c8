//! Sequences, made up.

use super::step::{Action, Actor, Sequence, Step};
use super::{Edit, RELEASE};
use crate::fuzz::Random;

type Flag = Vec<&'static str>;

/// A sequence of at most `most` steps, the same for the same seed. At least one command is not by helm.
pub fn generate(seed: u64, most: usize) -> Sequence {
    let mut random = Random::new(seed);
    // Nearby seeds shall not begin alike.
    let _first = random.bits();
    let shorter = if random.once_in(3) { random.below(most) } else { 0 };
    let count = (most - shorter).max(1);
    let mut steps: Vec<Step> = (0..count)
        .map(|index| Step {
            actor: if random.once_in(2) {
                Actor::Helm
            } else {
                Actor::Other
            },
            action: if index == 0 {
                first(&mut random)
            } else {
                next(&mut random)
            },
        })
        .collect();
    if !steps.iter().any(Step::is_by_other) {
        for step in &mut steps {
            step.actor = Actor::Other;
        }
    }
    Sequence {
        in_configmaps: random.once_in(8),
        steps,
    }
}

fn first(random: &mut Random) -> Action {
    match random.below(20) {
        0 => upgrade(random),
        1 | 2 => upgrade_or_install(random),
        3 => Action::Edit(Edit::Foreign),
        4 => Action::Edit(Edit::ForeignOwned),
        5 => next(random),
        _ => install(random),
    }
}

fn next(random: &mut Random) -> Action {
    match random.below(46) {
        0..=14 => upgrade(random),
        15..=17 => upgrade_or_install(random),
        18..=24 => rollback(random),
        25..=27 => uninstall(random, &[]),
        28..=30 => uninstall(random, &[&["--keep-history"]]),
        31 | 32 => replace(random),
        33 | 34 => install(random),
        35 | 36 => test(random),
        _ => Action::Edit(Edit::ALL[random.below(Edit::ALL.len())]),
    }
}

fn install(random: &mut Random) -> Action {
    let mut flags = values(random);
    maybe(random, 6, &mut flags, &AROUND_INSTALL);
    broken(random, &mut flags);
    maybe(random, 5, &mut flags, &[&["--server-side=false"]]);
    maybe(random, 6, &mut flags, &[&["--take-ownership"]]);
    maybe(random, 8, &mut flags, &[&["--force-conflicts"]]);
    maybe(random, 12, &mut flags, &[&["--rollback-on-failure"]]);
    described(random, &mut flags);
    command("install", chart(random), flags)
}

fn replace(random: &mut Random) -> Action {
    let mut flags: Vec<Flag> = vec![vec!["--replace"]];
    flags.extend(values(random));
    maybe(random, 6, &mut flags, &[&["--server-side=false"]]);
    command("install", chart(random), flags)
}

fn upgrade(random: &mut Random) -> Action {
    let mut flags = values(random);
    maybe(
        random,
        4,
        &mut flags,
        &[
            &["--reuse-values"],
            &["--reset-then-reuse-values"],
            &["--reset-values"],
        ],
    );
    upgrade_flags(random, &mut flags);
    command("upgrade", chart(random), flags)
}

fn upgrade_or_install(random: &mut Random) -> Action {
    let mut flags: Vec<Flag> = vec![vec!["--install"]];
    flags.extend(values(random));
    upgrade_flags(random, &mut flags);
    command("upgrade", chart(random), flags)
}

fn upgrade_flags(random: &mut Random, flags: &mut Vec<Flag>) {
    maybe(random, 5, flags, &AROUND_UPGRADE);
    broken(random, flags);
    maybe(
        random,
        4,
        flags,
        &[
            &["--server-side=false"],
            &["--server-side=true"],
            &["--server-side=auto"],
        ],
    );
    maybe(random, 6, flags, &[&["--force-conflicts"]]);
    maybe(random, 16, flags, &[&["--force-replace"]]);
    maybe(random, 10, flags, &[&["--take-ownership"]]);
    maybe(random, 12, flags, &[&["--rollback-on-failure"]]);
    maybe(random, 12, flags, &[&["--cleanup-on-fail"]]);
    maybe(
        random,
        10,
        flags,
        &[&["--history-max", "2"], &["--history-max", "1"]],
    );
    described(random, flags);
}

fn rollback(random: &mut Random) -> Action {
    let words = match random.below(6) {
        0..=2 => vec!["rollback", RELEASE],
        3 => vec!["rollback", RELEASE, "1"],
        4 => vec!["rollback", RELEASE, "2"],
        _ => vec!["rollback", RELEASE, "9"],
    };
    let mut flags = Vec::new();
    maybe(
        random,
        5,
        &mut flags,
        &[&["--server-side=false"], &["--server-side=true"]],
    );
    maybe(random, 5, &mut flags, &[&["--force-conflicts"]]);
    maybe(random, 10, &mut flags, &[&["--history-max", "2"]]);
    maybe(random, 10, &mut flags, &[&["--no-hooks"], &["--dry-run=client"]]);
    maybe(random, 8, &mut flags, &[&["--wait"], &["--cleanup-on-fail"]]);
    Action::Command {
        words,
        chart: None,
        flags,
    }
}

fn uninstall(random: &mut Random, flags: &[&[&'static str]]) -> Action {
    let mut flags: Vec<Flag> = flags.iter().map(|flag| flag.to_vec()).collect();
    maybe(random, 8, &mut flags, &[&["--no-hooks"], &["--dry-run"]]);
    maybe(random, 8, &mut flags, &[&["--ignore-not-found"], &["--wait"]]);
    Action::Command {
        words: vec!["uninstall", RELEASE],
        chart: None,
        flags,
    }
}

fn test(random: &mut Random) -> Action {
    let mut flags = Vec::new();
    maybe(
        random,
        4,
        &mut flags,
        &[&["--filter", "name=r-test"], &["--filter", "!name=r-test"]],
    );
    Action::Command {
        words: vec!["test", RELEASE],
        chart: None,
        flags,
    }
}

fn command(verb: &'static str, chart: &'static str, flags: Vec<Flag>) -> Action {
    Action::Command {
        words: vec![verb, RELEASE],
        chart: Some(chart),
        flags,
    }
}

fn chart(random: &mut Random) -> &'static str {
    random.pick(&["shop-1", "shop-1", "shop-2"])
}

fn values(random: &mut Random) -> Vec<Flag> {
    let mut flags = Vec::new();
    maybe(
        random,
        2,
        &mut flags,
        &[&["--set", "text=three"], &["--set", "text=<a> & 'b'"]],
    );
    maybe(
        random,
        4,
        &mut flags,
        &[&["--set", "replicas=3"], &["--set", "replicas=null"]],
    );
    maybe(random, 8, &mut flags, &[&["--set", "keep=true"]]);
    maybe(
        random,
        8,
        &mut flags,
        &[&["--set", "labels.a=b"], &["--set", "more=1"]],
    );
    // A hook of an event that does not come with this command, but perhaps with the next.
    maybe(
        random,
        6,
        &mut flags,
        &[
            &["--set", "hooks.pre-rollback=ok"],
            &["--set", "hooks.post-rollback=fail"],
            &["--set", "hooks.pre-delete=ok"],
            &["--set", "hooks.pre-delete=fail"],
            &["--set", "hooks.post-delete=ok"],
            &["--set", "hooks.test=ok"],
            &["--set", "hooks.test=fail"],
        ],
    );
    maybe(
        random,
        8,
        &mut flags,
        &[
            &["--set", "hookPolicy=hook-succeeded"],
            &["--set", "hookPolicy=hook-failed"],
        ],
    );
    flags
}

/// Hooks around an installation.
const AROUND_INSTALL: [&[&str]; 4] = [
    &["--set", "hooks.pre-install=ok"],
    &["--set", "hooks.pre-install=fail"],
    &["--set", "hooks.post-install=ok"],
    &["--set", "hooks.post-install=fail"],
];

/// Hooks around an upgrade.
const AROUND_UPGRADE: [&[&str]; 4] = [
    &["--set", "hooks.pre-upgrade=ok"],
    &["--set", "hooks.pre-upgrade=fail"],
    &["--set", "hooks.post-upgrade=ok"],
    &["--set", "hooks.post-upgrade=fail"],
];

fn broken(random: &mut Random, flags: &mut Vec<Flag>) {
    maybe(
        random,
        12,
        flags,
        &[
            &["--set", "broken=name"],
            &["--set", "broken=field"],
            &["--set", "broken=kind"],
            &["--set", "broken=selector"],
            &["--set", "broken=yaml"],
            &["--set", "broken=template"],
        ],
    );
}

fn described(random: &mut Random, flags: &mut Vec<Flag>) {
    maybe(random, 10, flags, &[&["--description", "by-hand"]]);
    maybe(
        random,
        8,
        flags,
        &[&["--labels", "team=shop"], &["--labels", "team=null"]],
    );
    maybe(
        random,
        10,
        flags,
        &[&["--no-hooks"], &["--dry-run=client"], &["--dry-run=server"]],
    );
    maybe(random, 8, flags, &[&["-o", "json"], &["-o", "yaml"]]);
    waits(random, flags);
}

fn waits(random: &mut Random, flags: &mut Vec<Flag>) {
    maybe(
        random,
        10,
        flags,
        &[&["--wait"], &["--wait", "--wait-for-jobs"], &["--wait=legacy"]],
    );
    // A Deployment that never is ready.
    maybe(
        random,
        30,
        flags,
        &[&["--wait", "--timeout", "2s", "--set", "labels.outcome=never"]],
    );
}

/// Once in `times`, one of the choices.
fn maybe(random: &mut Random, times: usize, flags: &mut Vec<Flag>, choices: &[&[&'static str]]) {
    if random.once_in(times) {
        flags.push(random.pick(choices).to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::super::Step;
    use super::generate;

    #[test]
    fn sequences_are_the_same_for_the_same_seed_and_not_all_alike() {
        for seed in 0..200 {
            let sequence = generate(seed, 4);
            assert_eq!(sequence, generate(seed, 4));
            let steps = sequence.steps;
            assert!((1..=4).contains(&steps.len()), "{}", steps.len());
            let commands = steps.iter().any(Step::is_by_other);
            let edits_only = steps.iter().all(|step| step.to_string().starts_with('#'));
            assert!(commands || edits_only, "{steps:?}");
        }
        assert_ne!(generate(1, 4), generate(2, 4));
    }
}
