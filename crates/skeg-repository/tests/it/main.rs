//! The crate from outside: indexes, the shared list, the cache.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod files;
mod index;

#[test]
fn no_test_file_is_forgotten() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
