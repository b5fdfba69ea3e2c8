//! Numbers out of anything, with the rules of `spf13/cast`: what cannot be read is zero.

use skeg_go::strconv::{parse_float, parse_int};
use skeg_go::{GoObject, GoValue};

/// `cast.ToInt64`, and `cast.ToInt`, which differs in its type only.
pub(crate) fn to_i64(value: &GoValue) -> i64 {
    match value {
        GoValue::Int(_, value) => *value,
        GoValue::Uint(_, value) => value.cast_signed(),
        GoValue::Float(value) => truncate(*value),
        GoValue::Bool(value) => i64::from(*value),
        GoValue::String(text) => parse_int(without_zero_fraction(text), 0, 64).unwrap_or(0),
        GoValue::Object(object) => calendar_number(object.as_ref()).unwrap_or(0),
        GoValue::Nil | GoValue::List(_) | GoValue::Map(_) => 0,
    }
}

/// `cast.ToFloat64`
#[expect(clippy::cast_precision_loss, reason = "Go rounds as well")]
pub(crate) fn to_f64(value: &GoValue) -> f64 {
    match value {
        GoValue::Int(_, value) => *value as f64,
        GoValue::Uint(_, value) => *value as f64,
        GoValue::Float(value) => *value,
        GoValue::Bool(value) => f64::from(u8::from(*value)),
        GoValue::String(text) => parse_float(text).unwrap_or(0.0),
        GoValue::Object(object) => calendar_number(object.as_ref()).unwrap_or(0) as f64,
        GoValue::Nil | GoValue::List(_) | GoValue::Map(_) => 0.0,
    }
}

/// Months and days of the week count as numbers; no other type of its own does.
fn calendar_number(object: &dyn GoObject) -> Option<i64> {
    match object.type_name() {
        "time.Month" | "time.Weekday" => object.as_i64(),
        _ => None,
    }
}

/// Go's `int64(value)` on the machines that Helm is built for: what does not fit is the smallest number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit has been sorted out"
)]
pub(crate) fn truncate(value: f64) -> i64 {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if (-BOUND..BOUND).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

/// `1.00` as `1`, everything else as it is.
fn without_zero_fraction(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|byte| **byte == b'0').count();
    match text[..text.len() - zeros].split_last() {
        Some((b'.', whole)) if zeros > 0 => whole,
        _ => text,
    }
}
