//! Finding prime numbers.
//!
//! From a random odd number upwards, what small primes divide is sieved out, and the rest is put to the test of
//! Miller and Rabin: to base two first, which is cheap and stops nearly all that are not prime, then to random
//! bases.

use std::sync::LazyLock;

use super::montgomery::Modulus;
use super::natural::{add_small, remainder_by_small, trailing_zeros};

/// Fills a buffer with random bytes.
pub(in super::super) type Fill = fn(&mut [u8]);

/// The public exponent of RSA, which must not divide a prime less one.
pub(in super::super) const EXPONENT: u64 = 65537;

/// How many odd numbers are sieved at a time: ten times as many as lie between primes of 2048 bits.
const WINDOW: usize = 8192;
/// Tests to random bases. With the one to base two that makes the five that FIPS 186-5 asks for.
const ROUNDS: usize = 4;

/// All odd primes below 2¹⁶.
static SMALL_PRIMES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut is_composite = vec![false; 1 << 15];
    let mut primes = Vec::with_capacity(6541);
    for half in 1..1_usize << 15 {
        if !is_composite[half] {
            let prime = 2 * half + 1;
            primes.push(u32::try_from(prime).expect("because it is below 2¹⁶"));
            for multiple in (prime * prime / 2..1 << 15).step_by(prime) {
                is_composite[multiple] = true;
            }
        }
    }
    primes
});

/// A search for a prime of `L` limbs with its two highest bits set, one candidate at a time.
pub(in super::super) struct Search<const L: usize> {
    fill: Fill,
    start: [u64; L],
    /// What is left of the window, the next candidate last.
    candidates: Vec<u64>,
}

impl<const L: usize> Search<L> {
    pub(in super::super) fn new(fill: Fill) -> Self {
        Self {
            fill,
            start: [0; L],
            candidates: Vec::new(),
        }
    }

    /// Looks at the next candidate, which takes less than a millisecond for primes of 1024 bits.
    pub(in super::super) fn step(&mut self) -> Option<[u64; L]> {
        let Some(offset) = self.candidates.pop() else {
            self.open_window();
            return None;
        };
        let mut candidate = self.start;
        let overflows = add_small(&mut candidate, offset);
        let is_good =
            !overflows && remainder_by_small(&candidate, EXPONENT) != 1 && is_prime(&candidate, self.fill);
        // Another window for the next: primes of one key must not be neighbours.
        is_good.then(|| {
            self.candidates.clear();
            candidate
        })
    }

    fn open_window(&mut self) {
        self.start = random(self.fill);
        self.start[0] |= 1;
        self.start[L - 1] |= 3 << 62;
        let is_composite = sieve(&self.start);
        let offsets = (0_u64..).step_by(2).zip(is_composite);
        self.candidates = offsets
            .filter_map(|(offset, is_composite)| (!is_composite).then_some(offset))
            .collect();
        self.candidates.reverse();
    }
}

/// Which of the odd numbers from `start` on have a small divisor.
fn sieve(start: &[u64]) -> Vec<bool> {
    let mut is_composite = vec![false; WINDOW];
    for pair in SMALL_PRIMES.chunks(2) {
        let product = pair.iter().map(|prime| u64::from(*prime)).product();
        let remainder = remainder_by_small(start, product);
        for prime in pair {
            let prime = u64::from(*prime);
            // The first `k` for which the prime divides `start + 2 k`.
            let missing = (prime - remainder % prime) % prime;
            let first = if missing.is_multiple_of(2) {
                missing
            } else {
                missing + prime
            } / 2;
            let (first, step) = (to_index(first), to_index(prime));
            for at in (first..WINDOW).step_by(step) {
                is_composite[at] = true;
            }
        }
    }
    is_composite
}

fn to_index(number: u64) -> usize {
    usize::try_from(number).expect("because it is below 2¹⁷")
}

