//! Private keys of DSA with 2048 and 256 bits, made by the crate `dsa`, in the form that OpenSSL gave them.

use dsa::{Components, KeySize, SigningKey};

use super::der::{self, Reader, integer, sequence};
use super::random::{Fill, Generator};

/// A new key.
pub(super) fn generate(fill: Fill) -> Vec<u8> {
    let Ok(components) =
        Components::try_generate_from_rng_with_key_size(&mut Generator(fill), KeySize::DSA_2048_256);
    let Ok(key) = SigningKey::try_generate_from_rng_with_components(&mut Generator(fill), components);
    let public = key.verifying_key();
    let components = public.components();
    let numbers = [
        integer(&[]),
        integer(&components.p().to_be_bytes()),
        integer(&components.q().to_be_bytes()),
        integer(&components.g().to_be_bytes()),
        integer(&public.y().to_be_bytes()),
        integer(&key.x().to_be_bytes()),
    ];
    sequence(&numbers.concat())
}

/// Whether this has the form of a key.
pub(super) fn is_key(der: &[u8]) -> bool {
    Reader::new(der)
        .enter()
        .is_some_and(|mut fields| (0..6).all(|_| fields.expect(der::INTEGER).is_some()))
}
