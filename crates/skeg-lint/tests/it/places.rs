//! What Helm does not say: the rule and the place of a finding.

use std::path::Path;

use skeg_chart::Limits;
use skeg_engine::Surroundings;
use skeg_go::GoMap;
use skeg_lint::{Finding, LintError, LintOptions, Rule, lint_archive, lint_directory};

const CHART: &str = "apiVersion: v2\nname: demo\nversion: 1.0.0\nicon: https://example.org/icon.svg\n";

fn options() -> LintOptions {
    LintOptions {
        namespace: "default".to_owned(),
        values: GoMap::new(),
        kube_version: None,
        skip_schema_validation: false,
        schema_source: None,
        limits: Limits::default(),
        surroundings: Surroundings {
            now: || 0,
            time_zone: None,
            fill_random: |_| {},
            host_addresses: |_| Vec::new(),
        },
    }
}

/// Writes a chart of these files and checks it: `rule file:line:column` for each finding.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let directory = tempfile::tempdir().expect("because there is room");
    write(directory.path(), files).expect("because there is room");
    let findings = lint_directory(directory.path(), &options()).expect("because there is a Chart.yaml");
    let found: Vec<String> = findings.list.iter().map(describe).collect();
    assert_eq!(found, expected, "{files:?}");
}

fn write(directory: &Path, files: &[(&str, &str)]) -> std::io::Result<()> {
    let standard = [
        ("Chart.yaml", CHART),
        ("values.yaml", "a: 1\n"),
        ("templates/a.yaml", "kind: A\nmetadata: {name: a}\n"),
    ];
    for (path, content) in standard.iter().chain(files) {
        let path = directory.join(path);
        fs_err::create_dir_all(path.parent().unwrap_or(directory))?;
        fs_err::write(path, content)?;
    }
    Ok(())
}

fn describe(finding: &Finding) -> String {
    let file = finding.file.as_deref().unwrap_or("-");
    let position = finding
        .position
        .map(|place| format!(":{}:{}", place.line, place.column));
    format!("{} {file}{}", finding.rule.id(), position.unwrap_or_default())
}

#[test]
fn keys_of_chart_yaml_have_lines() {
    check(&[], &[]);
    let chart = |extra: &str| format!("{CHART}{extra}");
    check(
        &[("Chart.yaml", &chart("sources: [x]\n"))],
        &["chart-sources Chart.yaml:5:1"],
    );
    check(
        &[("Chart.yaml", &chart("foo: 1\n"))],
        &["chart-keys Chart.yaml:5:1"],
    );
    check(
        &[("Chart.yaml", &chart("name: demo\n"))],
        &["chart-keys Chart.yaml:5:7"],
    );
    check(
        &[(
            "Chart.yaml",
            "apiVersion: v2\nname: demo\nversion: 1.0.0\nicon:\n  - a\n",
        )],
        &["chart-syntax Chart.yaml", "chart-loadable -", "chart-loadable -"],
    );
    check(
        &[("Chart.yaml", "apiVersion: v2\nname: [\n")],
        &[
            "chart-syntax Chart.yaml:3:1",
            "chart-loadable -",
            "chart-loadable -",
        ],
    );
}

#[test]
fn values_and_schemas_have_files() {
    check(
        &[("values.yaml", "a: 1\nb: [\n")],
        &[
            "values-syntax values.yaml:3:1",
            "chart-loadable -",
            "chart-loadable -",
        ],
    );
    check(
        &[(
            "values.schema.json",
            r#"{"properties": {"a": {"type": "string"}}}"#,
        )],
        &["values-schema values.yaml", "values-schema -"],
    );
}

#[test]
fn failing_templates_have_places() {
    check(
        &[("templates/b.yaml", "a: 1\nb: {{ .Values.x.y }}\n")],
        &["template-rendering templates/b.yaml:2:14"],
    );
    check(
        &[("templates/b.yaml", "a: {{ nosuch }}\n")],
        &["template-rendering templates/b.yaml:1:1"],
    );
    check(&[("templates/b.md", "")], &["template-extension templates/b.md"]);
    check(
        &[("templates/b.yaml", "a: [\n")],
        &["template-syntax templates/b.yaml"],
    );
}

#[test]
fn definitions_of_resources_have_lines() {
    check(
        &[(
            "crds/a.yaml",
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n---\nkind: B\n",
        )],
        &["crd-kind crds/a.yaml:4:1", "crd-kind crds/a.yaml:4:1"],
    );
    check(
        &[("crds/a.yaml", "a: 1\n---\nb: [\n")],
        &[
            "crd-kind crds/a.yaml:1:1",
            "crd-kind crds/a.yaml:1:1",
            "crd-syntax crds/a.yaml:4:1",
        ],
    );
}

#[test]
fn what_is_no_chart_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let error = lint_directory(directory.path(), &options()).unwrap_err();
    assert!(matches!(error, LintError::NoChart { .. }), "{error}");
    let error = lint_archive(Path::new("/nosuch.tgz"), directory.path(), &options()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unable to open tarball: open /nosuch.tgz: no such file or directory"
    );
}

#[test]
fn rules_have_names_of_their_own() {
    assert_eq!(Rule::ChartIcon.id(), "chart-icon");
    assert!(Rule::ChartIcon.description().ends_with('.'));
}
