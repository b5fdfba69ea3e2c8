//! The charts of `tests/data/charts`: ours, each with something the others do not have.

use std::path::Path;
use std::path::PathBuf;

/// The directory of all test data.
pub fn data_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// The directory of a chart.
pub fn chart(name: &str) -> PathBuf {
    data_directory().join("charts").join(name)
}

/// The chart that has mistakes for `lint` to find, and cannot be packaged.
const QUESTIONABLE: &str = "questionable";

/// The names of all charts that can be packaged, sorted.
///
/// # Panics
///
/// When the directory of test data cannot be read.
pub fn chart_names() -> Vec<String> {
    let mut names: Vec<String> = fs_err::read_dir(data_directory().join("charts"))
        .expect("because the charts are part of the checkout")
        .map(|entry| entry.expect("because the directory can be listed"))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != QUESTIONABLE)
        .collect();
    names.sort();
    names
}

/// Asserts that every file of a test binary's directory is a module of its `main.rs`.
///
/// # Panics
///
/// When one is not, which would mean that its tests never run.
#[track_caller]
pub fn assert_modules_declared(directory: &Path, main: &str) {
    for entry in fs_err::read_dir(directory).expect("because the tests are part of the checkout") {
        let path = entry.expect("because the directory can be listed").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let declared = name == "main" || main.contains(&format!("mod {name};"));
        assert!(declared, "`{}` is no module of main.rs", path.display());
    }
}
