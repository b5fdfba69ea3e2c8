//! `skeg diff`.

use serde_json::Value;
use skeg_test_support::{ChartBuilder, CommandOutput, FakeRegistry, TestContext};

use crate::support::{context, publish_as};

const TEMPLATE: &str = "kind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  replicas: {{ .Values.replicas | quote }}\n";

fn old() -> ChartBuilder {
    ChartBuilder::new("demo", "1.0.0")
        .file("values.yaml", "replicas: 1\n")
        .template("config.yaml", TEMPLATE)
}

fn new() -> ChartBuilder {
    ChartBuilder::new("demo", "1.1.0")
        .file("values.yaml", "replicas: 2\n")
        .template("config.yaml", TEMPLATE)
        .template(
            "more.yaml",
            "kind: Secret\nmetadata:\n  name: more\ndata:\n  x: {{ randAlphaNum 8 }}\n",
        )
}

fn setting() -> TestContext {
    let context = context();
    old().write_archive(context.work());
    new().write_archive(context.work());
    context
}

fn diff(context: &TestContext, flags: &[&str]) -> CommandOutput {
    context.run(["diff", "demo-1.0.0.tgz", "demo-1.1.0.tgz"].iter().chain(flags))
}

#[test]
fn files_as_diff_prints_them() {
    let context = setting();
    let output = diff(&context, &[]).success();
    let expected = "--- a/Chart.yaml
+++ b/Chart.yaml
@@ -1,3 +1,3 @@
 apiVersion: v2
 name: demo
-version: 1.0.0
+version: 1.1.0
--- /dev/null
+++ b/templates/more.yaml
@@ -0,0 +1,5 @@
+kind: Secret
+metadata:
+  name: more
+data:
+  x: {{ randAlphaNum 8 }}
--- a/values.yaml
+++ b/values.yaml
@@ -1 +1 @@
-replicas: 1
+replicas: 2
";
    assert_eq!(output.stdout(), expected);
}

#[test]
fn the_exit_code_tells_only_if_asked() {
    let context = setting();
    assert_eq!(diff(&context, &[]).status(), Some(0));
    let output = diff(&context, &["--exit-code"]).exits_with(1);
    assert!(!output.stderr().contains("Error"), "{output}");
    let same = ["diff", "demo-1.0.0.tgz", "demo-1.0.0.tgz", "--exit-code"];
    let output = context.run(same).success();
    assert_eq!(output.stdout(), "");
}

#[test]
fn a_packaged_chart_is_the_directory_it_comes_from() {
    let context = setting();
    old().write_dir(context.work());
    context.write(
        "demo/Chart.yaml",
        "# A comment\nversion: 1.0.0\nname: demo\napiVersion: v2\n",
    );
    let arguments = ["diff", "demo-1.0.0.tgz", "demo", "--exit-code"];
    let output = context.run(arguments).success();
    assert_eq!(output.stdout(), "");
}

#[test]
fn rendered_manifests_differ_by_the_charts_alone() {
    let context = setting();
    let output = diff(&context, &["--rendered"]).success();
    let text = output.stdout();
    assert!(text.contains("--- a/demo/templates/config.yaml"), "{output}");
    assert!(
        text.contains("-  replicas: \"1\"\n+  replicas: \"2\"\n"),
        "{output}"
    );
    let output = diff(&context, &["--rendered", "--set", "replicas=7", "--stat"]).success();
    assert_eq!(
        output.stdout(),
        " demo/templates/more.yaml |     8 ++++++++\n 1 file, 8 additions, 0 deletions\n"
    );
    // Random values are the same on both sides.
    let same = [
        "diff",
        "demo-1.1.0.tgz",
        "demo-1.1.0.tgz",
        "--rendered",
        "--exit-code",
    ];
    context.run(same).success();
    context.write("values.yaml", "replicas: 9\n");
    let output = diff(&context, &["--rendered", "-f", "values.yaml", "--exit-code"]).exits_with(1);
    assert!(!output.stdout().contains("config.yaml"), "{output}");
    let command = context.command([
        "diff",
        "demo-1.0.0.tgz",
        "demo-1.1.0.tgz",
        "--rendered",
        "-f",
        "-",
    ]);
    let output = command.stdin("replicas: 9\n").run().success();
    assert!(!output.stdout().contains("config.yaml"), "{output}");
}

#[test]
fn as_json() {
    let context = setting();
    let output = diff(&context, &["-o", "json", "--exit-code"]).exits_with(1);
    let report: Value = serde_json::from_str(&output.stdout()).unwrap();
    assert_eq!(report["equal"], false);
    assert_eq!(
        (&report["from"]["version"], &report["to"]["version"]),
        (&"1.0.0".into(), &"1.1.0".into())
    );
    let files: Vec<_> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["path"].as_str().unwrap(), file["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        files,
        [
            ("Chart.yaml", "changed"),
            ("templates/more.yaml", "added"),
            ("values.yaml", "changed")
        ]
    );
}

#[test]
fn charts_in_registries() {
    let (registry, context) = (FakeRegistry::start(), setting());
    publish_as(&registry, "charts/demo", "1.0.0", &old());
    publish_as(&registry, "charts/demo", "1.1.0", &new());
    let (one, two) = (registry.oci("charts/demo:1.0.0"), registry.oci("charts/demo"));
    let output = context.run(["diff", &one, &two]).success();
    assert_eq!(output.stdout(), diff(&context, &[]).stdout());
    let output = context
        .run(["diff", &one, "demo-1.0.0.tgz", "--exit-code"])
        .success();
    assert_eq!(output.stdout(), "");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let context = setting();
    let output = diff(&context, &["--set", "a=1"]).failure();
    assert!(output.stderr().contains("give `--rendered`"), "{output}");
    let output = context.run(["diff", "demo-1.0.0.tgz", "./missing"]).failure();
    assert!(output.stderr().contains("not found"), "{output}");
    old()
        .template("bad.yaml", "{{ fail \"no\" }}")
        .write_dir(context.work());
    let output = context
        .run(["diff", "demo-1.0.0.tgz", "demo", "--rendered"])
        .failure();
    assert!(output.stderr().contains("cannot render demo"), "{output}");
}
