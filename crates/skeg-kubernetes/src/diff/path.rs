//! Places in objects, as text.

use std::fmt::Write;

/// The place of a member.
pub(super) fn member(path: &str, name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || !name.chars().all(is_plain) {
        let mut quoted = String::new();
        skeg_go::json::write_string(&mut quoted, name);
        return format!("{path}[{quoted}]");
    }
    if path.is_empty() {
        return name.to_owned();
    }
    format!("{path}.{name}")
}

/// The place of an element of a list, by its key or its number.
pub(super) fn element(path: &str, label: &str) -> String {
    let mut path = path.to_owned();
    // Writing to a String does not fail.
    let _ = write!(path, "[{label}]");
    path
}
