//! Dictionaries: `dict`, `set`, `merge` and their kin.
//!
//! Maps are shared: `set`, `unset` and the merges change the map that they get.

mod copy;
mod dig;
mod merge;

use skeg_go::{CallError, GoFunction, GoMap, GoString, GoType, GoValue, Parameter};

use crate::arguments::{any, bytes, from, list, map, string};
use crate::text::text;

use Parameter::{Any, Map, String};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("deepCopy", &[Any], copy::deep_copy_or_panic),
    GoFunction::variadic("dict", &[], Any, dict),
    GoFunction::variadic("dig", &[], Any, dig::dig),
    GoFunction::fixed("get", &[Map, String], get),
    GoFunction::fixed("hasKey", &[Map, String], has_key),
    GoFunction::variadic("keys", &[], Map, keys),
    GoFunction::variadic("merge", &[Map], Map, merge::merge),
    GoFunction::variadic("mergeOverwrite", &[Map], Map, merge::merge_overwrite),
    GoFunction::fixed("mustDeepCopy", &[Any], copy::deep_copy),
    GoFunction::variadic("mustMerge", &[Map], Map, merge::must_merge),
    GoFunction::variadic("mustMergeOverwrite", &[Map], Map, merge::must_merge_overwrite),
    GoFunction::variadic("omit", &[Map], String, omit),
    GoFunction::variadic("pick", &[Map], String, pick),
    GoFunction::variadic("pluck", &[String], Map, pluck),
    GoFunction::fixed("set", &[Map, String, Any], set),
    GoFunction::fixed("unset", &[Map, String], unset),
    GoFunction::fixed("values", &[Map], values),
];

/// `dict KEY VALUE…`: a key without a value gets the empty text.
fn dict(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let pairs = arguments.chunks(2);
    let map: GoMap = pairs
        .map(|pair| {
            let value = pair.get(1).cloned().unwrap_or_else(empty_text);
            (text(any(pair, 0)), value)
        })
        .collect();
    Ok(GoValue::Map(map))
}

fn empty_text() -> GoValue {
    GoValue::String(GoString::default())
}

/// `get DICT KEY`: the empty text if there is no such key.
fn get(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let value = map(arguments, 0).and_then(|map| map.get(bytes(arguments, 1)));
    Ok(value.unwrap_or_else(empty_text))
}

/// `set DICT KEY VALUE`
fn set(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let Some(map) = map(arguments, 0) else {
        return Err(CallError::new("assignment to entry in nil map"));
    };
    map.insert(string(arguments, 1), any(arguments, 2).clone());
    Ok(returned(map))
}

/// `unset DICT KEY`
fn unset(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let Some(map) = map(arguments, 0) else {
        return Ok(GoValue::Map(GoMap::nil(GoType::Interface)));
    };
    map.remove(bytes(arguments, 1));
    Ok(returned(map))
}

/// The same map as the type that the functions have: maps of named types become plain ones on the way.
fn returned(map: &GoMap) -> GoValue {
    GoValue::Map(map.converted(None))
}

/// `hasKey DICT KEY`
fn has_key(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let has_key = map(arguments, 0).is_some_and(|map| map.contains_key(bytes(arguments, 1)));
    Ok(GoValue::Bool(has_key))
}

/// `pluck KEY DICT…`: the values of a key in several dictionaries.
fn pluck(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let key = bytes(arguments, 0);
    let maps = from(arguments, 1).iter().filter_map(GoValue::as_map);
    Ok(list(maps.filter_map(|map| map.get(key)).collect()))
}

/// `keys DICT…`: of each dictionary in order, though Go promises none.
fn keys(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let maps = arguments.iter().filter_map(GoValue::as_map);
    Ok(GoValue::strings(maps.flat_map(GoMap::keys)))
}

/// `values DICT`: in the order of the keys, though Go promises none.
fn values(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let values = map(arguments, 0).map(|map| map.entries().values().cloned().collect());
    Ok(list(values.unwrap_or_default()))
}

/// `pick DICT KEY…`: a new dictionary with these keys.
fn pick(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let picked = GoMap::new();
    if let Some(map) = map(arguments, 0) {
        for key in from(arguments, 1).iter().filter_map(GoValue::as_string) {
            if let Some(value) = map.get(key) {
                picked.insert(key.clone(), value);
            }
        }
    }
    Ok(GoValue::Map(picked))
}

/// `omit DICT KEY…`: a new dictionary without these keys.
fn omit(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let Some(map) = map(arguments, 0) else {
        return Ok(GoValue::Map(GoMap::new()));
    };
    let kept: GoMap = map
        .entries()
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    for key in from(arguments, 1).iter().filter_map(GoValue::as_string) {
        kept.remove(key);
    }
    Ok(GoValue::Map(kept))
}
