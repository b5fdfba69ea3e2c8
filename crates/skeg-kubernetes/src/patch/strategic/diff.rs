//! The difference of two maps as a patch.

use serde_json::Value;

use crate::patch::PatchError;
use crate::patch::schema::{Node, Strategy};

use super::lists::diff_lists;
use super::scalar::{kind, sort_by_text, text};
use super::{DELETE_FROM, Object, PATCH, RETAIN_KEYS, SET_ORDER};

/// Which half of a difference is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    /// What is added or changed.
    Changes,
    /// What is deleted.
    Deletions,
}

/// The patch from `original` to `modified`; with `retain_keys` it names all members that stay.
pub(super) fn diff_maps(
    original: &Object,
    modified: &Object,
    node: Node,
    wanted: Wanted,
    retain_keys: bool,
) -> Result<Object, PatchError> {
    let mut patch = Object::new();
    for (name, new) in modified {
        match original.get(name) {
            Some(old) => diff_member(&mut patch, name, (old, new), node, wanted)?,
            None => set(&mut patch, name, new, wanted),
        }
    }
    if wanted == Wanted::Deletions {
        for name in original.keys().filter(|name| !modified.contains_key(*name)) {
            patch.insert(name.clone(), Value::Null);
        }
    }
    if retain_keys {
        add_retained(&mut patch, original, modified);
    }
    Ok(patch)
}

fn set(patch: &mut Object, name: &str, new: &Value, wanted: Wanted) {
    if wanted == Wanted::Changes {
        patch.insert(name.to_owned(), new.clone());
    }
}

fn diff_member(
    patch: &mut Object,
    name: &str,
    (old, new): (&Value, &Value),
    node: Node,
    wanted: Wanted,
) -> Result<(), PatchError> {
    if name == PATCH {
        if !old.is_string() || !new.is_string() {
            return Err(PatchError::Directive(name.to_owned()));
        }
        if old != new {
            patch.insert(name.to_owned(), new.clone());
        }
        return Ok(());
    }
    if kind(old) != kind(new) {
        set(patch, name, new, wanted);
        return Ok(());
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => diff_inner_maps(patch, name, (old, new), node, wanted),
        (Value::Array(old), Value::Array(new)) => diff_inner_lists(patch, name, (old, new), node, wanted),
        _ => {
            if old != new {
                set(patch, name, new, wanted);
            }
            Ok(())
        }
    }
}

fn diff_inner_maps(
    patch: &mut Object,
    name: &str,
    (old, new): (&Object, &Object),
    node: Node,
    wanted: Wanted,
) -> Result<(), PatchError> {
    let field = match node.map(name) {
        Ok(field) => field,
        Err(_) if old == new => return Ok(()),
        Err(error) => return Err(error),
    };
    if field.strategy == Strategy::Replace {
        set(patch, name, &Value::Object(new.clone()), wanted);
        return Ok(());
    }
    let inner = diff_maps(old, new, field.node, wanted, field.retain_keys)?;
    if !inner.is_empty() {
        patch.insert(name.to_owned(), Value::Object(inner));
    }
    Ok(())
}

fn diff_inner_lists(
    patch: &mut Object,
    name: &str,
    (old, new): (&[Value], &[Value]),
    node: Node,
    wanted: Wanted,
) -> Result<(), PatchError> {
    let field = match node.list(name) {
        Ok(field) => field,
        Err(_) if old == new => return Ok(()),
        Err(error) => return Err(error),
    };
    if field.strategy != Strategy::Merge {
        if old != new {
            set(patch, name, &Value::Array(new.to_vec()), wanted);
        }
        return Ok(());
    }
    let difference = diff_lists(old, new, field, wanted)?;
    let parts = [
        (name.to_owned(), difference.patch),
        (format!("{DELETE_FROM}/{name}"), difference.deleted),
        (format!("{SET_ORDER}/{name}"), difference.order),
    ];
    for (name, values) in parts {
        if !values.is_empty() {
            patch.insert(name, Value::Array(values));
        }
    }
    Ok(())
}

/// Names the members that stay, if anything changes or the other side has more.
fn add_retained(patch: &mut Object, original: &Object, modified: &Object) {
    let mut names: Vec<Value> = modified
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, _)| Value::from(name.as_str()))
        .collect();
    let has_more = || {
        let mut there = original.iter().filter(|(_, value)| !value.is_null());
        there.any(|(name, _)| !modified.contains_key(name))
    };
    if !names.is_empty() && (!patch.is_empty() || has_more()) {
        sort_by_text(&mut names, |name| text(Some(name)));
        patch.insert(RETAIN_KEYS.to_owned(), Value::Array(names));
    }
}
