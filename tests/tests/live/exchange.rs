//! Both directions, byte for byte: what one program pushes the other pulls.

use skeg_tests::Program;

use crate::scene::Scene;

/// Packs and pushes every chart with one program, pulls it with the other, compares the bytes.
#[track_caller]
fn check_exchange(scene: &Scene, from: &Program, to: &Program) {
    for chart in skeg_tests::chart_names() {
        let archive = scene.package(from, &chart);
        let pushed = scene.run(from, &["push", &archive, &scene.remote()]).success();
        let version = version_of(&archive, &chart);
        let there = scene.sandbox.directory("there").display().to_string();
        let reference = scene.reference(&chart);
        let pulled = scene
            .run(to, &["pull", &reference, "--version", version, "-d", &there])
            .success();
        assert_eq!(pushed.digest(), pulled.digest(), "{chart}");
        let original = scene.sandbox.read(&archive);
        assert!(
            original == scene.sandbox.read(format!("there/{archive}")),
            "{chart} changed on its way\n{pulled}"
        );
    }
}

fn version_of<'a>(archive: &'a str, chart: &str) -> &'a str {
    archive
        .strip_prefix(chart)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_suffix(".tgz"))
        .expect("because archives are named NAME-VERSION.tgz")
}

#[test]
fn what_skeg_pushes_helm_pulls() {
    let scene = Scene::new("skeg-to-helm");
    let Some(helm) = scene.peer("helm") else { return };
    check_exchange(&scene, &scene.skeg, &helm);
}

#[test]
fn what_helm_pushes_skeg_pulls() {
    let scene = Scene::new("helm-to-skeg");
    let Some(helm) = scene.peer("helm") else { return };
    check_exchange(&scene, &helm, &scene.skeg);
}

#[test]
fn what_skeg_pushes_skeg_pulls() {
    let scene = Scene::new("skeg-to-skeg");
    check_exchange(&scene, &scene.skeg, &scene.skeg);
}

/// What one program unpacks, the other unpacks alike.
#[test]
fn untarred_charts_are_alike() {
    let scene = Scene::new("untar");
    let Some(helm) = scene.peer("helm") else { return };
    let archive = scene.package(&scene.skeg, "with-dependency");
    let _pushed = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success();
    let reference = scene.reference("with-dependency");
    for (program, directory) in [(&helm, "by-helm"), (&scene.skeg, "by-skeg")] {
        let arguments = [
            "pull",
            &reference,
            "--version",
            "3.0.0-rc.1",
            "--untar",
            "--untardir",
            directory,
        ];
        let _pulled = scene.run(program, &arguments).success();
    }
    let list = |directory: &str| files_below(&scene.sandbox.work().join(directory));
    let by_helm = list("by-helm");
    assert!(by_helm.iter().any(|(name, _)| name.ends_with("child/Chart.yaml")));
    assert_eq!(by_helm, list("by-skeg"));
}

fn files_below(root: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in fs_err::read_dir(directory).expect("because the chart was unpacked") {
            let path = entry.expect("because it can be listed").path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            let name = path.strip_prefix(root).expect("because it is below");
            let bytes = fs_err::read(&path).expect("because it was written");
            files.push((name.display().to_string(), bytes));
        }
    }
    files.sort();
    files
}

#[test]
fn provenance_travels_beside_the_archive() {
    let scene = Scene::new("provenance");
    let Some(helm) = scene.peer("helm") else { return };
    for (from, to, chart) in [
        (&scene.skeg, &helm, "minimal"),
        (&helm, &scene.skeg, "documented"),
    ] {
        let archive = scene.package(from, chart);
        let provenance = format!("{archive}.prov");
        let text = format!("-----BEGIN PGP SIGNED MESSAGE-----\n{chart}\n");
        fs_err::write(scene.sandbox.work().join(&provenance), &text).expect("because it is ours");
        let _pushed = scene.run(from, &["push", &archive, &scene.remote()]).success();
        let there = scene.sandbox.directory(&format!("to-{chart}"));
        let arguments = [
            "pull",
            &scene.reference(chart),
            "--prov",
            "-d",
            &there.display().to_string(),
        ];
        let _pulled = scene.run(to, &arguments).success();
        let arrived = fs_err::read(there.join(&provenance)).expect("because --prov was given");
        assert_eq!(arrived, text.as_bytes());
        assert!(there.join(&archive).is_file());
    }
}

#[test]
fn a_digest_is_as_good_as_a_tag() {
    let scene = Scene::new("digest");
    let Some(helm) = scene.peer("helm") else { return };
    let archive = scene.package(&scene.skeg, "minimal");
    let digest = scene
        .run(&scene.skeg, &["push", &archive, &scene.remote()])
        .success()
        .digest();
    for (program, directory) in [(&helm, "by-helm"), (&scene.skeg, "by-skeg")] {
        scene.sandbox.directory(directory);
        for reference in [
            format!("{}@{digest}", scene.reference("minimal")),
            format!("{}:0.1.0@{digest}", scene.reference("minimal")),
        ] {
            let pulled = scene
                .run(program, &["pull", &reference, "-d", directory])
                .success();
            assert_eq!(pulled.digest(), digest);
        }
    }
}
