//! Image layouts on disk: other makes of clients read what skeg wrote.

use serde_json::Value;

use crate::scene::Scene;

#[test]
fn other_clients_read_the_layout() {
    let scene = Scene::anonymous("layout");
    let archive = scene.package(&scene.skeg, "documented");
    let root = scene.sandbox.work().join("store");
    let remote = format!("oci-layout://{}", root.display());
    let digest = scene
        .sandbox
        .run(&scene.skeg, ["push", &archive, &remote])
        .success()
        .digest();
    let layout = root.join("documented").display().to_string();

    if let Some(inspected) = scene.skopeo(&["inspect", "--raw", &format!("oci:{layout}:2.10.3")]) {
        let inspected = inspected.success();
        let manifest: Value =
            serde_json::from_slice(inspected.stdout_bytes()).expect("because a manifest is JSON");
        assert_eq!(
            manifest["config"]["mediaType"],
            "application/vnd.cncf.helm.config.v1+json"
        );
    }
    if let Some(resolved) = scene.regctl(&["manifest", "head", &format!("ocidir://{layout}:2.10.3")]) {
        assert_eq!(resolved.success().digest(), digest);
    }
    scene.sandbox.directory("there");
    let _pulled = scene
        .sandbox
        .run(
            &scene.skeg,
            ["pull", &format!("{remote}/documented:2.10.3"), "-d", "there"],
        )
        .success();
    let original = scene.sandbox.read(&archive);
    assert!(original == scene.sandbox.read(format!("there/{archive}")));
}

/// From a layout into a registry by another client: skeg and helm pull the copy.
#[test]
fn a_layout_copied_by_another_client_is_a_chart() {
    let scene = Scene::new("layout-copy");
    let Some(helm) = scene.peer("helm") else { return };
    let archive = scene.package(&scene.skeg, "minimal");
    let root = scene.sandbox.work().join("store");
    let remote = format!("oci-layout://{}", root.display());
    let pushed = scene
        .sandbox
        .run(&scene.skeg, ["push", &archive, &remote])
        .success();
    let source = format!("ocidir://{}:0.1.0", root.join("minimal").display());
    let target = format!("{}/minimal:0.1.0", scene.repository());
    let Some(copied) = scene.regctl(&["image", "copy", &source, &target]) else {
        return;
    };
    let _copied = copied.success();
    for program in [&helm, &scene.skeg] {
        let pulled = scene
            .run(
                program,
                &["pull", &scene.reference("minimal"), "--version", "0.1.0"],
            )
            .success();
        assert_eq!(pulled.digest(), pushed.digest());
    }
}
