//! Go's slices.

use std::cell::OnceCell;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use super::types::{GoType, NamedType};
use super::{GoString, GoValue, UintType};

/// A slice: immutable, but that one of texts can be sorted in place, which all of its handles see.
#[derive(Clone, Debug)]
pub struct GoList(Rc<ListData>);

#[derive(Debug)]
struct ListData {
    element: GoType,
    named: Option<&'static NamedType>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Nil,
    Items(Vec<GoValue>),
    /// Texts, and the same in order once they have been sorted in place.
    Texts(Vec<GoValue>, OnceCell<Box<[GoValue]>>),
    /// Bytes, and the values that they are once somebody wants to see them.
    Bytes(GoString, OnceCell<Vec<GoValue>>),
    /// Bytes of somebody else, and a copy once somebody wants to see them.
    Shared(Arc<Vec<u8>>, OnceCell<GoList>),
}

const BYTE: GoType = GoType::Uint(UintType::Uint8);

impl GoList {
    /// A slice of type `[]interface {}`.
    pub fn new(items: Vec<GoValue>) -> Self {
        Self::typed(GoType::Interface, items)
    }

    /// A slice whose elements are of one type; the caller sees to it that they are.
    pub fn typed(element: GoType, items: Vec<GoValue>) -> Self {
        let content = match element {
            GoType::String => Content::Texts(items, OnceCell::new()),
            _ => Content::Items(items),
        };
        Self::build(element, None, content)
    }

    /// A `nil` slice: empty, and `null` in JSON.
    pub fn nil(element: GoType) -> Self {
        Self::build(element, None, Content::Nil)
    }

    /// A slice of type `[]uint8`, Go's bytes.
    pub fn bytes(bytes: impl Into<GoString>) -> Self {
        Self::build(BYTE, None, Content::Bytes(bytes.into(), OnceCell::new()))
    }

    /// A slice of type `[]uint8` whose bytes are copied when they are looked at.
    pub fn shared_bytes(bytes: Arc<Vec<u8>>) -> Self {
        Self::build(BYTE, None, Content::Shared(bytes, OnceCell::new()))
    }

    /// A slice of a type with a name.
    pub fn named(named: &'static NamedType, element: GoType, items: Vec<GoValue>) -> Self {
        Self::build(element, Some(named), Content::Items(items))
    }

    fn build(element: GoType, named: Option<&'static NamedType>, content: Content) -> Self {
        Self(Rc::new(ListData {
            element,
            named,
            content,
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
        match &self.0.content {
            Content::Nil => &[],
            Content::Items(items) => items,
            Content::Texts(items, sorted) => sorted.get().map_or(items, |sorted| sorted),
            Content::Shared(bytes, copy) => copy.get_or_init(|| Self::bytes(bytes.as_slice())).items(),
            Content::Bytes(bytes, items) => items.get_or_init(|| {
                let byte = |byte: &u8| GoValue::Uint(UintType::Uint8, u64::from(*byte));
                bytes.iter().map(byte).collect()
            }),
        }
    }

    /// Whether it is a `nil` slice.
    pub fn is_nil(&self) -> bool {
        matches!(self.0.content, Content::Nil)
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        match &self.0.content {
            Content::Nil => 0,
            Content::Items(items) | Content::Texts(items, _) => items.len(),
            Content::Bytes(bytes, _) => bytes.len(),
            Content::Shared(bytes, _) => bytes.len(),
        }
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, if it is of type `[]uint8`.
    pub fn to_bytes(&self) -> Option<GoString> {
        let items = match &self.0.content {
            Content::Bytes(bytes, _) => return Some(bytes.clone()),
            Content::Shared(bytes, copy) => {
                return copy.get_or_init(|| Self::bytes(bytes.as_slice())).to_bytes();
            }
            Content::Items(items) if self.0.element == BYTE => items,
            Content::Nil if self.0.element == BYTE => return Some(GoString::default()),
            Content::Nil | Content::Items(_) | Content::Texts(..) => return None,
        };
        let byte = |item: &GoValue| match item {
            GoValue::Uint(_, byte) => u8::try_from(*byte).ok(),
            _ => None,
        };
        let bytes: Option<Vec<u8>> = items.iter().map(byte).collect();
        bytes.map(GoString::from)
    }

    /// Sorts a slice of type `[]string` in place; `false` for any other. Who has seen its elements goes on seeing them
    /// as they were.
    pub fn sort_texts(&self) -> bool {
        match &self.0.content {
            Content::Nil => self.0.named.is_none() && self.0.element == GoType::String,
            Content::Texts(items, sorted) => {
                sorted.get_or_init(|| {
                    let mut items = items.clone();
                    items.sort_by(|left, right| left.as_string().cmp(&right.as_string()));
                    items.into_boxed_slice()
                });
                true
            }
            _ => false,
        }
    }

    /// Whether both are handles of the same slice.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for GoList {
    type Target = [GoValue];

    fn deref(&self) -> &[GoValue] {
        self.items()
    }
}
