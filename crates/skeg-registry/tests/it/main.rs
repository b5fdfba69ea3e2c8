//! Integration tests of `skeg-registry`: on a repository in memory, and on a scripted registry where requests count.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod copy;
mod pull;
mod push;
mod resolve;
mod support;

#[test]
fn no_test_file_is_forgotten() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
