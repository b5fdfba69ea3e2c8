//! Creating charts on disk.

use std::path::Path;

use fs_err as fs;
use skeg_chart::{CreateError, CreatedChart, Limits, create_chart, create_chart_from_starter};
use tempfile::TempDir;

fn directory() -> TempDir {
    tempfile::tempdir().expect("a temporary directory can be made")
}

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("the path has a parent")).expect("is writable");
    fs::write(path, content).expect("is writable");
}

fn read(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).expect("the file is there")
}

/// All files below `root`, sorted.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).expect("is readable") {
            let path = entry.expect("is readable").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let path = path.strip_prefix(root).expect("is below the root");
                found.push(path.to_str().expect("is UTF-8").replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_new_chart_has_the_usual_files() {
    let parent = directory();
    let chart = create_chart(parent.path(), "demo").expect("the directory is empty");
    let path = parent.path().join("demo");
    assert_eq!(
        chart,
        CreatedChart {
            path: path.clone(),
            overwritten: vec![]
        }
    );
    assert!(path.join("charts").is_dir());
    let expected = [
        ".helmignore",
        "Chart.yaml",
        "templates/NOTES.txt",
        "templates/_helpers.tpl",
        "templates/deployment.yaml",
        "templates/hpa.yaml",
        "templates/httproute.yaml",
        "templates/ingress.yaml",
        "templates/service.yaml",
        "templates/serviceaccount.yaml",
        "templates/tests/test-connection.yaml",
        "values.yaml",
    ];
    assert_eq!(files(&path), expected);
    for file in files(&path) {
        assert!(!read(&path, &file).contains("<CHARTNAME>"), "{file}");
    }
    assert!(read(&path, "Chart.yaml").contains("\nname: demo\n"));
    assert!(read(&path, "templates/_helpers.tpl").contains("{{- define \"demo.fullname\" -}}"));
}

#[test]
fn names_that_yaml_would_not_read_as_text_are_quoted() {
    let parent = directory();
    let chart = create_chart(parent.path(), "123").expect("the name is valid");
    assert!(read(&chart.path, "Chart.yaml").contains("\nname: \"123\"\n"));
}

#[test]
fn existing_files_are_replaced_and_reported() {
    let parent = directory();
    let path = parent.path().join("demo");
    write(&path, "values.yaml", "mine: true\n");
    write(&path, "templates/own.yaml", "kept\n");
    let chart = create_chart(parent.path(), "demo").expect("the directory is writable");
    assert_eq!(chart.overwritten, [path.join("values.yaml")]);
    assert!(read(&path, "values.yaml").contains("replicaCount: 1\n"));
    assert_eq!(read(&path, "templates/own.yaml"), "kept\n");
    let again = create_chart(parent.path(), "demo").expect("the directory is writable");
    assert_eq!(again.overwritten.len(), 12);
}

#[track_caller]
fn check_name(name: &str, expected: &str) {
    let parent = directory();
    let error = create_chart(parent.path(), name).expect_err("the name is not valid");
    assert_eq!(error.to_string(), expected);
    assert_eq!(files(parent.path()), Vec::<String>::new());
}

#[test]
fn names_are_checked_in_helms_words() {
    let length = "chart name must be between 1 and 250 characters";
    let characters = r#"chart name must match the regular expression "^[a-zA-Z0-9._-]+$""#;
    check_name("", length);
    check_name(&"a".repeat(251), length);
    for name in ["a b", "é", "a/b", "a\\b", "a\nb", "a:b", "a\0b"] {
        check_name(name, characters);
    }
    check_name(".", "`.` is a directory, not a chart name");
    check_name("..", "`..` is a directory, not a chart name");
}

#[test]
fn what_stands_in_the_way_is_named() {
    let parent = directory();
    write(parent.path(), "demo", "a file");
    let error = create_chart(parent.path(), "demo").expect_err("a file is in the way");
    let demo = parent.path().join("demo");
    let expected = format!("file {} already exists and is not a directory", demo.display());
    assert_eq!(error.to_string(), expected);
    assert_eq!(read(parent.path(), "demo"), "a file");

    write(parent.path(), "other/templates", "a file");
    let error = create_chart(parent.path(), "other").expect_err("a file is in the way");
    assert!(matches!(error, CreateError::Write { path, .. } if path.ends_with("templates")));

    fs::create_dir_all(parent.path().join("third/values.yaml")).expect("is writable");
    let error = create_chart(parent.path(), "third").expect_err("a directory is in the way");
    assert!(matches!(error, CreateError::Write { path, .. } if path.ends_with("values.yaml")));
}

#[test]
fn the_parent_must_exist() {
    let parent = directory().path().join("gone");
    let error = create_chart(&parent, "demo").expect_err("there is no such directory");
    assert!(matches!(error, CreateError::Parent { path, .. } if path == parent));
}

fn starter() -> TempDir {
    let starter = directory();
    let files = [
        (
            "Chart.yaml",
            "apiVersion: v2\nname: starter\nversion: 9.9.9\nkeywords: [a]\n",
        ),
        ("Chart.lock", "digest: x\n"),
        ("values.yaml", "name: <CHARTNAME> # <CHARTNAME>\n"),
        ("values.schema.json", "{\"title\": \"<CHARTNAME>\"}\n"),
        ("templates/deep/a.yaml", "{{ include \"<CHARTNAME>.name\" . }}\n"),
        (
            "charts/sub/Chart.yaml",
            "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        ),
        ("charts/sub/templates/b.yaml", "<CHARTNAME>\n"),
        ("README.md", "About <CHARTNAME>\n"),
        (".helmignore", "*.bak\n"),
        ("left.bak", "out\n"),
    ];
    for (path, content) in files {
        write(starter.path(), path, content);
    }
    starter
}

#[test]
fn a_starter_is_copied_and_renamed() {
    let (parent, starter) = (directory(), starter());
    let limits = Limits::default();
    let chart = create_chart_from_starter(parent.path(), "demo", starter.path(), &limits)
        .expect("the starter is a chart");
    let expected = [
        ".helmignore",
        "Chart.yaml",
        "README.md",
        "charts/sub/Chart.yaml",
        "charts/sub/templates/b.yaml",
        "templates/deep/a.yaml",
        "values.schema.json",
        "values.yaml",
    ];
    assert_eq!(files(&chart.path), expected);
    assert_eq!(read(&chart.path, "values.yaml"), "name: demo # demo\n");
    assert_eq!(
        read(&chart.path, "templates/deep/a.yaml"),
        "{{ include \"demo.name\" . }}\n"
    );
    assert_eq!(read(&chart.path, "charts/sub/templates/b.yaml"), "<CHARTNAME>\n");
    assert_eq!(read(&chart.path, "README.md"), "About <CHARTNAME>\n");
    let chart_yaml = read(&chart.path, "Chart.yaml");
    assert!(chart_yaml.contains("\nname: demo\n") && chart_yaml.contains("\nversion: 0.1.0\n"));
    assert!(!chart_yaml.contains("keywords"));
}

#[test]
fn a_starter_must_be_a_chart() {
    let (parent, empty) = (directory(), directory());
    let limits = Limits::default();
    let error = create_chart_from_starter(parent.path(), "demo", empty.path(), &limits)
        .expect_err("there is no Chart.yaml");
    let expected = format!(
        "could not load {}: Chart.yaml file is missing",
        empty.path().display()
    );
    assert_eq!(error.to_string(), expected);
    let gone = empty.path().join("gone");
    let error = create_chart_from_starter(parent.path(), "demo", &gone, &limits)
        .expect_err("there is no such directory");
    assert!(matches!(error, CreateError::StarterMissing { path, .. } if path == gone));
    assert_eq!(files(parent.path()), Vec::<String>::new());
}
