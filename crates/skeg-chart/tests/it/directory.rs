//! Listing chart directories.

use std::io::Read;
use std::path::Path;

use skeg_chart::{DirectoryListing, Limits, ReadDirectoryError};

fn write(root: &Path, path: &str, content: &str) {
    let location = root.join(path);
    fs_err::create_dir_all(location.parent().expect("a file is in a directory")).expect("is writable");
    fs_err::write(location, content).expect("is writable");
}

fn chart() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("there is room");
    for path in [
        "values.yaml",
        "Chart.yaml",
        "templates/b.yaml",
        "templates/.hidden",
        "templates-old",
        "ci/x",
    ] {
        write(root.path(), path, path);
    }
    root
}

fn list(root: &Path) -> Result<DirectoryListing, ReadDirectoryError> {
    DirectoryListing::read(root, &Limits::default())
}

fn paths(root: &Path) -> Vec<String> {
    let listing = list(root).expect("is a chart");
    listing
        .files()
        .iter()
        .map(|file| file.path().to_owned())
        .collect()
}

#[test]
fn files_are_in_the_order_of_the_walk() {
    let root = chart();
    assert_eq!(
        paths(root.path()),
        [
            "Chart.yaml",
            "ci/x",
            "templates/b.yaml",
            "templates-old",
            "values.yaml"
        ]
    );
}

#[test]
fn ignored_files_are_left_out() {
    let root = chart();
    write(root.path(), ".helmignore", "ci/\n*-old\n");
    assert_eq!(
        paths(root.path()),
        [".helmignore", "Chart.yaml", "templates/b.yaml", "values.yaml"]
    );
    write(root.path(), ".helmignore", "**\n");
    let error = list(root.path()).expect_err("the rule is bad");
    assert_eq!(error.to_string(), "double-star (**) syntax is not supported");
    let ReadDirectoryError::Ignore { path, .. } = error else {
        panic!("{error}");
    };
    assert!(path.ends_with(".helmignore"), "{path:?}");
}

#[test]
fn contents_come_without_a_byte_order_mark() {
    let root = chart();
    write(root.path(), "a", "\u{feff}text");
    let listing = list(root.path()).expect("is a chart");
    let file = listing.file("a").expect("is listed");
    assert_eq!(file.size(), 7);
    let mut opened = file.open().expect("is there");
    assert_eq!(opened.size(), 4);
    let mut text = String::new();
    opened.read_to_string(&mut text).expect("is text");
    assert_eq!(text, "text");
    assert_eq!(file.read_whole(4).expect("is small enough"), b"text");
    let error = file.read_whole(3).expect_err("is too large");
    assert_eq!(
        error.to_string(),
        "chart file \"a\" is larger than the maximum file size 3"
    );
}

