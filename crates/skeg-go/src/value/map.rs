//! Go's maps with strings for keys: shared and mutable.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::GoList;
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
    /// The map that this is a copy of, until somebody asks for entries.
    source: RefCell<Option<GoMap>>,
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
            source: RefCell::default(),
            entries: RefCell::default(),
        };
        Self {
            data: Rc::new(data),
            named: None,
        }
    }

    /// A copy that shares no map with this one, at any depth. It is made piece by piece when somebody asks for
    /// the pieces, so neither this map nor any map inside it may change from now on.
    #[must_use]
    pub fn frozen_copy(&self) -> Self {
        let source = self.data.source.borrow().clone();
        let data = MapData {
            element: self.data.element.clone(),
            is_nil: self.data.is_nil,
            source: RefCell::new(Some(source.unwrap_or_else(|| self.clone()))),
            entries: RefCell::default(),
        };
        Self {
            data: Rc::new(data),
            named: self.named,
        }
    }

    /// Whether this is a copy of `other`, or of what that is a copy of, in which nobody has looked at anything.
    pub fn is_untouched_copy_of(&self, other: &Self) -> bool {
        let source = self.data.source.borrow();
        let Some(source) = &*source else {
            return false;
        };
        source.is_same(other)
            || other
                .data
                .source
                .borrow()
                .as_ref()
                .is_some_and(|other| source.is_same(other))
    }

    /// Whether an entry is `nil`, of this map or of one inside it.
    pub fn holds_nil(&self) -> bool {
        if let Some(source) = &*self.data.source.borrow() {
            return source.holds_nil();
        }
        let entries = self.data.entries.borrow();
        entries.values().any(|value| match value {
            GoValue::Nil => true,
            GoValue::Map(map) => map.holds_nil(),
            _ => false,
        })
    }

    /// Copies the entries of the source, if that has not happened yet.
    fn materialize(&self) {
        if self.data.source.borrow().is_none() {
            return;
        }
        let Some(source) = self.data.source.take() else {
            return;
        };
        let mut entries = source.entries().clone();
        for value in entries.values_mut() {
            if let Some(copy) = frozen_copy(value) {
                *value = copy;
            }
        }
        self.data.entries.replace(entries);
    }

    fn entries_mut(&self) -> RefMut<'_, BTreeMap<GoString, GoValue>> {
        self.materialize();
        self.data.entries.borrow_mut()
    }

    /// A copy whose values are those of this map.
    #[must_use]
    pub fn shallow_copy(&self) -> Self {
        Self::build(self.data.element.clone(), self.named, self.entries().clone())
    }

    fn build(
        element: GoType,
        named: Option<&'static NamedType>,
        entries: BTreeMap<GoString, GoValue>,
    ) -> Self {
        let data = MapData {
            element,
            is_nil: false,
            source: RefCell::default(),
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
        self.entries().get(key.as_ref()).cloned()
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: impl AsRef<[u8]>) -> bool {
        self.entries().contains_key(key.as_ref())
    }

    /// Sets `key` and returns what it had before.
    pub fn insert(&self, key: impl Into<GoString>, value: impl Into<GoValue>) -> Option<GoValue> {
        self.entries_mut().insert(key.into(), value.into())
    }

    /// Removes `key` and returns what it had.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<GoValue> {
        self.entries_mut().remove(key.as_ref())
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// The entries for reading, sorted by key. While they are held the map must not be changed.
    pub fn entries(&self) -> Ref<'_, BTreeMap<GoString, GoValue>> {
        self.materialize();
        self.data.entries.borrow()
    }

    /// The entries as they are now, sorted by key; later changes do not show.
    pub fn snapshot(&self) -> Vec<(GoString, GoValue)> {
        let entries = self.entries();
        entries
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// The keys as they are now, sorted.
    pub fn keys(&self) -> Vec<GoString> {
        self.entries().keys().cloned().collect()
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

/// A copy of a value that is or holds a map; nothing if it may be shared.
fn frozen_copy(value: &GoValue) -> Option<GoValue> {
    match value {
        GoValue::Map(map) => Some(map.frozen_copy().into()),
        GoValue::List(list) if holds_map(value) => {
            let items = list.iter();
            let items = items.map(|item| frozen_copy(item).unwrap_or_else(|| item.clone()));
            Some(GoList::typed(list.element().clone(), items.collect()).into())
        }
        _ => None,
    }
}

fn holds_map(value: &GoValue) -> bool {
    match value {
        GoValue::Map(_) => true,
        GoValue::List(list) => *list.element() == GoType::Interface && list.iter().any(holds_map),
        _ => false,
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
