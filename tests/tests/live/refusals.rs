//! What must not work: each is an error of one line, exit code 1, for both programs.

use skeg_tests::Program;

use crate::scene::Scene;

#[track_caller]
fn check(scene: &Scene, program: &Program, arguments: &[&str]) {
    let outcome = scene.run(program, arguments).failure();
    assert!(outcome.stderr().contains("Error: "), "{outcome}");
    assert_eq!(outcome.stdout(), "", "{outcome}");
}

#[test]
fn both_refuse_the_same() {
    let scene = Scene::new("refusals");
    let Some(helm) = scene.peer("helm") else { return };
    let archive = scene.package(&scene.skeg, "minimal");
    let text = scene.sandbox.work().join("text.tgz");
    fs_err::write(text, "no archive").expect("because it is ours");
    let host = scene.registry.host();
    let tagged = format!("{}:1.0.0", scene.remote());
    let upper = format!("oci://{host}/Upper");
    for program in [&helm, &scene.skeg] {
        check(&scene, program, &["push", "absent.tgz", &scene.remote()]);
        check(&scene, program, &["push", "text.tgz", &scene.remote()]);
        check(&scene, program, &["push", &archive, &tagged]);
        check(&scene, program, &["push", &archive, &upper]);
        check(&scene, program, &["push", &archive, &format!("ftp://{host}/x")]);
        check(&scene, program, &["push", &archive, host]);
        check(&scene, program, &["pull", &scene.reference("absent")]);
        check(&scene, program, &["show", "chart", &scene.reference("absent")]);
    }
}

/// An image that is no chart: named as such, and nothing is left behind.
#[test]
fn an_image_is_no_chart() {
    let scene = Scene::new("image");
    let Some(helm) = scene.peer("helm") else { return };
    let reference = format!("{}/image:1.0.0", scene.repository());
    let layer = scene.sandbox.work().join("layer.tar");
    fs_err::write(&layer, vec![0; 1024]).expect("because it is ours");
    let layer = layer.display().to_string();
    let Some(appended) = scene.crane(&["append", "-f", &layer, "-t", &reference]) else {
        return;
    };
    let _image = appended.success();
    let reference = scene.reference("image");
    for program in [&helm, &scene.skeg] {
        check(&scene, program, &["pull", &reference, "--version", "1.0.0"]);
    }
    assert!(!scene.sandbox.work().join("image-1.0.0.tgz").exists());
}
