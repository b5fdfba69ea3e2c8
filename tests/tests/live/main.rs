//! Scenarios against a real registry with the real helm on the other side.
//!
//! `cargo xtask integration` starts the registry, installs the peers and runs this binary.
#![expect(clippy::print_stderr, reason = "a scenario that cannot run says so")]

mod beyond_helm;
mod classic;
mod copying;
mod credentials;
mod exchange;
mod layout;
mod libraries;
mod looking;
mod manifest;
mod refusals;
mod scene;
mod show;
mod versions;

#[test]
fn no_scenario_file_is_forgotten() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live");
    skeg_tests::assert_modules_declared(&directory, include_str!("main.rs"));
}
