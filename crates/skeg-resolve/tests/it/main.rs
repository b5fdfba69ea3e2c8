//! Tests of the crate, beside a source in memory that counts what it is asked.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod lock;
mod memory;
mod properties;
mod resolving;

#[test]
fn no_test_file_is_forgotten() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
