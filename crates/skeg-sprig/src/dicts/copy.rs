//! Copies that share nothing that can change.

use skeg_go::{CallError, GoList, GoMap, GoValue};

use crate::arguments::any;

/// As deep as values may be nested; maps that contain themselves are deeper.
const DEPTH: usize = 1000;

/// `mustDeepCopy VALUE`
pub(super) fn deep_copy(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let value = any(arguments, 0);
    if value.is_nil() {
        return Err(CallError::new(
            "reflect: call of reflect.Value.Type on zero Value",
        ));
    }
    copy(value, DEPTH)
}

/// `deepCopy VALUE`
pub(super) fn deep_copy_or_panic(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    deep_copy(arguments)
}

/// Fresh maps and lists; objects stay the same.
fn copy(value: &GoValue, depth: usize) -> Result<GoValue, CallError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(CallError::new("values are nested too deeply to be copied"));
    };
    Ok(match value {
        GoValue::Map(map) if !map.is_nil() => GoValue::Map(copy_map(map, depth)?),
        GoValue::List(list) if list.iter().any(can_change) => GoValue::List(copy_list(list, depth)?),
        _ => value.clone(),
    })
}

fn can_change(value: &GoValue) -> bool {
    matches!(value, GoValue::Map(_) | GoValue::List(_))
}

fn copy_map(map: &GoMap, depth: usize) -> Result<GoMap, CallError> {
    let copied = match map.named_type() {
        Some(named) => GoMap::named(named, map.element().clone()),
        None => GoMap::typed(map.element().clone()),
    };
    for (key, value) in map.entries().iter() {
        copied.insert(key.clone(), copy(value, depth)?);
    }
    Ok(copied)
}

fn copy_list(list: &GoList, depth: usize) -> Result<GoList, CallError> {
    let items: Vec<GoValue> = list
        .iter()
        .map(|item| copy(item, depth))
        .collect::<Result<_, _>>()?;
    Ok(match list.named_type() {
        Some(named) => GoList::named(named, list.element().clone(), items),
        None => GoList::typed(list.element().clone(), items),
    })
}
