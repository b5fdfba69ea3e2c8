//! Private keys of RSA out of two primes, in the form of PKCS #1.

use super::montgomery::Modulus;
use super::natural::{
    is_less, product, product_with_small, quotient_by_small, remainder_by_small, small_common_divisor,
    subtract, to_bytes,
};
use super::primes::EXPONENT;
use crate::crypto::der;

/// The key of two primes; none if they do not make a good one, which is next to impossible for random ones.
pub(in super::super) fn private_key<const L: usize>(first: &[u64; L], second: &[u64; L]) -> Option<Vec<u8>> {
    let (p, q) = if is_less(first, second) {
        (second, first)
    } else {
        (first, second)
    };
    // Primes that begin alike make a product that is easily taken apart.
    if p[L - 2..] == q[L - 2..] {
        return None;
    }
    let less_one = |prime: &[u64; L]| {
        let mut number = *prime;
        number[0] -= 1;
        number
    };
    let (p_less_one, q_less_one) = (less_one(p), less_one(q));
    let divisor = small_common_divisor(&p_less_one, &q_less_one)?;
    let (order, _) = quotient_by_small(&product(&p_less_one, &q_less_one), divisor);

    let coefficient = {
        let modulus = Modulus::new(*p);
        let mut exponent = *p;
        subtract(&mut exponent, &[2]);
        let inverse = modulus.power(&modulus.residue(q), &exponent);
        modulus.number(&inverse)
    };
    let numbers = [
        product(p, q),
        vec![EXPONENT],
        inverse_of_exponent(&order),
        p.to_vec(),
        q.to_vec(),
        inverse_of_exponent(&p_less_one),
        inverse_of_exponent(&q_less_one),
        coefficient.to_vec(),
    ];
    let mut content = der::integer(&[]);
    for number in numbers {
        content.extend(der::integer(&to_bytes(&number)));
    }
    Some(der::sequence(&content))
}

/// The inverse of the public exponent modulo `modulus`, which it does not divide.
fn inverse_of_exponent(modulus: &[u64]) -> Vec<u64> {
    // The exponent is prime, so that an inverse modulo it is a power: 65535 is binary all ones.
    let remainder = remainder_by_small(modulus, EXPONENT);
    let inverse = (0..16).fold(1, |power, _| power * power % EXPONENT * remainder % EXPONENT);
    let factor = EXPONENT - inverse;
    let (quotient, _) = quotient_by_small(&product_with_small(modulus, factor, 1), EXPONENT);
    quotient
}
