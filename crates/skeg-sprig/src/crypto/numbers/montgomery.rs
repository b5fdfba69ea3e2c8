//! Arithmetic modulo an odd number whose highest bit is set, after Montgomery.

use super::natural::{bit, is_less, multiply_add, subtract};

/// A modulus of `L` limbs and what multiplication needs to know of it.
pub(super) struct Modulus<const L: usize> {
    number: [u64; L],
    /// The negative inverse of the lowest limb modulo 2⁶⁴.
    inverse: u64,
}

/// A number below the modulus, times 2 to the power of 64 × `L`.
pub(super) type Residue<const L: usize> = [u64; L];

impl<const L: usize> Modulus<L> {
    /// `number` is odd and its highest bit is set.
    pub(super) fn new(number: [u64; L]) -> Self {
        debug_assert!(number[0] & 1 == 1 && number[L - 1] >> 63 == 1);
        // Each step doubles the number of right bits; three are right at first.
        let inverse = (0..5).fold(number[0], |inverse, _| {
            inverse.wrapping_mul(2_u64.wrapping_sub(number[0].wrapping_mul(inverse)))
        });
        Self {
            number,
            inverse: inverse.wrapping_neg(),
        }
    }

    /// One.
    pub(super) fn one(&self) -> Residue<L> {
        // With the highest bit set, 2^(64 L) is between one and two times the modulus.
        let mut one = [0; L];
        subtract(&mut one, &self.number);
        one
    }

    /// Minus one.
    pub(super) fn minus_one(&self) -> Residue<L> {
        let mut residue = self.number;
        subtract(&mut residue, &self.one());
        residue
    }

    /// The residue of a number below the modulus.
    pub(super) fn residue(&self, number: &[u64; L]) -> Residue<L> {
        let mut factor = self.one();
        for _ in 0..64 * L {
            factor = self.double(&factor);
        }
        self.multiply(number, &factor)
    }

    /// The number that a residue stands for.
    pub(super) fn number(&self, residue: &Residue<L>) -> [u64; L] {
        let mut one = [0; L];
        one[0] = 1;
        self.multiply(residue, &one)
    }

    /// `2 a`
    pub(super) fn double(&self, a: &Residue<L>) -> Residue<L> {
        let mut doubled = [0; L];
        let mut carry = 0;
        for (limb, doubled) in a.iter().zip(&mut doubled) {
            *doubled = (limb << 1) | carry;
            carry = limb >> 63;
        }
        self.reduce_once(doubled, carry)
    }

    /// `a × b`
    pub(super) fn multiply(&self, a: &Residue<L>, b: &Residue<L>) -> Residue<L> {
        let mut sum = [0; L];
        let mut top = 0;
        for factor in b {
            let mut carry = 0;
            for (limb, other) in sum.iter_mut().zip(a) {
                (*limb, carry) = multiply_add(*limb, *other, *factor, carry);
            }
            let (next, overflows) = u64::overflowing_add(top, carry);
            let carry = self.fold_lowest(&mut sum);
            let (next, again) = next.overflowing_add(carry);
            sum[L - 1] = next;
            top = u64::from(overflows) + u64::from(again);
        }
        self.reduce_once(sum, top)
    }

    /// Adds what makes the lowest limb zero and shifts it out; returns the carry, which becomes the highest.
    #[inline]
    fn fold_lowest(&self, sum: &mut [u64; L]) -> u64 {
        let factor = sum[0].wrapping_mul(self.inverse);
        let (_, mut carry) = multiply_add(sum[0], factor, self.number[0], 0);
        for at in 1..L {
            (sum[at - 1], carry) = multiply_add(sum[at], factor, self.number[at], carry);
        }
        carry
    }

    /// `a × a`, a fifth faster than [`Self::multiply`].
    pub(super) fn square(&self, a: &Residue<L>) -> Residue<L> {
        let mut halves = [[0; L]; 2];
        let wide = halves.as_flattened_mut();
        for at in 0..L {
            let mut carry = 0;
            let (row, rest) = wide[2 * at + 1..].split_at_mut(L - at - 1);
            for (limb, other) in row.iter_mut().zip(&a[at + 1..]) {
                (*limb, carry) = multiply_add(*limb, a[at], *other, carry);
            }
            rest[0] = carry;
        }
        let mut carry = 0;
        let mut shifted = 0;
        for (pair, limb) in wide.chunks_exact_mut(2).zip(a) {
            let [low, high] = [pair[0], pair[1]];
            let (square, above) = multiply_add((low << 1) | shifted, *limb, *limb, carry);
            pair[0] = square;
            let overflows;
            (pair[1], overflows) = ((high << 1) | (low >> 63)).overflowing_add(above);
            carry = u64::from(overflows);
            shifted = high >> 63;
        }
        self.reduce(halves)
    }

