//! Private keys of DSA with 2048 and 256 bits, in the form that OpenSSL gave them.

use super::montgomery::Modulus;
use super::natural::{product, product_with_small, to_bytes};
use super::primes::{Fill, has_small_divisor, is_prime, random};
use crate::crypto::der;

const LARGE: usize = 32;
const SMALL: usize = 4;

/// A new key.
pub(in super::super) fn private_key(fill: Fill) -> Vec<u8> {
    let (p, q, cofactor) = primes(fill);
    let modulus = Modulus::new(p);
    let two = modulus.double(&modulus.one());
    let generator = modulus.power(&two, &cofactor);
    let secret = loop {
        let secret: [u64; SMALL] = random(fill);
        // The highest bit of `q` is set: without it the secret is less.
        if secret.iter().any(|limb| *limb != 0) && super::natural::is_less(&secret, &q) {
            break secret;
        }
    };
    let public = modulus.power(&generator, &secret);
    let numbers = [
        to_bytes(&p),
        to_bytes(&q),
        to_bytes(&modulus.number(&generator)),
        to_bytes(&modulus.number(&public)),
        to_bytes(&secret),
    ];
    let mut content = der::integer(&[]);
    for number in numbers {
        content.extend(der::integer(&number));
    }
    der::sequence(&content)
}

/// A prime, a small one that divides it less one, and how often.
fn primes(fill: Fill) -> ([u64; LARGE], [u64; SMALL], Vec<u64>) {
    let q = loop {
        let mut q: [u64; SMALL] = random(fill);
        q[0] |= 1;
        q[SMALL - 1] |= 1 << 63;
        if !has_small_divisor(&q) && is_prime(&q, fill) {
            break q;
        }
    };
    loop {
        let mut cofactor: [u64; LARGE - SMALL] = random(fill);
        cofactor[0] &= !1;
        cofactor[LARGE - SMALL - 1] |= 1 << 63;
        let multiple = product(&cofactor, &q);
        let Ok(p) = <[u64; LARGE]>::try_from(&product_with_small(&multiple, 1, 1)[..LARGE]) else {
            continue;
        };
        if p[LARGE - 1] >> 63 == 1 && !has_small_divisor(&p) && is_prime(&p, fill) {
            return (p, q, cofactor.to_vec());
        }
    }
}
