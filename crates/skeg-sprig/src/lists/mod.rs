//! Lists: `list`, `append`, `uniq` and their kin.
//!
//! They take slices of any type. What they return is of type `[]interface {}`, but for `slice`, which keeps
//! the type. The variants that begin with `must` fail with the same texts.

mod ends;
mod filter;
mod join;
mod part;

use skeg_go::{CallError, GoFunction, GoList, GoValue, Parameter};

use crate::arguments::{fixed, nil_dereference, variadic};

use Parameter::{Any, Int};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    fixed("append", &[Any, Any], join::append),
    fixed("chunk", &[Int, Any], part::chunk),
    fixed("compact", &[Any], filter::compact),
    variadic("concat", &[], Any, join::concat),
    fixed("first", &[Any], ends::first),
    fixed("has", &[Any, Any], filter::has),
    fixed("initial", &[Any], ends::initial),
    fixed("last", &[Any], ends::last),
    variadic("list", &[], Any, join::list),
    fixed("mustAppend", &[Any, Any], join::append),
    fixed("mustChunk", &[Int, Any], part::chunk),
    fixed("mustCompact", &[Any], filter::compact),
    fixed("mustFirst", &[Any], ends::first),
    fixed("mustHas", &[Any, Any], filter::has),
    fixed("mustInitial", &[Any], ends::initial),
    fixed("mustLast", &[Any], ends::last),
    fixed("mustPrepend", &[Any, Any], join::prepend),
    fixed("mustPush", &[Any, Any], join::append),
    fixed("mustRest", &[Any], ends::rest),
    fixed("mustReverse", &[Any], part::reverse),
    variadic("mustSlice", &[Any], Any, part::slice),
    fixed("mustUniq", &[Any], filter::uniq),
    variadic("mustWithout", &[Any], Any, filter::without),
    fixed("prepend", &[Any, Any], join::prepend),
    fixed("push", &[Any, Any], join::append),
    fixed("rest", &[Any], ends::rest),
    fixed("reverse", &[Any], part::reverse),
    variadic("slice", &[Any], Any, part::slice),
    variadic("tuple", &[], Any, join::list),
    fixed("uniq", &[Any], filter::uniq),
    variadic("without", &[Any], Any, filter::without),
];

/// The slice that a value is, or the error with `complaint` and the kind of the value.
fn expect_list<'value>(value: &'value GoValue, complaint: &str) -> Result<&'value GoList, CallError> {
    match value {
        GoValue::List(list) => Ok(list),
        GoValue::Nil => Err(nil_dereference()),
        _ => Err(CallError::new(format!("{complaint} {}", value.kind().name()))),
    }
}
