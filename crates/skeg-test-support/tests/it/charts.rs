//! Charts as directories and archives.

use flate2::read::GzDecoder;
use skeg_test_support::{ChartBuilder, TestContext};

fn demo() -> ChartBuilder {
    ChartBuilder::new("demo", "1.0.0")
        .app_version("2.0 \"two\"")
        .dependency("common", "^1.0", "oci://registry.example/charts")
        .dependency("local", "1.x.x", "")
        .file("values.yaml", "replicas: 1\n")
        .template("config.yaml", "kind: ConfigMap\n")
        .big_random_file(1000, 3)
}

#[test]
fn metadata_is_quoted_yaml() {
    let expected = "apiVersion: v2\nname: \"demo\"\nversion: \"1.0.0\"\n\
        appVersion: \"2.0 \\\"two\\\"\"\n\
        dependencies:\n  - name: \"common\"\n    version: \"^1.0\"\n    \
        repository: \"oci://registry.example/charts\"\n  \
        - name: \"local\"\n    version: \"1.x.x\"\n";
    assert_eq!(demo().metadata(), expected);
    assert_eq!(demo().chart_yaml("x").metadata(), "x");
}

#[test]
fn directory_and_archive_hold_the_same_files() {
    let context = TestContext::new("unused");
    let directory = demo().write_dir(context.work());
    assert_eq!(directory, context.path("demo"));
    let expected = [
        "demo/Chart.yaml",
        "demo/files/random-3.bin",
        "demo/templates/config.yaml",
        "demo/values.yaml",
    ];
    assert_eq!(context.files(), expected);
    let archive = demo().write_archive(context.root().join("tmp"));
    assert!(archive.ends_with("tmp/demo-1.0.0.tgz"));
    let file = fs_err::File::open(&archive).expect("because it was just written");
    let unpacked = context.path("unpacked");
    let mut reader = tar::Archive::new(GzDecoder::new(file));
    reader.unpack(&unpacked).expect("because the archive is honest");
    for name in expected {
        let same = context.read(name) == context.read(format!("unpacked/{name}"));
        assert!(same, "{name} differs");
    }
}

#[test]
fn chart_yaml_can_be_missing() {
    let context = TestContext::new("unused");
    let chart = ChartBuilder::new("demo", "1.0.0").without_chart_yaml();
    chart.file("values.yaml", "").write_dir(context.work());
    assert_eq!(context.files(), ["demo/values.yaml"]);
}

#[test]
fn long_paths_are_archived() {
    let path = format!("files/{}x", "directory/".repeat(20));
    let chart = ChartBuilder::new("demo", "1.0.0").file(&path, "x");
    let bytes = chart.archive().bytes();
    let mut archive = tar::Archive::new(GzDecoder::new(&bytes[..]));
    let entries = archive.entries().expect("because the archive is readable");
    let last = entries.last().expect("because there are entries");
    let entry = last.expect("because the entry is readable");
    assert_eq!(&*entry.path_bytes(), format!("demo/{path}").as_bytes());
}
