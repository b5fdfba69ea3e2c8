//! Go's regular expressions.
//!
//! The functions without `must` panic in Go on a pattern that is none, which only changes the text of the
//! error; `regexMatch` alone swallows it.

use std::rc::Rc;

use skeg_go::regexp::{self, Regexp};
use skeg_go::{CallError, GoFunction, GoList, GoType, GoValue, Parameter, quote};

use crate::arguments::{bytes, int};

const PATTERN_TEXT: &[Parameter] = &[Parameter::String, Parameter::String];
const PATTERN_TEXT_NUMBER: &[Parameter] = &[Parameter::String, Parameter::String, Parameter::Int];
const PATTERN_TEXT_REPLACEMENT: &[Parameter] = &[Parameter::String, Parameter::String, Parameter::String];

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("regexMatch", PATTERN_TEXT, |arguments| {
        let regexp = regexp::compile(bytes(arguments, 0));
        Ok(regexp
            .is_ok_and(|regexp| regexp.is_match(bytes(arguments, 1)))
            .into())
    }),
    GoFunction::fixed("mustRegexMatch", PATTERN_TEXT, |arguments| {
        let regexp = compile(arguments)?;
        Ok(regexp.is_match(bytes(arguments, 1)).into())
    }),
    GoFunction::fixed("regexFind", PATTERN_TEXT, |a| Ok(find(&*compile_or_panic(a)?, a))),
    GoFunction::fixed("mustRegexFind", PATTERN_TEXT, |a| Ok(find(&*compile(a)?, a))),
    GoFunction::fixed("regexFindAll", PATTERN_TEXT_NUMBER, |a| {
        Ok(find_all(&*compile_or_panic(a)?, a))
    }),
    GoFunction::fixed("mustRegexFindAll", PATTERN_TEXT_NUMBER, |a| {
        Ok(find_all(&*compile(a)?, a))
    }),
    GoFunction::fixed("regexReplaceAll", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all(&*compile_or_panic(a)?, a))
    }),
    GoFunction::fixed("mustRegexReplaceAll", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all(&*compile(a)?, a))
    }),
    GoFunction::fixed("regexReplaceAllLiteral", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all_literal(&*compile_or_panic(a)?, a))
    }),
    GoFunction::fixed("mustRegexReplaceAllLiteral", PATTERN_TEXT_REPLACEMENT, |a| {
        Ok(replace_all_literal(&*compile(a)?, a))
    }),
    GoFunction::fixed("regexSplit", PATTERN_TEXT_NUMBER, |a| {
        Ok(split(&*compile_or_panic(a)?, a))
    }),
    GoFunction::fixed("mustRegexSplit", PATTERN_TEXT_NUMBER, |a| {
        Ok(split(&*compile(a)?, a))
    }),
    GoFunction::fixed("regexQuoteMeta", &[Parameter::String], |a| {
        Ok(regexp::quote_meta(bytes(a, 0)).into())
    }),
];

fn compile(arguments: &[GoValue]) -> Result<Rc<Regexp>, CallError> {
    regexp::compile(bytes(arguments, 0)).map_err(|error| CallError::new(error.to_string()))
}

fn compile_or_panic(arguments: &[GoValue]) -> Result<Rc<Regexp>, CallError> {
    let pattern = bytes(arguments, 0);
    regexp::compile(pattern).map_err(|error| {
        let pattern = quoted(pattern);
        CallError::new(format!("regexp: Compile({pattern}): {error}"))
    })
}

/// In backticks if that can be, else in quotation marks.
fn quoted(pattern: &[u8]) -> String {
    let stands = |c: char| c == '\t' || !matches!(c, '\0'..='\x1f' | '\x7f' | '`' | '\u{feff}');
    match std::str::from_utf8(pattern) {
        Ok(pattern) if pattern.chars().all(stands) => format!("`{pattern}`"),
        _ => quote::quote_bytes(pattern),
    }
}

fn find(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    let searched = bytes(arguments, 1);
    let found = regexp.find(searched).unwrap_or_default();
    GoValue::string(&searched[found])
}

fn find_all(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    let searched = bytes(arguments, 1);
    let found = regexp.find_all(searched, limit(arguments));
    if found.is_empty() {
        return GoList::nil(GoType::String).into();
    }
    GoValue::strings(found.into_iter().map(|range| &searched[range]))
}

fn replace_all(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    regexp
        .replace_all(bytes(arguments, 1), bytes(arguments, 2))
        .into()
}

fn replace_all_literal(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    regexp
        .replace_all_literal(bytes(arguments, 1), bytes(arguments, 2))
        .into()
}

fn split(regexp: &Regexp, arguments: &[GoValue]) -> GoValue {
    let parts = regexp.split(bytes(arguments, 1), limit(arguments));
    if limit(arguments) == Some(0) {
        return GoList::nil(GoType::String).into();
    }
    GoValue::strings(parts)
}

/// How many parts are wanted; a negative number wants all.
fn limit(arguments: &[GoValue]) -> Option<usize> {
    usize::try_from(int(arguments, 2)).ok()
}
