//! The client against registries on loopback: every test names the case of the specification that it covers.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod budget;
mod cached;
mod cases;
mod contract;
mod copy_blob;
mod delete;
mod fetch_url;
mod layout;
mod referrers;
mod subject;
mod support;

#[test]
fn no_forgotten_files() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
