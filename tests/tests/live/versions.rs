//! Tags and versions: `+` in versions, ranges, pre-releases.

use skeg_tests::Program;

use crate::scene::Scene;

fn push_versions(scene: &Scene, program: &Program, versions: &[&str]) {
    for version in versions {
        let archive = scene.package_version(program, "minimal", version);
        let _pushed = scene.run(program, &["push", &archive, &scene.remote()]).success();
    }
}

#[track_caller]
fn check_both(scene: &Scene, helm: &Program, flags: &[&str], expected: &str) {
    for program in [helm, &scene.skeg] {
        let reference = scene.reference("minimal");
        let mut arguments = vec!["pull", reference.as_str()];
        arguments.extend(flags);
        let pulled = scene.run(program, &arguments).success();
        assert!(
            pulled.stdout().contains(&format!("minimal:{expected}\n")),
            "expected {expected}\n{pulled}"
        );
    }
}

#[test]
fn ranges_choose_what_helm_chooses() {
    let scene = Scene::new("ranges");
    let Some(helm) = scene.peer("helm") else { return };
    push_versions(
        &scene,
        &scene.skeg,
        &["1.0.0", "1.1.0", "1.10.0", "2.0.0", "3.0.0-rc.1"],
    );
    check_both(&scene, &helm, &[], "2.0.0");
    check_both(&scene, &helm, &["--version", "^1.0"], "1.10.0");
    check_both(&scene, &helm, &["--version", "~1.1"], "1.1.0");
    check_both(&scene, &helm, &["--version", ">=1.0.0 <2.0.0"], "1.10.0");
    check_both(&scene, &helm, &["--version", "1.1.0"], "1.1.0");
    check_both(&scene, &helm, &["--devel"], "3.0.0-rc.1");
    check_both(&scene, &helm, &["--version", ">1.10.0-0"], "3.0.0-rc.1");
}

#[test]
fn build_metadata_becomes_an_underscore() {
    let scene = Scene::new("build-metadata");
    let Some(helm) = scene.peer("helm") else { return };
    for (from, to) in [(&scene.skeg, &helm), (&helm, &scene.skeg)] {
        let archive = scene.package(from, "build-metadata");
        assert_eq!(archive, "build-metadata-1.2.4+build.5.tgz");
        let pushed = scene.run(from, &["push", &archive, &scene.remote()]).success();
        assert!(pushed.stdout().contains(":1.2.4_build.5\n"), "{pushed}");
        let reference = scene.reference("build-metadata");
        let _exact = scene
            .run(to, &["pull", &reference, "--version", "1.2.4+build.5"])
            .success();
        let _newest = scene.run(to, &["pull", &reference]).success();
    }
}

#[test]
fn what_is_not_there_is_an_error_for_both() {
    let scene = Scene::new("absent-versions");
    let Some(helm) = scene.peer("helm") else { return };
    push_versions(&scene, &scene.skeg, &["1.0.0"]);
    for program in [&helm, &scene.skeg] {
        for version in ["9.9.9", ">9"] {
            let reference = scene.reference("minimal");
            let outcome = scene.run(program, &["pull", &reference, "--version", version]);
            let outcome = outcome.failure();
            assert!(outcome.stderr().starts_with("Error: "), "{outcome}");
            assert!(outcome.stderr().contains(version), "{outcome}");
        }
        let absent = scene.run(program, &["pull", &scene.reference("nobody")]);
        assert!(absent.failure().stderr().contains("404"));
    }
}
