//! Packaging chart directories.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use fs_err as fs;
use skeg_chart::{
    ArchiveReader, ChartPackage, ChartVersion, Limits, PackageError, PackageOptions, SavedPackage,
};
use tempfile::TempDir;

const CHART_YAML: &str = "apiVersion: v2\nname: demo\nversion: 1.2.3\n# gone\nunknown: gone\n";

fn directory() -> TempDir {
    tempfile::tempdir().expect("a temporary directory can be made")
}

fn write(root: &Path, path: &str, content: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("the path has a parent")).expect("is writable");
    fs::write(path, content).expect("is writable");
}

/// A chart directory with these files.
fn chart(files: &[(&str, &str)]) -> TempDir {
    let root = directory();
    for (path, content) in files {
        write(root.path(), path, content);
    }
    root
}

fn fixed() -> PackageOptions {
    PackageOptions {
        modified: Some(1_000_000_000),
        ..PackageOptions::default()
    }
}

fn package_with(root: &Path, options: &PackageOptions) -> Result<Vec<u8>, PackageError> {
    let scratch = directory();
    ChartPackage::prepare(root, scratch.path(), options)?.write_to(Vec::new())
}

fn package(root: &Path) -> Vec<u8> {
    package_with(root, &fixed()).expect("the chart is sound")
}

/// Paths and contents in the order of the archive, the base directory taken off.
fn entries(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut reader = ArchiveReader::new(archive, &Limits::default()).expect("it is gzip");
    let mut entries = Vec::new();
    while let Some(mut entry) = reader.next_entry().expect("the archive is sound") {
        let path = entry.path().to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("the archive is sound");
        entries.push((path, content));
    }
    entries
}

fn names(archive: &[u8]) -> Vec<String> {
    entries(archive).into_iter().map(|(path, _)| path).collect()
}

fn content(archive: &[u8], path: &str) -> String {
    let mut files: BTreeMap<_, _> = entries(archive).into_iter().collect();
    let content = files
        .remove(path)
        .unwrap_or_else(|| panic!("{path} is in the archive"));
    String::from_utf8(content).expect("is UTF-8")
}

