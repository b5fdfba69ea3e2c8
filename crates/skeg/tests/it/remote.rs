//! Values and schemas that are fetched on the way.

use serde_json::json;
use skeg_test_support::{ChartBuilder, FakeRegistry, PlainReply, PlainServer, TestContext, sha256_digest};

use crate::support::{INDEX, MANIFEST, context, context_with, publish};

fn server() -> PlainServer {
    PlainServer::start(|request| match request.target {
        "/values.yaml" => PlainReply::new(200).body("a: 1\n"),
        "/bad.yaml" => PlainReply::new(200).body("a: [\n"),
        "/text.json" => PlainReply::new(200).body(r#"{"type": "string"}"#),
        "/moved" => PlainReply::new(302).header("Location", "/values.yaml"),
        "/loop" => PlainReply::new(302).header("Location", "/loop"),
        "/empty" => PlainReply::new(204),
        _ => PlainReply::new(404),
    })
}

/// A chart that prints one value, and the context that it is in.
fn chart() -> TestContext {
    let context = context();
    write_chart(&context);
    context
}

fn write_chart(context: &TestContext) {
    ChartBuilder::new("demo", "1.2.3")
        .template("a.yaml", "a: {{ .Values.a }}\n")
        .write_dir(context.work());
}

const RENDERED: &str = "---\n# Source: demo/templates/a.yaml\na: 1\n";

#[track_caller]
fn check_fails(context: &TestContext, arguments: &[&str], expected: &str) {
    let output = context.command(arguments).run().exits_with(1);
    let stderr = output.stderr();
    assert_eq!(stderr.lines().next().unwrap_or_default(), expected, "{stderr}");
}

#[test]
fn values_are_fetched() {
    let (context, server) = (chart(), server());
    for path in ["values.yaml", "moved"] {
        let url = format!("{}/{path}", server.base_url());
        let output = context.run(["template", "demo", "-f", &url]).success();
        assert_eq!(output.stdout(), RENDERED);
        let url = url.replace("http:", "HTTP:");
        let output = context
            .run(["show", "values", "demo", "--values", &url])
            .success();
        assert_eq!(output.stdout(), "a: 1\n");
    }
    let whole = format!("a={}/values.yaml", server.base_url());
    let output = context.run(["template", "demo", "--set-file", &whole]);
    assert!(
        output
            .stderr()
            .contains("YAML parse error on demo/templates/a.yaml")
    );
}

#[test]
fn values_that_cannot_be_fetched_are_errors_in_the_words_of_helm() {
    let (context, server) = (chart(), server());
    let base = server.base_url();
    let template =
        |url: &str, expected: &str| check_fails(&context, &["template", "demo", "-f", url], expected);
    for (path, status) in [("none", "404 Not Found"), ("empty", "204 No Content")] {
        let url = format!("{base}/{path}");
        template(&url, &format!("Error: failed to fetch {url} : {status}"));
    }
    template(
        "http://127.0.0.1:1/x",
        "Error: Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1: connect: connection refused",
    );
    template(
        "http://u:p@127.0.0.1:1/x",
        "Error: Get \"http://u:***@127.0.0.1:1/x\": dial tcp 127.0.0.1:1: connect: connection refused",
    );
    let url = format!("{base}/bad.yaml");
    let problem = "cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content";
    template(&url, &format!("Error: failed to parse {url}: {problem}"));
    let url = format!("{base}/none");
    let expected = format!("Error: failed parsing --set-file data: failed to fetch {url} : 404 Not Found");
    check_fails(
        &context,
        &["template", "demo", "--set-file", &format!("a={url}")],
        &expected,
    );
    let expected = format!("Error: failed to fetch {url} : 404 Not Found");
    check_fails(&context, &["lint", "demo", "-f", &url], &expected);
}

/// Writes a chart whose schema refers to `url` twice.
fn refer(context: &TestContext, url: &str) {
    let schema = json!({"properties": {"a": {"$ref": url}, "b": {"items": {"$ref": url}}}});
    ChartBuilder::new("demo", "1.2.3")
        .template("a.yaml", "a: {{ .Values.a }}\n")
        .file("values.schema.json", schema.to_string())
        .write_dir(context.work());
}

#[test]
fn schemas_are_fetched_once() {
    let (context, server) = (context(), server());
    refer(&context, &format!("{}/text.json", server.base_url()));
    context.run(["template", "demo", "--set-string", "a=1"]).success();
    assert_eq!(server.requests().len(), 1);
    let output = context.run(["template", "demo", "--set", "a=1"]).failure();
    assert!(output.stderr().contains("- at '/a': got number, want string"));
    let output = context.run(["lint", "demo", "--set", "a=1"]).failure();
    assert!(output.stdout().contains("- at '/a': got number, want string"));
}

#[test]
fn schemas_that_cannot_be_fetched_are_errors_in_the_words_of_helm() {
    let (context, server) = (context(), server());
    let check = |url: &str, expected: &str| {
        refer(&context, url);
        let expected = format!("failing loading \"{url}\": {}", expected.replace("URL", url));
        let output = context.run(["template", "demo"]).failure();
        assert!(output.stderr().contains(&expected), "{}", output.stderr());
        let output = context.run(["lint", "demo"]).failure();
        assert!(output.stdout().contains(&expected), "{}", output.stdout());
    };
    let url = |path: &str| format!("{}/{path}", server.base_url());
    check(
        &url("none"),
        "HTTP request to URL returned status 404 (Not Found)",
    );
    check(
        &url("values.yaml"),
        "invalid character 'a' looking for beginning of value",
    );
    check(
        "http://127.0.0.1:1/x",
        "HTTP request failed for URL: Get \"URL\": dial tcp 127.0.0.1:1: connect: connection refused",
    );
    check(
        &url("loop"),
        "HTTP request failed for URL: Get \"URL\": stopped after 10 redirects",
    );
}

/// Puts an artifact of one layer into a repository.
fn put(registry: &FakeRegistry, tag: &str, layers: &[(&str, Option<&str>)]) {
    let content = b"a: 1\n";
    registry.put_blob("values", content.to_vec());
    registry.put_blob("values", "{}");
    let layer = |(media_type, title): &(&str, Option<&str>)| {
        let annotations = title.map(|title| json!({"org.opencontainers.image.title": title}));
        json!({
            "mediaType": media_type, "digest": sha256_digest(content), "size": content.len(),
            "annotations": annotations.unwrap_or_else(|| json!({})),
        })
    };
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": sha256_digest(b"{}"), "size": 2},
        "layers": layers.iter().map(layer).collect::<Vec<_>>(),
    });
    registry.put_manifest("values", tag, MANIFEST, manifest.to_string());
}

