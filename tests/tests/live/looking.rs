//! Looking around: what skeg tells of a registry is what others read there.

use serde_json::Value;

use crate::scene::Scene;

fn json(scene: &Scene, arguments: &[&str]) -> Value {
    let words: Vec<&str> = arguments.iter().copied().chain(["-o", "json"]).collect();
    let output = scene.run(&scene.skeg, &words).success();
    serde_json::from_slice(output.stdout_bytes()).expect("because `-o json` prints JSON")
}

#[test]
fn versions_and_digests_are_those_that_others_read() {
    let scene = Scene::new("looking");
    for version in ["0.9.0", "0.10.0", "1.0.0-rc.1"] {
        let archive = scene.package_version(&scene.skeg, "minimal", version);
        let _pushed = scene
            .run(&scene.skeg, &["push", &archive, &scene.remote()])
            .success();
    }
    let reference = scene.reference("minimal");
    let tags = json(&scene, &["tags", &reference]);
    let versions: Vec<_> = tags
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| &tag["version"])
        .collect();
    assert_eq!(versions, ["0.10.0", "0.9.0"]);
    let resolved = json(&scene, &["resolve", &reference]);
    let inspected = json(&scene, &["inspect", &reference]);
    assert_eq!(resolved["digest"], inspected["digest"]);
    assert_eq!(inspected["referrers"], 0);
    assert_eq!(
        json(&scene, &["discover", &reference])["digest"],
        resolved["digest"]
    );
    let plain = format!("{}/minimal:0.10.0", scene.repository());
    if let Some(digest) = scene.crane(&["digest", &plain]) {
        assert_eq!(digest.success().stdout().trim(), resolved["digest"]);
    }
}

#[test]
fn a_registry_that_lists_its_repositories_can_be_searched() {
    let scene = Scene::new("searched");
    let archive = scene.package_version(&scene.skeg, "minimal", "1.2.3");
    let _pushed = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success();
    let found = json(&scene, &["search", &scene.remote()]);
    assert_eq!(found[0]["name"], scene.reference("minimal"));
    assert_eq!(found[0]["version"], "1.2.3");
    let found = json(&scene, &["registry", "capabilities", scene.registry.host()]);
    assert_eq!(found["catalog"], true);
}
