//! Copies that share nothing that can change.

use skeg_go::{CallError, GoList, GoMap, GoType, GoValue};

use crate::arguments::any;
use crate::version::deep_copied;

/// As deep as values may be nested; maps that contain themselves are deeper.
const DEPTH: usize = 1000;

/// The maps and lists that are copied at once; lists that share lists can be copied without end.
const MOST: usize = 1 << 22;

/// `mustDeepCopy VALUE`
pub(super) fn deep_copy(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let value = any(arguments, 0);
    if value.is_nil() {
        return Err(CallError::new(
            "reflect: call of reflect.Value.Type on zero Value",
        ));
    }
    let mut left = MOST;
    copy(value, DEPTH, &mut left)
}

/// `deepCopy VALUE`
pub(super) fn deep_copy_or_panic(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    deep_copy(arguments)
}

/// Fresh maps and lists; objects stay the same, but for versions.
fn copy(value: &GoValue, depth: usize, left: &mut usize) -> Result<GoValue, CallError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(CallError::new("values are nested too deeply to be copied"));
    };
    Ok(match value {
        GoValue::Map(map) if !map.is_nil() => GoValue::Map(copy_map(map, depth, left)?),
        GoValue::List(list) if is_sortable(list) || list.iter().any(can_change) => {
            GoValue::List(copy_list(list, depth, left)?)
        }
        GoValue::Object(object) => deep_copied(object.as_ref()).unwrap_or_else(|| value.clone()),
        _ => value.clone(),
    })
}

fn count(left: &mut usize) -> Result<(), CallError> {
    *left = left
        .checked_sub(1)
        .ok_or_else(|| CallError::new("values are too large to be copied"))?;
    Ok(())
}

/// Whether `sortAlpha` would sort it in place.
fn is_sortable(list: &GoList) -> bool {
    *list.element() == GoType::String && list.named_type().is_none() && !list.is_nil()
}

fn can_change(value: &GoValue) -> bool {
    matches!(value, GoValue::Map(_) | GoValue::List(_))
}

fn copy_map(map: &GoMap, depth: usize, left: &mut usize) -> Result<GoMap, CallError> {
    count(left)?;
    let copied = match map.named_type() {
        Some(named) => GoMap::named(named, map.element().clone()),
        None => GoMap::typed(map.element().clone()),
    };
    for (key, value) in map.entries().iter() {
        copied.insert(key.clone(), copy(value, depth, left)?);
    }
    Ok(copied)
}

fn copy_list(list: &GoList, depth: usize, left: &mut usize) -> Result<GoList, CallError> {
    count(left)?;
    let items: Vec<GoValue> = list
        .iter()
        .map(|item| copy(item, depth, left))
        .collect::<Result<_, _>>()?;
    Ok(match list.named_type() {
        Some(named) => GoList::named(named, list.element().clone(), items),
        None => GoList::typed(list.element().clone(), items),
    })
}
