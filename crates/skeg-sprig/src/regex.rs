//! Go's regular expressions.
//!
//! The functions without `must` panic in Go on a pattern that is none, which only changes the text of the
//! error; `regexMatch` alone swallows it.

use std::rc::Rc;

use skeg_go::regexp::{self, Regexp};
use skeg_go::{CallError, GoFunction, GoValue, Parameter, quote};

use crate::arguments::{integer, text};

const PATTERN_TEXT: &[Parameter] = &[Parameter::String, Parameter::String];
const PATTERN_TEXT_NUMBER: &[Parameter] = &[Parameter::String, Parameter::String, Parameter::Int];
const PATTERN_TEXT_REPLACEMENT: &[Parameter] = &[Parameter::String, Parameter::String, Parameter::String];

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    function("regexMatch", PATTERN_TEXT, |arguments| {
        let regexp = regexp::compile(text(arguments, 0));
        Ok(regexp.is_ok_and(|regexp| regexp.is_match(text(arguments, 1))).into())
    }),
    function("mustRegexMatch", PATTERN_TEXT, |arguments| {
        let regexp = compile(arguments)?;
        Ok(regexp.is_match(text(arguments, 1)).into())
    }),
    function("regexFind", PATTERN_TEXT, |a| Ok(find(&compile_or_panic(a)?, a))),
    function("mustRegexFind", PATTERN_TEXT, |a| Ok(find(&compile(a)?, a))),
    function("regexFindAll", PATTERN_TEXT_NUMBER, |a| {
        Ok(find_all(&compile_or_panic(a)?, a))
    }),
    function("mustRegexFindAll", PATTERN_TEXT_NUMBER, |a| Ok(find_all(&compile(a)?, a))),
    function("regexReplaceAll", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all(&compile_or_panic(a)?, a))
    }),
    function("mustRegexReplaceAll", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all(&compile(a)?, a))
    }),
    function("regexReplaceAllLiteral", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all_literal(&compile_or_panic(a)?, a))
    }),
    function("mustRegexReplaceAllLiteral", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all_literal(&compile(a)?, a))
    }),
    function("regexSplit", PATTERN_TEXT_NUMBER, |a| Ok(split(&compile_or_panic(a)?, a))),
    function("mustRegexSplit", PATTERN_TEXT_NUMBER, |a| Ok(split(&compile(a)?, a))),
    function("regexQuoteMeta", &[Parameter::String], |a| {
        Ok(regexp::quote_meta(text(a, 0)).into())
    }),
];

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&[GoValue]) -> Result<GoValue, CallError>,
) -> GoFunction {
    GoFunction {
        name,
        parameters,
        variadic: None,
        call,
    }
}

fn compile(arguments: &[GoValue]) -> Result<Rc<Regexp>, CallError> {
    regexp::compile(text(arguments, 0)).map_err(|error| CallError::new(error.to_string()))
}

fn compile_or_panic(arguments: &[GoValue]) -> Result<Rc<Regexp>, CallError> {
    let pattern = text(arguments, 0);
    regexp::compile(pattern).map_err(|error| {
        let pattern = quoted(pattern);
        CallError::new(format!("regexp: Compile({pattern}): {error}"))
    })
}

/// In backticks if that can be, else in quotation marks.
fn quoted(pattern: &[u8]) -> String {
    let stands = |c: char| c == '\t' || !matches!(c, '\0'..='\x1f' | '\x7f' | '`' | '\u{feff}');
    if let Ok(pattern) = std::str::from_utf8(pattern)
        && pattern.chars().all(stands)
    {
        return format!("`{pattern}`");
    }
    let mut quoted = String::from("\"");
    for chunk in pattern.utf8_chunks() {
        let valid = quote::quote(chunk.valid());
        quoted.push_str(&valid[1..valid.len() - 1]);
        for byte in chunk.invalid() {
            quoted.push_str(&format!("\\x{byte:02x}"));
        }
    }
    quoted + "\""
}

fn find(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    let searched = text(arguments, 1);
    let found = regexp.find(searched).unwrap_or_default();
    GoValue::string(&searched[found])
}

fn find_all(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    let searched = text(arguments, 1);
    let found = regexp.find_all(searched, limit(arguments));
    GoValue::strings(found.into_iter().map(|range| &searched[range]))
}

fn replace_all(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    regexp.replace_all(text(arguments, 1), text(arguments, 2)).into()
}

fn replace_all_literal(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    regexp
        .replace_all_literal(text(arguments, 1), text(arguments, 2))
        .into()
}

fn split(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    GoValue::strings(regexp.split(text(arguments, 1), limit(arguments)))
}

/// How many parts are wanted; a negative number wants all.
fn limit(arguments: &[GoValue]) -> Option<usize> {
    usize::try_from(integer(arguments, 2)).ok()
}
