//! Go's maps with strings for keys: shared and mutable.

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::types::{GoType, NamedType};
use super::{GoString, GoValue};

/// A handle of a map; clones are handles of the same map.
///
/// Entries are kept in the bytewise order of their keys, in which `range` and `%v` show them. As in Go, where a
/// conversion between map types does not copy, two handles of one map may be of types with different names.
#[derive(Clone, Debug)]
pub struct GoMap {
    data: Rc<MapData>,
    named: Option<&'static NamedType>,
}

#[derive(Debug)]
struct MapData {
    element: GoType,
    is_nil: bool,
    entries: RefCell<BTreeMap<GoString, GoValue>>,
}

impl GoMap {
    /// An empty map of type `map[string]interface {}`.
    pub fn new() -> Self {
        Self::typed(GoType::Interface)
    }

    /// An empty map whose values are of one type; the caller sees to it that they are.
    pub fn typed(element: GoType) -> Self {
        Self::build(element, None, BTreeMap::new())
    }

    /// An empty map of a type with a name.
    pub fn named(named: &'static NamedType, element: GoType) -> Self {
        Self::build(element, Some(named), BTreeMap::new())
    }

    /// Go's `nil` of a map type: empty, and `null` in JSON and YAML.
    pub fn nil(element: GoType) -> Self {
        let data = MapData {
            element,
            is_nil: true,
            entries: RefCell::default(),
        };
        Self {
            data: Rc::new(data),
            named: None,
        }
    }

    fn build(
        element: GoType,
        named: Option<&'static NamedType>,
        entries: BTreeMap<GoString, GoValue>,
    ) -> Self {
        let data = MapData {
            element,
            is_nil: false,
            entries: RefCell::new(entries),
        };
        Self {
            data: Rc::new(data),
            named,
        }
    }

    /// A handle of the same map that is of another named type, or of none.
    #[must_use]
    pub fn converted(&self, named: Option<&'static NamedType>) -> Self {
        Self {
            data: Rc::clone(&self.data),
            named,
        }
    }

    /// Whether it is Go's `nil` of a map type.
    pub fn is_nil(&self) -> bool {
        self.data.is_nil
    }

    /// The type of the values.
    pub fn element(&self) -> &GoType {
        &self.data.element
    }

    /// The named type, if it is of one.
    pub fn named_type(&self) -> Option<&'static NamedType> {
        self.named
    }

    /// The name of its type as `%T` prints it.
    pub fn type_name(&self) -> String {
        match self.named {
            Some(named) => named.name.to_owned(),
            None => format!("map[string]{}", self.data.element.name()),
        }
    }

    /// The value of `key`.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<GoValue> {
        self.data.entries.borrow().get(key.as_ref()).cloned()
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: impl AsRef<[u8]>) -> bool {
        self.data.entries.borrow().contains_key(key.as_ref())
    }

    /// Sets `key` and returns what it had before.
    pub fn insert(&self, key: impl Into<GoString>, value: impl Into<GoValue>) -> Option<GoValue> {
        self.data.entries.borrow_mut().insert(key.into(), value.into())
    }

    /// Removes `key` and returns what it had.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<GoValue> {
        self.data.entries.borrow_mut().remove(key.as_ref())
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.data.entries.borrow().len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.data.entries.borrow().is_empty()
    }

    /// The entries for reading, sorted by key. While they are held the map must not be changed.
    pub fn entries(&self) -> Ref<'_, BTreeMap<GoString, GoValue>> {
        self.data.entries.borrow()
    }

    /// The entries as they are now, sorted by key; later changes do not show.
    pub fn snapshot(&self) -> Vec<(GoString, GoValue)> {
        let entries = self.data.entries.borrow();
        entries
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// The keys as they are now, sorted.
    pub fn keys(&self) -> Vec<GoString> {
        self.data.entries.borrow().keys().cloned().collect()
    }

    /// What tells this map from all others while it lives.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.data).addr()
    }

    /// Whether both are handles of the same map.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.data, &other.data)
    }
}

impl Default for GoMap {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Into<GoString>, V: Into<GoValue>> FromIterator<(K, V)> for GoMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        Self::build(GoType::Interface, None, entries)
    }
}
