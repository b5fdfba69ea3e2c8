//! `skeg template`, beyond what is recorded from Helm: charts in registries, explanations and limits.

use skeg_test_support::{ChartBuilder, FakeRegistry, TestContext, skeg_snapshot};

use crate::support::{context, context_with, publish_as};

fn chart() -> ChartBuilder {
    ChartBuilder::new("demo", "1.2.3")
        .file("values.yaml", "image:\n  name: web\n  tag: \"1\"\nport: 80\n")
        .template(
            "config.yaml",
            "kind: ConfigMap\nimage: {{ .Values.image.name }}\n",
        )
}

/// A chart with one more template.
fn with_template(context: &TestContext, template: &str) {
    chart().template("extra.yaml", template).write_dir(context.work());
}

#[test]
fn a_chart_in_a_registry() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    publish_as(&registry, "charts/demo", "1.2.3", &chart());
    skeg_snapshot!(context.command(["template", "mine", &registry.oci("charts/demo:1.2.3"), "--plain-http"]), @"
    ---
    # Source: demo/templates/config.yaml
    kind: ConfigMap
    image: web
    ----- stderr -----
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    [exit status: 0]
    ");
    assert!(context.files().is_empty());
}

#[test]
fn values_that_are_missing_are_explained() {
    let context = context();
    with_template(&context, "tag: {{ .Values.imge.tag }}\n");
    skeg_snapshot!(context.command(["template", "demo", "--explain"]), @r#"
    ----- stderr -----
    Error: demo/templates/extra.yaml:1:15
      executing "demo/templates/extra.yaml" at <.Values.imge.tag>:
        nil pointer evaluating interface {}.tag

    Use --debug flag to render out invalid YAML
     --> demo/templates/extra.yaml:1:9
      |
    1 | tag: {{ .Values.imge.tag }}
      |         ^^^^^^^^^^^^^^^^ `.Values.imge` is not set
    hint: did you mean `.Values.image`?
    hint: set it by `--set imge.tag=VALUE`, or as `imge.tag` in `values.yaml`
    [exit status: 1]
    "#);
    with_template(
        &context,
        "tag: {{ required \"a digest, please\" .Values.image.digest }}\n",
    );
    skeg_snapshot!(context.command(["template", "demo", "--explain"]), @r#"
    ----- stderr -----
    Error: execution error at (demo/templates/extra.yaml:1:8): a digest, please

    Use --debug flag to render out invalid YAML
     --> demo/templates/extra.yaml:1:9
      |
    1 | tag: {{ required "a digest, please" .Values.image.digest }}
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the chart requires this value
    hint: set it by `--set image.digest=VALUE`, or as `image.digest` in `values.yaml`, where `image` is on line 1
    [exit status: 1]
    "#);
}

#[test]
fn functions_that_do_not_exist_are_explained() {
    let context = context();
    with_template(&context, "a: 1\nb: {{ toYml .Values }}\n");
    skeg_snapshot!(context.command(["template", "demo", "--explain"]), @r#"
    ----- stderr -----
    Error: parse error at (demo/templates/extra.yaml:2): function "toYml" not defined

    Use --debug flag to render out invalid YAML
     --> demo/templates/extra.yaml:2:7
      |
    2 | b: {{ toYml .Values }}
      |       ^^^^^
    hint: did you mean the function `toYaml`?
    [exit status: 1]
    "#);
}

#[test]
fn text_that_is_no_yaml_is_explained() {
    let context = context();
    with_template(
        &context,
        "kind: A\nimage: {{ .Values.image.name }}: {{ .Values.image.tag }}\n",
    );
    skeg_snapshot!(context.command(["template", "demo", "--explain"]), @r#"
    ----- stderr -----
    Error: YAML parse error on demo/templates/extra.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context

    Use --debug flag to render out invalid YAML
     --> demo/templates/extra.yaml, as it was rendered, line 2
      |
    1 | kind: A
    2 | image: web: 1
      |           ^
      = probably made by demo/templates/extra.yaml:2: image: {{ .Values.image.name }}: {{ .Values.image.tag }}
    [exit status: 1]
    "#);
}

#[test]
fn values_against_the_schema_are_explained() {
    let context = context();
    let schema =
        r#"{"properties": {"port": {"maximum": 79}, "image": {"properties": {"tag": {"type": "number"}}}}}"#;
    chart()
        .file("values.schema.json", schema)
        .write_dir(context.work());
    let run = context.run(["template", "demo", "--explain", "--set", "port=90"]);
    let stderr = run.failure().stderr();
    assert!(
        stderr.contains("hint: `port` is set by `--set port=90`\n"),
        "{stderr}"
    );
    assert!(
        stderr.contains("hint: `image.tag` is set in demo/values.yaml:3\n"),
        "{stderr}"
    );
}

#[test]
fn runaway_templates_are_stopped() {
    let context = context();
    with_template(&context, "{{ range until 10000 }}aaaaaaaaaa{{ end }}");
    for (flag, value, message) in [
        (
            "--max-output",
            "64KiB",
            "output is larger than the limit of 65536 bytes",
        ),
        (
            "--max-steps",
            "1000",
            "template takes more steps than the limit allows",
        ),
    ] {
        let run = context.run(["template", "demo", "--explain", flag, value]);
        let stderr = run.failure().stderr();
        assert!(stderr.contains(message), "{stderr}");
        assert!(stderr.contains("hint: raise the limit by"), "{stderr}");
    }
    skeg_snapshot!(context.command(["template", "demo", "--max-output", "much"]), @r#"
    ----- stderr -----
    Error: invalid argument "much" for "--max-output" flag: must be a size such as 64MiB
    hint: run `skeg template --help` for usage
    [exit status: 1]
    "#);
}

#[test]
fn a_cluster_that_is_not_there() {
    let context = context();
    chart().write_dir(context.work());
    skeg_snapshot!(context.command(["template", "demo", "--dry-run=server"]), @r#"
    ----- stderr -----
    level=ERROR msg="cluster reachability check failed: kubernetes cluster unreachable: Get \"http://localhost:8080/version\": dial tcp 127.0.0.1:8080: connect: connection refused"
    Error: cluster reachability check failed: kubernetes cluster unreachable: Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080: connect: connection refused
    hint: see whether the API server runs, and whether `kubectl config current-context` is the cluster that is meant
    [exit status: 1]
    "#);
}

#[test]
fn merged_values_can_be_looked_at() {
    let context = context();
    chart().write_dir(context.work());
    skeg_snapshot!(context.command(["show", "values", "demo", "--set", "image.tag=2,extra=true"]), @r#"
    extra: true
    image:
      name: web
      tag: 2
    port: 80
    [exit status: 0]
    "#);
    skeg_snapshot!(
        context.command(["show", "values", "demo", "--set", "image.tag=2", "--jsonpath", "{.image.tag}"]),
        @"
    2
    [no final newline]
    [exit status: 0]
    "
    );
}

#[test]
fn release_names_do_not_look_like_commands() {
    let context = context();
    chart().write_dir(context.work());
    let outcome = context.run([
        "--namespace",
        "push",
        "template",
        "show",
        "demo",
        "--dry-run=client",
    ]);
    assert!(outcome.success().stdout().contains("image: web"));
}
