//! The value model: what YAML and JSON can say once Helm has read it.

use std::collections::BTreeMap;
use std::collections::btree_map;

/// A value of a chart's values, `Chart.yaml` or any other YAML or JSON document.
///
/// Integers keep all their 64 bits, as they do on sigs.k8s.io/yaml's way from YAML to JSON. Where Helm
/// decodes into `map[string]any`, every number has become a float64: [`Value::into_float_numbers`] does that.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer that fits an `i64`.
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// Any other number. JSON has no infinities and NaN; decoding refuses them.
    Float(f64),
    /// Text.
    String(String),
    /// A sequence.
    List(Vec<Value>),
    /// A mapping.
    Map(Map),
}

impl Value {
    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one that fits an `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a float64, whatever its kind; large integers are rounded.
    #[expect(clippy::cast_precision_loss, reason = "Go rounds here as well")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::UInt(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(value) => Some(value),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(value) => Some(value),
            _ => None,
        }
    }

    /// The value of `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Turns every number into a float64, as Go's `encoding/json` does when it decodes into `any`.
    #[must_use]
    pub fn into_float_numbers(self) -> Self {
        match self {
            Self::Int(_) | Self::UInt(_) => Self::Float(self.as_f64().unwrap_or_default()),
            Self::List(items) => Self::List(items.into_iter().map(Self::into_float_numbers).collect()),
            Self::Map(map) => Self::Map(
                map.into_iter()
                    .map(|(key, value)| (key, value.into_float_numbers()))
                    .collect(),
            ),
            other => other,
        }
    }

    /// Go's JSON word for the kind, as its decoding errors have it: `null`, `bool`, `number`, `string`,
    /// `array`, `object`.
    pub fn json_kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::UInt(_) | Self::Float(_) => "number",
            Self::String(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or(Self::UInt(value), Self::Int)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<Map> for Value {
    fn from(value: Map) -> Self {
        Self::Map(value)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// A mapping from text to values.
///
/// Go's maps have no order of their own and every reader sees them sorted: bytewise in JSON, in `range` and
/// in `%v`; in go-yaml's natural order in YAML. So entries are kept sorted bytewise, and [`crate::yaml`]
/// sorts again when it prints. The representation is private, so that it can change when rendering needs
/// shared maps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    entries: BTreeMap<String, Value>,
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)
    }

    /// The value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries.get_mut(key)
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Sets `key` and returns what it had before.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.entries.insert(key.into(), value.into())
    }

    /// Removes `key` and returns what it had.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.entries.remove(key)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in bytewise order of their keys.
    pub fn iter(&self) -> MapIter<'_> {
        self.into_iter()
    }

    /// The keys in bytewise order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The values in bytewise order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.entries.values()
    }
}

/// The entries of a [`Map`] in bytewise order of their keys.
#[derive(Clone, Debug)]
pub struct MapIter<'map>(btree_map::Iter<'map, String, Value>);

impl<'map> Iterator for MapIter<'map> {
    type Item = (&'map str, &'map Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.as_str(), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for MapIter<'_> {}

impl<'map> IntoIterator for &'map Map {
    type Item = (&'map str, &'map Value);
    type IntoIter = MapIter<'map>;

    fn into_iter(self) -> Self::IntoIter {
        MapIter(self.entries.iter())
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = btree_map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self {
            entries: entries
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        }
    }
}

impl<K: Into<String>, V: Into<Value>> Extend<(K, V)> for Map {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        self.entries
            .extend(entries.into_iter().map(|(key, value)| (key.into(), value.into())));
    }
}
