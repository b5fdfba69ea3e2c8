//! What is stored: skeg's manifest beside helm's, and what other makes of clients say to it.

use serde_json::Value;

use crate::scene::Scene;

/// The annotation that helm takes from the archive's modification time in the local time zone,
/// and skeg from what is in the archive, in UTC.
const CREATED: &str = "org.opencontainers.image.created";

#[test]
fn the_same_archive_gives_the_same_manifest_but_for_its_time() {
    let scene = Scene::new("same-manifest");
    let Some(helm) = scene.peer("helm") else { return };
    for chart in skeg_tests::chart_names() {
        let archive = scene.package(&helm, &chart);
        let mut manifests = Vec::new();
        for (program, place) in [(&helm, "by-helm"), (&scene.skeg, "by-skeg")] {
            let remote = format!("{}/{place}", scene.remote());
            let digest = scene
                .run(program, &["push", &archive, &remote])
                .success()
                .digest();
            let reference = format!("{}/{place}/{chart}@{digest}", scene.repository());
            let Some(manifest) = scene.manifest(&reference) else {
                return;
            };
            manifests.push(manifest);
        }
        let (by_helm, by_skeg) = (without_time(&manifests[0]), without_time(&manifests[1]));
        assert_eq!(by_helm["config"], by_skeg["config"], "{chart}");
        assert_eq!(by_helm["layers"], by_skeg["layers"], "{chart}");
        assert_eq!(by_helm["annotations"], by_skeg["annotations"], "{chart}");
    }
}

fn without_time(manifest: &Value) -> Value {
    let mut manifest = manifest.clone();
    let annotations = manifest["annotations"]
        .as_object_mut()
        .expect("because charts have annotations");
    let created = annotations.remove(CREATED).expect("because both write a time");
    assert!(created.as_str().is_some_and(|time| time.contains('T')));
    manifest
}

#[test]
fn pushing_the_same_archive_again_gives_the_same_digest() {
    let scene = Scene::new("same-digest");
    let archive = scene.package(&scene.skeg, "documented");
    let push = || {
        scene
            .run(&scene.skeg, &["push", &archive, &scene.remote()])
            .success()
            .digest()
    };
    assert_eq!(push(), push());
}

#[test]
fn other_clients_see_nothing_unusual() {
    let scene = Scene::new("other-clients");
    let archive = scene.package(&scene.skeg, "documented");
    let digest = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success()
        .digest();
    let repository = format!("{}/documented", scene.repository());
    let reference = format!("{repository}:2.10.3");

    if let Some(resolved) = scene.crane(&["digest", &reference]) {
        assert_eq!(resolved.success().digest(), digest);
    }
    if let Some(tags) = scene.crane(&["ls", &repository]) {
        assert_eq!(tags.success().stdout(), "2.10.3\n");
    }
    if let Some(resolved) = scene.regctl(&["manifest", "head", &reference]) {
        assert_eq!(resolved.success().digest(), digest);
    }
    if let Some(copied) = scene.regctl(&["image", "copy", &reference, &format!("{repository}:copy")]) {
        let _copied = copied.success();
    }
    let transport = format!("docker://{reference}");
    let arguments = ["inspect", "--raw", scene.skopeo_tls_flag(), &transport];
    if let Some(inspected) = scene.skopeo(&arguments) {
        let inspected = inspected.success();
        let manifest: Value =
            serde_json::from_slice(inspected.stdout_bytes()).expect("because a manifest is JSON");
        assert_eq!(manifest["schemaVersion"], 2);
    }
}
