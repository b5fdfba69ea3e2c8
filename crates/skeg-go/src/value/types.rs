//! Go's types, as far as templates can tell them apart.

use super::function::Method;

/// `reflect.Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No value at all.
    Invalid,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `uint`
    Uint,
    /// `uint8`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
    /// `float64`
    Float64,
    /// `string`
    String,
    /// A slice.
    Slice,
    /// An array of fixed length.
    Array,
    /// A map.
    Map,
    /// A struct.
    Struct,
    /// A pointer.
    Pointer,
    /// A function.
    Func,
    /// An interface.
    Interface,
}

impl Kind {
    /// The name as `Kind.String` has it: `slice`, `ptr`, `float64`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Float64 => "float64",
            Self::String => "string",
            Self::Slice => "slice",
            Self::Array => "array",
            Self::Map => "map",
            Self::Struct => "struct",
            Self::Pointer => "ptr",
            Self::Func => "func",
            Self::Interface => "interface",
        }
    }
}

/// The type of a signed integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntType {
    /// `int`, 64 bits wide.
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
}

impl IntType {
    /// The kind with this type.
    pub fn kind(self) -> Kind {
        match self {
            Self::Int => Kind::Int,
            Self::Int8 => Kind::Int8,
            Self::Int16 => Kind::Int16,
            Self::Int32 => Kind::Int32,
            Self::Int64 => Kind::Int64,
        }
    }
}

/// The type of an unsigned integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UintType {
    /// `uint`, 64 bits wide.
    Uint,
    /// `uint8`, a byte.
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
}

impl UintType {
    /// The kind with this type.
    pub fn kind(self) -> Kind {
        match self {
            Self::Uint => Kind::Uint,
            Self::Uint8 => Kind::Uint8,
            Self::Uint16 => Kind::Uint16,
            Self::Uint32 => Kind::Uint32,
            Self::Uint64 => Kind::Uint64,
        }
    }
}

/// The type of the elements of slices and maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoType {
    /// `interface {}`
    Interface,
    /// `bool`
    Bool,
    /// A signed integer.
    Int(IntType),
    /// An unsigned integer.
    Uint(UintType),
    /// `float64`
    Float,
    /// `string`
    String,
    /// A slice of such elements.
    Slice(Box<GoType>),
    /// A map from strings to such elements.
    Map(Box<GoType>),
}

impl GoType {
    /// The name as `%T` prints it.
    pub fn name(&self) -> String {
        match self {
            Self::Interface => "interface {}".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Int(int) => int.kind().name().to_owned(),
            Self::Uint(uint) => uint.kind().name().to_owned(),
            Self::Float => "float64".to_owned(),
            Self::String => "string".to_owned(),
            Self::Slice(element) => format!("[]{}", element.name()),
            Self::Map(element) => format!("map[string]{}", element.name()),
        }
    }
}

/// A slice or map type with a name, which may have methods: `common.Values`, `engine.files`.
#[derive(Debug)]
pub struct NamedType {
    /// The name with its package, as `%T` prints it.
    pub name: &'static str,
    /// Its methods.
    pub methods: &'static [Method],
}
