//! Integration tests of `skeg-values`: tables recorded from Go and from Helm, and hostile input.
//!
//! Each file in `tests/data` begins with a line that says what printed it; the other lines are JSON arrays.

mod hostile;
mod jsonpath;
mod runtime;
mod schema;
mod set;
mod struct_reader;
mod tagged;
mod toml;
mod yaml;

/// The rows of a recorded table.
fn recorded(table: &str) -> impl Iterator<Item = Vec<String>> {
    table
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).expect("because rows are arrays of strings"))
}
