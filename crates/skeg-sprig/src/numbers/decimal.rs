//! Decimal arithmetic: `addf 0.1 0.2` is `0.3`.

use std::ops::{Add, Mul, Sub};

use num_bigint::{BigInt, Sign};
use skeg_go::number::format_f64;
use skeg_go::{CallError, GoValue};

use crate::arguments::{any, from};
use crate::cast::to_f64;

/// How many digits after the point a quotient has.
const QUOTIENT_DIGITS: i64 = 16;

/// `addf VALUE…`
pub(super) fn add(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    fold(Decimal::from(0), arguments, |left, right| {
        Ok(left.aligned(&right, Add::add))
    })
}

/// `add1f VALUE`
pub(super) fn add_one(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let value = Decimal::of(any(arguments, 0))?;
    Ok(GoValue::Float(
        value.aligned(&Decimal::from(1), Add::add).to_f64(),
    ))
}

/// `subf VALUE…`
pub(super) fn subtract(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let first = Decimal::of(any(arguments, 0))?;
    fold(first, from(arguments, 1), |left, right| {
        Ok(left.aligned(&right, Sub::sub))
    })
}

/// `mulf VALUE…`
pub(super) fn multiply(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let first = Decimal::of(any(arguments, 0))?;
    fold(first, from(arguments, 1), |left, right| {
        Ok(Decimal {
            digits: left.digits.mul(right.digits),
            exponent: left.exponent + right.exponent,
        })
    })
}

/// `divf VALUE…`
pub(super) fn divide(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let first = Decimal::of(any(arguments, 0))?;
    fold(first, from(arguments, 1), |left, right| left.divided_by(&right))
}

fn fold(
    mut result: Decimal,
    values: &[GoValue],
    operation: impl Fn(Decimal, Decimal) -> Result<Decimal, CallError>,
) -> Result<GoValue, CallError> {
    for value in values {
        result = operation(result, Decimal::of(value)?)?;
    }
    Ok(GoValue::Float(result.to_f64()))
}

/// `digits` times ten to `exponent`.
struct Decimal {
    digits: BigInt,
    exponent: i64,
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self {
            digits: BigInt::from(number),
            exponent: 0,
        }
    }
}

impl Decimal {
    /// The number with the fewest digits that reads as the same floating-point number.
    fn of(value: &GoValue) -> Result<Self, CallError> {
        let number = to_f64(value);
        let text = format_f64(number);
        if !number.is_finite() {
            return Err(CallError::new(format!("Cannot create a Decimal from {text}")));
        }
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let exponent: i64 = exponent.parse().unwrap_or(0);
        Ok(Self {
            digits: digits.parse().unwrap_or_default(),
            exponent: exponent - i64::try_from(fraction.len()).unwrap_or(0),
        })
    }

    /// Adds or subtracts.
    fn aligned(&self, other: &Self, operation: impl Fn(BigInt, BigInt) -> BigInt) -> Self {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: &Self| &number.digits * power_of_ten(number.exponent - exponent);
        Self {
            digits: operation(scaled(self), scaled(other)),
            exponent,
        }
    }

    /// Divides and rounds half away from zero.
    fn divided_by(&self, divisor: &Self) -> Result<Self, CallError> {
        if divisor.digits.sign() == Sign::NoSign {
            return Err(CallError::new("decimal division by 0"));
        }
        let shift = self.exponent - divisor.exponent + QUOTIENT_DIGITS;
        let dividend = &self.digits * power_of_ten(shift);
        let divisor = &divisor.digits * power_of_ten(-shift);
        let (mut quotient, remainder) = (&dividend / &divisor, &dividend % &divisor);
        if remainder.magnitude() * 2_u8 >= *divisor.magnitude() {
            quotient += if dividend.sign() == divisor.sign() { 1 } else { -1 };
        }
        Ok(Self {
            digits: quotient,
            exponent: -QUOTIENT_DIGITS,
        })
    }

    /// The nearest floating-point number.
    fn to_f64(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent)
            .parse()
            .unwrap_or(f64::NAN)
    }
}

/// Ten to a power; one if it is negative.
fn power_of_ten(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}
