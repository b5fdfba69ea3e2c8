//! Two patches as one: what is deleted first, then what is changed.

use serde_json::Value;

use crate::patch::PatchError;
use crate::patch::schema::{Field, Node, Strategy};

use super::lists::{keyed, position};
use super::scalar::{Kind, deduplicate, element_kind, kind};
use super::{DELETE_FROM, Object, PATCH, RETAIN_KEYS, SET_ORDER};

/// Merges `patch` into `original`, a patch too.
pub(super) fn merge_maps(mut original: Object, mut patch: Object, node: Node) -> Result<Object, PatchError> {
    if let Some(directive) = patch.shift_remove(PATCH) {
        return match directive.as_str() {
            Some("replace") => Ok(patch),
            Some("delete") => Ok(Object::new()),
            _ => Err(PatchError::Directive(PATCH.to_owned())),
        };
    }
    move_directive(&mut original, &mut patch, RETAIN_KEYS)?;
    merge_ordered_lists(&mut original, &mut patch, node)?;
    for (name, new) in patch {
        let merged = match original.shift_remove(&name) {
            _ if name.starts_with(DELETE_FROM) => Some(new),
            Some(old) if !new.is_null() && kind(&old) == kind(&new) => merge_member(&name, old, new, node)?,
            _ => without_directives(new),
        };
        if let Some(merged) = merged {
            original.insert(name, merged);
        }
    }
    Ok(original)
}

/// A directive of one patch is one of both; if both have it, it has to be the same.
fn move_directive(original: &mut Object, patch: &mut Object, name: &str) -> Result<(), PatchError> {
    let Some(directive) = patch.shift_remove(name) else {
        return Ok(());
    };
    match original.get(name) {
        Some(there) if *there == directive => Ok(()),
        Some(_) => Err(PatchError::Directive(name.to_owned())),
        None => {
            original.insert(name.to_owned(), directive);
            Ok(())
        }
    }
}

fn merge_member(name: &str, old: Value, new: Value, node: Node) -> Result<Option<Value>, PatchError> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let field = node.map(name)?;
            if field.strategy == Strategy::Replace {
                return Ok(Some(Value::Object(new)));
            }
            merge_maps(old, new, field.node).map(|merged| Some(Value::Object(merged)))
        }
        (Value::Array(old), Value::Array(new)) => {
            let merged = merge_lists(old, new, node.list(name)?)?;
            Ok(Some(Value::Array(merged)))
        }
        (_, new) => Ok(without_directives(new)),
    }
}

/// Takes the lists whose order is set out of `patch`, with the order.
fn merge_ordered_lists(original: &mut Object, patch: &mut Object, node: Node) -> Result<(), PatchError> {
    let is_order = |name: &&String| name.starts_with(SET_ORDER);
    let directives: Vec<String> = patch.keys().filter(is_order).cloned().collect();
    for directive in directives {
        let invalid = || PatchError::Directive(directive.clone());
        let order = patch.get(&directive).and_then(Value::as_array).cloned();
        let order = order.ok_or_else(invalid)?;
        move_directive(original, patch, &directive)?;
        let name = directive
            .strip_prefix(SET_ORDER)
            .and_then(|rest| rest.strip_prefix('/'))
            .ok_or_else(invalid)?;
        let field = node.list(name)?;
        let old = take_list(original, name)?;
        let new = take_list(patch, name)?;
        check_order(
            new.as_deref().unwrap_or_default(),
            &order,
            field.merge_key,
            &directive,
        )?;
        if old.is_none() && new.is_none() {
            continue;
        }
        let ordered = merge_ordered(old, new, &order, field)?;
        original.insert(name.to_owned(), Value::Array(ordered));
    }
    Ok(())
}

fn take_list(map: &mut Object, name: &str) -> Result<Option<Vec<Value>>, PatchError> {
    match map.shift_remove(name) {
        None => Ok(None),
        Some(Value::Array(list)) => Ok(Some(list)),
        Some(_) => Err(PatchError::WrongType(name.to_owned())),
    }
}

/// The elements of a patch have to stand in the order, in that order.
fn check_order(patch: &[Value], order: &[Value], key: &str, directive: &str) -> Result<(), PatchError> {
    if order.is_empty() {
        return Ok(());
    }
    if !key.is_empty() {
        keyed(order, key)?;
    }
    let mut rest = order.iter();
    for element in patch.iter().filter(|element| element.get(PATCH).is_none()) {
        let is_same = |other: &Value| match key {
            "" => other == element,
            key => other.get(key) == element.get(key),
        };
        if !rest.any(is_same) {
            return Err(PatchError::Directive(directive.to_owned()));
        }
    }
    Ok(())
}

