//! Values at dotted paths.

use skeg_go::{GoMap, GoValue};

/// The key on a path at which there is no table.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is not a table", skeg_go::quote::quote(.key))]
pub(crate) struct NoTable {
    key: String,
}

/// The table at a path.
pub(crate) fn table(values: &GoMap, path: &str) -> Result<GoMap, NoTable> {
    let mut table = values.clone();
    for key in path.split('.') {
        table = match table.get(key) {
            Some(GoValue::Map(below)) => below,
            _ => return Err(NoTable { key: key.to_owned() }),
        };
    }
    Ok(table)
}

/// The value at a path, if it is there and no table.
pub(crate) fn value(values: &GoMap, path: &str) -> Option<GoValue> {
    let (table, key) = match path.rsplit_once('.') {
        None => (values.clone(), path),
        Some((path, key)) => (self::table(values, path).ok()?, key),
    };
    table.get(key).filter(|value| !matches!(value, GoValue::Map(_)))
}