#[test]
fn values_may_be_artifacts() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_chart(&context);
    put(&registry, "yaml", &[("application/yaml", None)]);
    put(&registry, "latest", &[("text/plain", None)]);
    put(
        &registry,
        "bytes",
        &[("application/octet-stream", None), ("application/x", None)],
    );
    let tar = "application/vnd.oci.image.layer.v1.tar";
    put(&registry, "oras", &[(tar, Some("values.yaml"))]);
    let digest = registry.resolve("values", "yaml").expect("is there");
    let digest = format!("@{digest}");
    for version in ["", ":yaml", ":bytes", ":oras", &digest] {
        let reference = registry.oci(&format!("values{version}"));
        let output = context.run(["template", "demo", "--plain-http", "-f", &reference]);
        assert_eq!(output.success().stdout(), RENDERED, "{version}");
    }
}

#[test]
fn values_may_be_in_an_image_layout() {
    let context = chart();
    let (yaml, config) = ("a: 1\n", "{}");
    let digest = |text: &str| sha256_digest(text.as_bytes());
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest(config), "size": 2},
        "layers": [{"mediaType": "application/yaml", "digest": digest(yaml), "size": yaml.len()}],
    });
    let manifest = manifest.to_string();
    for blob in [yaml, config, &manifest] {
        let name = digest(blob).replace(':', "/");
        context.write(format!("layout/values/blobs/{name}"), blob);
    }
    let entry = json!({
        "mediaType": MANIFEST, "digest": digest(&manifest), "size": manifest.len(),
        "annotations": {"org.opencontainers.image.ref.name": "1"},
    });
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]});
    context.write("layout/values/index.json", index.to_string());
    context.write("layout/values/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
    let output = context.run(["template", "demo", "-f", "oci-layout://layout/values:1"]);
    assert_eq!(output.success().stdout(), RENDERED);
    let stderr = context
        .run(["template", "demo", "-f", "oci-layout://layout/values:2"])
        .failure()
        .stderr();
    let expected = "Error: cannot read values from oci-layout://layout/values:2: ";
    assert!(stderr.starts_with(expected), "{stderr}");
}

