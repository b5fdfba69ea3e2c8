//! Tests of the whole crate: a version goes from a repository on loopback into memory.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod migrate;

#[test]
fn no_test_file_is_forgotten() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
