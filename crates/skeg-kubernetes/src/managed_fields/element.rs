//! One step of a path to a field: `f:name`, `k:{"name":"web"}`, `v:"a"`, `i:0`.

use std::cmp::Ordering;

use serde_json::Value;

use crate::json::to_go_json;
use crate::managed_fields::ManagedFieldsError;

/// A step of a path. The order of the variants is that of structured-merge-diff.
#[derive(Clone, Debug)]
pub(super) enum Element {
    /// A member of a map.
    Field(String),
    /// An element of a list, by the values of its keys, sorted by name.
    Key(Vec<(String, Value)>),
    /// An element of a set, by its value.
    Value(Value),
    /// An element of a list, by its place.
    Index(i64),
}

impl Element {
    /// Reads a step; none if it is of a type that nobody knows, which is passed over.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, ManagedFieldsError> {
        let invalid = || ManagedFieldsError(format!("`{text}` is no path element"));
        if text.as_bytes().get(1) != Some(&b':') {
            return Err(invalid());
        }
        let (kind, rest) = text.split_at(2);
        let json = || serde_json::from_str(rest).map_err(|_| invalid());
        Ok(Some(match kind {
            "f:" => Self::Field(rest.to_owned()),
            "v:" => Self::Value(json()?),
            "k:" => match json()? {
                Value::Object(keys) => {
                    let mut keys: Vec<(String, Value)> = keys.into_iter().collect();
                    keys.sort_by(|(one, _), (other, _)| one.cmp(other));
                    Self::Key(keys)
                }
                Value::Null => Self::Key(Vec::new()),
                _ => return Err(invalid()),
            },
            "i:" => Self::Index(skeg_go::strconv::atoi(rest.as_bytes()).map_err(|_| invalid())?),
            _ => return Ok(None),
        }))
    }

    /// The text that [`Self::parse`] reads.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(keys) => format!("k:{}", to_go_json(&Value::Object(keys.iter().cloned().collect()))),
            Self::Value(value) => format!("v:{}", to_go_json(value)),
            Self::Index(index) => format!("i:{index}"),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Field(_) => 0,
            Self::Key(_) => 1,
            Self::Value(_) => 2,
            Self::Index(_) => 3,
        }
    }
}

impl Ord for Element {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Field(one), Self::Field(other)) => one.cmp(other),
            (Self::Key(one), Self::Key(other)) => compare_members(one.iter(), other.iter()),
            (Self::Value(one), Self::Value(other)) => compare(one, other),
            (Self::Index(one), Self::Index(other)) => one.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Element {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Element {}

fn compare_members<'a>(
    one: impl Iterator<Item = &'a (String, Value)>,
    mut other: impl Iterator<Item = &'a (String, Value)>,
) -> Ordering {
    for (name, value) in one {
        let Some((other_name, other_value)) = other.next() else {
            return Ordering::Greater;
        };
        let order = name.cmp(other_name).then_with(|| compare(value, other_value));
        if order.is_ne() {
            return order;
        }
    }
    match other.next() {
        Some(_) => Ordering::Less,
        None => Ordering::Equal,
    }
}

/// Numbers, then texts, booleans, lists, maps and null.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let float = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
            float(one).total_cmp(&float(other))
        }
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Array(one), Value::Array(other)) => compare_lists(one, other),
        (Value::Object(one), Value::Object(other)) => {
            let members = |map: &serde_json::Map<String, Value>| {
                let mut members: Vec<(String, Value)> = map
                    .iter()
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                members.sort_by(|(one, _), (other, _)| one.cmp(other));
                members
            };
            compare_members(members(one).iter(), members(other).iter())
        }
        _ => rank(one).cmp(&rank(other)),
    }
}

fn compare_lists(one: &[Value], other: &[Value]) -> Ordering {
    one.iter()
        .zip(other)
        .map(|(one, other)| compare(one, other))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| one.len().cmp(&other.len()))
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Number(_) => 0,
        Value::String(_) => 1,
        Value::Bool(_) => 2,
        Value::Array(_) => 3,
        Value::Object(_) => 4,
        Value::Null => 5,
    }
}
