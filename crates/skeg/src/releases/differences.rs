//! Differences between what a release says and what is on the server, for people and for programs.

use serde::Serialize;
use serde_json::Value;
use skeg_kubernetes::{Change, Shown};
use skeg_release::{DifferenceStatus, ObjectDifference};

use crate::args::OutputFormat;
use crate::context::Context;
use crate::error::CommandError;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectReport<'a> {
    status: &'static str,
    api_version: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ChangeReport<'a>>,
}

#[derive(Serialize)]
struct ChangeReport<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Value>,
}

/// Prints the differences as data.
pub(crate) fn print_differences(
    differences: &[ObjectDifference],
    format: OutputFormat,
    context: &Context,
) -> Result<(), CommandError> {
    let reports: Vec<ObjectReport<'_>> = differences.iter().map(report).collect();
    if format.print(&reports, context.printer())? {
        return Ok(());
    }
    Ok(context
        .printer()
        .data(text(differences, context.printer().colours_data()))?)
}

fn report(difference: &ObjectDifference) -> ObjectReport<'_> {
    let value = |shown: &Shown| match shown {
        Shown::Value(value) => value.clone(),
        hidden @ Shown::Hidden { .. } => Value::String(hidden.to_string()),
    };
    let change = |change: &'_ Change| (change.from.as_ref().map(value), change.to.as_ref().map(value));
    ObjectReport {
        status: difference.status.as_str(),
        api_version: &difference.api_version,
        kind: &difference.kind,
        namespace: &difference.namespace,
        name: &difference.name,
        changes: difference
            .changes
            .iter()
            .map(|found| {
                let (from, to) = change(found);
                ChangeReport {
                    path: &found.path,
                    from,
                    to,
                }
            })
            .collect(),
    }
}

/// Lines for a person: an object, and below it its fields.
pub(crate) fn text(differences: &[ObjectDifference], has_colours: bool) -> String {
    let mut text = String::new();
    for difference in differences {
        let (sign, colour) = match difference.status {
            DifferenceStatus::Added => ('+', "32"),
            DifferenceStatus::Changed => ('~', "33"),
            DifferenceStatus::Removed => ('-', "31"),
            DifferenceStatus::Missing => ('!', "31"),
        };
        let ObjectDifference {
            api_version,
            kind,
            namespace,
            name,
            status,
            ..
        } = difference;
        let place = match namespace.as_str() {
            "" => String::new(),
            namespace => format!(" in namespace {namespace}"),
        };
        let line = format!("{sign} {kind}/{name} ({api_version}){place}: {}", status.as_str());
        let (before, after) = if has_colours {
            (format!("\x1b[{colour}m"), "\x1b[0m")
        } else {
            (String::new(), "")
        };
        text.extend([&before, &line, after, "\n"]);
        for change in &difference.changes {
            text.push_str("    ");
            text.push_str(&change.to_string());
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_their_fields() {
        let difference = |status, changes| ObjectDifference {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            namespace: "shop".to_owned(),
            name: "a".to_owned(),
            status,
            changes,
        };
        let change = Change {
            path: "data.a".to_owned(),
            from: Some(Shown::Value("1".into())),
            to: None,
        };
        let text = text(
            &[
                difference(DifferenceStatus::Changed, vec![change]),
                difference(DifferenceStatus::Missing, Vec::new()),
            ],
            false,
        );
        assert_eq!(
            text,
            "~ ConfigMap/a (v1) in namespace shop: changed\n    data.a: removed \"1\"\n\
             ! ConfigMap/a (v1) in namespace shop: missing\n"
        );
    }
}
