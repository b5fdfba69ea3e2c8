//! One step of a sequence: a command of one of the programs, or something that happens to the cluster.

use std::fmt;

use super::Edit;

/// Who runs a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The real helm.
    Helm,
    /// The program that is compared with it.
    Other,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A command.
    Command {
        /// The command, the release and what else has no flag.
        words: Vec<&'static str>,
        /// The directory of the chart below the test data, if one belongs to the command.
        chart: Option<&'static str>,
        /// Flags, each with its value; any of them can be left out.
        flags: Vec<Vec<&'static str>>,
    },
    /// A change by someone else.
    Edit(Edit),
}

/// Steps, and what is the same in all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// Whether revisions are kept in `ConfigMap`s instead of Secrets.
    pub in_configmaps: bool,
    /// What is done, in this order.
    pub steps: Vec<Step>,
}

impl Sequence {
    /// The same with other steps.
    #[must_use]
    pub fn with(&self, steps: Vec<Step>) -> Self {
        Self {
            in_configmaps: self.in_configmaps,
            steps,
        }
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.in_configmaps {
            writeln!(f, "  export HELM_DRIVER=configmap")?;
        }
        self.steps.iter().try_for_each(|step| writeln!(f, "  {step}"))
    }
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who runs it, if it is a command.
    pub actor: Actor,
    /// What is done.
    pub action: Action,
}

impl Step {
    /// The same step, run by helm.
    #[must_use]
    pub fn by_helm(&self) -> Self {
        Self {
            actor: Actor::Helm,
            action: self.action.clone(),
        }
    }

    /// Whether a program that is compared with helm runs it.
    #[must_use]
    pub fn is_by_other(&self) -> bool {
        self.actor == Actor::Other && matches!(self.action, Action::Command { .. })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, chart, flags) = match &self.action {
            Action::Edit(edit) => return write!(f, "# {edit}"),
            Action::Command { words, chart, flags } => (words, chart, flags),
        };
        f.write_str(match self.actor {
            Actor::Helm => "helm",
            Actor::Other => "skeg",
        })?;
        for word in words {
            write!(f, " {word}")?;
        }
        if let Some(chart) = chart {
            write!(f, " tests/data/releases/{chart}")?;
        }
        flags.iter().flatten().try_for_each(|word| write!(f, " {word}"))
    }
}
