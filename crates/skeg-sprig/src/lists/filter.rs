//! Some of the elements of a list, by what they are.

use std::collections::HashSet;

use skeg_go::equal::deep_equal;
use skeg_go::{CallError, GoValue};

use crate::arguments::{any, from, list};

use super::expect_list;

/// `compact LIST`: without elements that are empty.
pub(super) fn compact(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot compact on type")?;
    Ok(list(
        items.iter().filter(|item| item.is_true()).cloned().collect(),
    ))
}

/// `uniq LIST`: without elements that were there before.
pub(super) fn uniq(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot find uniq on type")?;
    let mut texts: HashSet<&[u8]> = HashSet::new();
    let mut others: Vec<&GoValue> = Vec::new();
    let mut unique = Vec::new();
    for item in items.iter() {
        let is_new = match item {
            GoValue::String(text) => texts.insert(text),
            _ => !others.iter().any(|other| deep_equal(item, other)),
        };
        if is_new {
            unique.push(item.clone());
            if !matches!(item, GoValue::String(_)) {
                others.push(item);
            }
        }
    }
    Ok(list(unique))
}

/// `without LIST VALUE…`
pub(super) fn without(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot find without on type")?;
    let unwanted = from(arguments, 1);
    let is_wanted = |item: &&GoValue| !unwanted.iter().any(|unwanted| deep_equal(item, unwanted));
    Ok(list(items.iter().filter(is_wanted).cloned().collect()))
}

/// `has VALUE LIST`
pub(super) fn has(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let needle = any(arguments, 0);
    let haystack = any(arguments, 1);
    if haystack.is_nil() {
        return Ok(GoValue::Bool(false));
    }
    let items = expect_list(haystack, "Cannot find has on type")?;
    Ok(GoValue::Bool(items.iter().any(|item| deep_equal(needle, item))))
}
