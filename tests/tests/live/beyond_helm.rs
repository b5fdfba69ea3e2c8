//! What skeg does and helm does not, against a real registry.

use serde_json::Value;

use crate::scene::Scene;

#[test]
fn a_directory_is_packaged_on_the_way() {
    let scene = Scene::new("push-directory");
    let directory = skeg_tests::chart("minimal").display().to_string();
    let pushed = scene
        .run(&scene.skeg, &["push", &directory, &scene.remote()])
        .success();
    let pulled = scene
        .run(&scene.skeg, &["pull", &scene.reference("minimal")])
        .success();
    assert_eq!(pushed.digest(), pulled.digest());
}

#[test]
fn a_dry_run_tells_the_digest_and_writes_nothing() {
    let scene = Scene::new("dry-run");
    let archive = scene.package(&scene.skeg, "minimal");
    let push = ["push", &archive, &scene.remote()];
    let dry = scene
        .run(&scene.skeg, &[&push[..], &["--dry-run"]].concat())
        .success();
    let _absent = scene
        .run(&scene.skeg, &["pull", &scene.reference("minimal")])
        .failure();
    let pushed = scene.run(&scene.skeg, &push).success();
    assert_eq!(dry.digest(), pushed.digest());
}

#[test]
fn extra_tags_name_the_same_manifest() {
    let scene = Scene::new("extra-tags");
    let archive = scene.package(&scene.skeg, "minimal");
    let arguments = [
        "push",
        &archive,
        &scene.remote(),
        "--tag",
        "latest",
        "--tag",
        "0.1",
    ];
    let digest = scene.run(&scene.skeg, &arguments).success().digest();
    for tag in ["latest", "0.1", "0.1.0"] {
        let reference = format!("{}/minimal:{tag}", scene.repository());
        let Some(resolved) = scene.crane(&["digest", &reference]) else {
            return;
        };
        assert_eq!(resolved.success().digest(), digest, "{tag}");
    }
}

#[test]
fn an_existing_tag_can_be_kept() {
    let scene = Scene::new("keep-tags");
    let first = scene.package_version(&scene.skeg, "minimal", "1.0.0");
    let digest = scene
        .run(&scene.skeg, &["push", &first, &scene.remote()])
        .success()
        .digest();
    // Another archive of the same name and version.
    let arguments = [
        "package",
        &skeg_tests::chart("minimal").display().to_string(),
        "--version",
        "1.0.0",
        "--app-version",
        "other",
    ];
    let _packaged = scene.sandbox.run(&scene.skeg, arguments).success();
    let _refused = scene
        .run(&scene.skeg, &["push", &first, &scene.remote(), "--no-overwrite"])
        .failure();
    let _skipped = scene
        .run(&scene.skeg, &["push", &first, &scene.remote(), "--if-absent"])
        .success();
    let kept = scene
        .run(
            &scene.skeg,
            &["pull", &scene.reference("minimal"), "--version", "1.0.0"],
        )
        .success();
    assert_eq!(kept.digest(), digest);
}

#[test]
fn versions_resolve_as_people_write_them() {
    let scene = Scene::new("lenient-versions");
    let archive = scene.package_version(&scene.skeg, "minimal", "1.2.3+b.1");
    let _pushed = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success();
    for version in ["1.2", "v1.2.3+b.1", "1.2.3_b.1", "1"] {
        let arguments = ["pull", &scene.reference("minimal"), "--version", version];
        let _pulled = scene.run(&scene.skeg, &arguments).success();
    }
    for tag in ["1.2.3_b.1", "1.2.3+b.1"] {
        let reference = format!("{}:{tag}", scene.reference("minimal"));
        let _pulled = scene.run(&scene.skeg, &["pull", &reference]).success();
    }
}

#[test]
fn several_references_are_pulled_at_once() {
    let scene = Scene::new("several");
    for chart in ["minimal", "documented", "unicode"] {
        let archive = scene.package(&scene.skeg, chart);
        let _pushed = scene
            .run(&scene.skeg, &["push", &archive, &scene.remote()])
            .success();
    }
    let there = scene.sandbox.directory("there");
    let references = ["minimal", "documented", "unicode"].map(|chart| scene.reference(chart));
    let mut arguments = vec!["pull", "-d", "there"];
    arguments.extend(references.iter().map(String::as_str));
    let _pulled = scene.run(&scene.skeg, &arguments).success();
    for archive in ["minimal-0.1.0.tgz", "documented-2.10.3.tgz", "unicode-1.0.0.tgz"] {
        assert!(there.join(archive).is_file(), "{archive}");
    }
}

#[test]
fn reports_are_data_on_standard_output() {
    let scene = Scene::new("json");
    let archive = scene.package(&scene.skeg, "minimal");
    let reference = scene.reference("minimal");
    for arguments in [
        vec!["push", &archive, &scene.remote(), "-o", "json"],
        vec!["pull", &reference, "-o", "json"],
        vec!["show", "chart", &reference, "-o", "json"],
    ] {
        let outcome = scene.run(&scene.skeg, &arguments).success();
        let parsed: Result<Value, _> = serde_json::from_slice(outcome.stdout_bytes());
        assert!(parsed.is_ok(), "{outcome}");
    }
}
