//! Merging dictionaries with the rules of mergo 1.0.1, as `merge` and `mergeOverwrite` set it up.
//!
//! The target changes in place. Maps of a source get linked into it where it has nothing, so later merges
//! change the source as well.

use skeg_go::{CallError, GoMap, GoType, GoValue, Kind};

use crate::arguments::{from, map};

/// As deep as dictionaries may be nested; those that contain themselves are deeper.
const DEPTH: usize = 1000;

/// Which of two values wins where both dictionaries have a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Winner {
    /// The one of the target, unless it is empty.
    Target,
    /// The one of the source.
    Source,
}

/// How merging fails.
enum Failure {
    /// With an error, which `merge` turns into an empty text.
    Error(CallError),
    /// With a panic.
    Panic(CallError),
}

/// `merge TARGET SOURCE…`
pub(super) fn merge(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    quietly(merge_all(arguments, Winner::Target))
}

/// `mergeOverwrite TARGET SOURCE…`
pub(super) fn merge_overwrite(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    quietly(merge_all(arguments, Winner::Source))
}

/// `mustMerge TARGET SOURCE…`
pub(super) fn must_merge(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    loudly(merge_all(arguments, Winner::Target))
}

/// `mustMergeOverwrite TARGET SOURCE…`
pub(super) fn must_merge_overwrite(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    loudly(merge_all(arguments, Winner::Source))
}

fn quietly(merged: Result<GoValue, Failure>) -> Result<GoValue, CallError> {
    match merged {
        Ok(value) => Ok(value),
        Err(Failure::Error(_)) => Ok(GoValue::from("")),
        Err(Failure::Panic(error)) => Err(error),
    }
}

fn loudly(merged: Result<GoValue, Failure>) -> Result<GoValue, CallError> {
    merged.map_err(|failure| match failure {
        Failure::Error(error) | Failure::Panic(error) => error,
    })
}

fn merge_all(arguments: &[GoValue], winner: Winner) -> Result<GoValue, Failure> {
    let sources = || from(arguments, 1).iter().filter_map(GoValue::as_map);
    let target = match map(arguments, 0) {
        Some(target) => target.converted(None),
        None if sources().all(GoMap::is_nil) => GoMap::nil(GoType::Interface),
        None => GoMap::new(),
    };
    for source in sources() {
        merge_map(&target, source, winner, DEPTH)?;
    }
    Ok(GoValue::Map(target))
}

fn merge_map(target: &GoMap, source: &GoMap, winner: Winner, depth: usize) -> Result<(), Failure> {
    let Some(depth) = depth.checked_sub(1) else {
        let error = CallError::new("dictionaries are nested too deeply to be merged");
        return Err(Failure::Panic(error));
    };
    for key in source.keys() {
        let Some(value) = source.get(&key) else {
            continue;
        };
        let old = target.get(&key);
        if merge_value(old.as_ref(), &value, winner, depth)? {
            check_types(target, source, old.as_ref(), &value)?;
            target.insert(key, value);
        }
    }
    Ok(())
}

/// Merges what can be merged in place, and says whether the value of the source is to be put in.
fn merge_value(
    old: Option<&GoValue>,
    value: &GoValue,
    winner: Winner,
    depth: usize,
) -> Result<bool, Failure> {
    if value.is_nil() {
        return Ok(winner == Winner::Source);
    }
    if let (Some(GoValue::Map(old)), GoValue::Map(value)) = (old, value) {
        if !old.is_nil() {
            merge_map(old, value, winner, depth)?;
        }
        return Ok(old.is_empty());
    }
    if winner == Winner::Target
        && matches!(old, Some(old) if old.kind() == Kind::Pointer)
        && matches!(value.kind(), Kind::Map | Kind::Struct)
    {
        return Err(Failure::Error(CallError::new("src and dst must be of same type")));
    }
    Ok(winner == Winner::Source || !old.is_some_and(GoValue::is_true))
}

/// A map of a type like `map[string]string` takes no values of another type, not even texts out of a
/// `map[string]interface {}`.
fn check_types(
    target: &GoMap,
    source: &GoMap,
    old: Option<&GoValue>,
    value: &GoValue,
) -> Result<(), Failure> {
    let (to, from) = (target.element(), source.element());
    if *to == GoType::Interface || to == from {
        return Ok(());
    }
    let message = match (value, old) {
        (GoValue::List(_), Some(old)) => {
            format!(
                "reflect: call of reflect.Value.IsNil on {} Value",
                old.kind().name()
            )
        }
        (GoValue::List(_), None) => not_assignable(&value.type_name(), to),
        _ => not_assignable(&from.name(), to),
    };
    Err(Failure::Panic(CallError::new(message)))
}

fn not_assignable(from: &str, to: &GoType) -> String {
    let to = to.name();
    format!("reflect.Value.SetMapIndex: value of type {from} is not assignable to type {to}")
}
