//! Copying: what skeg copied is what others read, and the same as what they would have copied.

use crate::scene::Scene;

/// Both ways between the registry and a directory, and within the registry; helm pulls what was copied.
#[test]
fn helm_pulls_what_was_copied() {
    let scene = Scene::new("copying");
    let Some(helm) = scene.peer("helm") else { return };
    let archive = scene.package_version(&helm, "minimal", "1.2.3");
    let _pushed = scene.run(&helm, &["push", &archive, &scene.remote()]).success();
    let source = scene.reference("minimal");
    let root = scene.sandbox.work().join("mirror");
    let layout = format!("oci-layout://{}/minimal", root.display());
    let _stored = scene.run(&scene.skeg, &["copy", &source, &layout]).success();
    let back = scene.reference("back/minimal");
    let _copied = scene
        .run(&scene.skeg, &["copy", &format!("{layout}:1.2.3"), &back])
        .success();
    let mounted = scene.reference("mounted/minimal");
    let copied = scene.run(&scene.skeg, &["copy", &source, &mounted]).success();
    assert!(copied.stderr().contains("0 blobs (0 B) sent"), "{copied}");
    let original = scene.sandbox.read(&archive);
    for (directory, reference) in [("back", &back), ("mounted", &mounted)] {
        scene.sandbox.directory(directory);
        let arguments = ["pull", reference, "--version", "1.2.3", "-d", directory];
        let _pulled = scene.run(&helm, &arguments).success();
        let pulled = scene.sandbox.read(format!("{directory}/{archive}"));
        assert!(pulled == original, "{reference}");
    }
}

/// A copy by skeg and one by crane have the same digests, tag by tag.
#[test]
fn crane_copies_the_same_digests() {
    let scene = Scene::new("copying-crane");
    for version in ["1.0.0", "1.1.0", "2.0.0-rc.1"] {
        let archive = scene.package_version(&scene.skeg, "minimal", version);
        let _pushed = scene
            .run(&scene.skeg, &["push", &archive, &scene.remote()])
            .success();
    }
    let plain = |name: &str| format!("{}/{name}", scene.repository());
    let arguments = ["copy", &plain("minimal"), &plain("by-crane"), "--all-tags"];
    let Some(by_crane) = scene.crane(&arguments) else {
        return;
    };
    let _by_crane = by_crane.success();
    let (from, to) = (scene.reference("minimal"), scene.reference("by-skeg"));
    let _copied = scene.run(&scene.skeg, &["copy", &from, &to, "--all"]).success();
    for version in ["1.0.0", "1.1.0", "2.0.0-rc.1"] {
        let digest = |name: &str| {
            let reference = format!("{}:{version}", plain(name));
            let output = scene.crane(&["digest", &reference]);
            output.map(|output| output.success().stdout())
        };
        assert_eq!(digest("by-skeg"), digest("by-crane"), "{version}");
    }
}

/// A second run of a mirror does nothing, and attached files come with it.
#[test]
fn a_mirror_is_kept_by_a_file() {
    let scene = Scene::new("syncing");
    let archive = scene.package_version(&scene.skeg, "minimal", "1.2.3");
    let _pushed = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success();
    let source = scene.reference("minimal");
    let _attached = scene
        .run(
            &scene.skeg,
            &["attach", &source, &archive, "--type", "application/x.test"],
        )
        .success();
    let text = format!(
        "destination: {}\nreferrers: true\ncharts:\n- {source}\n",
        scene.reference("mirror")
    );
    let file = scene.sandbox.work().join("sync.yaml");
    fs_err::write(&file, text).expect("because the sandbox is ours");
    let first = scene.run(&scene.skeg, &["sync", "sync.yaml"]).success();
    assert!(
        first.stderr().contains("1 changed, 0 unchanged, 0 failed"),
        "{first}"
    );
    assert!(first.stderr().contains("1 of them referrers"), "{first}");
    let second = scene.run(&scene.skeg, &["sync", "sync.yaml"]).success();
    assert!(
        second.stderr().contains("0 changed, 1 unchanged, 0 failed"),
        "{second}"
    );
    let copy = scene.reference("mirror/minimal");
    let found = scene.run(&scene.skeg, &["discover", &copy]).success();
    assert!(found.stdout().contains("application/x.test"), "{found}");
}

/// Tags come and go; a registry that deletes nothing says so.
#[test]
fn tags_and_versions_are_deleted_or_the_registry_says_that_it_does_not() {
    let scene = Scene::new("deleting");
    let archive = scene.package_version(&scene.skeg, "minimal", "1.2.3");
    let _pushed = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success();
    let reference = format!("{}:1.2.3", scene.reference("minimal"));
    let _tagged = scene.run(&scene.skeg, &["tag", &reference, "stable"]).success();
    let deleted = scene.run(&scene.skeg, &["delete", &reference, "--yes"]);
    if deleted.stdout().contains("Deleted: ") {
        assert!(deleted.stdout().contains("Tags: 1.2.3, stable"), "{deleted}");
        return;
    }
    assert!(deleted.stderr().contains("the registry forbids it"), "{deleted}");
}
