//! Parts of a list, by where they are.

use skeg_go::{CallError, GoList, GoType, GoValue};

use crate::arguments::{any, from, int, list};
use crate::cast;

use super::expect_list;

/// `reverse LIST`
pub(super) fn reverse(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "Cannot find reverse on type")?;
    Ok(list(items.iter().rev().cloned().collect()))
}

/// `slice LIST [START [END]]`: keeps the type of the list; `nil` of an empty one.
pub(super) fn slice(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let items = expect_list(any(arguments, 0), "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(GoValue::Nil);
    }
    let mut bounds = from(arguments, 1)
        .iter()
        .map(|bound| usize::try_from(cast::to_i64(bound)).ok());
    let start = bounds.next().unwrap_or(Some(0));
    let end = bounds.next().unwrap_or(Some(items.len()));
    let part = start.zip(end).and_then(|(start, end)| items.get(start..end));
    let Some(part) = part else {
        return Err(CallError::new("reflect.Value.Slice: slice index out of bounds"));
    };
    let element = items.element().clone();
    Ok(GoValue::List(match items.named_type() {
        Some(named) => GoList::named(named, element, part.to_vec()),
        None => GoList::typed(element, part.to_vec()),
    }))
}

/// `chunk SIZE LIST`: lists of so many elements, the last one of what remains.
pub(super) fn chunk(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let size = int(arguments, 0);
    let items = expect_list(any(arguments, 1), "Cannot chunk type")?;
    let chunks = match usize::try_from(size) {
        Ok(size) if size > 0 => items.chunks(size).map(|chunk| list(chunk.to_vec())).collect(),
        _ => chunks_of_no_size(size, items)?,
    };
    let element = GoType::Slice(Box::new(GoType::Interface));
    Ok(GoValue::List(GoList::typed(element, chunks)))
}

/// What comes out when the number of chunks is computed with a size that is not positive.
fn chunks_of_no_size(size: i64, items: &[GoValue]) -> Result<Vec<GoValue>, CallError> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    match length {
        1 if size < -1 => Ok(vec![list(items.to_vec())]),
        2.. if size <= 1 - length => Ok(Vec::new()),
        _ => Err(CallError::new("runtime error: makeslice: len out of range")),
    }
}
