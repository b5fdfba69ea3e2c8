//! The check that every test file is part of its test binary.

use std::path::Path;

use fs_err as fs;

/// Fails where a file below `directory` (such as `tests/it`) is not declared as a module of
/// `main.rs`, or of the `mod.rs` beside it: the tests in it would never run.
///
/// ```no_run
/// #[test]
/// fn no_forgotten_files() {
///     skeg_test_support::no_forgotten_files(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it"));
/// }
/// ```
///
/// # Panics
///
/// Panics, naming the files, where some are not declared, or where they cannot be read.
#[track_caller]
pub fn no_forgotten_files(directory: impl AsRef<Path>) {
    let directory = directory.as_ref();
    let mut forgotten = Vec::new();
    check_directory(directory, "main.rs", &mut forgotten);
    assert!(
        forgotten.is_empty(),
        "not declared with `mod` and therefore never run: {}",
        forgotten.join(", ")
    );
}

fn check_directory(directory: &Path, root: &str, forgotten: &mut Vec<String>) {
    let declarations = fs::read_to_string(directory.join(root)).expect("because the test binary has a root");
    let entries = fs::read_dir(directory).expect("because the directory exists");
    for entry in entries {
        let path = entry.expect("because the directory can be read").path();
        let Some(module) = module_name(&path, root) else {
            continue;
        };
        if !declares(&declarations, &module) {
            forgotten.push(path.display().to_string());
        } else if path.is_dir() {
            check_directory(&path, "mod.rs", forgotten);
        }
    }
}

/// The module a file or directory holds; `None` for the root itself and for what is no module.
fn module_name(path: &Path, root: &str) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    if path.is_dir() {
        return path.join("mod.rs").is_file().then(|| name.to_owned());
    }
    let module = name.strip_suffix(".rs")?;
    (name != root).then(|| module.to_owned())
}

fn declares(source: &str, module: &str) -> bool {
    source
        .lines()
        .map(str::trim)
        .any(|line| line == format!("mod {module};") || line == format!("pub mod {module};"))
}
