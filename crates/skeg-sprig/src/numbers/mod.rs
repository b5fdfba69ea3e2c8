//! Arithmetic and ranges of numbers.
//!
//! Arguments may be of any type; [`crate::cast`] makes numbers of them.

mod decimal;
mod float;
mod integer;
mod range;

use skeg_go::{GoFunction, Parameter};

use crate::arguments::{fixed, variadic};

use Parameter::{Any, Float, Int, String};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    variadic("add", &[], Any, integer::add),
    fixed("add1", &[Any], integer::add_one),
    fixed("add1f", &[Any], decimal::add_one),
    variadic("addf", &[], Any, decimal::add),
    fixed("atoi", &[String], integer::atoi),
    variadic("biggest", &[Any], Any, integer::max),
    fixed("ceil", &[Any], float::ceil),
    fixed("div", &[Any, Any], integer::divide),
    variadic("divf", &[Any], Any, decimal::divide),
    fixed("float64", &[Any], float::to_float),
    fixed("floor", &[Any], float::floor),
    fixed("int", &[Any], integer::to_int),
    fixed("int64", &[Any], integer::to_int64),
    variadic("max", &[Any], Any, integer::max),
    variadic("maxf", &[Any], Any, float::max),
    variadic("min", &[Any], Any, integer::min),
    variadic("minf", &[Any], Any, float::min),
    fixed("mod", &[Any, Any], integer::remainder),
    variadic("mul", &[Any], Any, integer::multiply),
    variadic("mulf", &[Any], Any, decimal::multiply),
    variadic("round", &[Any, Int], Float, float::round),
    variadic("seq", &[], Int, range::seq),
    fixed("sub", &[Any, Any], integer::subtract),
    variadic("subf", &[Any], Any, decimal::subtract),
    fixed("toDecimal", &[Any], integer::from_octal),
    fixed("until", &[Int], range::until),
    fixed("untilStep", &[Int, Int, Int], range::until_step),
];