    /// Divides a number of twice the length by 2 to the power of 64 × `L`.
    fn reduce(&self, mut halves: [[u64; L]; 2]) -> Residue<L> {
        let wide = halves.as_flattened_mut();
        let mut top = 0;
        for at in 0..L {
            let (row, rest) = wide[at..].split_at_mut(L);
            let factor = row[0].wrapping_mul(self.inverse);
            let mut carry = 0;
            for (limb, other) in row.iter_mut().zip(&self.number) {
                (*limb, carry) = multiply_add(*limb, factor, *other, carry);
            }
            let (sum, first) = rest[0].overflowing_add(carry);
            let (sum, second) = sum.overflowing_add(top);
            rest[0] = sum;
            top = u64::from(first) + u64::from(second);
        }
        self.reduce_once(halves[1], top)
    }

    #[inline]
    fn reduce_once(&self, mut a: [u64; L], top: u64) -> Residue<L> {
        if top != 0 || !is_less(&a, &self.number) {
            subtract(&mut a, &self.number);
        }
        a
    }

    /// `base` to the power of `exponent`.
    pub(super) fn power(&self, base: &Residue<L>, exponent: &[u64]) -> Residue<L> {
        const WINDOW: usize = 4;

        let mut powers = [self.one(); 1 << WINDOW];
        for at in 1..powers.len() {
            powers[at] = self.multiply(&powers[at - 1], base);
        }
        let mut result = self.one();
        for window in (0..exponent.len() * 64 / WINDOW).rev() {
            for _ in 0..WINDOW {
                result = self.square(&result);
            }
            let digit = exponent[window / 16] >> (window % 16 * WINDOW) & 15;
            if digit != 0 {
                result = self.multiply(&result, &powers[usize::try_from(digit).unwrap_or(0)]);
            }
        }
        result
    }

    /// Two to the power of the number that remains of `exponent` without its lowest `skipped` bits.
    pub(super) fn power_of_two(&self, exponent: &[u64; L], skipped: usize) -> Residue<L> {
        let mut result = self.one();
        for position in (skipped..64 * L).rev() {
            result = self.square(&result);
            if bit(exponent, position) {
                result = self.double(&result);
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::Modulus;

    /// 2¹²⁸ − 159, a prime.
    const PRIME: [u64; 2] = [u64::MAX - 158, u64::MAX];

    fn modulo(value: u128) -> [u64; 2] {
        [
            u64::try_from(value & u128::from(u64::MAX)).unwrap(),
            u64::try_from(value >> 64).unwrap(),
        ]
    }

    #[test]
    fn products_and_squares_agree_with_small_numbers() {
        let modulus = Modulus::new(PRIME);
        for (a, b) in [
            (0, 5),
            (1, 1),
            (3, 7),
            (u128::from(u64::MAX), 12345),
            (1 << 100, 1 << 27),
        ] {
            let (left, right) = (modulus.residue(&modulo(a)), modulus.residue(&modulo(b)));
            assert_eq!(modulus.number(&left), modulo(a));
            assert_eq!(modulus.number(&modulus.multiply(&left, &right)), modulo(a * b));
            assert_eq!(modulus.square(&left), modulus.multiply(&left, &left));
            assert_eq!(modulus.number(&modulus.double(&right)), modulo(2 * b));
        }
    }

    #[test]
    fn fermat_s_theorem_holds() {
        let modulus = Modulus::new(PRIME);
        let mut exponent = PRIME;
        exponent[0] -= 1;
        for base in [2, 3, 1 << 77, u128::MAX >> 9] {
            let base = modulus.residue(&modulo(base));
            assert_eq!(modulus.power(&base, &exponent), modulus.one());
        }
        assert_eq!(modulus.power_of_two(&exponent, 0), modulus.one());
        assert_eq!(modulus.square(&modulus.minus_one()), modulus.one());
    }
}