#[test]
fn limits_hold() {
    let root = chart();
    let error = |limits| {
        DirectoryListing::read(root.path(), &limits)
            .expect_err("a limit is passed")
            .to_string()
    };
    let total = Limits {
        total: 20,
        ..Limits::default()
    };
    assert_eq!(
        error(total),
        "error reading templates/b.yaml: chart exceeds maximum decompressed size of 20 bytes"
    );
    let file = Limits {
        file: 10,
        ..Limits::default()
    };
    assert_eq!(
        error(file),
        "chart file \"templates/b.yaml\" is larger than the maximum file size 10"
    );
    let entries = Limits {
        entries: 2,
        ..Limits::default()
    };
    assert!(error(entries).ends_with("has more than 2 files and directories"));
    write(root.path(), ".helmignore", "# eleven\n*.bak\n");
    let document = Limits {
        document: 10,
        ..Limits::default()
    };
    assert_eq!(
        error(document),
        "chart file \".helmignore\" is larger than the maximum file size 10"
    );
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;

    use skeg_chart::{DirectoryListing, Limits, ReadDirectoryError};

    use super::{chart, list, paths, write};

    #[test]
    fn symbolic_links_are_followed_and_noted() {
        let root = chart();
        let other = tempfile::tempdir().expect("there is room");
        write(other.path(), "in/x", "x");
        symlink("values.yaml", root.path().join("link.yaml")).expect("is writable");
        symlink(other.path().join("in"), root.path().join("dir")).expect("is writable");
        let paths = paths(root.path());
        assert!(
            paths.contains(&"link.yaml".to_owned()) && paths.contains(&"dir/x".to_owned()),
            "{paths:?}"
        );
        let listing = list(root.path()).expect("is a chart");
        let links: Vec<_> = listing.symlinks().iter().map(|link| link.path.clone()).collect();
        assert_eq!(links, [root.path().join("dir"), root.path().join("link.yaml")]);
    }

    #[test]
    fn links_that_lead_nowhere_or_in_a_circle_are_errors() {
        let root = chart();
        let link = root.path().join("templates/link");
        symlink("nowhere", &link).expect("is writable");
        let error = list(root.path()).expect_err("the link is broken");
        assert_eq!(
            error.to_string(),
            format!("error evaluating symlink {}", link.display())
        );
        let cause = std::error::Error::source(&error).expect("there is a cause");
        let missing = root.path().join("templates/nowhere");
        assert_eq!(
            cause.to_string(),
            format!("lstat {}: no such file or directory", missing.display())
        );
        fs_err::remove_file(&link).expect("is there");
        symlink("..", &link).expect("is writable");
        let error = list(root.path()).expect_err("the link leads back").to_string();
        assert!(
            error.starts_with(&format!("symlink {} leads back to", link.display())),
            "{error}"
        );
    }

    #[track_caller]
    fn check_broken(target: &str, expected: &str) {
        let root = chart();
        let real = fs_err::canonicalize(root.path()).expect("is there");
        symlink(target, real.join("templates/link")).expect("is writable");
        let error = list(&real).expect_err("the link is broken");
        let cause = std::error::Error::source(&error).expect("there is a cause");
        let expected = expected.replace("ROOT", &real.display().to_string());
        assert_eq!(cause.to_string(), expected, "{target}");
    }

    #[test]
    fn broken_links_say_where_the_way_ends_as_helm_says_it() {
        check_broken(
            "nowhere/deep",
            "lstat ROOT/templates/nowhere: no such file or directory",
        );
        check_broken("../none/../x", "lstat ROOT/none: no such file or directory");
        check_broken("/etc/none/x", "lstat /etc/none: no such file or directory");
        check_broken("link", "EvalSymlinks: too many links");
        check_broken("../Chart.yaml/x", "not a directory");
    }

    #[test]
    fn links_to_links_do_not_multiply_without_end() {
        let root = chart();
        for level in 0..40 {
            let directory = root.path().join(format!("d{level}"));
            fs_err::create_dir(&directory).expect("is writable");
            for link in ["a", "b"] {
                let target = format!("../d{}", level + 1);
                symlink(target, directory.join(link)).expect("is writable");
            }
        }
        fs_err::create_dir(root.path().join("d40")).expect("is writable");
        let limits = Limits {
            entries: 1000,
            ..Limits::default()
        };
        let error = DirectoryListing::read(root.path(), &limits).expect_err("there are 2^40 paths");
        assert!(matches!(
            error,
            ReadDirectoryError::TooManyFiles { limit: 1000, .. }
        ));
    }

    #[test]
    fn sockets_are_irregular() {
        let root = chart();
        let path = root.path().join("socket");
        let _socket = std::os::unix::net::UnixListener::bind(&path).expect("is writable");
        let error = list(root.path()).expect_err("a socket is no file").to_string();
        let expected = format!(
            "cannot load irregular file {} as it has file mode type bits set",
            path.display()
        );
        assert_eq!(error, expected);
    }

    /// Other systems do not let such a file be made.
    #[cfg(target_os = "linux")]
    #[test]
    fn names_must_be_text() {
        use std::os::unix::ffi::OsStrExt as _;
        let root = chart();
        let name = std::ffi::OsStr::from_bytes(b"\xe9");
        fs_err::write(root.path().join(name), "x").expect("is writable");
        let error = list(root.path()).expect_err("the name is Latin-1").to_string();
        assert!(error.ends_with("is not valid UTF-8"), "{error}");
    }
}
