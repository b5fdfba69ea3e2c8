//! Objects as text in columns, as `kubectl get` and `helm status` print them.
//!
//! Source: cli-runtime 0.37.1, `printers/tableprinter.go`. The columns and cells are the server's own: a `Table` is what
//! it answers to `Accept: application/json;as=Table;v=v1;g=meta.k8s.io`. Not here: asking for it, colors.

mod cells;
mod columns;
mod duration;

use std::time::SystemTime;

use serde_json::Value;

use crate::field::text_or;
use crate::identity::type_of;

pub use duration::human_duration;

use cells::{Column, columns, header, row};
use columns::Layout;

/// How many rows kubectl lays out together.
const AT_ONCE: usize = 100;

/// Prints tables one after the other. A header is not repeated while the columns stay the same.
///
/// ```
/// use std::time::SystemTime;
///
/// use serde_json::json;
/// use skeg_kubernetes::TablePrinter;
///
/// let table = |name: &str| json!({
///     "apiVersion": "meta.k8s.io/v1", "kind": "Table",
///     "columnDefinitions": [
///         {"name": "Name", "type": "string"},
///         {"name": "Data", "type": "string"},
///         {"name": "UID", "type": "string", "priority": 1},
///         {"name": "Age", "type": "string"},
///     ],
///     "rows": [{"cells": [name, "2", "…", "5m"]}],
/// });
/// let mut printer = TablePrinter::default();
/// let now = SystemTime::UNIX_EPOCH;
/// assert_eq!(printer.print(&table("web"), now), "NAME   DATA   AGE\nweb    2      5m\n");
/// assert_eq!(printer.print(&table("a-long-name"), now), "a-long-name   2     5m\n");
/// ```
#[derive(Clone, Debug, Default)]
pub struct TablePrinter {
    /// Those of the last table that had any.
    columns: Vec<Column>,
    has_printed_header: bool,
    has_printed_plain: bool,
}

impl TablePrinter {
    /// The text of a table, or of an object that is none: its name and its age at `now`.
    pub fn print(&mut self, object: &Value, now: SystemTime) -> String {
        let is_table = matches!(type_of(object), ("meta.k8s.io", "v1" | "v1beta1", "Table"));
        if is_table {
            self.print_table(object)
        } else {
            self.print_plain(object, now)
        }
    }

    fn print_table(&mut self, table: &Value) -> String {
        let columns = columns(table);
        let is_new = !columns.is_empty() && columns != self.columns;
        let needs_header = is_new || !self.has_printed_header;
        if is_new {
            self.columns = columns;
            self.has_printed_header = false;
        }
        let rows = table["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
        if rows.is_empty() {
            return String::new();
        }
        self.has_printed_header = true;
        let mut layout = Layout::default();
        let mut lines = Vec::new();
        if needs_header {
            lines.push(header(&self.columns, rows));
        }
        let mut text = String::new();
        for (at, cells) in rows.iter().enumerate() {
            // Whoever comes first is as wide as the widest.
            let widths = if at == 0 && !needs_header { rows } else { &[] };
            lines.push(row(&self.columns, cells, widths));
            if (at + 1) % AT_ONCE == 0 {
                text += &layout.align(&lines);
                lines.clear();
            }
        }
        text + &layout.align(&lines)
    }

    fn print_plain(&mut self, object: &Value, now: SystemTime) -> String {
        let mut lines = Vec::new();
        if !self.has_printed_plain {
            lines.push(vec!["NAME".to_owned(), "AGE".to_owned()]);
        }
        self.has_printed_plain = true;
        let items = object["items"].as_array().map(Vec::as_slice);
        for object in items.unwrap_or(std::slice::from_ref(object)) {
            let name = text_or(object, &["metadata", "name"], "").to_owned();
            lines.push(vec![name, age(object, now)]);
        }
        Layout::default().align(&lines)
    }
}

/// The resources of a release as Helm 4.3.1's `status` prints them: groups such as `v1/Secret` with their tables, each
/// under a line `==> v1/Secret`, each followed by an empty line.
///
/// Helm takes the groups in no order; here it is the caller's. As in Helm, a group whose columns are those of the group
/// before has no header.
pub fn resources_text(groups: &[(String, Vec<Value>)], now: SystemTime) -> String {
    let mut printer = TablePrinter::default();
    let mut text = String::new();
    for (name, objects) in groups {
        text.extend(["==> ", name, "\n"]);
        for object in objects {
            text.push_str(&printer.print(object, now));
        }
        text.push('\n');
    }
    text
}

/// How old an object is, in words.
fn age(object: &Value, now: SystemTime) -> String {
    let created = text_or(object, &["metadata", "creationTimestamp"], "");
    let Ok(created) = created.parse::<jiff::Timestamp>() else {
        return "<unknown>".to_owned();
    };
    let created = SystemTime::from(created);
    match now.duration_since(created) {
        Ok(age) => human_duration(i64::try_from(age.as_secs()).unwrap_or(i64::MAX)),
        Err(error) => human_duration(-i64::try_from(error.duration().as_secs()).unwrap_or(i64::MAX)),
    }
}

#[cfg(test)]
mod tests;
