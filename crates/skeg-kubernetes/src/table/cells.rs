//! What stands in a row of a table.

use serde_json::Value;

use crate::json::to_go_json;

/// A column as the server describes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Column {
    name: String,
    kind: String,
    format: String,
    description: String,
    priority: i64,
}

impl Column {
    /// Whether it is printed; the others are for `-o wide`.
    fn is_narrow(&self) -> bool {
        self.priority == 0
    }
}

pub(super) fn columns(table: &Value) -> Vec<Column> {
    let columns = table["columnDefinitions"].as_array();
    let text = |column: &Value, name: &str| column[name].as_str().unwrap_or_default().to_owned();
    columns
        .into_iter()
        .flatten()
        .map(|column| Column {
            name: text(column, "name"),
            kind: text(column, "type"),
            format: text(column, "format"),
            description: text(column, "description"),
            priority: column["priority"].as_i64().unwrap_or_default(),
        })
        .collect()
}

/// The names of the columns, each as wide as the widest cell of `rows`.
pub(super) fn header(columns: &[Column], rows: &[Value]) -> Vec<String> {
    let cells = narrow(columns).map(|(at, column)| (at, column.name.to_uppercase()));
    let cells = cells.map(|(at, name)| {
        let width = name.len();
        (at, name, width)
    });
    widened(columns, cells, rows)
}

/// The cells of a row, each as wide as the widest of `rows`.
pub(super) fn row(columns: &[Column], row: &Value, rows: &[Value]) -> Vec<String> {
    let texts: Vec<String> = cells(row).iter().map(text).collect();
    let cells = narrow(columns).filter_map(|(at, _)| {
        let text = texts.get(at)?;
        Some((at, shown(text), text.len()))
    });
    let cells = widened(columns, cells, rows);
    // What a tab in a cell separates are cells too.
    cells
        .iter()
        .flat_map(|cell| cell.split(['\t', '\u{b}']).map(str::to_owned))
        .collect()
}

fn narrow(columns: &[Column]) -> impl Iterator<Item = (usize, &Column)> {
    columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.is_narrow())
}

/// Fills cells up to the widest of their columns. kubectl counts bytes for that, and what it does not show too.
fn widened(
    columns: &[Column],
    cells: impl Iterator<Item = (usize, String, usize)>,
    rows: &[Value],
) -> Vec<String> {
    let last = narrow(columns).last().map(|(at, _)| at);
    cells
        .map(|(at, mut cell, width)| {
            if Some(at) != last {
                let missing = widest(rows, at).saturating_sub(width);
                cell.extend(std::iter::repeat_n(' ', missing));
            }
            cell
        })
        .collect()
}

fn widest(rows: &[Value], column: usize) -> usize {
    let widths = rows
        .iter()
        .filter_map(|row| cells(row).get(column))
        .map(|cell| text(cell).len());
    widths.max().unwrap_or_default()
}

fn cells(row: &Value) -> &[Value] {
    row["cells"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        cell => to_go_json(cell),
    }
}

/// A cell up to the end of its first line, without what would control a terminal.
fn shown(text: &str) -> String {
    let end = text.find(['\u{c}', '\n', '\r']);
    let mut shown = text[..end.unwrap_or(text.len())].replace('\u{1b}', "^[");
    if end.is_some() {
        shown.push_str("...");
    }
    shown
}
