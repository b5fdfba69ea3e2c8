//! `import-values`: values of charts that become those of their parents.

use skeg_go::{GoMap, GoType, GoValue};
use skeg_values::Value;

use crate::format::plain;
use crate::log::Log;
use crate::tree::{Node, Requirement};
use crate::values::{Coalesce, Tables, TypeMismatch, copy_now, table, to_go};

/// Gives every chart with dependencies the values of the charts inside it, and lays under them what it imports.
pub(super) fn process(chart: &mut Node<'_>, log: &Log) -> Result<(), TypeMismatch> {
    for child in chart.children_mut() {
        process(child, log)?;
    }
    if chart.requirements().is_empty() {
        return Ok(());
    }
    let mut values = Coalesce::keeping_nil(log).run(chart, &GoMap::new())?;
    let imported = GoMap::new();
    let tables = Tables::new(log, true);
    for requirement in chart.requirements_mut() {
        requirement.imports = Some(import(requirement, &values, &imported, tables));
    }
    if !imported.is_empty() {
        // Helm shares maps of `values` with `imported` up to here, and so they may have grown.
        values = copy_now(&values);
        tables.merge(&values, &imported);
    }
    chart.set_values(values);
    Ok(())
}

/// Imports what one dependency declares; returns it in the form that Helm keeps.
fn import(requirement: &Requirement, values: &GoMap, imported: &GoMap, tables: Tables<'_>) -> Vec<GoValue> {
    let mut imports = Vec::new();
    for declared in requirement.declared().import_values() {
        let (child, parent, message) = match declared {
            Value::Map(map) => {
                let text = |key| plain(&map.get(key).map_or(GoValue::Nil, to_go));
                let message = "ImportValues missing table from chart";
                (text("child"), text("parent"), message)
            }
            Value::String(name) => {
                let message = "ImportValues missing table";
                (format!("exports.{name}"), ".".to_owned(), message)
            }
            _ => continue,
        };
        match table(values, &format!("{}.{child}", requirement.name)) {
            Ok(table) => tables.merge(imported, &at_path(&parent, table)),
            Err(error) => {
                let error = error.to_string();
                let chart = ("chart", requirement.name.as_str());
                let error = ("error", error.as_str());
                match declared {
                    Value::Map(_) => tables.log.warn(message, &[chart, error]),
                    _ => tables.log.warn(message, &[error]),
                }
            }
        }
        imports.push(in_kept_form(&child, &parent));
    }
    imports
}

fn in_kept_form(child: &str, parent: &str) -> GoValue {
    let form = GoMap::typed(GoType::String);
    form.insert("child", child);
    form.insert("parent", parent);
    form.into()
}

/// A table that has `table` at a dotted path.
fn at_path(path: &str, table: GoMap) -> GoMap {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |below, key| {
        let above = GoMap::new();
        above.insert(key, below);
        above
    })
}
