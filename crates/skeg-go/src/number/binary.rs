//! Numbers with a binary exponent: the formats `'b'` and `'x'`.

use super::push;

const MANTISSA_BITS: u32 = 52;

/// The mantissa, which includes the leading one of normal numbers, and the exponent of its lowest bit.
fn take_apart(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << MANTISSA_BITS) - 1);
    match ((bits >> MANTISSA_BITS) & 0x7ff) as i32 {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << MANTISSA_BITS, exponent - 1075),
    }
}

/// `'b'`: `-4503599627370496p-52`
pub(super) fn write_binary(out: &mut Vec<u8>, value: f64) {
    let (mantissa, exponent) = take_apart(value);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    push(out, format_args!("{sign}{mantissa}p{exponent:+}"));
}

/// `'x'`: `-0x1.23abcp+20`
pub(super) fn write_hexadecimal(out: &mut Vec<u8>, value: f64, precision: Option<usize>) {
    // One bit before the point and 60 after it, which are 15 digits.
    const POINT: i32 = 60;
    let (mut mantissa, mut exponent) = take_apart(value);
    if mantissa == 0 {
        exponent = 0;
    } else {
        let shift = mantissa.leading_zeros().cast_signed() - (63 - POINT);
        mantissa <<= shift;
        exponent += POINT - shift;
    }
    if let Some(places) = precision.filter(|places| *places < 15) {
        let dropped = 60 - 4 * places;
        let rest = mantissa & ((1 << dropped) - 1);
        mantissa >>= dropped;
        let half = 1 << (dropped - 1);
        if rest > half || (rest == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
        mantissa <<= dropped;
        if mantissa >> (POINT + 1) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    push(out, format_args!("{sign}0x{}", mantissa >> POINT));
    let fraction = format!("{:015x}", mantissa & ((1 << POINT) - 1));
    let places = precision.unwrap_or_else(|| fraction.trim_end_matches('0').len());
    if places > 0 {
        out.push(b'.');
        super::push_padded(out, fraction.as_bytes(), places);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    push(out, format_args!("p{sign}{:02}", exponent.unsigned_abs()));
}
