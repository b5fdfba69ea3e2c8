//! The arithmetic behind keys: large integers, prime numbers, and what RSA and DSA make of them.
//!
//! Time depends on the numbers: this makes keys on the machine that will read them anyway, and signs nothing.

pub(super) mod dsa;
pub(super) mod montgomery;
pub(super) mod natural;
pub(super) mod primes;
pub(super) mod rsa;
