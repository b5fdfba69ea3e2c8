//! Hashes and checksums, as lower-case hexadecimal digits.

use ring::digest::{self, Algorithm};
use skeg_go::GoValue;

use crate::arguments::bytes;

/// `sha1sum`
pub(super) fn sha1sum(arguments: &[GoValue]) -> GoValue {
    hash(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes(arguments, 0))
}

/// `sha256sum`
pub(super) fn sha256sum(arguments: &[GoValue]) -> GoValue {
    hash(&digest::SHA256, bytes(arguments, 0))
}

/// `sha512sum`
pub(super) fn sha512sum(arguments: &[GoValue]) -> GoValue {
    hash(&digest::SHA512, bytes(arguments, 0))
}

/// `adler32sum`: the checksum of zlib, as a decimal number.
pub(super) fn adler32sum(arguments: &[GoValue]) -> GoValue {
    GoValue::from(adler32(bytes(arguments, 0)).to_string())
}

fn hash(algorithm: &'static Algorithm, bytes: &[u8]) -> GoValue {
    GoValue::from(hex(digest::digest(algorithm, bytes).as_ref()))
}

/// The bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| DIGITS[usize::from(half)])
        .collect()
}

fn adler32(bytes: &[u8]) -> u32 {
    /// The largest prime below 2¹⁶.
    const MODULUS: u32 = 65521;
    /// The most bytes whose sums cannot overflow.
    const BLOCK: usize = 5552;

    let (mut low, mut high) = (1_u32, 0_u32);
    for block in bytes.chunks(BLOCK) {
        for byte in block {
            low += u32::from(*byte);
            high += low;
        }
        low %= MODULUS;
        high %= MODULUS;
    }
    (high << 16) | low
}
