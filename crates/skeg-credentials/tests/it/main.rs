//! Integration tests of `skeg-credentials`.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod concurrency;
#[cfg(unix)]
mod helper;
#[cfg(unix)]
mod list;
mod login;
mod lookup;
mod support;

#[test]
fn no_file_is_forgotten() {
    let main = include_str!("main.rs");
    for file in fs_err::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let module = name.strip_suffix(".rs").unwrap();
        assert!(
            module == "main" || main.contains(&format!("mod {module};")),
            "{name}"
        );
    }
}
