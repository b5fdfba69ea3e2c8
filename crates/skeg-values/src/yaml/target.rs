//! What YAML is decoded into: document values, or the values that templates compute with.

use skeg_go::json::to_valid_utf8;
use skeg_go::{GoMap, GoValue};

use super::resolve::Scalar;
use crate::value::{Map, Value};

/// A type of values that a decoder can make.
pub(super) trait Target: Sized {
    /// A mapping that is being read.
    type Map: Default;

    /// The value of a scalar; `text` is how it was written.
    fn scalar(scalar: Scalar, text: &str) -> Self;

    /// A sequence.
    fn list(items: Vec<Self>) -> Self;

    /// A mapping.
    fn map(map: Self::Map) -> Self;

    /// Sets an entry of a mapping.
    fn insert(map: &mut Self::Map, key: String, value: Self);

    /// The first infinity or NaN, in the order in which JSON is written.
    fn find_non_finite(&self) -> Option<f64>;
}

impl Target for Value {
    type Map = Map;

    fn scalar(scalar: Scalar, text: &str) -> Self {
        match scalar {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Int(value) => Self::Int(value),
            Scalar::UInt(value) => Self::UInt(value),
            Scalar::Float(value) => Self::Float(value),
            Scalar::Text | Scalar::Timestamp => Self::String(text.to_owned()),
            Scalar::Binary(bytes) => Self::String(to_valid_utf8(&bytes)),
        }
    }

    fn list(items: Vec<Self>) -> Self {
        Self::List(items)
    }

    fn map(map: Map) -> Self {
        Self::Map(map)
    }

    fn insert(map: &mut Map, key: String, value: Self) {
        map.insert(key, value);
    }

    fn find_non_finite(&self) -> Option<f64> {
        match self {
            Self::Float(value) => (!value.is_finite()).then_some(*value),
            Self::List(items) => items.iter().find_map(Self::find_non_finite),
            Self::Map(map) => map.values().find_map(Self::find_non_finite),
            _ => None,
        }
    }
}

/// Every number is a float64, as `encoding/json` has it.
impl Target for GoValue {
    type Map = GoMap;

    #[expect(clippy::cast_precision_loss, reason = "Go rounds here as well")]
    fn scalar(scalar: Scalar, text: &str) -> Self {
        match scalar {
            Scalar::Null => Self::Nil,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Int(value) => Self::Float(value as f64),
            Scalar::UInt(value) => Self::Float(value as f64),
            Scalar::Float(value) => Self::Float(value),
            Scalar::Text | Scalar::Timestamp => Self::string(text),
            Scalar::Binary(bytes) => Self::string(to_valid_utf8(&bytes)),
        }
    }

    fn list(items: Vec<Self>) -> Self {
        GoValue::list(items)
    }

    fn map(map: GoMap) -> Self {
        Self::Map(map)
    }

    fn insert(map: &mut GoMap, key: String, value: Self) {
        GoMap::insert(map, key, value);
    }

    fn find_non_finite(&self) -> Option<f64> {
        match self {
            Self::Float(value) => (!value.is_finite()).then_some(*value),
            Self::List(items) => items.iter().find_map(Self::find_non_finite),
            Self::Map(map) => map.entries().values().find_map(Self::find_non_finite),
            _ => None,
        }
    }
}
