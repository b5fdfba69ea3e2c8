//! Text: `trim`, `indent`, `quote` and their kin.
//!
//! Texts are bytes: lengths and positions count bytes, and what is not UTF-8 stays as it is unless a function
//! of Go decodes it.

mod case;
mod combine;
mod lines;
mod part;
mod search;
mod split;
mod trim;
mod words;

use skeg_go::{GoFunction, Parameter};

use crate::arguments::{fixed, variadic};

use Parameter::{Any, Int, String};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    fixed("abbrev", &[Int, String], part::abbrev),
    fixed("abbrevboth", &[Int, Int, String], part::abbrev_both),
    variadic("cat", &[], Any, combine::cat),
    fixed("camelcase", &[String], words::camel_case),
    fixed("contains", &[String, String], search::contains),
    fixed("hasPrefix", &[String, String], search::has_prefix),
    fixed("hasSuffix", &[String, String], search::has_suffix),
    fixed("hello", &[], combine::hello),
    fixed("indent", &[Int, String], lines::indent),
    fixed("initials", &[String], part::initials),
    fixed("join", &[String, Any], split::join),
    fixed("kebabcase", &[String], words::kebab_case),
    fixed("lower", &[String], case::lower),
    fixed("nindent", &[Int, String], lines::indent_on_new_line),
    fixed("nospace", &[String], trim::no_space),
    fixed("plural", &[String, String, Int], combine::plural),
    variadic("quote", &[], Any, combine::quote),
    fixed("repeat", &[Int, String], combine::repeat),
    fixed("replace", &[String, String, String], search::replace),
    fixed("snakecase", &[String], words::snake_case),
    fixed("sortAlpha", &[Any], split::sort_alpha),
    fixed("split", &[String, String], split::split),
    fixed("splitList", &[String, String], split::split_list),
    fixed("splitn", &[String, Int, String], split::split_n),
    variadic("squote", &[], Any, combine::single_quote),
    fixed("substr", &[Int, Int, String], part::substring),
    fixed("swapcase", &[String], case::swap),
    fixed("title", &[String], case::title),
    fixed("toString", &[Any], combine::to_string),
    fixed("toStrings", &[Any], split::to_strings),
    fixed("trim", &[String], trim::trim),
    fixed("trimAll", &[String, String], trim::trim_all),
    fixed("trimPrefix", &[String, String], trim::trim_prefix),
    fixed("trimSuffix", &[String, String], trim::trim_suffix),
    fixed("trimall", &[String, String], trim::trim_all),
    fixed("trunc", &[Int, String], part::truncate),
    fixed("untitle", &[String], case::untitle),
    fixed("upper", &[String], case::upper),
    fixed("wrap", &[Int, String], lines::wrap),
    fixed("wrapWith", &[Int, String, String], lines::wrap_with),
];
