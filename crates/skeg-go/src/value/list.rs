//! Go's slices.

use std::ops::Deref;
use std::rc::Rc;

use super::types::{GoType, NamedType};
use super::{GoString, GoValue, UintType};

/// A slice: immutable, since no function of a template changes one in place.
#[derive(Clone, Debug)]
pub struct GoList(Rc<ListData>);

#[derive(Debug)]
struct ListData {
    element: GoType,
    named: Option<&'static NamedType>,
    is_nil: bool,
    items: Vec<GoValue>,
}

impl GoList {
    /// A slice of type `[]interface {}`.
    pub fn new(items: Vec<GoValue>) -> Self {
        Self::typed(GoType::Interface, items)
    }

    /// A slice whose elements are of one type; the caller sees to it that they are.
    pub fn typed(element: GoType, items: Vec<GoValue>) -> Self {
        Self(Rc::new(ListData {
            element,
            named: None,
            is_nil: false,
            items,
        }))
    }

    /// A `nil` slice: empty, and `null` in JSON.
    pub fn nil(element: GoType) -> Self {
        Self(Rc::new(ListData {
            element,
            named: None,
            is_nil: true,
            items: Vec::new(),
        }))
    }

    /// A slice of type `[]uint8`, Go's bytes.
    pub fn bytes(bytes: &[u8]) -> Self {
        let byte = |byte: &u8| GoValue::Uint(UintType::Uint8, u64::from(*byte));
        Self::typed(GoType::Uint(UintType::Uint8), bytes.iter().map(byte).collect())
    }

    /// A slice of a type with a name.
    pub fn named(named: &'static NamedType, element: GoType, items: Vec<GoValue>) -> Self {
        Self(Rc::new(ListData {
            element,
            named: Some(named),
            is_nil: false,
            items,
        }))
    }

    /// The type of the elements.
    pub fn element(&self) -> &GoType {
        &self.0.element
    }

    /// The named type, if it is of one.
    pub fn named_type(&self) -> Option<&'static NamedType> {
        self.0.named
    }

    /// The name of its type as `%T` prints it.
    pub fn type_name(&self) -> String {
        match self.0.named {
            Some(named) => named.name.to_owned(),
            None => format!("[]{}", self.0.element.name()),
        }
    }

    /// The elements.
    pub fn items(&self) -> &[GoValue] {
        &self.0.items
    }

    /// The bytes, if it is of type `[]uint8`.
    pub fn to_bytes(&self) -> Option<GoString> {
        if self.0.element != GoType::Uint(UintType::Uint8) {
            return None;
        }
        let byte = |item: &GoValue| match item {
            GoValue::Uint(_, byte) => u8::try_from(*byte).ok(),
            _ => None,
        };
        let bytes: Option<Vec<u8>> = self.0.items.iter().map(byte).collect();
        bytes.map(GoString::from)
    }

    /// Whether it is a `nil` slice. Only JSON and `reflect.DeepEqual` tell it from an empty one.
    pub fn is_nil(&self) -> bool {
        self.0.is_nil
    }

    /// Whether both are handles of the same slice.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for GoList {
    type Target = [GoValue];

    fn deref(&self) -> &[GoValue] {
        &self.0.items
    }
}
