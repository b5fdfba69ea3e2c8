//! `skeg show`.

use skeg_test_support::{FakeRegistry, TestContext, skeg_snapshot};

use crate::support::{context, context_with, demo, publish, publish_as, write_archive, write_directory};

#[test]
fn a_directory_and_an_archive_show_the_same() {
    let context = context();
    write_directory(&context, "1.2.3");
    write_archive(&context, "1.2.3");
    for part in ["all", "chart", "values", "readme", "crds"] {
        let directory = context.run(["show", part, "demo"]).success();
        let archive = context.run(["show", part, "demo-1.2.3.tgz"]).success();
        assert_eq!(directory.to_string(), archive.to_string());
    }
    skeg_snapshot!(context.command(["show", "all", "demo"]), @r#"
    apiVersion: v2
    appVersion: "7.1"
    description: A chart to test with
    name: demo
    version: 1.2.3

    ---
    # How many
    replicas: 1
    image:
      name: web
      tag: "1"

    ---
    # Demo

    Read me.

    ---
    kind: CustomResourceDefinition

    [exit status: 0]
    "#);
}

#[test]
fn a_chart_in_a_registry() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    let show = |part| context.command(["show", part, &registry.oci("charts/demo:1.2.3"), "--plain-http"]);
    skeg_snapshot!(show("values"), @r#"
    # How many
    replicas: 1
    image:
      name: web
      tag: "1"

    ----- stderr -----
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    "#);
    skeg_snapshot!(show("readme"), @"
    # Demo

    Read me.

    ----- stderr -----
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    skeg_snapshot!(show("crds"), @"
    ---
    kind: CustomResourceDefinition

    ----- stderr -----
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn show_chart_reads_the_config_only() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish_as(
        &registry,
        "charts/demo",
        "1.2.3",
        &demo("1.2.3").big_random_file(300_000, 1),
    );
    registry.clear_requests();
    skeg_snapshot!(context.command(["show", "chart", &registry.oci("charts/demo:1.2.3"), "--plain-http"]), @r#"
    apiVersion: v2
    appVersion: "7.1"
    name: demo
    version: 1.2.3

    ----- stderr -----
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    "#);
    assert_eq!(registry.requests().len(), 2, "{}", registry.requests());
    assert!(registry.requests().bytes_sent() < 65_536);
}

#[test]
fn show_chart_as_documents() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["show", "chart", "demo", "-o", "json"]), @r#"
    {
      "name": "demo",
      "version": "1.2.3",
      "description": "A chart to test with",
      "apiVersion": "v2",
      "appVersion": "7.1"
    }
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["show", "chart", "demo", "-o", "yaml"]), @r#"
    apiVersion: v2
    appVersion: "7.1"
    description: A chart to test with
    name: demo
    version: 1.2.3
    [exit status: 0]
    "#);
}

#[test]
fn the_newest_version_is_shown() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish(&registry, "charts/demo", "1.2.3");
    publish(&registry, "charts/demo", "2.0.0-rc.1");
    let show = |arguments: &[&str]| {
        let first = ["show", "chart", &registry.oci("charts/demo"), "--plain-http"];
        let output = context
            .command(first.iter().chain(arguments))
            .run()
            .success()
            .stdout();
        output
            .lines()
            .find(|line| line.starts_with("version"))
            .map(str::to_owned)
    };
    assert_eq!(show(&[]).as_deref(), Some("version: 1.2.3"));
    assert_eq!(show(&["--devel"]).as_deref(), Some("version: 2.0.0-rc.1"));
    assert_eq!(show(&["--version", "^1"]).as_deref(), Some("version: 1.2.3"));
}

#[track_caller]
fn check_template(template: &str, expected: &str) {
    let context = context();
    write_directory(&context, "1.2.3");
    let output = context.run(["show", "values", "demo", "--jsonpath", template]);
    assert_eq!(
        output.to_string(),
        format!("{expected}[exit status: 0]\n"),
        "{template}"
    );
}