/// The whole chain of messages.
fn message(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

#[track_caller]
fn check_error(files: &[(&str, &str)], expected: &str) {
    let root = chart(files);
    let error = package_with(root.path(), &fixed()).expect_err("the chart is not sound");
    assert_eq!(message(&error), expected);
}

#[test]
fn entries_stand_in_helms_order() {
    let root = chart(&[
        ("zz.txt", "z"),
        ("README.md", "r"),
        (".helmignore", "*.bak\n"),
        ("left.bak", "out"),
        ("values.schema.json", "{}"),
        ("values.yaml", "a: 1\n"),
        ("Chart.yaml", CHART_YAML),
        ("Chart.lock", "digest: a\ngenerated: \"2020-01-01T00:00:00Z\"\n"),
        ("templates/b.yaml", "b"),
        ("templates/a/z.yaml", "a"),
        ("templates/a.txt", "a"),
        ("crds/c.yaml", "c"),
        (
            "charts/sub/Chart.yaml",
            "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        ),
        ("charts/sub/x.txt", "x"),
        ("charts/sub/templates/t.yaml", "t"),
        ("charts/_out/Chart.yaml", "no chart"),
        ("charts/.out", "no chart"),
        ("charts/x.tgz.prov", "signed"),
    ]);
    let expected = [
        "Chart.yaml",
        "Chart.lock",
        "values.yaml",
        "values.schema.json",
        "templates/a/z.yaml",
        "templates/a.txt",
        "templates/b.yaml",
        ".helmignore",
        "README.md",
        "charts/x.tgz.prov",
        "crds/c.yaml",
        "zz.txt",
        "charts/sub/Chart.yaml",
        "charts/sub/templates/t.yaml",
        "charts/sub/x.txt",
    ];
    assert_eq!(names(&package(root.path())), expected);
}

#[test]
fn chart_yaml_is_written_anew() {
    let root = chart(&[("Chart.yaml", CHART_YAML)]);
    let archive = package(root.path());
    assert_eq!(
        content(&archive, "Chart.yaml"),
        "apiVersion: v2\nname: demo\nversion: 1.2.3\n"
    );
}

#[test]
fn chart_lock_is_written_anew() {
    let lock = "# gone\ngenerated: 2020-01-01T00:00:00.120+02:00\ndigest: a\ndependencies: []\n";
    let root = chart(&[("Chart.yaml", CHART_YAML), ("Chart.lock", lock)]);
    let expected = "dependencies: []\ndigest: a\ngenerated: \"2020-01-01T00:00:00.12+02:00\"\n";
    assert_eq!(content(&package(root.path()), "Chart.lock"), expected);

    write(root.path(), "Chart.lock", "generated: x\n");
    let error = package_with(root.path(), &fixed()).expect_err("x is no time");
    assert!(
        message(&error).starts_with("cannot load Chart.lock: error unmarshaling JSON"),
        "{error}"
    );

    let v1 = CHART_YAML.replace("v2", "v1");
    let root = chart(&[("Chart.yaml", &v1), ("requirements.lock", "generated: x\n")]);
    let error = package_with(root.path(), &fixed()).expect_err("x is no time");
    assert!(
        error.to_string().starts_with("cannot load requirements.lock"),
        "{error}"
    );
}

#[test]
fn versions_can_be_replaced() {
    let root = chart(&[("Chart.yaml", CHART_YAML)]);
    let options = PackageOptions {
        version: Some(ChartVersion::parse("2.0.0+b").expect("is a version")),
        app_version: Some("7".to_owned()),
        ..fixed()
    };
    let mut package = ChartPackage::prepare(root.path(), root.path(), &options).expect("is sound");
    assert_eq!(package.file_name(), "demo-2.0.0+b.tgz");
    assert_eq!(package.metadata().version(), "2.0.0+b");
    let archive = package.write_to(Vec::new()).expect("a vector takes everything");
    let expected = "apiVersion: v2\nappVersion: \"7\"\nname: demo\nversion: 2.0.0+b\n";
    assert_eq!(content(&archive, "Chart.yaml"), expected);
}

#[test]
fn byte_order_marks_are_taken_off() {
    let root = chart(&[
        ("Chart.yaml", CHART_YAML),
        ("a.txt", "\u{feff}a"),
        ("b.txt", "\u{feff}"),
    ]);
    let archive = package(root.path());
    assert_eq!(content(&archive, "a.txt"), "a");
    assert_eq!(content(&archive, "b.txt"), "");
}

#[test]
fn long_and_foreign_names_survive() {
    let long = format!("files/{}/{}.txt", "d".repeat(90), "f".repeat(90));
    let longer = format!("files/{}.txt", "f".repeat(200));
    let files = [
        ("Chart.yaml", CHART_YAML),
        ("files/é 世界.txt", "x"),
        (&long, "y"),
        (&longer, "z"),
    ];
    let archive = package(chart(&files).path());
    let expected = ["Chart.yaml", &long, &longer, "files/é 世界.txt"];
    assert_eq!(names(&archive), expected);
    assert_eq!(content(&archive, "files/é 世界.txt"), "x");
}

#[test]
fn requirements_go_where_the_version_wants_them() {
    let requirements = "dependencies: []\n# kept\n";
    let v1 = CHART_YAML.replace("v2", "v1");
    let files = [
        ("Chart.lock", "digest: a\n"),
        ("requirements.lock", "digest: b\n"),
    ];
    let root = chart(&files);
    write(root.path(), "requirements.yaml", requirements);
    write(root.path(), "Chart.yaml", &v1);
    let archive = package(root.path());
    assert_eq!(
        names(&archive),
        ["Chart.yaml", "requirements.lock", "requirements.yaml"]
    );
    assert_eq!(content(&archive, "requirements.yaml"), requirements);
    write(root.path(), "Chart.yaml", CHART_YAML);
    let archive = package(root.path());
    assert_eq!(names(&archive), ["Chart.yaml", "Chart.lock"]);
    assert!(content(&archive, "Chart.lock").contains("digest: b\n"));
    fs::remove_file(root.path().join("Chart.lock")).expect("is there");
    assert_eq!(package(root.path()), archive);
}

/// An archive with a chart of this name and version, and one file.
fn packed(name: &str, version: &str) -> Vec<u8> {
    let chart_yaml = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    package(chart(&[("Chart.yaml", &chart_yaml), ("templates/x.yaml", version)]).path())
}

#[test]
fn archives_in_charts_become_directories() {
    let root = chart(&[("Chart.yaml", CHART_YAML)]);
    write(root.path(), "charts/b-1.0.0.tgz", packed("b", "1.0.0"));
    write(
        root.path(),
        "charts/a/Chart.yaml",
        "apiVersion: v2\nname: a\nversion: 3.0.0\n",
    );
    write(root.path(), "charts/a/charts/c-2.0.0.tgz", packed("c", "2.0.0"));
    let archive = package(root.path());
    let expected = [
        "Chart.yaml",
        "charts/a/Chart.yaml",
        "charts/a/charts/c/Chart.yaml",
        "charts/a/charts/c/templates/x.yaml",
        "charts/b/Chart.yaml",
        "charts/b/templates/x.yaml",
    ];
    assert_eq!(names(&archive), expected);
    assert_eq!(content(&archive, "charts/a/charts/c/templates/x.yaml"), "2.0.0");
}

#[test]
fn two_versions_of_a_dependency_stay_apart() {
    let root = chart(&[("Chart.yaml", CHART_YAML)]);
    write(root.path(), "charts/a-2.0.0.tgz", packed("a", "2.0.0"));
    write(root.path(), "charts/a-1.0.0.tgz", packed("a", "1.0.0"));
    let archive = package(root.path());
    assert_eq!(content(&archive, "charts/a/templates/x.yaml"), "1.0.0");
    assert_eq!(content(&archive, "charts/a-2.0.0/templates/x.yaml"), "2.0.0");
    write(root.path(), "charts/again.tgz", packed("a", "2.0.0"));
    let error = package_with(root.path(), &fixed()).expect_err("a chart is there twice");
    assert_eq!(error.to_string(), "charts/ holds a 2.0.0 twice");
}

#[test]
fn unpacking_and_packaging_again_gives_the_same_bytes() {
    let root = chart(&[
        ("Chart.yaml", CHART_YAML),
        ("values.yaml", "a: 1\n"),
        ("templates/a.yaml", "a"),
        ("files/é.txt", "x"),
    ]);
    write(root.path(), "charts/a-2.0.0.tgz", packed("a", "2.0.0"));
    write(root.path(), "charts/a-1.0.0.tgz", packed("a", "1.0.0"));
    let archive = package(root.path());
    let unpacked = directory();
    for (path, content) in entries(&archive) {
        write(unpacked.path(), &path, content);
    }
    assert!(package(unpacked.path()) == archive);
}

#[test]
fn only_contents_and_options_count() {
    let mut files = vec![("Chart.yaml".to_owned(), CHART_YAML.to_owned())];
    files.extend((0..200).map(|number| {
        let text = format!("line {number} of many\n").repeat(10 * number);
        (format!("files/{}/{number}.txt", number % 7), text)
    }));
    let (forward, backward) = (directory(), directory());
    for (path, content) in &files {
        write(forward.path(), path, content);
    }
    for (path, content) in files.iter().rev() {
        write(backward.path(), path, content);
        restrict(&backward.path().join(path));
    }
    let expected = package(forward.path());
    for threads in [1, 2, 8] {
        let options = PackageOptions {
            threads: NonZeroUsize::new(threads),
            ..fixed()
        };
        let archive = package_with(backward.path(), &options).expect("the chart is sound");
        assert!(archive == expected, "{threads} threads");
    }
}

#[cfg(unix)]
fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, PermissionsExt::from_mode(0o700)).expect("the file is ours");
}

