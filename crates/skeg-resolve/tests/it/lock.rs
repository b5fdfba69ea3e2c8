//! Lock files.

use skeg_chart::Metadata;
use skeg_resolve::{LockFile, helm_2_digest};

/// As Helm 4.3.1 wrote it for [`CHART`], with our fields.
const LOCK: &str = "\
dependencies:
- archiveDigest: sha256:ba7335f627d5929b233fe4e85ee1c7d2b10d03abbd361911d436b17014f9152a
  digest: sha256:7415912b86b097b1e8cf87708ea7bb5049ce082438ed76dd615899fd1ee39e17
  name: demo
  repository: oci://127.0.0.1:5917/charts
  version: 1.10.0
- name: demo
  repository: oci://127.0.0.1:5917/charts
  version: 1.2.3
- name: other
  repository: oci://127.0.0.1:5917/charts
  version: 0.1.0
- name: local
  repository: file://../local
  version: 0.5.0
- name: inner
  repository: \"\"
  version: 0.1.x
digest: sha256:fc2e752749e445c1e6f2c493473bcc09e8b74c34e781b1c7aefb98bfd00e8103
generated: \"2026-11-25T09:37:38.059034828Z\"
";

const CHART: &str = "\
apiVersion: v2
name: um
version: 1.0.0
dependencies:
- {name: demo, version: ^1.2, repository: 'oci://127.0.0.1:5917/charts'}
- {name: demo, alias: second, version: ~1.2, repository: 'oci://127.0.0.1:5917/charts'}
- name: other
  version: 0.1.0
  repository: oci://127.0.0.1:5917/charts
  condition: a.b
  tags: [x, y]
  import-values: [data, {child: c, parent: p}]
- {name: local, version: '>=0', repository: file://../local}
- {name: inner, version: 0.1.x, repository: ''}
";

#[test]
fn the_digest_is_that_of_helm() {
    let lock = LockFile::parse(LOCK.as_bytes()).unwrap();
    let chart = Metadata::parse(CHART.as_bytes()).unwrap();
    assert_eq!(
        lock.expected_digest(chart.dependencies()).to_string(),
        lock.digest
    );
    let other = Metadata::parse(CHART.replace("0.1.0", "0.2.0").as_bytes()).unwrap();
    assert_ne!(
        lock.expected_digest(other.dependencies()).to_string(),
        lock.digest
    );
    assert_ne!(helm_2_digest(chart.dependencies()).to_string(), lock.digest);
}

#[test]
fn what_is_read_is_written() {
    let lock = LockFile::parse(LOCK.as_bytes()).unwrap();
    assert_eq!(lock.to_yaml(), LOCK);
    assert!(lock.dependencies[0].pin.is_some() && lock.dependencies[1].pin.is_none());
}

#[track_caller]
fn check_bad(text: &str, expected: &str) {
    let error = LockFile::parse(text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn what_was_merged_badly() {
    check_bad(
        "<<<<<<< HEAD\ndigest: a\n=======\n",
        "error converting YAML to JSON",
    );
    check_bad("dependencies: demo\n", "cannot unmarshal string");
    check_bad(
        "dependencies: [{name: demo, archiveDigest: 'sha256:00'}]",
        "the field `archiveDigest` of the dependency \"demo\" is no digest",
    );
    check_bad(
        "dependencies: [{name: a, digest: abc}]",
        "the field `digest` of the dependency \"a\" is no digest",
    );
}

#[test]
fn empty_ones() {
    for (text, expected) in [
        ("", "null"),
        ("dependencies: []", "[]"),
        ("dependencies: [null]", "[]"),
    ] {
        let lock = LockFile::parse(text.as_bytes()).unwrap();
        let digest = skeg_oci::Digest::sha256_of(format!("[[],{expected}]").as_bytes());
        assert_eq!(
            (lock.dependencies.len(), lock.expected_digest(&[])),
            (0, digest),
            "{text}"
        );
    }
}
