//! The life of a release by the real helm: the cluster is one that helm takes for real.

use serde_json::{Value, json};
use skeg_tests::{Outcome, Program};

use crate::scene::Scene;

/// The revisions that are stored, and what their labels say.
#[track_caller]
fn stored(scene: &Scene) -> Vec<(String, String)> {
    let secrets = scene.objects("secrets");
    let secrets = secrets.iter();
    secrets
        .filter(|secret| secret["type"] == "helm.sh/release.v1")
        .map(|secret| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (
                text(&secret["metadata"]["name"]),
                text(&secret["metadata"]["labels"]["status"]),
            )
        })
        .collect()
}

#[track_caller]
fn check_stored(scene: &Scene, expected: &[(&str, &str)]) {
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(name, status)| (format!("sh.helm.release.v1.{name}"), (*status).to_owned()))
        .collect();
    assert_eq!(stored(scene), expected);
}

#[track_caller]
fn check_text(scene: &Scene, expected: &str) {
    let object = scene
        .object("configmaps", "first")
        .expect("because it is installed");
    assert_eq!(object["data"]["text"], expected);
    assert_eq!(
        object["metadata"]["labels"]["app.kubernetes.io/managed-by"],
        "Helm"
    );
}

fn statuses(list: &Outcome) -> Value {
    let list: Value = serde_json::from_slice(list.stdout_bytes()).expect("because the output is JSON");
    let releases = list.as_array().into_iter().flatten();
    releases
        .map(|release| json!([release["name"], release["revision"], release["status"]]))
        .collect()
}

/// Install, upgrade, rollback, uninstall, and what is listed between them.
#[track_caller]
fn check_life(scene: &Scene, program: &Program) {
    let chart = Scene::chart("tiny");
    let list = || scene.run(program, &["list", "-o", "json"]).success();
    let installed = scene.run(program, &["install", "first", &chart]).success();
    assert!(
        installed.stdout().contains("Hello from first."),
        "no notes\n{installed}"
    );
    check_stored(scene, &[("first.v1", "deployed")]);
    check_text(scene, "one");
    assert_eq!(statuses(&list()), json!([["first", "1", "deployed"]]));

    let upgrade = ["upgrade", "first", &chart, "--set", "text=two"];
    let _upgraded = scene.run(program, &upgrade).success();
    check_stored(scene, &[("first.v1", "superseded"), ("first.v2", "deployed")]);
    check_text(scene, "two");

    let _rolled_back = scene.run(program, &["rollback", "first", "1"]).success();
    check_text(scene, "one");
    assert_eq!(statuses(&list()), json!([["first", "3", "deployed"]]));

    let _gone = scene.run(program, &["uninstall", "first"]).success();
    check_stored(scene, &[]);
    assert_eq!(scene.object("configmaps", "first"), None);
    assert_eq!(statuses(&list()), json!([]));
}

#[test]
fn the_life_of_a_release_by_helm() {
    let scene = Scene::new("life-by-helm");
    let Some(helm) = scene.helm() else { return };
    check_life(&scene, &helm);
}

/// Who has no rights is told which are missing.
#[test]
fn helm_is_refused_without_rights() {
    let scene = Scene::new("refused");
    let Some(helm) = scene.helm() else { return };
    scene.enter_by(&scene.cluster.kubeconfig().by("joe"));
    let refused = scene.run(&helm, &["list"]).failure();
    let expected = "User \"joe\" cannot list resource \"secrets\"";
    assert!(refused.stderr().contains(expected), "not refused\n{refused}");
    scene.enter_by(&scene.cluster.kubeconfig().by("certificate"));
    let _let_in = scene.run(&helm, &["list"]).success();
}