#[cfg(windows)]
fn restrict(_: &Path) {}

#[test]
fn the_time_is_that_of_the_newest_file_unless_given() {
    let root = chart(&[("Chart.yaml", CHART_YAML), ("a.txt", "a")]);
    let newest = fs::metadata(root.path().join("a.txt"))
        .and_then(|metadata| metadata.modified())
        .expect("the file is there");
    let newest = newest
        .duration_since(std::time::UNIX_EPOCH)
        .expect("is after 1970")
        .as_secs();
    let options = PackageOptions::default();
    let package = ChartPackage::prepare(root.path(), root.path(), &options).expect("is sound");
    assert_eq!(u64::try_from(package.modified()), Ok(newest));

    let mut tar = Vec::new();
    let archive = package_with(root.path(), &fixed()).expect("the chart is sound");
    GzDecoder::new(archive.as_slice())
        .read_to_end(&mut tar)
        .expect("the stream is sound");
    assert_eq!(
        &tar[100..148],
        b"0000644\x000000000\x000000000\x0000000000051\x0007346545000\0"
    );
}

#[test]
fn saving_makes_the_directory_and_leaves_nothing_else() {
    let root = chart(&[("Chart.yaml", CHART_YAML)]);
    let output = directory();
    let destination = output.path().join("new/deep");
    let mut package = ChartPackage::prepare(root.path(), output.path(), &fixed()).expect("is sound");
    let saved = package.save_in(&destination).expect("the directory is writable");
    let path = destination.join("demo-1.2.3.tgz");
    let bytes = fs::read(&path).expect("the archive is there");
    assert_eq!(
        saved,
        SavedPackage {
            path,
            size: bytes.len() as u64
        }
    );
    assert!(bytes == package.write_to(Vec::new()).expect("a vector takes everything"));
    assert_eq!(package.save_in(&destination).expect("it may be replaced"), saved);
    assert_eq!(fs::read_dir(&destination).expect("is a directory").count(), 1);
}

