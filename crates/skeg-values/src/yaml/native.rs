//! Values as go-yaml v2 decodes them into `any`, for the messages that print one with `%#v`.
//!
//! They differ from what becomes of them in that keys are of any kind.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;

use skeg_go::number::format_f64;
use skeg_go::quote::quote_bytes;

use super::decode::{Duplicates, is_merge, resolve_node};
use super::node::{Document, NodeId, NodeKind};
use super::resolve::Scalar;

/// What go-yaml decodes a node into.
#[derive(Debug)]
pub(super) enum Native {
    // In the order in which Go prints keys of several kinds.
    Nil,
    Text(Vec<u8>),
    UInt(u64),
    Int(i64),
    Float(f64),
    Bool(bool),
    List(Vec<Native>),
    Map(Vec<(Native, Native)>),
}

impl Native {
    /// What a node is that was decoded without a mistake.
    pub(super) fn of(document: &Document<'_>, id: NodeId, duplicates: Duplicates) -> Self {
        let node = document.node(id);
        match &node.kind {
            NodeKind::Alias { target, .. } => Self::of(document, *target, duplicates),
            NodeKind::Scalar { value, implicit } => match resolve_node(node, value, *implicit) {
                Ok(scalar) => Self::scalar(scalar, value),
                Err(_) => Self::Nil,
            },
            NodeKind::Sequence(children) => {
                let items = document.children(*children);
                Self::List(items.map(|item| Self::of(document, item, duplicates)).collect())
            }
            NodeKind::Mapping(_) => {
                let mut entries = Entries::default();
                entries.add_all(document, id, duplicates);
                Self::Map(entries.entries)
            }
        }
    }

    fn scalar(scalar: Scalar, text: &str) -> Self {
        match scalar {
            Scalar::Null => Self::Nil,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Int(value) => Self::Int(value),
            Scalar::UInt(value) => Self::UInt(value),
            Scalar::Float(value) => Self::Float(value),
            Scalar::Text | Scalar::Timestamp => Self::Text(text.into()),
            Scalar::Binary(bytes) => Self::Text(bytes),
        }
    }

    /// A text that only equal keys have in common; none for NaN, which equals nothing.
    pub(super) fn identity(&self) -> Option<String> {
        match self {
            Self::Float(value) if value.is_nan() => None,
            // Zero has two signs.
            Self::Float(value) => Some(format!("float {}", value + 0.0)),
            other => Some(other.to_string()),
        }
    }

    /// The first key that JSON does not have, and its value.
    pub(super) fn find_unsupported_key(&self) -> Option<(&Self, &Self)> {
        match self {
            Self::List(items) => items.iter().find_map(Self::find_unsupported_key),
            Self::Map(entries) => entries.iter().find_map(|(key, value)| match key {
                Self::Nil | Self::UInt(_) => Some((key, value)),
                _ => value.find_unsupported_key(),
            }),
            _ => None,
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::UInt(left), Self::UInt(right)) => left.cmp(right),
            (Self::Int(left), Self::Int(right)) => left.cmp(right),
            (Self::Float(left), Self::Float(right)) => {
                let order = right.is_nan().cmp(&left.is_nan());
                left.partial_cmp(right).unwrap_or(order)
            }
            (Self::Bool(left), Self::Bool(right)) => left.cmp(right),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Nil => 0,
            Self::Text(_) => 1,
            Self::UInt(_) => 2,
            Self::Int(_) => 3,
            Self::Float(_) => 4,
            Self::Bool(_) => 5,
            Self::List(_) => 6,
            Self::Map(_) => 7,
        }
    }

    fn fmt_element(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("interface {}(nil)"),
            other => write!(f, "{other}"),
        }
    }
}

/// The entries of a mapping so far.
#[derive(Default)]
struct Entries {
    entries: Vec<(Native, Native)>,
    /// Where the keys are, by their identities.
    known: HashMap<String, usize>,
}

impl Entries {
    /// Adds the entries of a mapping, or of all that are to be merged.
    fn add_all(&mut self, document: &Document<'_>, id: NodeId, duplicates: Duplicates) {
        match &document.node(id).kind {
            NodeKind::Alias { target, .. } => self.add_all(document, *target, duplicates),
            NodeKind::Sequence(children) => {
                // Of several mappings to merge, the first wins.
                let children: Vec<NodeId> = document.children(*children).collect();
                for child in children.into_iter().rev() {
                    self.add_all(document, child, duplicates);
                }
            }
            NodeKind::Mapping(children) => {
                let mut children = document.children(*children);
                while let (Some(key), Some(value)) = (children.next(), children.next()) {
                    if is_merge(document.node(key)) {
                        self.add_all(document, value, duplicates);
                    } else {
                        let key = Native::of(document, key, duplicates);
                        self.add(key, Native::of(document, value, duplicates), duplicates);
                    }
                }
            }
            NodeKind::Scalar { .. } => {}
        }
    }

    fn add(&mut self, key: Native, value: Native, duplicates: Duplicates) {
        let next = self.entries.len();
        let known = key
            .identity()
            .map(|identity| *self.known.entry(identity).or_insert(next));
        match known {
            Some(at) if at < next => {
                if duplicates == Duplicates::LastWins {
                    self.entries[at] = (key, value);
                }
            }
            _ => self.entries.push((key, value)),
        }
    }
}

/// As `%#v`.
impl fmt::Display for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("<nil>"),
            Self::Text(text) => f.write_str(&quote_bytes(text)),
            Self::UInt(value) => write!(f, "{value:#x}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => f.write_str(&format_f64(*value)),
            Self::Bool(value) => write!(f, "{value}"),
            Self::List(items) => {
                f.write_str("[]interface {}{")?;
                for (at, item) in items.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    item.fmt_element(f)?;
                }
                f.write_str("}")
            }
            Self::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by(|(left, _), (right, _)| left.order(right));
                f.write_str("map[interface {}]interface {}{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    key.fmt_element(f)?;
                    f.write_str(":")?;
                    value.fmt_element(f)?;
                }
                f.write_str("}")
            }
        }
    }
}
