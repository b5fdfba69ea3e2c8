//! What is made of a document.

use std::borrow::Cow;

use super::{Key, Reader, Slot};
use crate::yaml::resolve::{Scalar, resolve_plain};
use crate::yaml::target::Target;

/// A type that documents are read into. Every function may give up, and those that are not implemented do.
pub(in crate::yaml) trait Shape: Sized {
    /// Whether the text of scalars matters.
    const NEEDS_TEXT: bool;
    /// A sequence that is being read.
    type List: Default;
    /// A mapping that is being read.
    type Map: Default;

    /// A plain scalar; empty for nothing at all.
    fn plain(_text: &str) -> Option<Self> {
        None
    }

    /// A scalar that is text.
    fn text(_text: Cow<'_, str>) -> Option<Self> {
        None
    }

    /// Adds an item.
    fn push(_list: &mut Self::List, _item: Self) {}

    /// A sequence.
    fn list(_list: Self::List) -> Option<Self> {
        None
    }

    /// Reads the value of a key, which is in `slot`, and adds both.
    fn entry(map: &mut Self::Map, key: &Key<'_>, reader: &mut Reader<'_>, slot: Slot) -> Option<()>;

    /// A mapping.
    fn map(map: Self::Map) -> Option<Self>;
}

/// All of a document.
pub(in crate::yaml) struct Whole<T>(pub(in crate::yaml) T);

impl<T: Target> Shape for Whole<T> {
    const NEEDS_TEXT: bool = true;
    type List = Vec<T>;
    type Map = T::Map;

    fn plain(text: &str) -> Option<Self> {
        let scalar = resolve_plain(text);
        is_finite(&scalar).then(|| Self(T::scalar(scalar, text)))
    }

    fn text(text: Cow<'_, str>) -> Option<Self> {
        Some(Self(T::scalar(Scalar::Text, &text)))
    }

    fn push(list: &mut Vec<T>, item: Self) {
        list.push(item.0);
    }

    fn list(list: Vec<T>) -> Option<Self> {
        Some(Self(T::list(list)))
    }

    fn entry(map: &mut T::Map, key: &Key<'_>, reader: &mut Reader<'_>, slot: Slot) -> Option<()> {
        let value: Self = reader.value(slot)?;
        T::insert(map, key.to_text()?.into_owned(), value.0);
        Some(())
    }

    fn map(map: T::Map) -> Option<Self> {
        Some(Self(T::map(map)))
    }
}

/// Nothing of a document, except that it is in order.
pub(in crate::yaml) struct Skipped;

impl Shape for Skipped {
    const NEEDS_TEXT: bool = false;
    type List = ();
    type Map = ();

    fn plain(text: &str) -> Option<Self> {
        let may_be_infinite = text.trim_start_matches(['+', '-']).starts_with('.');
        (!may_be_infinite || is_finite(&resolve_plain(text))).then_some(Self)
    }

    fn text(_: Cow<'_, str>) -> Option<Self> {
        Some(Self)
    }

    fn list((): ()) -> Option<Self> {
        Some(Self)
    }

    fn entry((): &mut (), key: &Key<'_>, reader: &mut Reader<'_>, slot: Slot) -> Option<()> {
        key.to_text()?;
        reader.value::<Self>(slot).map(drop)
    }

    fn map((): ()) -> Option<Self> {
        Some(Self)
    }
}

/// Whether JSON has such a number.
pub(in crate::yaml) fn is_finite(scalar: &Scalar) -> bool {
    !matches!(scalar, Scalar::Float(value) if !value.is_finite())
}