#[test]
fn a_failure_leaves_what_was_there() {
    let root = chart(&[("Chart.yaml", CHART_YAML), ("a.txt", "a")]);
    let output = chart(&[("demo-1.2.3.tgz", "old"), ("file", "")]);
    let mut package = ChartPackage::prepare(root.path(), output.path(), &fixed()).expect("is sound");

    let in_the_way = output.path().join("file");
    let error = package.save_in(&in_the_way).expect_err("it is a file");
    let causes = message(&error);
    assert_eq!(causes.matches("file`").count(), 1, "{causes}");
    assert!(matches!(error, PackageError::Destination { path, .. } if path == in_the_way));

    fs::remove_file(root.path().join("a.txt")).expect("is there");
    let error = package.save_in(output.path()).expect_err("a file is gone");
    assert_eq!(message(&error).matches("a.txt").count(), 1, "{}", message(&error));
    assert!(matches!(error, PackageError::Read { file, .. } if file == "demo/a.txt"));
    let left: Vec<PathBuf> = fs::read_dir(output.path())
        .expect("is a directory")
        .map(|entry| entry.expect("is readable").path())
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(
        fs::read(output.path().join("demo-1.2.3.tgz")).expect("is there"),
        b"old"
    );
}

#[test]
fn what_is_no_chart_is_refused() {
    let empty = directory();
    let error = package_with(empty.path(), &fixed()).expect_err("it is empty");
    let path = empty.path().join("Chart.yaml");
    assert_eq!(
        error.to_string(),
        format!("unable to detect chart at {}", path.display())
    );

    let invalid = "validation: chart.metadata.name is required";
    check_error(&[("Chart.yaml", "apiVersion: v2\nversion: 1.0.0\n")], invalid);
    let invalid = "validation: chart.metadata.version \"x\" is invalid";
    check_error(
        &[("Chart.yaml", "apiVersion: v2\nname: a\nversion: x\n")],
        invalid,
    );
    let invalid = "invalid chart apiVersion `v3`";
    check_error(
        &[("Chart.yaml", "apiVersion: v3\nname: a\nversion: 1.0.0\n")],
        invalid,
    );
}

#[test]
fn dependencies_must_be_there() {
    let declared = "dependencies:\n- {name: b, version: 1.0.0}\n- {name: a, version: 1.0.0}\n";
    let chart_yaml = format!("{CHART_YAML}{declared}");
    let missing = "found in Chart.yaml, but missing in charts/ directory: b, a";
    check_error(&[("Chart.yaml", &chart_yaml)], missing);
    let a = (
        "charts/any/Chart.yaml",
        "apiVersion: v2\nname: a\nversion: 9.0.0\n",
    );
    let missing = "found in Chart.yaml, but missing in charts/ directory: b";
    check_error(&[("Chart.yaml", &chart_yaml), a], missing);
}

#[test]
fn broken_dependencies_are_named() {
    let chart_yaml = ("Chart.yaml", CHART_YAML);
    let missing = "error unpacking subchart README.md in demo: Chart.yaml file is missing";
    check_error(&[chart_yaml, ("charts/README.md", "x")], missing);
    let no_archive = "error unpacking subchart a.tgz in demo: cannot unpack the archive: \
                      not a gzipped archive; got 'application/octet-stream'";
    check_error(&[chart_yaml, ("charts/a.tgz", "x")], no_archive);
    let root = chart(&[chart_yaml]);
    let mut damaged = packed("b", "1.0.0");
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    write(root.path(), "charts/b.tgz", damaged);
    let error = message(&package_with(root.path(), &fixed()).expect_err("the archive is damaged"));
    let start = "error unpacking subchart b.tgz in demo: cannot unpack the archive: the archive ";
    assert!(error.starts_with(start), "{error}");
    let deeper = "error unpacking subchart a in demo: error unpacking subchart b in a: \
                  validation: chart.metadata.name is required";
    let a = ("charts/a/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n");
    let b = ("charts/a/charts/b/Chart.yaml", "apiVersion: v2\nversion: 1.0.0\n");
    check_error(&[chart_yaml, a, b], deeper);
}

