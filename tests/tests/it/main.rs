//! Scenarios over several crates that need nothing but a loopback interface.

mod libraries;
// The recorded messages hold the words of a Unix system.
#[cfg(unix)]
mod oracle;

#[test]
fn no_scenario_file_is_forgotten() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    skeg_tests::assert_modules_declared(&directory, include_str!("main.rs"));
}
