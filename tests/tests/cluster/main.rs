//! Scenarios with a real Kubernetes API server, and the real helm on the other side.
//!
//! `cargo xtask integration --cluster` starts the cluster, installs the peers and runs this binary.
#![expect(clippy::print_stderr, reason = "a scenario that cannot run says so")]

mod faults_admission;
mod faults_hooks;
mod faults_kinds;
mod faults_records;
mod faults_rights;
mod faults_server;
mod faults_signals;
mod faults_stage;
mod proxy;
mod reading;
mod releases;
mod scene;

#[test]
fn no_scenario_file_is_forgotten() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster");
    skeg_tests::assert_modules_declared(&directory, include_str!("main.rs"));
}