/// Whether a small prime divides `number`.
pub(super) fn has_small_divisor(number: &[u64]) -> bool {
    SMALL_PRIMES
        .iter()
        .take(2000)
        .any(|prime| remainder_by_small(number, u64::from(*prime)) == 0)
}

/// Random limbs.
pub(super) fn random<const L: usize>(fill: Fill) -> [u64; L] {
    let mut bytes = [[0; 8]; L];
    fill(bytes.as_flattened_mut());
    bytes.map(u64::from_le_bytes)
}

/// Whether an odd number with its highest bit set is prime, as far as can be told.
pub(super) fn is_prime<const L: usize>(number: &[u64; L], fill: Fill) -> bool {
    let test = Test::new(*number);
    let two = test.modulus.power_of_two(&test.less_one, test.twos);
    if !test.passes(two) {
        return false;
    }
    (0..ROUNDS).all(|_| {
        let mut base: [u64; L] = random(fill);
        base[L - 1] >>= 1;
        base[0] |= 2;
        let base = test.modulus.residue(&base);
        let power = test.modulus.power(&base, &test.odd_part());
        test.passes(power)
    })
}

/// The test of Miller and Rabin for one number.
struct Test<const L: usize> {
    modulus: Modulus<L>,
    less_one: [u64; L],
    /// How often two divides `less_one`.
    twos: usize,
}

impl<const L: usize> Test<L> {
    fn new(number: [u64; L]) -> Self {
        let mut less_one = number;
        less_one[0] -= 1;
        Self {
            modulus: Modulus::new(number),
            twos: usize::try_from(trailing_zeros(&less_one)).expect("because usize is not narrower"),
            less_one,
        }
    }

    fn odd_part(&self) -> [u64; L] {
        let mut odd = [0; L];
        let (limbs, bits) = (self.twos / 64, self.twos % 64);
        for (at, limb) in odd.iter_mut().enumerate() {
            let low = self.less_one.get(at + limbs).copied().unwrap_or(0);
            let high = self.less_one.get(at + limbs + 1).copied().unwrap_or(0);
            *limb = if bits == 0 {
                low
            } else {
                (low >> bits) | (high << (64 - bits))
            };
        }
        odd
    }

    /// Whether a base passes, given its power of the odd part.
    fn passes(&self, mut power: [u64; L]) -> bool {
        let minus_one = self.modulus.minus_one();
        if power == self.modulus.one() || power == minus_one {
            return true;
        }
        for _ in 1..self.twos {
            power = self.modulus.square(&power);
            if power == minus_one {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(buffer: &mut [u8]) {
        for (index, byte) in buffer.iter_mut().enumerate() {
            *byte = u8::try_from((17 + 29 * index) % 256).expect("because of the remainder");
        }
    }

    #[track_caller]
    fn check(number: u128, expected: bool) {
        let limbs = [
            u64::try_from(number & u128::from(u64::MAX)).unwrap(),
            u64::try_from(number >> 64).unwrap(),
        ];
        assert_eq!(is_prime(&limbs, counting), expected, "{number}");
    }

    #[test]
    fn primes_are_told_from_other_numbers() {
        check(u128::MAX - 158, true);
        check(u128::MAX - 172, true);
        check(u128::MAX - 232, true);
        check(u128::MAX, false);
        check(u128::MAX - 156, false);
        // A square of a prime, and a product of two of them.
        check(u128::from(u64::MAX - 58) * u128::from(u64::MAX - 58), false);
        check(u128::from(u64::MAX - 58) * u128::from(u64::MAX - 82), false);
    }

    #[test]
    fn what_the_sieve_leaves_has_no_small_divisor() {
        let start = [1, u64::MAX];
        let left: Vec<_> = sieve(&start)
            .into_iter()
            .zip((0_u64..).step_by(2))
            .filter(|(out, _)| !out)
            .collect();
        assert!(left.len() > WINDOW / 20);
        for (_, offset) in left {
            assert!(!has_small_divisor(&[1 + offset, u64::MAX]), "{offset}");
        }
    }
}
