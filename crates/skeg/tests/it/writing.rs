//! `skeg tag`, `untag`, `delete` and `attach`.

use serde_json::Value;
use skeg_test_support::{CommandOutput, FakeRegistry, Fault, TestContext, sha256_digest};

use crate::support::{context, publish};

const DEMO: &str = "charts/demo";

fn setting(versions: &[&str]) -> (FakeRegistry, TestContext) {
    let registry = FakeRegistry::start();
    for version in versions {
        publish(&registry, DEMO, version);
    }
    (registry, context())
}

#[track_caller]
fn json_of(output: &CommandOutput) -> Value {
    serde_json::from_str(&output.stdout()).expect("because `-o json` prints JSON")
}

#[test]
fn more_tags_for_a_version() {
    let (registry, context) = setting(&["1.2.3", "1.2.4"]);
    let reference = registry.oci("charts/demo:1.2.3");
    let output = context
        .run(["tag", &reference, "stable", "1.2.4", "1.2.3"])
        .success();
    let (digest, host) = (registry.resolve(DEMO, "1.2.3").unwrap(), registry.host());
    assert_eq!(
        output.stdout(),
        format!(
            "Tagged: {host}/{DEMO}:stable\nTagged: {host}/{DEMO}:1.2.4\nUnchanged: {host}/{DEMO}:1.2.3\nDigest: {digest}\n"
        )
    );
    assert!(
        output.stderr().contains("charts/demo:1.2.4 was sha256:"),
        "{output}"
    );
    assert_eq!(registry.resolve(DEMO, "stable").unwrap(), digest);
    registry.clear_requests();
    context.run(["tag", &reference, "stable"]).success();
    assert_eq!(registry.requests().count("PUT", ""), 0);
}

#[test]
fn a_tag_that_may_not_move_keeps_all_of_them() {
    let (registry, context) = setting(&["1.2.3", "1.2.4"]);
    let reference = registry.oci("charts/demo:1.2.3");
    let arguments = ["tag", &reference, "new", "1.2.4", "--no-overwrite"];
    let output = context.run(arguments).failure();
    assert!(output.stderr().contains("exists already with digest"), "{output}");
    assert_eq!(registry.tags(DEMO), ["1.2.3", "1.2.4"]);
    let output = context.run(["tag", &reference, "not a tag"]).failure();
    assert!(output.stderr().contains("invalid tag"), "{output}");
    let immutable = FakeRegistry::builder().immutable_tags().start();
    publish(&immutable, DEMO, "1.2.3");
    publish(&immutable, DEMO, "1.2.4");
    let output = context
        .run(["tag", &immutable.oci("charts/demo:1.2.3"), "1.2.4"])
        .failure();
    assert!(
        output.stderr().contains("does not let `1.2.4` be overwritten"),
        "{output}"
    );
}

#[test]
fn a_tag_goes_and_its_version_stays() {
    let (registry, context) = setting(&["1.2.3", "latest"]);
    let digest = registry.resolve(DEMO, "1.2.3").unwrap();
    let reference = registry.oci("charts/demo:1.2.3");
    let output = context.run(["untag", &reference]).failure();
    assert!(output.stderr().contains("refusing to go on unasked"), "{output}");
    assert!(output.stderr().contains("hint: give `--yes`"), "{output}");
    assert_eq!(registry.requests().count("DELETE", ""), 0);
    let output = context.run(["untag", &reference, "--yes"]).success();
    assert!(output.stdout().starts_with("Untagged: "), "{output}");
    assert_eq!(registry.tags(DEMO), ["latest"]);
    assert!(registry.manifest(DEMO, &digest).is_some());
    let output = context.run(["untag", &reference, "-y"]).failure();
    assert!(output.stderr().contains("not found"), "{output}");
    let output = context.run(["untag", &registry.oci(DEMO), "-y"]).failure();
    assert!(output.stderr().contains("is not one tag"), "{output}");
}

#[test]
fn a_version_goes_with_all_its_tags_which_the_question_lists() {
    let (registry, context) = setting(&["1.2.3", "1.2.4"]);
    let reference = registry.oci("charts/demo:1.2.3");
    context.run(["tag", &reference, "stable"]).success();
    let output = context.run(["delete", &reference]).failure();
    assert!(
        output.stderr().contains("with its tags 1.2.3, stable"),
        "{output}"
    );
    assert_eq!(registry.tags(DEMO).len(), 3);
    let report = json_of(&context.run(["delete", &reference, "-y", "-o", "json"]).success());
    assert_eq!(report["tags"], serde_json::json!(["1.2.3", "stable"]));
    assert_eq!(registry.tags(DEMO), ["1.2.4"]);
    let digest = registry.resolve(DEMO, "1.2.4").unwrap();
    let by_digest = registry.oci(&format!("{DEMO}@{digest}"));
    let output = context.run(["rm", &by_digest, "--yes"]).success();
    assert!(output.stdout().contains("Tags: 1.2.4"), "{output}");
    // What is deleted is never guessed.
    for (reference, expected) in [
        (registry.oci(DEMO), "names no version"),
        (registry.oci("charts/demo:1.2"), "not found"),
        (registry.oci("charts/other:1.0.0"), "not found"),
    ] {
        let output = context.run(["delete", &reference, "-y"]).failure();
        assert!(output.stderr().contains(expected), "{output}");
    }
}

