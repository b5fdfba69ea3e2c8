//! Natural numbers of any size, little end first in limbs of 64 bits: the operations that keys need once.

/// Adds `a × b` to `sum` and `carry`: the low and the high half of the result.
#[inline]
pub(super) fn multiply_add(sum: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    let wide = u128::from(a) * u128::from(b) + u128::from(sum) + u128::from(carry);
    split(wide)
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves are what is wanted"
)]
fn split(wide: u128) -> (u64, u64) {
    (wide as u64, (wide >> 64) as u64)
}

/// `a × b`
pub(super) fn product(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut out = vec![0; a.len() + b.len()];
    for (at, factor) in a.iter().enumerate() {
        let mut carry = 0;
        for (limb, other) in out[at..].iter_mut().zip(b) {
            (*limb, carry) = multiply_add(*limb, *factor, *other, carry);
        }
        out[at + b.len()] = carry;
    }
    out
}

/// `a × factor + addend`
pub(super) fn product_with_small(a: &[u64], factor: u64, addend: u64) -> Vec<u64> {
    let mut carry = addend;
    let mut out: Vec<u64> = a
        .iter()
        .map(|limb| {
            let low;
            (low, carry) = multiply_add(0, *limb, factor, carry);
            low
        })
        .collect();
    out.push(carry);
    out
}

/// `a ÷ divisor` and what remains.
pub(super) fn quotient_by_small(a: &[u64], divisor: u64) -> (Vec<u64>, u64) {
    let mut out = a.to_vec();
    let mut remainder = 0;
    for limb in out.iter_mut().rev() {
        let wide = (u128::from(remainder) << 64) | u128::from(*limb);
        (*limb, _) = split(wide / u128::from(divisor));
        (remainder, _) = split(wide % u128::from(divisor));
    }
    (out, remainder)
}

/// What remains of `a` by a divisor below 2³².
pub(super) fn remainder_by_small(a: &[u64], divisor: u64) -> u64 {
    a.iter().rev().fold(0, |remainder, limb| {
        let high = ((remainder << 32) | (limb >> 32)) % divisor;
        ((high << 32) | (limb & 0xffff_ffff)) % divisor
    })
}

/// Subtracts `b` from `a`, which is not less; returns whether it was.
pub(super) fn subtract(a: &mut [u64], b: &[u64]) -> bool {
    let mut borrow = false;
    for (at, limb) in a.iter_mut().enumerate() {
        let (difference, first) = limb.overflowing_sub(b.get(at).copied().unwrap_or(0));
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        (*limb, borrow) = (difference, first || second);
    }
    borrow
}

/// Adds a small number; returns whether the sum is too large.
pub(super) fn add_small(a: &mut [u64], addend: u64) -> bool {
    let mut carry = addend;
    for limb in a.iter_mut() {
        let overflows;
        (*limb, overflows) = limb.overflowing_add(carry);
        carry = u64::from(overflows);
    }
    carry != 0
}

/// Whether `a` is less than `b`, which has as many limbs.
pub(super) fn is_less(a: &[u64], b: &[u64]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// The greatest common divisor of two numbers, if it fits one limb.
pub(super) fn small_common_divisor(a: &[u64], b: &[u64]) -> Option<u64> {
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    let shared_twos = trailing_zeros(&a).min(trailing_zeros(&b));
    halve(&mut a);
    loop {
        halve(&mut b);
        if is_less(&b, &a) {
            std::mem::swap(&mut a, &mut b);
        }
        subtract(&mut b, &a);
        if b.iter().all(|limb| *limb == 0) {
            break;
        }
    }
    let (low, high) = a.split_first()?;
    let fits = high.iter().all(|limb| *limb == 0) && low.leading_zeros() > shared_twos;
    fits.then(|| low << shared_twos)
}

/// Shifts until the number is odd; it is not zero.
fn halve(a: &mut [u64]) {
    let mut zeros = trailing_zeros(a);
    while zeros > 0 {
        let shift = zeros.min(63);
        for at in 0..a.len() {
            let above = a.get(at + 1).copied().unwrap_or(0);
            a[at] = (a[at] >> shift) | (above << (64 - shift));
        }
        zeros -= shift;
    }
}

/// How often two divides the number; 0 for zero.
pub(super) fn trailing_zeros(a: &[u64]) -> u32 {
    let mut zeros = 0;
    for limb in a {
        if *limb != 0 {
            return zeros + limb.trailing_zeros();
        }
        zeros += 64;
    }
    0
}

/// The bit at `position`.
pub(super) fn bit(a: &[u64], position: usize) -> bool {
    a.get(position / 64)
        .is_some_and(|limb| limb >> (position % 64) & 1 == 1)
}

/// The bytes, great end first, without zeros in front.
pub(in super::super) fn to_bytes(a: &[u64]) -> Vec<u8> {
    a.iter()
        .rev()
        .flat_map(|limb| limb.to_be_bytes())
        .skip_while(|byte| *byte == 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_common_divisor(a: &[u64], b: &[u64], expected: Option<u64>) {
        assert_eq!(small_common_divisor(a, b), expected);
        assert_eq!(small_common_divisor(b, a), expected);
    }

    #[test]
    fn common_divisors() {
        check_common_divisor(&[12, 0], &[18, 0], Some(6));
        check_common_divisor(&[1, 1], &[3, 0], Some(1));
        check_common_divisor(&[0, 6], &[0, 9], None);
        check_common_divisor(&[0, 1], &[1 << 40, 0], Some(1 << 40));
    }

    #[test]
    fn quotients_undo_products() {
        let number = [u64::MAX, 7, 1 << 63];
        let (quotient, remainder) = quotient_by_small(&product_with_small(&number, 65537, 12), 65537);
        assert_eq!((quotient, remainder), (vec![u64::MAX, 7, 1 << 63, 0], 12));
        assert_eq!(
            remainder_by_small(&product_with_small(&number, 65537, 12), 65537),
            12
        );
        assert_eq!(product(&[u64::MAX, 1], &[2]), [u64::MAX - 1, 3, 0]);
    }
}
