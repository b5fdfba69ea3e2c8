//! `skeg lint`, beyond what is recorded from Helm: archives, and reports for programs.

use serde_json::{Value, json};
use skeg_test_support::{ArchiveBuilder, ChartBuilder, TestContext, skeg_snapshot};

use crate::support::context;

fn write_chart(context: &TestContext) {
    ChartBuilder::new("demo", "1.2.3")
        .field("icon", "nowhere")
        .template("a.yaml", "{{ .Values.a.b }}\n")
        .write_dir(context.work());
}

#[test]
fn findings_have_rules_and_places_in_json() {
    let context = context();
    write_chart(&context);
    skeg_snapshot!(context.command(["lint", "demo", "-o", "json"]), @r#"
    {
      "linted": 1,
      "failed": 1,
      "charts": [
        {
          "path": "demo",
          "isFailed": true,
          "findings": [
            {
              "severity": "error",
              "rule": "chart-icon",
              "message": "invalid icon URL 'nowhere'",
              "file": "Chart.yaml",
              "line": 4,
              "column": 1
            },
            {
              "severity": "info",
              "rule": "values-file",
              "message": "file does not exist",
              "file": "values.yaml"
            },
            {
              "severity": "error",
              "rule": "template-rendering",
              "message": "demo/templates/a.yaml:1:10\n  executing \"demo/templates/a.yaml\" at <.Values.a.b>:\n    nil pointer evaluating interface {}.b",
              "file": "templates/a.yaml",
              "line": 1,
              "column": 11
            }
          ]
        }
      ]
    }
    ----- stderr -----
    Error: 1 chart(s) linted, 1 chart(s) failed
    [exit status: 1]
    "#);
}

#[test]
fn charts_that_are_not_there_have_errors() {
    let context = context();
    skeg_snapshot!(context.command(["lint", "nosuch", "-o", "yaml"]), @"
    charts:
    - error: 'unable to check Chart.yaml file in chart: stat nosuch/Chart.yaml: no such
        file or directory'
      findings: []
      isFailed: true
      path: nosuch
    failed: 1
    linted: 1
    ----- stderr -----
    Error: 1 chart(s) linted, 1 chart(s) failed
    [exit status: 1]
    ");
}

#[test]
fn findings_are_reported_to_code_review_tools() {
    let context = context();
    ChartBuilder::new("demo", "1.2.3")
        .field("icon", "nowhere")
        .file("values.yaml", "a: 1\n")
        .template("a.yaml", "kind: Pod\nmetadata: {name: a}\n")
        .write_dir(context.work());
    let output = context
        .run(["lint", "demo", "nosuch", "-o", "sarif"])
        .failure()
        .stdout();
    let log: Value = serde_json::from_str(&output).expect("because it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(
        run["tool"]["driver"]["rules"],
        json!([{
            "id": "chart-icon",
            "shortDescription": {"text": "The chart has an icon, and its URL is valid."},
        }])
    );
    assert_eq!(
        run["results"],
        json!([{
            "ruleId": "chart-icon",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "invalid icon URL 'nowhere'"},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": "demo/Chart.yaml"},
                "region": {"startLine": 4, "startColumn": 1},
            }}],
        }])
    );
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notification = invocation["toolExecutionNotifications"][0]["message"]["text"].as_str();
    let notification = notification.unwrap_or_default();
    assert!(notification.contains("stat nosuch/Chart.yaml"), "{notification}");
}

#[test]
fn archives_are_unpacked_and_nothing_is_left() {
    let context = context();
    ChartBuilder::new("demo", "1.2.3")
        .field("icon", "https://example.org/icon.svg")
        .template("a.yaml", "kind: Pod\nmetadata: {name: a}\n")
        .write_archive(context.work());
    let before = context.files();
    skeg_snapshot!(context.command(["lint", "demo-1.2.3.tgz"]), @"
    ==> Linting demo-1.2.3.tgz
    [INFO] values.yaml: file does not exist

    1 chart(s) linted, 0 chart(s) failed
    [exit status: 0]
    ");
    assert_eq!(context.files(), before);
}

const CHART_YAML: &str = "apiVersion: v2\nname: demo\nversion: 1.2.3\nicon: https://example.com/a.png\n";

fn good() -> ArchiveBuilder {
    ArchiveBuilder::new()
        .file("demo/Chart.yaml", CHART_YAML)
        .file("demo/values.yaml", "a: 1\n")
}

/// What is said of an archive, without the lines that are the same for all.
#[track_caller]
fn check_archive(archive: &ArchiveBuilder, expected: &str) {
    let context = context();
    archive.write(context.work().join("demo.tgz"));
    let output = context.run(["lint", "demo.tgz"]);
    let stdout = output.stdout();
    let lines: Vec<&str> = stdout.lines().skip(1).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.join("\n"), expected);
    let is_failed = expected.starts_with("Error ");
    assert_eq!(output.status(), Some(i32::from(is_failed)));
    let stderr = if is_failed {
        "Error: 1 chart(s) linted, 1 chart(s) failed\n"
    } else {
        ""
    };
    assert_eq!(output.stderr(), stderr);
}

// Every expectation was printed by Helm 4.3.1.
#[test]
fn broken_archives_fail_in_the_words_of_helm() {
    let check = |archive: ArchiveBuilder, expected: &str| {
        check_archive(&archive, &format!("Error unable to extract tarball: {expected}"));
    };
    check(good().uncompressed(), "gzip: invalid header");
    check(good().truncated(0), "EOF");
    check(good().truncated(100), "unexpected EOF");
    check(ArchiveBuilder::new(), "no files in chart archive");
    check(
        ArchiveBuilder::new().file("demo/values.yaml", "a: 1\n"),
        "chart name not specified",
    );
    check(
        good().file("demo/../../evil", "x"),
        "chart illegally references parent directory",
    );
    check(
        good().file("demo//evil", "x"),
        "chart illegally contains absolute paths",
    );
    check(
        good().file("Chart.yaml/x", "x"),
        "chart yaml not in base directory",
    );
    let outside = "chart illegally contains content outside the base directory: \"evil\"";
    check(good().file("evil", "x"), outside);
    let syntax = "cannot load Chart.yaml: error converting YAML to JSON: yaml: did not find expected key";
    check(ArchiveBuilder::new().file("demo/Chart.yaml", ": : :\n"), syntax);
}

// As above.
#[test]
fn archives_are_taken_that_helm_takes() {
    const PASSED: &str =
        "[WARNING] templates/: directory does not exist\n1 chart(s) linted, 0 chart(s) failed";
    let check = |archive: ArchiveBuilder| check_archive(&archive, PASSED);
    check(good());
    check(good().symlink("demo/link", "values.yaml"));
    check(good().file("demo/values.yaml", "a: 2\n"));
    check(good().file("/abs", "x"));
    check(good().trailing("x"));
}
