//! Lists: `list`, `append`, `uniq` and their kin.
//!
//! They take slices of any type. What they return is of type `[]interface {}`, but for `slice`, which keeps
//! the type. The variants that begin with `must` fail with the same texts.

mod ends;
mod filter;
mod join;
mod part;

use skeg_go::{CallError, GoFunction, GoList, GoValue, Parameter};

use crate::arguments::nil_dereference;

use Parameter::{Any, Int};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("append", &[Any, Any], join::append),
    GoFunction::fixed("chunk", &[Int, Any], part::chunk),
    GoFunction::fixed("compact", &[Any], filter::compact),
    GoFunction::variadic("concat", &[], Any, join::concat),
    GoFunction::fixed("first", &[Any], ends::first),
    GoFunction::fixed("has", &[Any, Any], filter::has),
    GoFunction::fixed("initial", &[Any], ends::initial),
    GoFunction::fixed("last", &[Any], ends::last),
    GoFunction::variadic("list", &[], Any, join::list),
    GoFunction::fixed("mustAppend", &[Any, Any], join::append),
    GoFunction::fixed("mustChunk", &[Int, Any], part::chunk),
    GoFunction::fixed("mustCompact", &[Any], filter::compact),
    GoFunction::fixed("mustFirst", &[Any], ends::first),
    GoFunction::fixed("mustHas", &[Any, Any], filter::has),
    GoFunction::fixed("mustInitial", &[Any], ends::initial),
    GoFunction::fixed("mustLast", &[Any], ends::last),
    GoFunction::fixed("mustPrepend", &[Any, Any], join::prepend),
    GoFunction::fixed("mustPush", &[Any, Any], join::append),
    GoFunction::fixed("mustRest", &[Any], ends::rest),
    GoFunction::fixed("mustReverse", &[Any], part::reverse),
    GoFunction::variadic("mustSlice", &[Any], Any, part::slice),
    GoFunction::fixed("mustUniq", &[Any], filter::uniq),
    GoFunction::variadic("mustWithout", &[Any], Any, filter::without),
    GoFunction::fixed("prepend", &[Any, Any], join::prepend),
    GoFunction::fixed("push", &[Any, Any], join::append),
    GoFunction::fixed("rest", &[Any], ends::rest),
    GoFunction::fixed("reverse", &[Any], part::reverse),
    GoFunction::variadic("slice", &[Any], Any, part::slice),
    GoFunction::variadic("tuple", &[], Any, join::list),
    GoFunction::fixed("uniq", &[Any], filter::uniq),
    GoFunction::variadic("without", &[Any], Any, filter::without),
];

/// The slice that a value is, or the error with `complaint` and the kind of the value.
fn expect_list<'value>(value: &'value GoValue, complaint: &str) -> Result<&'value GoList, CallError> {
    match value {
        GoValue::List(list) => Ok(list),
        GoValue::Nil => Err(nil_dereference()),
        _ => Err(CallError::new(format!("{complaint} {}", value.kind().name()))),
    }
}
