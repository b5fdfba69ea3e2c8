//! `skeg repo index --from`: an index of what is in a registry.

use skeg_test_support::{ChartBuilder, FakeRegistry, Fault, TestContext, skeg_snapshot};

use crate::support::{CONFIG, CONTENT, MANIFEST, context_with, demo, descriptor, publish_as, publish_layers};

const AT: &str = "2024-05-06T07:08:09Z";

fn chart(name: &str, version: &str) -> ChartBuilder {
    ChartBuilder::new(name, version)
        .app_version("7.1")
        .field("description", "Things")
}

fn push(context: &TestContext, registry: &FakeRegistry, chart: &ChartBuilder, path: &str) {
    let archive = chart.write_archive(context.work());
    let remote = registry.oci(path);
    let words = ["push", "--plain-http", "--created", AT];
    context.command(words).arg(&archive).arg(&remote).run().success();
    fs_err::remove_file(archive).expect("because it was just written");
}

fn scene() -> (FakeRegistry, TestContext) {
    let registry = FakeRegistry::builder().catalog_page_size(2).start();
    let context = context_with(&registry);
    for version in ["1.2.3", "1.10.0+b.1", "2.0.0-rc.1"] {
        push(&context, &registry, &chart("demo", version), "charts");
    }
    push(&context, &registry, &chart("other", "0.1.0"), "charts/team");
    push(&context, &registry, &chart("elsewhere", "1.0.0"), "chartsx");
    fs_err::create_dir_all(context.path("site")).expect("because the context is ours");
    (registry, context)
}

fn index(scene: &(FakeRegistry, TestContext), path: &str) -> Vec<String> {
    let (registry, _) = scene;
    let words = ["repo", "index", "site", "--plain-http", "--from"];
    let words = words.iter().map(|&word| word.to_owned());
    words.chain([registry.oci(path)]).collect()
}

fn written(context: &TestContext) -> String {
    String::from_utf8_lossy(&context.read("site/index.yaml")).into_owned()
}

/// What is in the index: addresses in their order.
fn addresses(scene: &(FakeRegistry, TestContext)) -> Vec<String> {
    let base = scene.0.oci("");
    let text = written(&scene.1);
    let lines = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- oci://"));
    let address = |line: &str| format!("oci://{line}").trim_start_matches(&base).to_owned();
    lines.map(address).collect()
}