#[test]
fn a_password_is_for_the_registry_of_the_chart_and_else_for_that_of_the_values() {
    let registry = FakeRegistry::builder().basic_auth("ada", "secret").start();
    let context = context_with(&registry);
    write_chart(&context);
    put(&registry, "yaml", &[("application/yaml", None)]);
    publish(&registry, "charts/demo", "1.2.3");
    let values = registry.oci("values:yaml");
    let login = ["--username=ada", "--password=secret", "--plain-http"];
    let run = |chart: &str| {
        let arguments = ["template", chart, "-f", &values];
        context.command(arguments.iter().chain(&login)).run()
    };
    assert_eq!(run("demo").success().stdout(), RENDERED);
    run(&registry.oci("charts/demo:1.2.3")).success();
    let other = FakeRegistry::builder().basic_auth("ada", "secret").start();
    publish(&other, "charts/demo", "1.2.3");
    let stderr = run(&other.oci("charts/demo:1.2.3")).failure().stderr();
    assert!(stderr.contains("demands a credential"), "{stderr}");
}

#[test]
fn artifacts_that_are_no_values_are_errors() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    write_chart(&context);
    publish(&registry, "charts/demo", "1.2.3");
    put(&registry, "none", &[("application/x", None)]);
    put(
        &registry,
        "two",
        &[
            ("application/yaml", Some("a.yaml")),
            ("application/yaml", Some("b.yaml")),
        ],
    );
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": []});
    registry.put_manifest("values", "index", INDEX, index.to_string());
    let check = |path: &str, expected: &str| {
        let reference = registry.oci(path);
        let output = context
            .run(["template", "demo", "--plain-http", "-f", &reference])
            .failure();
        let stderr = output.stderr();
        let first = format!("Error: cannot read values from {reference}: {expected}");
        assert_eq!(stderr.lines().next(), Some(&*first));
        stderr
    };
    let stderr = check("charts/demo:1.2.3", "this is a chart, not a file of values");
    assert!(stderr.contains("skeg show values oci://"), "{stderr}");
    let stderr = check(
        "values:none",
        "there is no layer that may be YAML among application/x",
    );
    assert!(stderr.contains("hint: an artifact of values"), "{stderr}");
    check("values:two", "there are several files in it: a.yaml, b.yaml");
    check(
        "values:index",
        "this is an index of several artifacts, not a file of values",
    );
}

#[cfg(unix)]
#[test]
fn links_that_are_followed_are_told() {
    let context = chart();
    let link = context.path("demo/link.yaml");
    std::os::unix::fs::symlink("templates/a.yaml", &link).expect("is writable");
    let target = fs_err::canonicalize(context.path("demo/templates/a.yaml")).expect("is there");
    let expected = format!(
        "level=INFO msg=\"found symbolic link in path. Contents of linked file included and used\" path={} resolved={}\n",
        link.display(),
        target.display()
    );
    assert_eq!(context.run(["template", "demo"]).success().stderr(), expected);
    let output = context.run(["show", "chart", "demo"]);
    assert_eq!(output.success().stderr(), expected);
    // Helm loads the chart twice.
    assert_eq!(
        context.run(["lint", "demo"]).success().stderr(),
        expected.repeat(2)
    );
}