#[test]
fn values_must_be_a_mapping() {
    let chart_yaml = ("Chart.yaml", CHART_YAML);
    let no_mapping = "cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON: while \
        decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}";
    check_error(&[chart_yaml, ("values.yaml", "- a\n")], no_mapping);
    check_error(&[chart_yaml, ("values.yaml", "a: 1\n---\n- b\n")], no_mapping);
    let separator =
        "cannot load values.yaml: error reading yaml document: invalid Yaml document separator: {b: 1}";
    check_error(&[chart_yaml, ("values.yaml", "a: 1\n--- {b: 1}\n")], separator);
    let root = chart(&[chart_yaml]);
    for values in ["a: [\n", "a: 1\n---\nb: [\n"] {
        write(root.path(), "values.yaml", values);
        let error = package_with(root.path(), &fixed()).expect_err("the list has no end");
        let start =
            "cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: ";
        assert!(message(&error).starts_with(start), "{}", message(&error));
    }
    for values in ["", "null\n", "# nothing\n", "a: 1\n---\nb: 2\n"] {
        write(root.path(), "values.yaml", values);
        assert_eq!(content(&package(root.path()), "values.yaml"), values);
    }
}

#[test]
fn a_schema_must_be_json() {
    let chart_yaml = ("Chart.yaml", CHART_YAML);
    let invalid = "invalid JSON in values.schema.json: EOF while parsing an object at line 2 column 0";
    check_error(&[chart_yaml, ("values.schema.json", "{\n")], invalid);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let root = chart(&[chart_yaml, ("values.schema.json", &deep)]);
    assert_eq!(names(&package(root.path())).len(), 2);
}

#[test]
fn limits_hold() {
    let root = chart(&[("Chart.yaml", CHART_YAML), ("a.txt", &"a".repeat(1000))]);
    let limits = Limits {
        total: 1000,
        ..Limits::default()
    };
    let error = package_with(root.path(), &PackageOptions { limits, ..fixed() }).expect_err("is too large");
    let expected = "error reading a.txt: chart exceeds maximum decompressed size of 1000 bytes";
    assert_eq!(message(&error), expected);

    // Small as an archive in `charts/`, too large once unpacked.
    let zeros = "0".repeat(5000);
    let packed = package(chart(&[("Chart.yaml", CHART_YAML), ("a.txt", &zeros)]).path());
    let root = chart(&[("Chart.yaml", CHART_YAML)]);
    write(root.path(), "charts/a.tgz", &packed);
    write(root.path(), "b.txt", "b".repeat(2000));
    let limits = Limits {
        total: 6000,
        ..Limits::default()
    };
    let error = package_with(root.path(), &PackageOptions { limits, ..fixed() }).expect_err("is too large");
    assert_eq!(
        message(&error),
        "chart exceeds maximum decompressed size of 6000 bytes"
    );
    let limits = Limits {
        nested_total: 4000,
        ..Limits::default()
    };
    let error = package_with(root.path(), &PackageOptions { limits, ..fixed() }).expect_err("is too large");
    assert!(
        message(&error).ends_with("too many or too large (limit: 4000 bytes)"),
        "{error}"
    );
}

#[test]
fn archives_in_archives_end_somewhere() {
    let mut packed = packed("a", "1.0.0");
    let limits = Limits {
        depth: 3,
        ..Limits::default()
    };
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        let root = chart(&[("Chart.yaml", CHART_YAML)]);
        write(root.path(), "charts/a.tgz", &packed);
        outcomes.push(package_with(root.path(), &PackageOptions { limits, ..fixed() }).is_ok());
        packed = packed_raw(&packed);
    }
    assert_eq!(outcomes, [true, true, true, false, false]);
}

/// An archive whose `charts/` still has an archive, as no packager leaves it.
fn packed_raw(inner: &[u8]) -> Vec<u8> {
    let header = |name: &str, size: usize| {
        let mut block = [0_u8; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
        block[136..147].copy_from_slice(b"00000000000");
        block[148..156].fill(b' ');
        block[156] = b'0';
        block[257..263].copy_from_slice(b"ustar\0");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        block
    };
    let mut tar = Vec::new();
    for (name, content) in [("a/Chart.yaml", CHART_YAML.as_bytes()), ("a/charts/a.tgz", inner)] {
        tar.extend_from_slice(&header(name, content.len()));
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.extend_from_slice(&[0; 1024]);
    let mut gzip = flate2::read::GzEncoder::new(tar.as_slice(), flate2::Compression::fast());
    let mut packed = Vec::new();
    gzip.read_to_end(&mut packed).expect("a vector takes everything");
    packed
}