fn merge_ordered(
    old: Option<Vec<Value>>,
    new: Option<Vec<Value>>,
    order: &[Value],
    field: Field<'_>,
) -> Result<Vec<Value>, PatchError> {
    let old_order = old.clone().unwrap_or_default();
    let of = element_kind(&old_order, new.as_deref().unwrap_or_default())?;
    let merged = match (old, new) {
        (Some(old), Some(new)) => merge_lists(old, new, field)?,
        (Some(old), None) => old,
        (None, new) => new.into_iter().flatten().filter_map(without_directives).collect(),
    };
    arrange(merged, order, &old_order, (field.merge_key, of))
}

fn merge_lists(old: Vec<Value>, new: Vec<Value>, field: Field<'_>) -> Result<Vec<Value>, PatchError> {
    if field.strategy != Strategy::Merge {
        return Ok(new);
    }
    if old.is_empty() && new.is_empty() {
        return Ok(old);
    }
    let key = field.merge_key;
    let of = element_kind(&old, &new)?;
    if of != Kind::Map {
        let mut both = old.clone();
        both.extend(new.iter().cloned());
        deduplicate(&mut both);
        return arrange(both, &new, &old, (key, of));
    }
    if key.is_empty() {
        return Err(PatchError::NoMergeKey(key.to_owned()));
    }
    let (old, new) = apply_special(old, new, key)?;
    let mut merged = old.clone();
    for element in new.clone() {
        merge_element(&mut merged, element, field)?;
    }
    arrange(merged, &new, &old, (key, of))
}

/// Carries out the elements of `new` with a directive, and drops them.
fn apply_special(
    mut old: Vec<Value>,
    mut new: Vec<Value>,
    key: &str,
) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    let mut replaces = false;
    for element in &new {
        match element
            .get(PATCH)
            .map(|directive| directive.as_str().unwrap_or_default())
        {
            None => {}
            Some("replace") => replaces = true,
            Some("delete") => {
                let value = element.get(key);
                if value.is_none() {
                    return Err(PatchError::NoMergeKey(key.to_owned()));
                }
                old.retain(|other| other.get(key) != value);
            }
            Some(_) => return Err(PatchError::Directive(PATCH.to_owned())),
        }
    }
    new.retain(|element| element.get(PATCH).is_none());
    Ok(if replaces { (new, Vec::new()) } else { (old, new) })
}

fn merge_element(merged: &mut Vec<Value>, element: Value, field: Field<'_>) -> Result<(), PatchError> {
    let key = field.merge_key;
    let Value::Object(element) = element else {
        return Err(PatchError::NotAMap("a list element"));
    };
    let value = element
        .get(key)
        .ok_or_else(|| PatchError::NoMergeKey(key.to_owned()))?;
    let there = merged.iter_mut().find(|other| other.get(key) == Some(value));
    match there {
        Some(there) => {
            let old = there.as_object_mut().map(std::mem::take).unwrap_or_default();
            *there = Value::Object(merge_maps(old, element, field.node)?);
        }
        None => merged.push(Value::Object(element)),
    }
    Ok(())
}

/// Puts the elements that `order` names in that order, and the others among them as in `old`.
fn arrange(
    merged: Vec<Value>,
    order: &[Value],
    old: &[Value],
    (key, of): (&str, Kind),
) -> Result<Vec<Value>, PatchError> {
    if of == Kind::Map {
        for list in [merged.as_slice(), order, old] {
            keyed(list, key)?;
        }
    }
    let (named, others): (Vec<Value>, Vec<Value>) = merged
        .into_iter()
        .partition(|element| position(order, element, key).is_some());
    let named = arrange_by(named, order, key);
    let others = arrange_by(others, old, key);
    Ok(interleave(others, named, old, key))
}

/// Sorts by a list; what is to be deleted goes to the end.
fn arrange_by(elements: Vec<Value>, order: &[Value], key: &str) -> Vec<Value> {
    let is_deletion = |element: &Value| element.get(PATCH).is_some_and(|directive| directive == "delete");
    let (deletions, mut elements): (Vec<Value>, Vec<Value>) = elements.into_iter().partition(is_deletion);
    elements.sort_by_key(|element| position(order, element, key));
    elements.extend(deletions);
    elements
}

/// Both lists in one. An element of `left` comes first if `order` says so; otherwise that of `right`.
fn interleave(left: Vec<Value>, right: Vec<Value>, order: &[Value], key: &str) -> Vec<Value> {
    let mut all = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        let takes_left = match (left.peek(), right.peek()) {
            (None, None) => return all,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(one), Some(other)) => match (position(order, one, key), position(order, other, key)) {
                (Some(one), Some(other)) => one < other,
                _ => false,
            },
        };
        all.extend(if takes_left { left.next() } else { right.next() });
    }
}

/// A value without the maps that are directives; none if it is one itself.
fn without_directives(value: Value) -> Option<Value> {
    match value {
        Value::Object(map) if map.contains_key(PATCH) => None,
        Value::Object(map) => {
            let members = map.into_iter();
            let kept = members.filter_map(|(name, value)| Some((name, without_directives(value)?)));
            Some(Value::Object(kept.collect()))
        }
        Value::Array(items) => Some(items.into_iter().filter_map(without_directives).collect()),
        other => Some(other),
    }
}
