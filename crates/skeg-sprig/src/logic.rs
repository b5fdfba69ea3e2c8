//! Defaults and choices: `default`, `coalesce`, `ternary` and their kin.
//!
//! What a condition takes for false is empty.

use skeg_go::{CallError, GoFunction, GoValue, Parameter};

use crate::arguments::{any, boolean, bytes};

use Parameter::{Any, Bool, String};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::variadic("all", &[], Any, are_all_set),
    GoFunction::variadic("any", &[], Any, is_any_set),
    GoFunction::variadic("coalesce", &[], Any, coalesce),
    GoFunction::variadic("default", &[Any], Any, default),
    GoFunction::fixed("empty", &[Any], empty),
    GoFunction::fixed("fail", &[String], fail),
    GoFunction::fixed("ternary", &[Any, Any, Bool], ternary),
];

/// `default FALLBACK [VALUE]`
fn default(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let value = any(arguments, 1);
    let is_set = value.is_true();
    Ok(if is_set {
        value.clone()
    } else {
        any(arguments, 0).clone()
    })
}

/// `empty VALUE`
fn empty(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Bool(!any(arguments, 0).is_true()))
}

/// `coalesce VALUE…`: the first one that is not empty.
fn coalesce(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(arguments
        .iter()
        .find(|value| value.is_true())
        .cloned()
        .unwrap_or_default())
}

/// `all VALUE…`
fn are_all_set(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Bool(arguments.iter().all(GoValue::is_true)))
}

/// `any VALUE…`
fn is_any_set(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Bool(arguments.iter().any(GoValue::is_true)))
}

/// `ternary IF_TRUE IF_FALSE CONDITION`
fn ternary(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(any(arguments, usize::from(!boolean(arguments, 2))).clone())
}

/// `fail MESSAGE`
fn fail(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Err(CallError::new(std::string::String::from_utf8_lossy(bytes(
        arguments, 0,
    ))))
}
