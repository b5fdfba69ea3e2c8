//! The chart that a release keeps.

use skeg_go::{GoMap, GoValue};
use skeg_values::Value;

use crate::log::Log;
use crate::output::ProcessedChart;
use crate::tree::{Node, Requirement};
use crate::values::Coalesce;

/// What Helm 4.3.1 has made of a chart when it stores it: after `ProcessDependencies`.
pub(crate) fn processed_chart(root: &Node<'_>) -> ProcessedChart {
    ProcessedChart {
        values: values(root).and_then(|values| Value::from_go(&values.into()).ok()),
        dependencies: root.requirements().iter().map(dependency).collect(),
    }
}

/// A chart with dependencies has the values of those as well. On the long way they are there already, and laying them
/// under once more changes nothing.
fn values(root: &Node<'_>) -> Option<GoMap> {
    if root.requirements().is_empty() {
        return root.values().cloned();
    }
    let log = Log::default();
    let values = Coalesce::keeping_nil(&log).run(root, &GoMap::new());
    values.ok().or_else(|| root.values().cloned())
}

fn dependency(requirement: &Requirement) -> skeg_chart::Dependency {
    let declared = requirement.declared();
    let imports = match &requirement.imports {
        Some(imports) => imports.iter().map(document).collect(),
        None => declared.import_values().to_vec(),
    };
    declared.processed(&requirement.name, requirement.enabled, imports)
}

fn document(value: &GoValue) -> Value {
    Value::from_go(value).unwrap_or_default()
}
