//! Arithmetic and ranges of numbers.
//!
//! Arguments may be of any type; [`crate::cast`] makes numbers of them.

mod decimal;
mod float;
mod integer;
mod range;

use skeg_go::{GoFunction, Parameter};

use Parameter::{Any, Float, Int, String};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::variadic("add", &[], Any, integer::add),
    GoFunction::fixed("add1", &[Any], integer::add_one),
    GoFunction::fixed("add1f", &[Any], decimal::add_one),
    GoFunction::variadic("addf", &[], Any, decimal::add),
    GoFunction::fixed("atoi", &[String], integer::atoi),
    GoFunction::variadic("biggest", &[Any], Any, integer::max),
    GoFunction::fixed("ceil", &[Any], float::ceil),
    GoFunction::fixed("div", &[Any, Any], integer::divide),
    GoFunction::variadic("divf", &[Any], Any, decimal::divide),
    GoFunction::fixed("float64", &[Any], float::to_float),
    GoFunction::fixed("floor", &[Any], float::floor),
    GoFunction::fixed("int", &[Any], integer::to_int),
    GoFunction::fixed("int64", &[Any], integer::to_int64),
    GoFunction::variadic("max", &[Any], Any, integer::max),
    GoFunction::variadic("maxf", &[Any], Any, float::max),
    GoFunction::variadic("min", &[Any], Any, integer::min),
    GoFunction::variadic("minf", &[Any], Any, float::min),
    GoFunction::fixed("mod", &[Any, Any], integer::remainder),
    GoFunction::variadic("mul", &[Any], Any, integer::multiply),
    GoFunction::variadic("mulf", &[Any], Any, decimal::multiply),
    GoFunction::variadic("round", &[Any, Int], Float, float::round),
    GoFunction::variadic("seq", &[], Int, range::seq),
    GoFunction::fixed("sub", &[Any, Any], integer::subtract),
    GoFunction::variadic("subf", &[Any], Any, decimal::subtract),
    GoFunction::fixed("toDecimal", &[Any], integer::from_octal),
    GoFunction::fixed("until", &[Int], range::until),
    GoFunction::fixed("untilStep", &[Int, Int, Int], range::until_step),
];
