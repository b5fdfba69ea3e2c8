//! The difference of two lists that are merged, and the order of lists.

use std::cmp::Ordering;

use serde_json::Value;

use crate::patch::PatchError;
use crate::patch::schema::Field;

use super::diff::{Wanted, diff_maps};
use super::scalar::{Kind, deduplicate, element_kind, sort_by_text, text};
use super::{Object, PATCH};

/// What takes one list to another.
#[derive(Debug, Default)]
pub(super) struct ListDiff {
    /// Elements to add or to change; of maps also those to delete.
    pub(super) patch: Vec<Value>,
    /// Scalars to delete.
    pub(super) deleted: Vec<Value>,
    /// The order afterwards.
    pub(super) order: Vec<Value>,
}

pub(super) fn diff_lists(
    original: &[Value],
    modified: &[Value],
    field: Field<'_>,
    wanted: Wanted,
) -> Result<ListDiff, PatchError> {
    if original.is_empty() {
        let patch = match wanted {
            Wanted::Changes => modified.to_vec(),
            Wanted::Deletions => Vec::new(),
        };
        return Ok(ListDiff {
            patch,
            ..ListDiff::default()
        });
    }
    if element_kind(original, modified)? == Kind::Map {
        return diff_maps_in_lists(original, modified, field, wanted);
    }
    Ok(diff_scalars(original, modified, wanted))
}

fn diff_maps_in_lists(
    original: &[Value],
    modified: &[Value],
    field: Field<'_>,
    wanted: Wanted,
) -> Result<ListDiff, PatchError> {
    let key = field.merge_key;
    let (mut patch, deletions) = diff_by_key(original, modified, field, wanted)?;
    keyed(modified, key)?;
    patch.sort_by_key(|element| position(modified, element, key));
    let is_order_same = original.len() == modified.len()
        && original
            .iter()
            .zip(modified)
            .all(|(old, new)| old.get(key) == new.get(key));
    patch.extend(deletions);
    let is_changed = !patch.is_empty() || (wanted == Wanted::Changes && !is_order_same);
    let only_key =
        |element: &Value| Value::Object(Object::from_iter([(key.to_owned(), element[key].clone())]));
    let order = if is_changed {
        modified.iter().map(only_key).collect()
    } else {
        Vec::new()
    };
    Ok(ListDiff {
        patch,
        deleted: Vec::new(),
        order,
    })
}

/// Elements to add or to change, and those to delete, each sorted by key.
fn diff_by_key(
    original: &[Value],
    modified: &[Value],
    field: Field<'_>,
    wanted: Wanted,
) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    let key = field.merge_key;
    let (original, modified) = (sorted(original, key), sorted(modified, key));
    let (old, new) = (keyed(&original, key)?, keyed(&modified, key)?);
    let (mut patch, mut deletions) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return Ok((patch, deletions)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((_, old)), Some((_, new))) => text(Some(old)).cmp(&text(Some(new))),
        };
        let gone = if order.is_le() { old.next() } else { None };
        let come = if order.is_ge() { new.next() } else { None };
        match (gone, come) {
            (Some((gone, _)), Some((come, value))) => {
                let mut inner = diff_maps(gone, come, field.node, wanted, field.retain_keys)?;
                if !inner.is_empty() {
                    inner.insert(key.to_owned(), value.clone());
                    patch.push(Value::Object(inner));
                }
            }
            (Some((_, value)), None) if wanted == Wanted::Deletions => deletions.push(deletion(key, value)),
            (None, Some((come, _))) if wanted == Wanted::Changes => patch.push(Value::Object(come.clone())),
            _ => {}
        }
    }
}

fn sorted(elements: &[Value], key: &str) -> Vec<Value> {
    let mut elements = elements.to_vec();
    sort_by_text(&mut elements, |element| text(element.get(key)));
    elements
}

/// All elements with the values of their keys.
pub(super) fn keyed<'a>(
    elements: &'a [Value],
    key: &str,
) -> Result<Vec<(&'a Object, &'a Value)>, PatchError> {
    elements
        .iter()
        .map(|element| {
            let map = element.as_object().ok_or(PatchError::NotAMap("a list element"))?;
            let value = map
                .get(key)
                .ok_or_else(|| PatchError::NoMergeKey(key.to_owned()))?;
            Ok((map, value))
        })
        .collect()
}

fn deletion(key: &str, value: &Value) -> Value {
    let members = [
        (key.to_owned(), value.clone()),
        (PATCH.to_owned(), Value::from("delete")),
    ];
    Value::Object(Object::from_iter(members))
}

fn diff_scalars(original: &[Value], modified: &[Value], wanted: Wanted) -> ListDiff {
    let as_text = |value: &Value| text(Some(value));
    let (mut old, mut new) = (original.to_vec(), modified.to_vec());
    sort_by_text(&mut old, as_text);
    sort_by_text(&mut new, as_text);
    // Go compares with the sorted list too, since it has sorted in place.
    let is_changed = old != modified;
    let (mut patch, mut deleted) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => as_text(old).cmp(&as_text(new)),
        };
        let gone = if order.is_le() { old.next() } else { None };
        let come = if order.is_ge() { new.next() } else { None };
        match (gone, come) {
            (Some(gone), None) if wanted == Wanted::Deletions => deleted.push(gone),
            (None, Some(come)) if wanted == Wanted::Changes => patch.push(come),
            _ => {}
        }
    }
    deduplicate(&mut deleted);
    patch.sort_by_key(|value| modified.iter().position(|other| other == value));
    let sets_order = match wanted {
        Wanted::Changes => is_changed,
        Wanted::Deletions => !deleted.is_empty(),
    };
    let order = if sets_order { modified.to_vec() } else { Vec::new() };
    ListDiff {
        patch,
        deleted,
        order,
    }
}

/// Where the first element with the key of this one, or equal to it if there is no key, stands in a list.
pub(super) fn position(list: &[Value], element: &Value, key: &str) -> Option<usize> {
    if key.is_empty() {
        return list.iter().position(|other| other == element);
    }
    list.iter().position(|other| other.get(key) == element.get(key))
}
