//! Floating-point numbers: rounding, the largest and the smallest.

use skeg_go::{CallError, GoValue};

use crate::arguments::{any, from, int};
use crate::cast::to_f64;

/// `float64 VALUE`
pub(super) fn to_float(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Float(to_f64(any(arguments, 0))))
}

/// `ceil VALUE`
pub(super) fn ceil(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Float(to_f64(any(arguments, 0)).ceil()))
}

/// `floor VALUE`
pub(super) fn floor(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Float(to_f64(any(arguments, 0)).floor()))
}

/// `round VALUE PLACES [FROM]`: down, but up where the fraction is at least `FROM`, one half by default.
///
/// The fraction of a negative number is negative, so such numbers go down.
pub(super) fn round(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let threshold = from(arguments, 2).first().map_or(0.5, to_f64);
    let scale = power_of_ten(int(arguments, 1));
    let scaled = scale * to_f64(any(arguments, 0));
    let fraction = if scaled.is_infinite() {
        f64::NAN
    } else {
        scaled - scaled.trunc()
    };
    let rounded = if fraction >= threshold {
        scaled.ceil()
    } else {
        scaled.floor()
    };
    Ok(GoValue::Float(rounded / scale))
}

/// Ten to a power, by squaring, whose errors of rounding are those of Go.
fn power_of_ten(exponent: i64) -> f64 {
    const LARGEST: u64 = 308;
    let mut remaining = exponent.unsigned_abs();
    if remaining > LARGEST {
        return format!("1e{exponent}").parse().unwrap_or(f64::NAN);
    }
    let mut power = 1.0;
    let mut square = 10.0;
    while remaining > 0 {
        if remaining % 2 == 1 {
            power *= square;
        }
        square *= square;
        remaining /= 2;
    }
    if exponent < 0 { 1.0 / power } else { power }
}

/// `maxf VALUE…`
pub(super) fn max(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Float(fold(arguments, f64::INFINITY, |left, right| {
        if left > right || (left == 0.0 && right == 0.0 && left.is_sign_positive()) {
            left
        } else {
            right
        }
    })))
}

/// `minf VALUE…`
pub(super) fn min(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    Ok(GoValue::Float(fold(
        arguments,
        f64::NEG_INFINITY,
        |left, right| {
            if left < right || (left == 0.0 && right == 0.0 && left.is_sign_negative()) {
                left
            } else {
                right
            }
        },
    )))
}

/// What wins in the end: `extreme` always, else what is not a number, else the choice.
#[expect(clippy::float_cmp, reason = "Go compares exactly as well")]
fn fold(arguments: &[GoValue], extreme: f64, choose: impl Fn(f64, f64) -> f64) -> f64 {
    let first = to_f64(any(arguments, 0));
    let numbers = from(arguments, 1).iter().map(to_f64);
    numbers.fold(first, |left, right| {
        if left == extreme || right == extreme {
            extreme
        } else if left.is_nan() || right.is_nan() {
            f64::NAN
        } else {
            choose(left, right)
        }
    })
}
