//! The two ends of a list, and the rest of it.

use skeg_go::{CallError, GoList, GoType, GoValue};

use crate::arguments::{any, list};

use super::expect_list;

/// `first LIST`: `nil` of an empty list.
pub(super) fn first(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot find first on type")?;
    Ok(items.first().cloned().unwrap_or_default())
}

/// `last LIST`: `nil` of an empty list.
pub(super) fn last(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot find last on type")?;
    Ok(items.last().cloned().unwrap_or_default())
}

/// `rest LIST`: all but the first; a `nil` list of an empty one.
pub(super) fn rest(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot find rest on type")?;
    Ok(list_or_nil(items.split_first().map(|(_, rest)| rest)))
}

/// `initial LIST`: all but the last; a `nil` list of an empty one.
pub(super) fn initial(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot find initial on type")?;
    Ok(list_or_nil(items.split_last().map(|(_, rest)| rest)))
}

fn list_or_nil(items: Option<&[GoValue]>) -> GoValue {
    match items {
        Some(items) => list(items.to_vec()),
        None => GoValue::List(GoList::nil(GoType::Interface)),
    }
}
