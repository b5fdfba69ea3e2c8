//! RSA keys: read, written and signing, with Go's errors.
//!
//! The arithmetic is that of the crate `rsa`. Where keys come from is the business of [`super::key_pool`].

use rsa::errors::Error;
use rsa::sha2::{Digest as _, Sha256};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BoxedUint, Pkcs1v15Sign};

use super::der::{self, Reader, integer, sequence};
use super::random::{Fill, Generator};

/// The public exponent of new keys.
const EXPONENT: u64 = 65_537;
/// Go signs with no shorter ones.
const LEAST_BITS: u32 = 1024;

/// A private key.
pub(super) struct RsaKey {
    key: rsa::PrivateKey,
}

impl RsaKey {
    /// The key of two primes; none of about a hundred thousand pairs, which do not fit the exponent.
    pub(super) fn from_primes(first: BoxedUint, second: BoxedUint) -> Option<Self> {
        let key = rsa::PrivateKey::from_p_q(first, second, BoxedUint::from(EXPONENT));
        key.ok().map(|key| Self { key })
    }

    /// Reads the form of PKCS #1; `None` if it is not that.
    pub(super) fn read(der: &[u8]) -> Option<Result<Self, String>> {
        let mut fields = Reader::new(der).enter()?;
        let version = fields.expect(der::INTEGER)?;
        let mut numbers = Vec::with_capacity(8);
        while numbers.len() < 8
            && let Some(number) = fields.optional(der::INTEGER)
        {
            numbers.push(number.content);
        }
        let (needed, further) = numbers.split_first_chunk()?;
        Some(if matches!(version.content, [0 | 1]) {
            Self::from_numbers(*needed, further)
        } else {
            Err("x509: unsupported private key version".to_owned())
        })
    }

    /// A key of modulus, exponents and primes; what can be computed from them may stand there too.
    fn from_numbers(needed: [&[u8]; 5], further: &[&[u8]]) -> Result<Self, String> {
        let is_positive = |number: &&[u8]| {
            number.first().is_some_and(|first| *first < 0x80) && number.iter().any(|byte| *byte != 0)
        };
        let [modulus, exponent, secret, first, second] = &needed;
        let mut numbers = [modulus, secret, first, second].into_iter().chain(further);
        if !numbers.all(is_positive) {
            return Err("x509: private key contains zero or negative value".to_owned());
        }
        check_public(modulus, exponent).map_err(|error| format!("crypto/rsa: {error}"))?;
        let [modulus, exponent, secret, first, second] = needed.map(BoxedUint::from_be_slice_vartime);
        let expected = rsa::PrivateKey::from_p_q(first.clone(), second.clone(), exponent.clone())
            .map_err(|error| shown(&error))?;
        let right = Self { key: expected }.numbers();
        let given = [needed[0]].into_iter().chain(further.iter().copied());
        let names = [
            "p * q != n",
            "invalid CRT exponent",
            "invalid CRT exponent",
            "invalid CRT coefficient",
        ];
        for ((given, expected), name) in given.zip([0, 5, 6, 7]).zip(names) {
            if integer(given) != right[expected] {
                return Err(format!("crypto/rsa: {name}"));
            }
        }
        rsa::PrivateKey::from_components(modulus, exponent, secret, vec![first, second])
            .map(|key| Self { key })
            .map_err(|_| "crypto/rsa: d does not match dP".to_owned())
    }

    /// The numbers of PKCS #1, each as an element.
    fn numbers(&self) -> [Vec<u8>; 8] {
        let key = &self.key;
        let [p, q] = key.primes() else {
            unreachable!("because keys are made of two primes");
        };
        let ready = "because keys are made with these numbers";
        [
            integer(&key.n().to_be_bytes()),
            integer(&key.e().to_be_bytes()),
            integer(&key.d().to_be_bytes()),
            integer(&p.to_be_bytes()),
            integer(&q.to_be_bytes()),
            integer(&key.dp().expect(ready).to_be_bytes()),
            integer(&key.dq().expect(ready).to_be_bytes()),
            integer(&key.qinv().expect(ready).retrieve().to_be_bytes()),
        ]
    }

    /// The form of PKCS #1.
    pub(super) fn write(&self) -> Vec<u8> {
        sequence(&[integer(&[]), self.numbers().concat()].concat())
    }

    /// Modulus and exponent in the form of PKCS #1.
    pub(super) fn public_key(&self) -> Vec<u8> {
        let [modulus, exponent, ..] = self.numbers();
        sequence(&[modulus, exponent].concat())
    }

    /// Signs with SHA-256 and the padding of PKCS #1.
    pub(super) fn sign(&self, message: &[u8], fill: Fill) -> Result<Vec<u8>, String> {
        let bits = self.key.n().bit_width();
        if bits < LEAST_BITS {
            return Err(format!(
                "crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
            ));
        }
        let padding = Pkcs1v15Sign::new::<Sha256>();
        self.key
            .sign_with_rng(&mut Generator(fill), padding, &Sha256::digest(message))
            .map_err(|error| shown(&error))
    }
}

/// What is wrong with modulus and exponent.
fn check_public(modulus: &[u8], exponent: &[u8]) -> Result<(), &'static str> {
    let is_negative = exponent.first().is_some_and(|first| *first >= 0x80);
    let exponent = exponent.iter().try_fold(0_u32, |number, byte| {
        number.checked_mul(256).map(|number| number | u32::from(*byte))
    });
    let is_even = modulus.last().is_some_and(|last| last % 2 == 0);
    match exponent {
        _ if is_even => Err("public modulus is even"),
        _ if is_negative => Err("public exponent too small or negative"),
        Some(0 | 1) => Err("public exponent too small or negative"),
        Some(exponent) if exponent % 2 == 0 => Err("public exponent is even"),
        Some(0..0x8000_0000) => Ok(()),
        _ => Err("public exponent too large"),
    }
}

/// Go's text where it has one for the same.
fn shown(error: &Error) -> String {
    let text = match error {
        Error::InvalidPrime => "invalid prime",
        Error::InvalidExponent => "invalid CRT exponent",
        Error::InvalidModulus => "p * q != n",
        error => return format!("crypto/rsa: {error}"),
    };
    format!("crypto/rsa: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that no key has must not make the arithmetic fail.
    #[test]
    fn strange_numbers_are_errors() {
        let key = crate::crypto::pem::decode(include_bytes!("../../tests/data/rsa-1024.pem"));
        let key = key.expect("because it is a key").bytes;
        let mut fields = Reader::new(&key).enter().expect("because it is a sequence");
        let numbers: Vec<&[u8]> = std::iter::from_fn(|| fields.optional(der::INTEGER))
            .map(|number| number.content)
            .collect();
        let wide = [numbers[1], &[1; 200]].concat();
        let strange: [&[u8]; 8] = [&[], &[0], &[1], &[2], &[3], &[0x80], &numbers[4][1..], &wide];
        for place in 1..9 {
            for other in 1..9 {
                for pair in 0..strange.len() * strange.len() {
                    let mut numbers = numbers.clone();
                    numbers[place] = strange[pair / strange.len()];
                    numbers[other] = strange[pair % strange.len()];
                    let content: Vec<u8> = numbers
                        .iter()
                        .flat_map(|number| der::element(der::INTEGER, number))
                        .collect();
                    let read = RsaKey::read(&sequence(&content)).expect("because the form is right");
                    assert!(read.is_err(), "{numbers:?}");
                }
            }
        }
    }
}
