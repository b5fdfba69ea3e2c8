//! Releases that helm has made, read by both programs.

use serde_json::json;
use skeg_tests::Program;

use crate::scene::Scene;

/// What both say about a release in the third revision.
const QUESTIONS: [&[&str]; 16] = [
    &["list"],
    &["list", "-o", "json"],
    &["list", "--superseded", "-r"],
    &["history", "first"],
    &["history", "first", "-o", "yaml"],
    &["history", "first", "--show-rollback-revision"],
    &["status", "first", "-o", "json"],
    &["get", "all", "first"],
    &["get", "hooks", "first"],
    &["get", "manifest", "first"],
    &["get", "metadata", "first"],
    &["get", "metadata", "first", "-o", "json"],
    &["get", "notes", "first"],
    &["get", "values", "first"],
    &["get", "values", "first", "-a"],
    &["status", "absent"],
];

/// Compares what both programs print, and the first line of what they complain of; helm gives no hints.
#[track_caller]
fn check_same(scene: &Scene, helm: &Program, question: &[&str]) {
    let skeg = Program::under_test(env!("CARGO_BIN_EXE_skeg-under-test"));
    let expected = scene.run(helm, question);
    let found = scene.run(&skeg, question);
    assert_eq!(found.status(), expected.status(), "{question:?}\n{found}");
    assert_eq!(found.stdout(), expected.stdout(), "{question:?}");
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    assert_eq!(first(found.stderr()), first(expected.stderr()), "{question:?}");
}

#[test]
fn releases_of_helm_are_read_alike() {
    let scene = Scene::new("read-alike");
    let Some(helm) = scene.helm() else { return };
    let chart = Scene::chart("tiny");
    let changes: [&[&str]; 3] = [
        &["install", "first", &chart, "--labels", "team=a"],
        &[
            "upgrade",
            "first",
            &chart,
            "--set",
            "text=two",
            "--description",
            "a & <b>",
        ],
        &["rollback", "first", "1"],
    ];
    for change in changes {
        let _done = scene.run(&helm, change).success();
    }
    for question in QUESTIONS {
        check_same(&scene, &helm, question);
    }
}

#[test]
fn a_damaged_record_is_told_of_and_hides_no_other() {
    let scene = Scene::new("damaged");
    let Some(helm) = scene.helm() else { return };
    let chart = Scene::chart("tiny");
    let _installed = scene.run(&helm, &["install", "first", &chart]).success();
    let _upgraded = scene.run(&helm, &["upgrade", "first", &chart]).success();
    let name = "sh.helm.release.v1.first.v2";
    let path = format!("/api/v1/namespaces/{}/secrets/{name}", scene.namespace);
    let damage = json!({"data": {"release": "ISEh"}});
    let _damaged = scene.cluster.api().patch(&path, &damage);
    let skeg = Program::under_test(env!("CARGO_BIN_EXE_skeg-under-test"));
    let listed = scene.run(&skeg, &["list"]).success();
    let expected = scene.run(&helm, &["list"]).success();
    assert_eq!(listed.stdout(), expected.stdout());
    assert!(listed.stderr().contains(name), "not told of\n{listed}");
}
