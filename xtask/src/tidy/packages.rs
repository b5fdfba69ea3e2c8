//! What every package has: a README, a place in ARCHITECTURE.md, the lints of the workspace; and
//! how many packages of others there may be.

use serde_json::Value;

use super::Problem;
use super::SourceFile;

/// The most packages Cargo.lock may list. Raising it is a decision, not an accident.
const LARGEST_LOCK: usize = 380;

/// Checks all packages of the workspace.
pub(super) fn check(files: &[SourceFile], metadata: &Value) -> Vec<Problem> {
    let mut problems = check_lock(text_of(files, "Cargo.lock"));
    let architecture = text_of(files, "ARCHITECTURE.md");
    for manifest in files.iter().filter(|file| is_crate_manifest(&file.path)) {
        let directory = manifest.path.trim_end_matches("Cargo.toml");
        problems.extend(check_crate(files, directory, &manifest.text, architecture));
    }
    if metadata["packages"].as_array().is_none_or(Vec::is_empty) {
        problems.push("cargo metadata lists no package".to_owned());
    }
    problems
}

fn is_crate_manifest(path: &str) -> bool {
    path.starts_with("crates/") && path.ends_with("/Cargo.toml") && path.split('/').count() == 3
}

fn check_crate(files: &[SourceFile], directory: &str, manifest: &str, architecture: &str) -> Vec<Problem> {
    let name = directory
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let mut problems = Vec::new();
    if text_of(files, &format!("{directory}README.md")).trim().is_empty() {
        problems.push(format!("{name}: no README.md"));
    }
    if !architecture.contains(&format!("`{name}`")) {
        problems.push(format!("{name}: not in ARCHITECTURE.md"));
    }
    let inherits = manifest.contains("[lints]\nworkspace = true");
    if !inherits {
        problems.push(format!("{name}: does not inherit the workspace's lints"));
    }
    problems
}

fn check_lock(lock: &str) -> Vec<Problem> {
    let count = lock.lines().filter(|line| *line == "[[package]]").count();
    if count <= LARGEST_LOCK {
        return Vec::new();
    }
    vec![format!("Cargo.lock: {count} packages, at most {LARGEST_LOCK}")]
}

fn text_of<'a>(files: &'a [SourceFile], path: &str) -> &'a str {
    files
        .iter()
        .find(|file| file.path == path)
        .map_or("", |file| file.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::LARGEST_LOCK;
    use super::SourceFile;
    use super::check;
    use serde_json::json;

    const MANIFEST: (&str, &str) = ("crates/a/Cargo.toml", "[lints]\nworkspace = true\n");
    const README: (&str, &str) = ("crates/a/README.md", "# a\n");
    const ARCHITECTURE: (&str, &str) = ("ARCHITECTURE.md", "- `a`: the first letter\n");

    #[track_caller]
    fn check_files(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<SourceFile> = files
            .iter()
            .map(|&(path, text)| SourceFile {
                path: path.to_owned(),
                text: text.to_owned(),
            })
            .collect();
        let metadata = json!({"packages": [{}]});
        assert_eq!(check(&files, &metadata), expected);
    }

    #[test]
    fn a_complete_crate_is_fine() {
        check_files(&[MANIFEST, README, ARCHITECTURE], &[]);
    }

    #[test]
    fn each_missing_part_is_named() {
        check_files(&[MANIFEST, ARCHITECTURE], &["a: no README.md"]);
        check_files(&[MANIFEST, README], &["a: not in ARCHITECTURE.md"]);
        check_files(
            &[("crates/a/Cargo.toml", ""), README, ARCHITECTURE],
            &["a: does not inherit the workspace's lints"],
        );
    }

    #[test]
    fn the_lock_file_has_a_ceiling() {
        let lock = "[[package]]\n".repeat(LARGEST_LOCK);
        check_files(&[("Cargo.lock", &lock)], &[]);
        let message = format!(
            "Cargo.lock: {} packages, at most {LARGEST_LOCK}",
            LARGEST_LOCK + 1
        );
        check_files(&[("Cargo.lock", &format!("{lock}[[package]]\n"))], &[&message]);
    }
}
