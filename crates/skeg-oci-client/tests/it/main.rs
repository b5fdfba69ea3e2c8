//! The client against registries on loopback: every test names the case of the specification that it covers.

#![expect(clippy::unwrap_used, reason = "a failed helper is a failed test")]

mod auth;
mod budget;
mod contract;
mod fetch_url;
mod layout;
mod pull;
mod push;
mod redirect;
mod referrers;
mod support;
mod tags;
mod tls;

#[test]
fn no_forgotten_files() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
