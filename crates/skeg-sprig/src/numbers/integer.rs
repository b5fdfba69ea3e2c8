//! Arithmetic with whole numbers, which wraps.

use skeg_go::fmt::to_text;
use skeg_go::strconv::{self, NumberError};
use skeg_go::{CallError, GoValue};

use crate::arguments::{any, bytes, from};
use crate::cast::to_i64;

/// `int VALUE`
pub(super) fn to_int(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::int(to_i64(any(arguments, 0))))
}

/// `int64 VALUE`
pub(super) fn to_int64(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::int64(to_i64(any(arguments, 0))))
}

/// `atoi TEXT`: in base ten; what is too large is the largest number.
pub(super) fn atoi(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let number = strconv::atoi(bytes(arguments, 0));
    Ok(GoValue::int(number.unwrap_or_else(NumberError::into_value)))
}

/// `toDecimal VALUE`: reads its text in base eight.
pub(super) fn from_octal(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = to_text(any(arguments, 0));
    Ok(GoValue::int64(strconv::parse_int(&text, 8, 64).unwrap_or(0)))
}

/// `add VALUE…`
pub(super) fn add(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let numbers = arguments.iter().map(to_i64);
    Ok(GoValue::int64(numbers.fold(0, i64::wrapping_add)))
}

/// `add1 VALUE`
pub(super) fn add_one(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::int64(to_i64(any(arguments, 0)).wrapping_add(1)))
}

/// `sub VALUE VALUE`
pub(super) fn subtract(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let (left, right) = operands(arguments);
    Ok(GoValue::int64(left.wrapping_sub(right)))
}

/// `mul VALUE…`
pub(super) fn multiply(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let numbers = arguments.iter().map(to_i64);
    Ok(GoValue::int64(numbers.fold(1, i64::wrapping_mul)))
}

/// `div VALUE VALUE`
pub(super) fn divide(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match operands(arguments) {
        (_, 0) => Err(division_by_zero()),
        (left, right) => Ok(GoValue::int64(left.wrapping_div(right))),
    }
}

/// `mod VALUE VALUE`
pub(super) fn remainder(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    match operands(arguments) {
        (_, 0) => Err(division_by_zero()),
        (left, right) => Ok(GoValue::int64(left.wrapping_rem(right))),
    }
}

/// `max VALUE…`
pub(super) fn max(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let first = to_i64(any(arguments, 0));
    let numbers = from(arguments, 1).iter().map(to_i64);
    Ok(GoValue::int64(numbers.fold(first, i64::max)))
}

/// `min VALUE…`
pub(super) fn min(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let first = to_i64(any(arguments, 0));
    let numbers = from(arguments, 1).iter().map(to_i64);
    Ok(GoValue::int64(numbers.fold(first, i64::min)))
}

fn operands(arguments: &[GoValue]) -> (i64, i64) {
    (to_i64(any(arguments, 0)), to_i64(any(arguments, 1)))
}

fn division_by_zero() -> CallError {
    CallError::new("runtime error: integer divide by zero")
}
