//! Types and kinds: `typeOf`, `kindIs` and their kin.

use skeg_go::{CallError, GoFunction, GoValue, Parameter, equal};

use crate::arguments::{any, bytes};

use Parameter::{Any, String};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[GoFunction] = &[
    GoFunction::fixed("deepEqual", &[Any, Any], deep_equal),
    GoFunction::fixed("kindIs", &[String, Any], kind_is),
    GoFunction::fixed("kindOf", &[Any], kind_of),
    GoFunction::fixed("typeIs", &[String, Any], type_is),
    GoFunction::fixed("typeIsLike", &[String, Any], type_is_like),
    GoFunction::fixed("typeOf", &[Any], type_of),
];

/// `typeOf VALUE`
fn type_of(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(any(arguments, 0).type_name()))
}

/// `typeIs TYPE VALUE`
fn type_is(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let name = any(arguments, 1).type_name();
    Ok(GoValue::Bool(bytes(arguments, 0) == name.as_bytes()))
}

/// `typeIsLike TYPE VALUE`: of the type, or a pointer to it.
fn type_is_like(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let name = any(arguments, 1).type_name();
    let wanted = bytes(arguments, 0);
    let target = name.strip_prefix('*').map(str::as_bytes);
    Ok(GoValue::Bool(wanted == name.as_bytes() || target == Some(wanted)))
}

/// `kindOf VALUE`
fn kind_of(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::from(any(arguments, 0).kind().name()))
}

/// `kindIs KIND VALUE`
fn kind_is(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let name = any(arguments, 1).kind().name();
    Ok(GoValue::Bool(bytes(arguments, 0) == name.as_bytes()))
}

/// `deepEqual VALUE VALUE`
fn deep_equal(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Bool(equal::deep_equal(
        any(arguments, 0),
        any(arguments, 1),
    )))
}
