//! No test file may be forgotten: each is a module of its binary's `main.rs`, or it never runs.

use super::Problem;
use super::SourceFile;

/// Checks every test binary that is a directory with a `main.rs`.
pub(super) fn check(files: &[SourceFile]) -> Vec<Problem> {
    files
        .iter()
        .filter(|file| file.path.contains("tests/") && file.path.ends_with("/main.rs"))
        .flat_map(|main| check_binary(files, main))
        .collect()
}

fn check_binary(files: &[SourceFile], main: &SourceFile) -> Vec<Problem> {
    let directory = main.path.trim_end_matches("main.rs");
    files
        .iter()
        .filter_map(|file| Some((file, module_name(file.path.strip_prefix(directory)?)?)))
        .filter(|(_, name)| !declares(&main.text, name))
        .map(|(file, _)| format!("{}: not declared in {}", file.path, main.path))
        .collect()
}

/// The module a file below the binary's directory is the root of.
fn module_name(relative: &str) -> Option<&str> {
    if relative == "main.rs" {
        return None;
    }
    let name = relative
        .strip_suffix("/mod.rs")
        .or_else(|| relative.strip_suffix(".rs"))?;
    (!name.contains('/')).then_some(name)
}

fn declares(main: &str, name: &str) -> bool {
    main.lines()
        .any(|line| line.trim_start_matches("pub ").trim_end() == format!("mod {name};"))
}

#[cfg(test)]
mod tests {
    use super::SourceFile;
    use super::check;

    #[track_caller]
    fn check_main(main: &str, files: &[&str], expected: &[&str]) {
        let mut sources = vec![SourceFile {
            path: "crates/a/tests/it/main.rs".to_owned(),
            text: main.to_owned(),
        }];
        sources.extend(files.iter().map(|name| SourceFile {
            path: format!("crates/a/tests/it/{name}"),
            text: String::new(),
        }));
        assert_eq!(check(&sources), expected);
    }

    #[test]
    fn declared_files_are_fine() {
        check_main(
            "mod push;\nmod pull;\n",
            &["push.rs", "pull/mod.rs", "pull/deep.rs"],
            &[],
        );
        check_main("", &["notes.txt"], &[]);
    }

    #[test]
    fn forgotten_files_are_named() {
        check_main(
            "mod pull;\n// mod push;\n",
            &["push.rs"],
            &["crates/a/tests/it/push.rs: not declared in crates/a/tests/it/main.rs"],
        );
    }
}
