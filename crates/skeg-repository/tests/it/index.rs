//! Reading indexes, good ones and others.

use skeg_repository::Index;

fn charts(index: &Index) -> String {
    let chart = |(name, versions): (&str, &[skeg_repository::IndexEntry])| {
        let versions: Vec<&str> = versions
            .iter()
            .map(skeg_repository::IndexEntry::version)
            .collect();
        format!("{name}: {}", versions.join(" "))
    };
    index.charts().map(chart).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(
        charts(&Index::parse(text.as_bytes()).unwrap()),
        expected,
        "{text}"
    );
}

#[track_caller]
fn check_error(text: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(Index::parse(text.as_ref()).unwrap_err().to_string(), expected);
}

#[track_caller]
fn check_rejected(entry: &str, expected: &str) {
    let text = format!("apiVersion: v1\nentries:\n  a:\n  - {entry}\n");
    let index = Index::parse(text.as_bytes()).unwrap();
    let rejected = &index.rejected()[0];
    assert_eq!(
        (rejected.problem.as_deref().unwrap_or("empty"), charts(&index)),
        (expected, "a: ".to_owned()),
        "{entry}"
    );
}

#[test]
fn versions_are_sorted_the_highest_first() {
    check("apiVersion: v1\n", "");
    check("apiVersion: v1\nentries: null\n", "");
    check("apiVersion: v1\nentries: {b: null, a: []}\n", "a: ; b: ");
    check(
        "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.2.0}\n  - {name: a, version: 1.10.0}\n  - {name: a, version: 2.0.0-rc.1}\n",
        "a: 2.0.0-rc.1 1.10.0 1.2.0",
    );
    check(
        "entries:\n  a:\n  - {name: a, version: '1.0'}\n  - {name: a, version: v1.1.0}\napiVersion: v1\n",
        "a: v1.1.0 1.0",
    );
}

#[test]
fn fields_that_helm_does_not_know_are_skipped_and_numbers_are_texts() {
    check(
        "apiVersion: v1\nzork: {a: [1, {b: c}]}\nentries:\n  a:\n  - {name: a, version: 1.10, zork: [1]}\n",
        "a: 1.10",
    );
}

#[test]
fn json_is_read_too() {
    check(
        r#"{"apiVersion":"v1","zork":1,"entries":{"a":[{"name":"a","version":"1.0.0","description":"\ud83d\ude00","zork":3},null]}}"#,
        "a: 1.0.0",
    );
    check(r#"{"apiVersion":"v1","entries":null}"#, "");
    check(r#"{"apiVersion":"v1","entries":{"a":null}}"#, "a: ");
}

#[test]
fn anchors_are_put_in_their_place() {
    check(
        "apiVersion: v1\nentries:\n  a:\n  - &x {name: a, version: 1.0.0}\n  - <<: *x\n    appVersion: 1.1.0\n  b:\n  - *x\n",
        "a: 1.0.0 1.0.0; b: 1.0.0",
    );
}

#[test]
fn invalid_entries_are_left_out_with_a_word() {
    check_rejected("null", "empty");
    check_rejected("{version: 1.0.0}", "validation: chart.metadata.name is required");
    check_rejected(
        "{name: a/b, version: 1.0.0}",
        "validation: chart.metadata.name \"a/b\" is invalid",
    );
    check_rejected("{name: a}", "validation: chart.metadata.version is required");
    check_rejected(
        "{name: a, version: x.y}",
        "validation: chart.metadata.version \"x.y\" is invalid",
    );
    check_rejected(
        "{name: a, version: 1.0.0, type: x}",
        "validation: chart.metadata.type must be application or library",
    );
    check_rejected(
        "{name: a, version: 1.0.0, maintainers: [null]}",
        "validation: maintainers must not contain empty or null nodes",
    );
    check_rejected(
        "{name: a, version: 1.0.0, dependencies: [null]}",
        "validation: dependencies must not contain empty or null nodes",
    );
    check_rejected(
        "{name: a, version: 1.0.0, dependencies: [{name: b, alias: 'x y'}]}",
        "validation: dependency \"b\" has disallowed characters in the alias",
    );
}

#[test]
fn two_dependencies_of_one_name_are_fine_in_an_index() {
    check(
        "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, dependencies: [{name: b}, {name: b}]}\n",
        "a: 1.0.0",
    );
}

#[test]
fn what_is_no_index_is_named_in_the_words_of_helm() {
    const JSON: &str = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ";
    check_error("", "empty index.yaml file");
    check_error("entries: {}", "no API version specified");
    check_error("\n", "no API version specified");
    check_error(
        "<!DOCTYPE html>\n<html><body>hi: there</body></html>\n",
        "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
    );
    check_error(
        "<html>",
        &format!("{JSON}string into Go value of type repo.IndexFile"),
    );
    check_error(
        "apiVersion: v1\nentries: [a]\n",
        &format!("{JSON}array into Go struct field .entries of type map[string]repo.ChartVersions"),
    );
    check_error(
        "apiVersion: v1\nentries: {a: {b: c}}\n",
        &format!("{JSON}object into Go struct field .entries.a of type repo.ChartVersions"),
    );
    check_error(
        "apiVersion: v1\nentries:\n  a:\n  - name: [a]\n",
        &format!("{JSON}array into Go struct field .entries.a.0.name of type string"),
    );
    check_error(
        "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    version: 1.0.1\n",
        "error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key \"version\" already set in map",
    );
    check_error(
        b"apiVersion: v1\nentries: a\xe9\n",
        "error converting YAML to JSON: yaml: incomplete UTF-8 octet sequence",
    );
}
