//! The store on a real file system: what goes in, what comes out, and everything that can happen in between.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod content;
mod partial;
mod support;
mod tags;
mod together;
mod upkeep;

#[test]
fn no_forgotten_files() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
