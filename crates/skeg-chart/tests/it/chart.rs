//! Loading charts with everything inside them, from directories and archives.

use std::path::Path;

use skeg_chart::{Chart, ChartFile, Limits, LoadChartError, LoadOptions, Lock, Selection, unpack_archive};

use crate::tarball::{CHART_YAML, Tarball, message, save};

/// `Chart.yaml` of a chart with another name.
fn chart_yaml(name: &str) -> String {
    CHART_YAML.replace("demo", name)
}

/// The chart that Helm 4.3.1 was shown to record the order of definitions.
fn nested() -> Tarball {
    let sub = Tarball::default()
        .file("sub/Chart.yaml", chart_yaml("sub"))
        .file("sub/crds/s.yaml", "s: 1\n")
        .tgz();
    Tarball::chart()
        .file("demo/README", "the second")
        .file("demo/charts/alpha/Chart.yaml", chart_yaml("alpha"))
        .file("demo/charts/alpha/crds/x.YML", "---\nal: 1\n")
        .file("demo/charts/sub-1.0.0.tgz", sub)
        .file("demo/charts/_ignored", "x")
        .file("demo/charts/.ignored/Chart.yaml", "[")
        .file("demo/charts/alpha-1.0.0.tgz.prov", "signed")
        .file("demo/crds/b.yaml", "b: 1\n")
        .file("demo/crds/n.txt", "n: 1\n")
        .file("demo/crds/sub/a.json", "a: 1\n")
        .file("demo/readme.TXT", "the first")
        .file("demo/templates/t.yaml", "t: 1\n")
        .file("demo/values.schema.json", "{}")
        .file("demo/values.yaml", "a: 1\n")
}

fn load(tarball: &Tarball, options: &LoadOptions) -> Result<Chart, String> {
    let (directory, path) = save("demo.tgz", &tarball.tgz());
    let prefix = format!("{}{}", directory.path().display(), std::path::MAIN_SEPARATOR);
    Chart::load(&path, options).map_err(|error| message(&error).replace(&prefix, ""))
}

fn crd_paths(chart: &Chart) -> Vec<String> {
    chart.crds().into_iter().map(|crd| crd.full_path).collect()
}

#[test]
fn an_archive_is_loaded_with_the_charts_inside() {
    let chart = load(&nested(), &LoadOptions::default()).expect("is a chart");
    let subcharts: Vec<&str> = chart
        .subcharts()
        .iter()
        .map(|chart| chart.metadata().name())
        .collect();
    assert_eq!(subcharts, ["alpha", "sub"]);
    let files: Vec<&str> = chart.files().iter().map(ChartFile::path).collect();
    assert_eq!(
        files,
        [
            "README",
            "charts/alpha-1.0.0.tgz.prov",
            "crds/b.yaml",
            "crds/n.txt",
            "crds/sub/a.json",
            "readme.TXT"
        ]
    );
    assert_eq!(chart.templates()[0].path(), "templates/t.yaml");
    assert_eq!(chart.schema(), Some(&b"{}"[..]));
    assert_eq!(chart.values_yaml(), Some(&b"a: 1\n"[..]));
    assert_eq!(
        chart.values().and_then(|values| values.get("a")?.as_f64()),
        Some(1.0)
    );
    assert_eq!(chart.readme().map(ChartFile::data), Some(&b"the second"[..]));
    let expected = [
        "demo/crds/b.yaml",
        "demo/crds/sub/a.json",
        "demo/charts/alpha/crds/x.YML",
        "demo/charts/sub/crds/s.yaml",
    ];
    assert_eq!(crd_paths(&chart), expected);
}

#[test]
fn documents_can_be_had_without_the_rest() {
    let options = LoadOptions {
        selection: Selection::Documents,
        ..LoadOptions::default()
    };
    let all = load(&nested(), &LoadOptions::default()).expect("is a chart");
    let chart = load(&nested(), &options).expect("is a chart");
    assert!(chart.templates().is_empty() && chart.schema().is_none());
    assert_eq!(crd_paths(&chart), crd_paths(&all));
    assert_eq!(chart.readme(), all.readme());
    assert_eq!(chart.values(), all.values());
}