#[test]
fn every_version_below_the_path_has_an_entry() {
    let scene = scene();
    let (registry, context) = &scene;
    registry.put_manifest("charts/demo", "latest", MANIFEST, b"{}".to_vec());
    skeg_snapshot!(context.command(index(&scene, "charts")), @"
    ----- stderr -----
    4 versions of 2 charts
    [exit status: 0]
    ");
    let text = written(context);
    assert_eq!(
        addresses(&scene),
        [
            "charts/demo:2.0.0-rc.1",
            "charts/demo:1.10.0+b.1",
            "charts/demo:1.2.3",
            "charts/team/other:0.1.0"
        ]
    );
    let digest = crate::classic_repository::digits(&chart("other", "0.1.0").archive().bytes());
    let host = registry.oci("");
    let other = format!(
        "  other:\n  - apiVersion: v2\n    appVersion: \"7.1\"\n    created: \"{AT}\"\n    description: Things\n    \
         digest: {digest}\n    name: other\n    urls:\n    - {host}charts/team/other:0.1.0\n    version: 0.1.0\n\
         generated: \"2023-11-14T22:13:20Z\"\n"
    );
    assert!(text.ends_with(&other), "{text}\n{other}");
    // Again: what is known by its digest is not asked for, and the index is the same.
    registry.clear_requests();
    context.run(index(&scene, "charts")).success();
    let requests = registry.requests();
    assert_eq!(requests.matching("GET", "/blobs/").len(), 0, "{requests}");
    assert_eq!(written(context), text);
}

#[test]
fn all_fields_of_a_chart_are_there() {
    let scene = scene();
    let (registry, context) = &scene;
    context.write(
        "whole/Chart.yaml",
        "apiVersion: v2\nname: whole\nversion: 1.0.0\nhome: https://h.example\nicon: https://h.example/i.svg\ntype: \
         application\nkubeVersion: '>=1.20'\ndeprecated: true\nkeywords: [a, b]\nsources: [https://s.example]\n\
         annotations: {x: y}\nmaintainers:\n- {name: Ada, email: ada@example.com}\n",
    );
    context.run(["package", "whole", "-d", "local"]).success();
    let archive = context.path("local/whole-1.0.0.tgz");
    context
        .command(["push", "--plain-http", "--created", AT])
        .arg(&archive)
        .arg(registry.oci("whole"))
        .run()
        .success();
    context.run(index(&scene, "whole")).success();
    let from_registry = written(context);
    // The same archive in a directory gives the same entry, but for the time.
    let local = ["repo", "index", "local", "--url", &registry.oci("whole")];
    context.run(local).success();
    let from_directory = String::from_utf8(context.read("local/index.yaml")).unwrap();
    let created = |text: &str| {
        text.lines()
            .find(|line| line.contains("created:"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        from_registry.replace(&created(&from_registry), ""),
        from_directory.replace(&created(&from_directory), "")
    );
    assert!(from_registry.contains("deprecated: true") && from_registry.contains("ada@example.com"));
}

#[test]
fn several_paths_and_an_index_that_is_there() {
    let scene = scene();
    let (registry, context) = &scene;
    push(context, registry, &chart("other", "0.1.0"), "second");
    push(
        context,
        registry,
        &chart("elsewhere", "1.0.0").file("mine", "mine"),
        "second",
    );
    let second = [String::from("--from"), registry.oci("second")];
    let words = index(&scene, "chartsx").into_iter().chain(second);
    let output = context.run(words).success();
    assert!(
        output.filtered().contains(
            "second/elsewhere:1.0.0 was left out: oci://[REGISTRY]/chartsx/elsewhere:1.0.0 is another chart"
        ),
        "{output}"
    );
    assert_eq!(
        addresses(&scene),
        ["chartsx/elsewhere:1.0.0", "second/other:0.1.0"]
    );
    let merge = ["--merge", "site/index.yaml", "--json"].map(str::to_owned);
    context
        .run(index(&scene, "charts/team").into_iter().chain(merge))
        .success();
    let value: serde_json::Value = serde_json::from_str(&written(context)).unwrap();
    let address = |chart: &str| value["entries"][chart][0]["urls"][0].as_str().unwrap().to_owned();
    assert_eq!(address("elsewhere"), registry.oci("chartsx/elsewhere:1.0.0"));
    assert_eq!(address("other"), registry.oci("charts/team/other:0.1.0"));
}

#[test]
fn a_registry_without_a_list_is_asked_for_the_charts_that_are_named() {
    let scene = scene();
    let (registry, context) = &scene;
    registry.add_fault(Fault::status(404).on("GET", "/_catalog"));
    let output = context.run(index(&scene, "charts")).failure();
    assert!(
        output
            .stderr()
            .contains("hint: name the charts by `--chart NAME`"),
        "{output}"
    );
    assert!(!context.path("site/index.yaml").exists());
    let chart = ["--chart", "team/other,demo"].map(str::to_owned);
    context
        .run(index(&scene, "charts").into_iter().chain(chart))
        .success();
    assert_eq!(addresses(&scene).len(), 4);
    context.run(index(&scene, "charts/demo")).success();
    assert_eq!(addresses(&scene).len(), 3);
}

#[test]
fn what_is_no_version_of_a_chart_is_left_out() {
    let scene = scene();
    let (registry, context) = &scene;
    let oci_image = serde_json::json!({
        "schemaVersion": 2,
        "config": descriptor("application/vnd.oci.image.config.v1+json", b"{}"),
        "layers": [],
    });
    registry.put_blob("odd/image", b"{}".to_vec());
    registry.put_manifest("odd/image", "1.0.0", MANIFEST, oci_image.to_string().into_bytes());
    let config = b"{\"name\":\"\"}";
    let archive = demo("1.0.0").archive().bytes();
    registry.put_blob("odd/broken", config.to_vec());
    registry.put_blob("odd/broken", archive.clone());
    let broken = serde_json::json!({
        "schemaVersion": 2,
        "config": descriptor(CONFIG, config),
        "layers": [descriptor(CONTENT, &archive)],
    });
    registry.put_manifest("odd/broken", "1.0.0", MANIFEST, broken.to_string().into_bytes());
    publish_as(registry, "odd/demo", "1.5.0", &demo("1.5.0"));
    let digest = publish_layers(registry, "odd/demo", "1.6.0", vec![(CONTENT, archive)]);
    let (_, manifest) = registry.manifest("odd/demo", &digest).unwrap();
    registry.put_manifest("odd/demo", "1.7.0", MANIFEST, manifest);
    let output = context.run(index(&scene, "odd")).success();
    let text = output.filtered();
    assert!(
        text.contains("odd/demo:1.7.0 was left out: it is version 1.6.0"),
        "{text}"
    );
    assert_eq!(addresses(&scene), ["odd/demo:1.6.0", "odd/demo:1.5.0"]);
    // Without a time of its own it has that of the index.
    assert!(written(context).contains("created: \"2023-11-14T22:13:20Z\""));
}

#[track_caller]
fn check_bad(scene: &(FakeRegistry, TestContext), words: &[&str], expected: &str) {
    let (registry, context) = scene;
    context.write("site/index.yaml", "as it was");
    let words = words.iter().map(|word| word.replace("$R", &registry.oci("")));
    let words = ["repo", "index", "site"]
        .map(str::to_owned)
        .into_iter()
        .chain(words);
    let output = context.run(words).failure();
    assert!(output.filtered().contains(expected), "{}", output.filtered());
    assert_eq!(written(context), "as it was");
}

#[test]
fn what_is_wrong_is_said_and_the_index_stays() {
    let scene = scene();
    let bad = |words: &[&str], expected: &str| check_bad(&scene, words, expected);
    bad(
        &["--from", "$Rnothing", "--plain-http"],
        "Error: there are no charts below oci://[REGISTRY]/nothing",
    );
    bad(
        &["--from", "$Rcharts", "--chart", "demo,nix", "--plain-http"],
        "Error: there is no version of `nix` below",
    );
    bad(
        &["--from", "$Rcharts/demo:1.2.3"],
        "names one version, not a path",
    );
    bad(
        &["--from", "oci-layout://site"],
        "hint: take the charts to one by `skeg copy`",
    );
    bad(&["--from", "https://h.example"], "Error: ");
    bad(&["--from", "$Rcharts", "--url", "x"], "cannot be used with");
    bad(&["--chart", "demo"], "Error: `--chart` is for a registry");
    bad(&["--plain-http"], "Error: `--plain-http` is for a registry");
    bad(
        &[
            "--from",
            "$Rcharts",
            "--from",
            "oci://h.example/x",
            "--username",
            "a",
            "--password",
            "b",
        ],
        "`--from` names several",
    );
    bad(
        &["--from", "$Rcharts", "--plain-http", "--merge", "site/index.yaml"],
        "Error: merge failed: error loading site/index.yaml",
    );
    scene
        .0
        .add_fault(Fault::status(403).on("GET", "/charts/demo/manifests/1.2.3"));
    scene
        .0
        .add_fault(Fault::status(403).on("HEAD", "/charts/demo/manifests/1.2.3"));
    bad(&["--from", "$Rcharts", "--plain-http"], "charts/demo:1.2.3");
}
