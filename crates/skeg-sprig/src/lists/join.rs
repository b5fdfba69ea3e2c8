//! Making lists, and making them longer.

use skeg_go::{CallError, GoList, GoType, GoValue};

use crate::arguments::{any, list as list_of, nil_dereference};

use super::expect_list;

/// `list VALUE…`
pub(super) fn list(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(list_of(arguments.to_vec()))
}

/// `append LIST VALUE`
pub(super) fn append(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot push on type")?;
    Ok(list_of([items, &[any(arguments, 1).clone()][..]].concat()))
}

/// `prepend LIST VALUE`
pub(super) fn prepend(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot prepend on type")?;
    Ok(list_of([&[any(arguments, 1).clone()][..], items].concat()))
}

/// `concat LIST…`: a `nil` list if there is nothing in any of them.
pub(super) fn concat(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let mut items = Vec::new();
    for argument in arguments {
        match argument {
            GoValue::List(list) => items.extend_from_slice(list),
            GoValue::Nil => return Err(nil_dereference()),
            _ => {
                let kind = argument.kind().name();
                return Err(CallError::new(format!("Cannot concat type {kind} as list")));
            }
        }
    }
    if items.is_empty() {
        return Ok(GoValue::List(GoList::nil(GoType::Interface)));
    }
    Ok(list_of(items))
}
