//! Sets of fields, as trees of path elements.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::managed_fields::ManagedFieldsError;
use crate::managed_fields::element::Element;

/// A set of fields of an object or of a part of it.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldSet(BTreeMap<Element, Node>);

/// What of a field is in the set.
#[derive(Clone, Debug, Default)]
struct Node {
    /// The field itself.
    is_member: bool,
    /// Fields in it.
    children: FieldSet,
}

impl FieldSet {
    /// Reads `fieldsV1`.
    pub(super) fn parse(fields: &Value) -> Result<Self, ManagedFieldsError> {
        read(fields).map(|node| node.children)
    }

    /// Adds all fields of another set.
    pub(super) fn unite(&mut self, other: Self) {
        for (element, node) in other.0 {
            let own = self.0.entry(element).or_default();
            own.is_member |= node.is_member;
            own.children.unite(node.children);
        }
    }

    /// Writes `fieldsV1`.
    pub(super) fn to_value(&self) -> Value {
        Value::Object(self.members(false))
    }

    fn members(&self, is_member: bool) -> Map<String, Value> {
        let mut members = Map::new();
        if is_member && !self.0.is_empty() {
            members.insert(".".to_owned(), Value::Object(Map::new()));
        }
        for (element, node) in &self.0 {
            members.insert(
                element.text(),
                Value::Object(node.children.members(node.is_member)),
            );
        }
        members
    }
}

/// Reads a part; without anything in it, it is a member itself.
fn read(fields: &Value) -> Result<Node, ManagedFieldsError> {
    let mut node = Node::default();
    let members = match fields {
        Value::Object(members) => Some(members),
        Value::Null => None,
        _ => return Err(ManagedFieldsError("expect a map of fields".to_owned())),
    };
    for (name, inner) in members.into_iter().flatten() {
        if name == "." {
            node.is_member = true;
        } else if let Some(element) = Element::parse(name)? {
            node.children.0.insert(element, read(inner)?);
        }
    }
    node.is_member |= node.children.0.is_empty();
    Ok(node)
}
