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

use Parameter::{Any, Int, String};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("abbrev", &[Int, String], part::abbrev),
    GoFunction::fixed("abbrevboth", &[Int, Int, String], part::abbrev_both),
    GoFunction::variadic("cat", &[], Any, combine::cat),
    GoFunction::fixed("camelcase", &[String], words::camel_case),
    GoFunction::fixed("contains", &[String, String], search::contains),
    GoFunction::fixed("hasPrefix", &[String, String], search::has_prefix),
    GoFunction::fixed("hasSuffix", &[String, String], search::has_suffix),
    GoFunction::fixed("hello", &[], combine::hello),
    GoFunction::fixed("indent", &[Int, String], lines::indent),
    GoFunction::fixed("initials", &[String], part::initials),
    GoFunction::fixed("join", &[String, Any], split::join),
    GoFunction::fixed("kebabcase", &[String], words::kebab_case),
    GoFunction::fixed("lower", &[String], case::lower),
    GoFunction::fixed("nindent", &[Int, String], lines::indent_on_new_line),
    GoFunction::fixed("nospace", &[String], trim::no_space),
    GoFunction::fixed("plural", &[String, String, Int], combine::plural),
    GoFunction::variadic("quote", &[], Any, combine::quote),
    GoFunction::fixed("repeat", &[Int, String], combine::repeat),
    GoFunction::fixed("replace", &[String, String, String], search::replace),
    GoFunction::fixed("snakecase", &[String], words::snake_case),
    GoFunction::fixed("sortAlpha", &[Any], split::sort_alpha),
    GoFunction::fixed("split", &[String, String], split::split),
    GoFunction::fixed("splitList", &[String, String], split::split_list),
    GoFunction::fixed("splitn", &[String, Int, String], split::split_n),
    GoFunction::variadic("squote", &[], Any, combine::single_quote),
    GoFunction::fixed("substr", &[Int, Int, String], part::substring),
    GoFunction::fixed("swapcase", &[String], case::swap),
    GoFunction::fixed("title", &[String], case::title),
    GoFunction::fixed("toString", &[Any], combine::to_string),
    GoFunction::fixed("toStrings", &[Any], split::to_strings),
    GoFunction::fixed("trim", &[String], trim::trim),
    GoFunction::fixed("trimAll", &[String, String], trim::trim_all),
    GoFunction::fixed("trimPrefix", &[String, String], trim::trim_prefix),
    GoFunction::fixed("trimSuffix", &[String, String], trim::trim_suffix),
    GoFunction::fixed("trimall", &[String, String], trim::trim_all),
    GoFunction::fixed("trunc", &[Int, String], part::truncate),
    GoFunction::fixed("untitle", &[String], case::untitle),
    GoFunction::fixed("upper", &[String], case::upper),
    GoFunction::fixed("wrap", &[Int, String], lines::wrap),
    GoFunction::fixed("wrapWith", &[Int, String, String], lines::wrap_with),
];
