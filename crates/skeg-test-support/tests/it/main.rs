//! Integration tests of `skeg-test-support`: the harness is the judge of the other crates, so
//! what it claims to do is checked here with a client that knows nothing but sockets.

mod archives;
mod auth;
mod charts;
mod client;
mod context;
mod faults;
mod forgotten;
#[cfg(unix)]
mod helper;
mod log;
mod registry;
mod servers;
mod tls;
mod uploads;

#[test]
fn no_forgotten_files() {
    skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
}
