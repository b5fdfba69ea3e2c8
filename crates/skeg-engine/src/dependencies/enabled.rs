//! Names, conditions and tags.

use std::collections::BTreeSet;

use skeg_go::semver::{Version, VersionConstraint};
use skeg_go::{GoMap, GoValue};

use crate::log::Log;
use crate::tree::{Node, Requirement};
use crate::values::{Coalesce, TypeMismatch, table, value};

/// Takes the charts that are switched off out of the tree.
///
/// `values` are those of the root with the defaults of all charts on the way; `path` leads to those of `chart`.
pub(super) fn process(
    chart: &mut Node<'_>,
    values: &GoMap,
    path: &str,
    log: &Log,
) -> Result<(), TypeMismatch> {
    if chart.requirements().is_empty() {
        return Ok(());
    }
    adopt_names(chart);
    let values = Coalesce::new(log).run(chart, values)?;
    apply_tags(chart.requirements_mut(), &values, log);
    apply_conditions(chart.requirements_mut(), &values, path, log);
    drop_disabled(chart);
    for child in chart.children_mut() {
        let path = format!("{path}{}.", child.name());
        process(child, &values, &path, log)?;
    }
    Ok(())
}

/// Forgets the dependencies that are switched off, and takes their charts out.
pub(super) fn drop_disabled(chart: &mut Node<'_>) {
    let disabled: BTreeSet<String> = chart
        .requirements()
        .iter()
        .filter(|requirement| !requirement.enabled)
        .map(|requirement| requirement.name.clone())
        .collect();
    chart
        .children_mut()
        .retain(|child| !disabled.contains(child.name()));
    chart
        .requirements_mut()
        .retain(|requirement| !disabled.contains(&requirement.name));
}

/// Orders the charts inside as Helm does: those that are not declared first, then one for each declaration,
/// called by its alias.
pub(super) fn adopt_names(chart: &mut Node<'_>) {
    let children = std::mem::take(chart.children_mut());
    let mut adopted: Vec<Node<'_>> = children
        .iter()
        .filter(|child| {
            !chart
                .requirements()
                .iter()
                .any(|required| matches(child, required))
        })
        .cloned()
        .collect();
    for requirement in chart.requirements_mut() {
        let alias = requirement.declared().alias().to_owned();
        if let Some(child) = children.iter().find(|child| matches(child, requirement)) {
            let name = if alias.is_empty() { child.name() } else { &alias };
            adopted.push(child.renamed(name));
        }
        if !alias.is_empty() {
            requirement.name = alias;
        }
        requirement.enabled = true;
    }
    *chart.children_mut() = adopted;
}

fn matches(child: &Node<'_>, requirement: &Requirement) -> bool {
    let declared = requirement.declared();
    child.name() == declared.name() && is_compatible_range(declared.version(), child.version())
}

/// Whether a version satisfies a constraint; it does not if either is malformed.
pub(crate) fn is_compatible_range(constraint: &str, version: &str) -> bool {
    let Ok(version) = Version::parse(version) else {
        return false;
    };
    VersionConstraint::parse(constraint).is_ok_and(|constraint| constraint.check(&version))
}

/// Switches off what has tags that are all `false`.
pub(super) fn apply_tags(requirements: &mut [Requirement], values: &GoMap, log: &Log) {
    let Ok(tags) = table(values, "tags") else {
        return;
    };
    for requirement in requirements {
        let mut flags = Vec::new();
        for tag in requirement.declared().tags() {
            match tags.get(tag) {
                None => {}
                Some(GoValue::Bool(flag)) => flags.push(flag),
                Some(_) => log.warn(
                    "returned non-bool value",
                    &[("tag", tag), ("chart", &requirement.name)],
                ),
            }
        }
        requirement.enabled = flags.is_empty() || flags.contains(&true);
    }
}

/// Lets the first condition decide that names a boolean.
pub(super) fn apply_conditions(requirements: &mut [Requirement], values: &GoMap, path: &str, log: &Log) {
    for requirement in requirements {
        let conditions = requirement.declared().condition().trim().to_owned();
        for condition in conditions.split(',').filter(|condition| !condition.is_empty()) {
            match value(values, &format!("{path}{condition}")) {
                None => {}
                Some(GoValue::Bool(flag)) => {
                    requirement.enabled = flag;
                    break;
                }
                Some(_) => log.warn(
                    "returned non-bool value",
                    &[("path", condition), ("chart", &requirement.name)],
                ),
            }
        }
    }
}
