//! Logins: who may what, and one file for both programs.

use skeg_tests::Program;

use crate::scene::Scene;

/// Can the program push now?
fn push(scene: &Scene, program: &Program, archive: &str) -> skeg_tests::Outcome {
    scene.run(program, &["push", archive, &scene.remote()])
}

#[test]
fn one_login_serves_both_programs() {
    let scene = Scene::anonymous("shared-login");
    let Some(helm) = scene.peer("helm") else { return };
    if !scene.registry.is_protected() {
        return;
    }
    let archive = scene.package(&scene.skeg, "minimal");
    for (first, second) in [(&helm, &scene.skeg), (&scene.skeg, &helm)] {
        let refused = push(&scene, second, &archive).failure();
        assert!(
            refused.stderr().contains("401") || refused.stderr().contains("credential"),
            "{refused}"
        );
        scene.registry.log_in(&scene.sandbox, first);
        let _pushed = push(&scene, second, &archive).success();
        let logout = ["registry", "logout", scene.registry.host()];
        let out = scene.sandbox.run(second, logout).success();
        assert!(out.stdout().contains("Removing login credentials"), "{out}");
        let _refused = push(&scene, first, &archive).failure();
    }
}

#[test]
fn a_login_is_checked_and_stored() {
    let scene = Scene::anonymous("login");
    let host = scene.registry.host();
    if !scene.registry.is_protected() {
        return;
    }
    let wrong = scene
        .registry
        .try_log_in(&scene.sandbox, &scene.skeg, "wrong password")
        .failure();
    assert!(wrong.stderr().contains("401"), "{wrong}");
    let right = scene
        .registry
        .try_log_in(&scene.sandbox, &scene.skeg, scene.registry.password())
        .success();
    assert!(right.stdout().contains("Login Succeeded"), "{right}");
    let file = fs_err::read_to_string(scene.sandbox.registry_config()).expect("because the login was stored");
    assert!(file.contains(host), "{file}");
    assert!(!file.contains(scene.registry.password()), "{file}");
}

#[test]
fn credentials_on_the_command_line_are_enough() {
    let scene = Scene::anonymous("command-line-credentials");
    let archive = scene.package(&scene.skeg, "minimal");
    let account = [
        "--username",
        scene.registry.user(),
        "--password",
        scene.registry.password(),
    ];
    if !scene.registry.is_protected() {
        return;
    }
    let remote = scene.remote();
    let mut arguments = vec!["push", archive.as_str(), remote.as_str()];
    arguments.extend(account);
    let _pushed = scene.run(&scene.skeg, &arguments).success();
    let reference = scene.reference("minimal");
    let mut arguments = vec!["pull", reference.as_str()];
    arguments.extend(account);
    let _pulled = scene.run(&scene.skeg, &arguments).success();
    assert!(!scene.sandbox.registry_config().exists(), "nothing is stored");
}

#[test]
fn an_independent_library_reads_the_login() {
    let scene = Scene::new("independent-login");
    if !scene.registry.is_protected() {
        return;
    }
    let file = fs_err::File::open(scene.sandbox.registry_config()).expect("because skeg stored its login");
    let found = docker_credential::get_credential_from_reader(file, scene.registry.host())
        .expect("because the file is a Docker configuration");
    let docker_credential::DockerCredential::UsernamePassword(user, password) = found else {
        panic!("expected a user and a password");
    };
    assert_eq!(user, scene.registry.user());
    assert_eq!(password, scene.registry.password());
}
