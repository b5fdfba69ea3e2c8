//! Values of types of their own: structs, pointers, times.

use std::any::Any;
use std::fmt;

use super::function::Method;
use super::{GoValue, Kind};

/// A Go value that is neither of a basic type nor a plain slice or map.
///
/// Objects with a `Kind::Pointer` stand for pointers to a struct; their fields are those of the struct.
pub trait GoObject: fmt::Debug {
    /// The name of the type as `%T` prints it: `*common.Capabilities`, `time.Duration`.
    fn type_name(&self) -> &str;

    /// `reflect.Kind` of the type.
    fn kind(&self) -> Kind {
        Kind::Struct
    }

    /// The exported field of this name; its absence is an error in templates.
    fn field(&self, name: &str) -> Option<GoValue> {
        let _ = name;
        None
    }

    /// The names of the fields that are not exported, which templates hear of and do not get.
    fn hidden_fields(&self) -> &[&str] {
        &[]
    }

    /// The methods.
    fn methods(&self) -> &[Method] {
        &[]
    }

    /// What `%v` prints, which is what `String()` returns if there is one. Unused where there are
    /// [`fields`](Self::fields).
    fn to_text(&self) -> String;

    /// All fields in order, of a struct (or what a pointer points to) without a `String` method: `%v` prints
    /// their values, `%+v` their names too.
    fn fields(&self) -> Option<Vec<(&'static str, GoValue)>> {
        None
    }

    /// What an action of a template prints, where that is not what `%v` prints: a field behind a pointer has the
    /// methods of the pointer, and so its `String`.
    fn printed(&self) -> Option<String> {
        None
    }

    /// What `encoding/json` makes of it, as plain maps, lists and scalars.
    fn to_json(&self) -> GoValue;

    /// The names of the entries that [`Self::to_json`] has, in the order of the struct's fields, in which JSON
    /// has them; empty if the order is that of maps.
    fn json_order(&self) -> &[&str] {
        &[]
    }

    /// What go-yaml v3 (`toYamlPretty`) makes of it, entries of structs in their order: `None` for what is a text,
    /// [`Self::to_text`].
    fn yaml_fields(&self) -> Option<Vec<(&'static str, GoValue)>> {
        None
    }

    /// The number, for kinds that are integers (`time.Duration`).
    fn as_i64(&self) -> Option<i64> {
        None
    }

    /// Whether a condition takes it for true. Structs and pointers always are.
    fn is_true(&self) -> bool {
        self.as_i64().is_none_or(|number| number != 0)
    }

    /// Whether `reflect.DeepEqual` holds.
    fn is_equal(&self, other: &dyn GoObject) -> bool;

    /// Itself, to be turned into its Rust type.
    fn as_any(&self) -> &dyn Any;
}