#[test]
fn templates_select_values() {
    check_template("{.image.name}", "web\n[no final newline]\n");
    check_template(
        "{.image}",
        "{\"name\":\"web\",\"tag\":\"1\"}\n[no final newline]\n",
    );
    check_template("{.replicas} of {.image.tag}", "1 of 1\n[no final newline]\n");
}

/// Helm 4.3.1: what is not there prints nothing, and is no failure.
#[test]
fn values_that_are_not_there_print_nothing() {
    for template in ["{.nosuch}", "{.image.nosuch}", "{.replicas.x}", "{.image[0]}"] {
        let context = context();
        write_directory(&context, "1.2.3");
        let output = context.run(["show", "values", "demo", "--jsonpath", template]);
        assert_eq!(
            (output.stdout().as_str(), output.status()),
            ("", Some(0)),
            "{template}: {output}"
        );
    }
}

#[test]
fn a_template_that_is_none_is_an_error() {
    let context = context();
    write_directory(&context, "1.2.3");
    skeg_snapshot!(context.command(["show", "values", "demo", "--jsonpath", "{.image"]), @"
    ----- stderr -----
    Error: error parsing jsonpath {.image: unclosed action
    [exit status: 1]
    ");
}

#[test]
fn an_empty_template_is_none() {
    let context = context();
    write_directory(&context, "1.2.3");
    let output = context
        .run(["show", "values", "demo", "--jsonpath", ""])
        .success();
    assert!(output.stdout().starts_with("# How many\n"), "{output}");
}

#[test]
fn parts_that_a_chart_does_not_have_are_empty() {
    let context = context();
    skeg_test_support::ChartBuilder::new("bare", "0.1.0").write_dir(context.work());
    for part in ["values", "readme", "crds"] {
        let output = context.run(["show", part, "bare"]).success();
        assert_eq!(output.to_string(), "[exit status: 0]\n", "{part}");
    }
    skeg_snapshot!(context.command(["show", "all", "bare"]), @"
    apiVersion: v2
    name: bare
    version: 0.1.0

    [exit status: 0]
    ");
}

#[test]
fn the_other_name_of_the_command() {
    let context = context();
    write_directory(&context, "1.2.3");
    let show = |name| context.run([name, "chart", "demo"]).success().to_string();
    assert_eq!(show("inspect"), show("show"));
}

#[track_caller]
fn fails(context: &TestContext, target: &str) -> skeg_test_support::CommandOutput {
    context.run(["show", "chart", target]).failure()
}

#[test]
fn what_is_no_chart_is_named() {
    let context = context();
    context.write("empty/x", "");
    context.write("file", "x");
    skeg_snapshot!(fails(&context, "nosuch"), @"
    ----- stderr -----
    Error: non-absolute URLs should be in form of repo_name/path_to_chart, got: nosuch
    hint: name a directory, an archive, `REPOSITORY/NAME`, or a chart in a registry as `oci://HOST/PATH/NAME`
    [exit status: 1]
    ");
    skeg_snapshot!(fails(&context, "repo/nosuch"), @"
    ----- stderr -----
    Error: repo repo not found
    hint: add it by `skeg repo add repo URL`; `skeg repo list` shows what there is
    [exit status: 1]
    ");
    skeg_snapshot!(fails(&context, "empty"), @"
    ----- stderr -----
    Error: Chart.yaml file is missing
    [exit status: 1]
    ");
    skeg_snapshot!(fails(&context, "file"), @"
    ----- stderr -----
    Error: file '[TMP]/work/file' does not appear to be a gzipped archive; got 'application/octet-stream'
    [exit status: 1]
    ");
    skeg_snapshot!(fails(&context, "ftp://example.com/demo.tgz"), @r#"
    ----- stderr -----
    Error: scheme "ftp" not supported
    hint: name a chart as `oci://HOST/PATH/NAME`, `https://HOST/PATH/NAME-VERSION.tgz` or `REPOSITORY/NAME`
    [exit status: 1]
    "#);
}
