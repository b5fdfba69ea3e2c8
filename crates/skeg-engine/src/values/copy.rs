//! Copies of the default values of charts and of the values of users, which do not change.

use skeg_go::{GoMap, GoType, GoValue};

/// A value that shares no map with `value`. What cannot change is shared.
pub(crate) fn copy(value: &GoValue) -> GoValue {
    match value {
        GoValue::Map(map) => GoValue::Map(map.frozen_copy()),
        GoValue::List(_) => copy_list(value),
        other => other.clone(),
    }
}

/// A list may hold maps, which a map with it for an entry knows how to copy.
fn copy_list(list: &GoValue) -> GoValue {
    let holder: GoMap = [("", list.clone())].into_iter().collect();
    holder.frozen_copy().get("").unwrap_or_default()
}

/// As [`copy`], without the entries of maps that are `nil`; lists keep theirs.
pub(crate) fn copy_without_nil(value: &GoValue) -> GoValue {
    let GoValue::Map(map) = value else {
        return copy(value);
    };
    let entries = map.entries();
    let entries = entries.iter().filter(|(_, value)| !value.is_nil());
    let copy: GoMap = entries
        .map(|(key, value)| (key.clone(), copy_without_nil(value)))
        .collect();
    copy.into()
}

/// A copy that is made at once, for maps that change later.
pub(crate) fn copy_now(map: &GoMap) -> GoMap {
    let copy = map.frozen_copy();
    look_at_all(&GoValue::Map(copy.clone()));
    copy
}

fn look_at_all(value: &GoValue) {
    match value {
        GoValue::Map(map) => map.entries().values().for_each(look_at_all),
        GoValue::List(list) if *list.element() == GoType::Interface => list.iter().for_each(look_at_all),
        _ => {}
    }
}
