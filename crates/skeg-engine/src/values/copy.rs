//! Deep copies.

use skeg_go::{GoList, GoMap, GoValue};

/// A value that shares no map with `value`. What cannot change is shared.
pub(crate) fn deep_copy(value: &GoValue) -> GoValue {
    match value {
        GoValue::Map(map) => GoValue::Map(copy_map(map)),
        GoValue::List(list) => GoValue::List(copy_list(list)),
        other => other.clone(),
    }
}

/// As [`deep_copy`], of a map.
pub(crate) fn copy_map(map: &GoMap) -> GoMap {
    if *map.element() != skeg_go::GoType::Interface {
        return map.clone();
    }
    let entries = map.entries();
    let copy: GoMap = entries
        .iter()
        .map(|(key, value)| (key.clone(), deep_copy(value)))
        .collect();
    copy.converted(map.named_type())
}

/// As [`copy_map`], without the entries that are `nil`, at any depth.
pub(crate) fn copy_map_without_nil(map: &GoMap) -> GoMap {
    let entries = map.entries();
    let entries = entries.iter().filter(|(_, value)| !value.is_nil());
    entries
        .map(|(key, value)| (key.clone(), copy_without_nil(value)))
        .collect()
}

/// As [`deep_copy`], without the entries of maps that are `nil`; lists keep theirs.
pub(crate) fn copy_without_nil(value: &GoValue) -> GoValue {
    match value {
        GoValue::Map(map) => GoValue::Map(copy_map_without_nil(map)),
        other => deep_copy(other),
    }
}

/// A copy one level deep.
pub(crate) fn shallow_copy(map: &GoMap) -> GoMap {
    map.snapshot().into_iter().collect()
}

fn copy_list(list: &GoList) -> GoList {
    if *list.element() != skeg_go::GoType::Interface || !list.iter().any(holds_map) {
        return list.clone();
    }
    GoList::new(list.iter().map(deep_copy).collect())
}

fn holds_map(value: &GoValue) -> bool {
    match value {
        GoValue::Map(_) => true,
        GoValue::List(list) => list.iter().any(holds_map),
        _ => false,
    }
}
