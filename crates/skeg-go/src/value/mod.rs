//! Go's dynamically typed values, as templates compute with them: an `any` that knows its Go type.
//!
//! [`GoValue`] is cheap to clone. Maps are shared and mutable, as in Go: a change through one handle is seen
//! through all others. Everything else is immutable. Values stay on one thread.

mod function;
mod list;
mod map;
mod object;
mod string;
mod types;

pub use function::{CallError, GoCall, GoFunction, Method, Parameter};
pub use list::GoList;
pub use map::GoMap;
pub use object::GoObject;
pub use string::GoString;
pub use types::{GoType, IntType, Kind, NamedType, UintType};

use std::rc::Rc;

/// A value of Go's type `any`.
#[derive(Clone, Debug, Default)]
pub enum GoValue {
    /// `nil` without a type.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// A signed integer and its type.
    Int(IntType, i64),
    /// An unsigned integer and its type.
    Uint(UintType, u64),
    /// `float64`
    Float(f64),
    /// `string`: bytes, mostly UTF-8.
    String(GoString),
    /// A slice.
    List(GoList),
    /// A map whose keys are strings.
    Map(GoMap),
    /// Anything else: structs, pointers, times, durations.
    Object(Rc<dyn GoObject>),
}

impl GoValue {
    /// A value of type `int`.
    pub fn int(value: i64) -> Self {
        Self::Int(IntType::Int, value)
    }

    /// A value of type `int64`.
    pub fn int64(value: i64) -> Self {
        Self::Int(IntType::Int64, value)
    }

    /// A value of type `string`.
    pub fn string(value: impl Into<GoString>) -> Self {
        Self::String(value.into())
    }

    /// A value of type `[]interface {}`.
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(GoList::new(items))
    }

    /// A value of type `[]string`.
    pub fn strings(items: impl IntoIterator<Item = impl Into<GoString>>) -> Self {
        let items = items.into_iter().map(Self::string).collect();
        Self::List(GoList::typed(GoType::String, items))
    }

    /// A value of a struct, a pointer or another type of its own.
    pub fn object(object: impl GoObject + 'static) -> Self {
        Self::Object(Rc::new(object))
    }

    /// Whether it is `nil`.
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// The text, if it is a `string`.
    pub fn as_string(&self) -> Option<&GoString> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&GoMap> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The slice, if it is one.
    pub fn as_list(&self) -> Option<&GoList> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The object, if it is one of the Rust type `T`.
    pub fn as_object<T: GoObject + 'static>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// `reflect.Kind` of the value; [`Kind::Invalid`] of `nil`.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(int, _) => int.kind(),
            Self::Uint(uint, _) => uint.kind(),
            Self::Float(_) => Kind::Float64,
            Self::String(_) => Kind::String,
            Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Object(object) => object.kind(),
        }
    }

    /// The name of the type as `%T` prints it: `map[string]interface {}`, `[]string`, `<nil>`.
    pub fn type_name(&self) -> String {
        match self {
            Self::Nil => "<nil>".to_owned(),
            Self::Bool(_) => "bool".to_owned(),
            Self::Int(int, _) => int.kind().name().to_owned(),
            Self::Uint(uint, _) => uint.kind().name().to_owned(),
            Self::Float(_) => "float64".to_owned(),
            Self::String(_) => "string".to_owned(),
            Self::List(list) => list.type_name(),
            Self::Map(map) => map.type_name(),
            Self::Object(object) => object.type_name().to_owned(),
        }
    }

    /// Whether a condition of a template takes it for true: not the zero value, not empty
    /// (`text/template.IsTrue`).
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(_, value) => *value != 0,
            Self::Uint(_, value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.is_true(),
        }
    }
}

impl From<bool> for GoValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for GoValue {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for GoValue {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for GoValue {
    fn from(value: String) -> Self {
        Self::string(value)
    }
}

impl From<Vec<u8>> for GoValue {
    fn from(value: Vec<u8>) -> Self {
        Self::string(value)
    }
}

impl From<GoString> for GoValue {
    fn from(value: GoString) -> Self {
        Self::String(value)
    }
}

impl From<GoMap> for GoValue {
    fn from(value: GoMap) -> Self {
        Self::Map(value)
    }
}

impl From<GoList> for GoValue {
    fn from(value: GoList) -> Self {
        Self::List(value)
    }
}