#[test]
fn loosely_named_versions_are_not_deleted() {
    let (registry, context) = setting(&["1.2.3"]);
    let output = context
        .run(["delete", &registry.oci("charts/demo:v1.2.3"), "-y"])
        .failure();
    assert!(output.stderr().contains("not found"), "{output}");
    assert_eq!(registry.tags(DEMO), ["1.2.3"]);
}

#[test]
fn a_registry_that_forbids_it_says_so() {
    let (registry, context) = setting(&["1.2.3"]);
    registry.add_fault(Fault::error(405, "UNSUPPORTED", "The operation is unsupported.").on("DELETE", ""));
    let reference = registry.oci("charts/demo:1.2.3");
    let output = context.run(["delete", &reference, "-y"]).failure();
    assert!(output.stderr().contains("the registry forbids it"), "{output}");
    assert!(
        output.stderr().contains("REGISTRY_STORAGE_DELETE_ENABLED"),
        "{output}"
    );
    let output = context.run(["untag", &reference, "-y"]).failure();
    assert!(output.stderr().contains("the registry forbids it"), "{output}");
    assert!(
        output.stderr().contains("`skeg delete` deletes the version"),
        "{output}"
    );
    registry.clear_faults();
    registry.add_fault(Fault::error(403, "DENIED", "not you").on("DELETE", ""));
    let output = context.run(["delete", &reference, "-y"]).failure();
    assert!(!output.stderr().contains("forbids"), "{output}");
    assert!(output.stderr().contains("may not do this"), "{output}");
}

#[test]
fn in_a_layout() {
    let (registry, context) = setting(&["1.2.3"]);
    let layout = "oci-layout://layouts/demo:1.2.3";
    context
        .run([
            "copy",
            &registry.oci("charts/demo:1.2.3"),
            "oci-layout://layouts/demo",
        ])
        .success();
    context.run(["tag", layout, "stable"]).success();
    context.write("sbom.json", "{}");
    context
        .run(["attach", layout, "sbom.json", "--type", "application/spdx+json"])
        .success();
    let output = context.run(["discover", layout]).success();
    assert!(output.stdout().contains("application/spdx+json"), "{output}");
    context.run(["untag", layout, "-y"]).success();
    context
        .run(["delete", "oci-layout://layouts/demo:stable", "-y"])
        .success();
    let output = context
        .run(["tags", "oci-layout://layouts/demo", "--all"])
        .success();
    assert_eq!(output.stdout().lines().count(), 1, "{output}");
}

#[test]
fn files_are_attached_and_found() {
    for registry in [
        FakeRegistry::start(),
        FakeRegistry::builder().without_referrers_api().start(),
    ] {
        publish(&registry, DEMO, "1.2.3");
        let context = context();
        context.write("sbom.json", "{\"sbom\": 1}");
        context.write("report.txt", "fine\n");
        let reference = registry.oci("charts/demo:1.2.3");
        let arguments = [
            "attach",
            &reference,
            "sbom.json",
            "report.txt:text/plain",
            "--type",
            "application/spdx+json",
            "--annotation",
            "by=ada",
            "-o",
            "json",
        ];
        let report = json_of(&context.run(arguments).success());
        let digest = report["digest"].as_str().unwrap();
        let (_, bytes) = registry.manifest(DEMO, digest).unwrap();
        let manifest: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(manifest["artifactType"], "application/spdx+json");
        assert_eq!(
            manifest["subject"]["digest"],
            registry.resolve(DEMO, "1.2.3").unwrap()
        );
        assert_eq!(
            manifest["config"]["mediaType"],
            "application/vnd.oci.empty.v1+json"
        );
        assert_eq!(manifest["annotations"]["by"], "ada");
        let layers = manifest["layers"].as_array().unwrap();
        assert_eq!(layers[0]["mediaType"], "application/spdx+json");
        assert_eq!(
            layers[0]["annotations"]["org.opencontainers.image.title"],
            "sbom.json"
        );
        assert_eq!(layers[1]["mediaType"], "text/plain");
        assert_eq!(layers[1]["digest"], sha256_digest(b"fine\n"));
        let output = context.run(["discover", &reference]).success();
        assert!(output.stdout().contains(digest), "{output}");
        // The same again is the same artifact.
        assert_eq!(json_of(&context.run(arguments).success())["digest"], digest);
        let output = context.run(["discover", &reference]).success();
        assert_eq!(
            output.stdout().matches("application/spdx+json").count(),
            1,
            "{output}"
        );
    }
}

#[test]
fn what_cannot_be_attached_is_refused() {
    let (registry, context) = setting(&["1.2.3"]);
    let reference = registry.oci("charts/demo:1.2.3");
    context.write("dir/file", "");
    let check = |arguments: &[&str], expected: &str| {
        let words = [&["attach", reference.as_str()], arguments].concat();
        let output = context.run(words).failure();
        assert!(output.stderr().contains(expected), "{output}");
    };
    check(&["missing.json", "--type", "a/b"], "cannot read `missing.json`");
    check(&["dir", "--type", "a/b"], "`dir` is a directory");
    check(&["dir/file", "--type", "text"], "form of a media type");
    check(&["dir/file", "--type", "a/b", "--annotation", "x"], "KEY=VALUE");
    assert_eq!(registry.requests().count("PUT", ""), 0);
}
