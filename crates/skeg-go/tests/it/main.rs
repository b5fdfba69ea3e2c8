//! Integration tests of `skeg-go`: tables recorded from Go.
//!
//! Each file in `tests/data` begins with a line that says what printed it; the other lines are JSON arrays.

mod equal;
mod fmt;
mod glob;
mod net_url;
mod path;
mod recorded;
mod regexp;
mod semver;
mod strconv;
mod text;
mod time;
mod typed;
mod unicode;

/// The rows of a recorded table.
fn recorded(table: &str) -> impl Iterator<Item = Vec<String>> {
    table
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).expect("because rows are arrays of strings"))
}