#[test]
fn an_unpacked_archive_loads_the_same() {
    let (directory, path) = save("demo.tgz", &nested().tgz());
    let parent = directory.path().join("a/b");
    let unpacked = unpack_archive(&path, &parent, &Limits::default()).expect("there is room");
    assert_eq!(unpacked, parent.join("demo"));
    let chart = Chart::load(&unpacked, &LoadOptions::default()).expect("is a chart");
    let archived = Chart::load(&path, &LoadOptions::default()).expect("is a chart");
    assert_eq!(crd_paths(&chart), crd_paths(&archived));
    assert_eq!(chart.values(), archived.values());
    assert_eq!(names(&parent), ["demo"]);

    let error = unpack_archive(&path, &parent, &Limits::default()).expect_err("it is there already");
    let expected = format!(
        "a file or directory with the name {} already exists",
        unpacked.display()
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(names(&parent), ["demo"]);
}

#[test]
fn a_bad_archive_leaves_nothing_behind() {
    let bad = [
        Tarball::chart().file("demo/a", "x").file("demo/../b", "x"),
        Tarball::chart().file("demo/a", "x").entry(b'2', "demo/link", ""),
        Tarball::chart().file("demo/a", "x").file("demo/a/b", "x"),
        Tarball::default().file("demo/values.yaml", ""),
        Tarball::default().file("demo/Chart.yaml", "name: .."),
        Tarball::default().file("demo/Chart.yaml", "name: a/b"),
        Tarball::default().file("demo/Chart.yaml", "name: ''"),
    ];
    for tarball in bad {
        let (directory, path) = save("demo.tgz", &tarball.tgz());
        unpack_archive(&path, directory.path(), &Limits::default()).expect_err("the archive is bad");
        assert_eq!(names(directory.path()), ["demo.tgz"]);
    }
}

/// The names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(directory).expect("is a directory");
    let name = |entry: std::io::Result<fs_err::DirEntry>| entry.expect("is readable").file_name();
    let mut names: Vec<String> = entries
        .map(name)
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[track_caller]
fn check_error(tarball: &Tarball, expected: &str) {
    let error = load(tarball, &LoadOptions::default()).expect_err("the chart is bad");
    assert_eq!(error, expected);
}

/// Up to the name of the archive these are Helm 4.3.1's messages.
#[test]
fn errors_say_where_they_are() {
    check_error(
        &Tarball::default().file("demo/values.yaml", ""),
        "Chart.yaml file is missing in 'demo.tgz'",
    );
    check_error(
        &Tarball::chart().file("demo/charts/README.md", ""),
        "error unpacking subchart README.md in demo: Chart.yaml file is missing",
    );
    check_error(
        &Tarball::chart().file("demo/charts/foo.tgz/Chart.yaml", ""),
        "error unpacking subchart foo.tgz in demo: error unpacking subchart tar: expected foo.tgz, got foo.tgz/Chart.yaml",
    );
    check_error(
        &Tarball::chart().file("demo/charts/foo.tgz", "x"),
        "error unpacking subchart foo.tgz in demo: unexpected EOF",
    );
    check_error(
        &Tarball::chart().file("demo/charts/foo/values.yaml", ""),
        "error unpacking subchart foo in demo: Chart.yaml file is missing",
    );
    check_error(
        &Tarball::chart().file("demo/values.yaml", "a: ["),
        "cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: \
         yaml: line 1: did not find expected node content",
    );
    check_error(
        &Tarball::chart().file("demo/Chart.lock", "generated: 5"),
        "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: parsing time \"5\" as \
         \"2006-01-02T15:04:05Z07:00\"",
    );
}

#[test]
fn depth_and_total_of_nested_charts_are_bounded() {
    let nest = |inner: Vec<u8>| Tarball::chart().file("demo/charts/sub.tgz", inner).tgz();
    let deep = (0..140).fold(Tarball::chart().tgz(), |inner, _| nest(inner));
    let (_directory, path) = save("demo.tgz", &deep);
    let error = Chart::load(&path, &LoadOptions::default()).expect_err("it is too deep");
    assert!(
        message(&error).ends_with("charts are nested more than 128 levels deep"),
        "{}",
        message(&error)
    );

    let long = format!("demo/{}Chart.yaml", "charts/a/".repeat(10_000));
    let tarball = Tarball::chart()
        .pax(&[("path", &long)])
        .file("demo/x", CHART_YAML);
    assert_eq!(
        load(&tarball, &LoadOptions::default()).expect_err("too deep"),
        "charts are nested more than 128 levels deep"
    );

    let big = Tarball::chart().file("demo/zeros", vec![0; 600]).tgz();
    let many = (0..5).fold(Tarball::chart(), |tar, index| {
        tar.file(&format!("demo/charts/{index}.tgz"), &big)
    });
    let limits = Limits {
        nested_total: 2000,
        ..Limits::default()
    };
    let error = load(
        &many,
        &LoadOptions {
            limits,
            ..LoadOptions::default()
        },
    )
    .expect_err("it is too much");
    assert!(
        error.contains("decompressed chart is larger than the maximum size"),
        "{error}"
    );
}

#[test]
fn a_directory_without_chart_yaml_is_no_chart() {
    let directory = tempfile::tempdir().expect("there is room");
    let error = Chart::load(directory.path(), &LoadOptions::default()).expect_err("is empty");
    assert!(matches!(error, LoadChartError::NotAChart { .. }), "{error}");
    let error =
        Chart::load(&directory.path().join("none"), &LoadOptions::default()).expect_err("is not there");
    assert!(error.to_string().contains("none"), "{error}");
}

#[test]
fn a_v1_chart_keeps_its_requirements_as_files() {
    let tarball = Tarball::default()
        .file("demo/Chart.yaml", "name: demo\nversion: 1.0.0\n")
        .file("demo/requirements.yaml", "dependencies: [{name: a}]")
        .file("demo/requirements.lock", "digest: x");
    let chart = load(&tarball, &LoadOptions::default()).expect("is a chart");
    assert_eq!(chart.metadata().dependencies()[0].name(), "a");
    assert_eq!(chart.lock().map(Lock::digest), Some("x"));
    let files: Vec<&str> = chart.files().iter().map(ChartFile::path).collect();
    assert_eq!(files, ["requirements.lock", "requirements.yaml"]);
}
