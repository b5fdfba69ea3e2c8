//! Classic repositories on loopback, the registry, helm and skeg: what goes from one to the other is the same everywhere.

use std::path::Path;

use skeg_test_support::{PlainReply, PlainServer};
use skeg_tests::Program;

use crate::scene::Scene;

/// The charts and versions of the scenarios.
const CHARTS: [(&str, &str); 4] = [
    ("minimal", "0.1.0"),
    ("minimal", "0.10.0"),
    ("minimal", "1.0.0-rc.1"),
    ("build-metadata", "1.2.4+build.5"),
];

/// Serves the files of a directory, as they are at the time.
fn serve(directory: &Path) -> PlainServer {
    let root = directory.to_owned();
    PlainServer::start(move |request| {
        let path = request.target.trim_start_matches('/').replace("%2B", "+");
        match fs_err::read(root.join(path)) {
            Ok(content) => PlainReply::new(200).body(content),
            Err(_) => PlainReply::new(404),
        }
    })
}

/// Packages the charts with helm into a directory, with an index of helm's; one of them has a provenance file.
fn shelf(scene: &Scene, helm: &Program) -> PlainServer {
    let directory = scene.sandbox.directory("shelf");
    for (chart, version) in CHARTS {
        let archive = scene.package_version(helm, chart, version);
        let from = scene.sandbox.work().join(&archive);
        fs_err::rename(from, directory.join(&archive)).expect("because both are ours");
    }
    fs_err::write(directory.join("minimal-0.10.0.tgz.prov"), PROVENANCE).expect("because it is ours");
    let _indexed = scene.sandbox.run(helm, ["repo", "index", "shelf"]).success();
    serve(&directory)
}

const PROVENANCE: &str = "-----BEGIN PGP SIGNED MESSAGE-----\nminimal\n";

/// Takes everything from the server to the registry.
#[track_caller]
fn migrate(scene: &Scene, server: &PlainServer, flags: &[&str]) -> String {
    let remote = scene.remote();
    let words: Vec<&str> = ["migrate", server.base_url(), &remote]
        .into_iter()
        .chain(flags.iter().copied())
        .collect();
    scene.run(&scene.skeg, &words).success().stderr()
}

/// The archives in a chart's `charts/`.
fn vendored(scene: &Scene, chart: &str) -> Vec<(String, Vec<u8>)> {
    let directory = scene.sandbox.work().join(chart).join("charts");
    let entries = fs_err::read_dir(directory).expect("because the chart was built");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("because it can be listed").path())
        .map(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            (name, fs_err::read(&path).expect("because it is a file"))
        })
        .collect();
    files.sort();
    files
}

/// What helm pulls under this name is the archive of the shelf. helm puts the tag into the name of the file.
#[track_caller]
fn check_pulled(scene: &Scene, helm: &Program, reference: &str, (chart, version): (&str, &str)) {
    let has_provenance = version == "0.10.0";
    let flags = if has_provenance { &["--prov"][..] } else { &[] };
    let words = ["pull", reference, "--version", version, "-d", "there"];
    scene.sandbox.directory("there");
    let words: Vec<&str> = words.into_iter().chain(flags.iter().copied()).collect();
    let pulled = scene.run(helm, &words).success();
    let there = [version.to_owned(), version.replace('+', "_")]
        .map(|version| format!("there/{chart}-{version}.tgz"))
        .into_iter()
        .find(|path| scene.sandbox.work().join(path).is_file())
        .unwrap_or_else(|| panic!("no archive of {chart} {version}\n{pulled}"));
    let original = scene.sandbox.read(format!("shelf/{chart}-{version}.tgz"));
    assert!(
        original == scene.sandbox.read(&there),
        "{chart} {version} changed"
    );
    if has_provenance {
        assert_eq!(scene.sandbox.read(format!("{there}.prov")), PROVENANCE.as_bytes());
    }
    fs_err::remove_dir_all(scene.sandbox.work().join("there")).expect("because it is ours");
}

#[test]
fn what_skeg_migrates_helm_pulls() {
    let scene = Scene::new("migrated");
    let Some(helm) = scene.peer("helm") else { return };
    let server = shelf(&scene, &helm);
    let told = migrate(&scene, &server, &[]);
    assert!(
        told.contains("4 copied (") && told.contains("1 with provenance"),
        "{told}"
    );
    for (chart, version) in CHARTS {
        check_pulled(&scene, &helm, &scene.reference(chart), (chart, version));
    }
    let told = migrate(&scene, &server, &[]);
    assert!(told.contains("0 copied (0 B), 4 unchanged"), "{told}");
}

/// helm gives the manifest another time whenever it pushes; the archive is the same, and so is the version.
#[test]
fn what_helm_pushes_need_not_be_migrated() {
    let scene = Scene::new("pushed-before");
    let Some(helm) = scene.peer("helm") else { return };
    let server = shelf(&scene, &helm);
    let push = |(chart, version): (&str, &str)| {
        let archive = format!("shelf/{chart}-{version}.tgz");
        let _pushed = scene.run(&helm, &["push", &archive, &scene.remote()]).success();
    };
    push(CHARTS[0]);
    let told = migrate(&scene, &server, &[]);
    assert!(
        told.contains("3 copied (") && told.contains("1 unchanged"),
        "{told}"
    );
    for pushed in CHARTS {
        push(pushed);
    }
    let told = migrate(&scene, &server, &[]);
    assert!(told.contains("0 copied (0 B), 4 unchanged"), "{told}");
    check_pulled(&scene, &helm, &scene.reference("minimal"), CHARTS[1]);
}

/// Writes the directory of a chart with dependencies.
fn umbrella(scene: &Scene, name: &str, dependencies: &[(&str, &str, &str)]) {
    let entry = |(chart, version, repository): &(&str, &str, &str)| {
        format!("# {chart}\n- name: {chart}\n  version: \"{version}\"\n  repository: {repository}\n")
    };
    let entries: Vec<String> = dependencies.iter().map(entry).collect();
    let text = format!(
        "apiVersion: v2\nname: {name}\nversion: 1.0.0\ndependencies:\n{}",
        entries.concat()
    );
    let directory = scene.sandbox.directory(name);
    fs_err::write(directory.join("Chart.yaml"), text).expect("because it is ours");
}

/// A copy of the chart and its lock file, without `charts/`.
fn copy_locked(scene: &Scene, from: &str, to: &str) {
    let (from, to) = (scene.sandbox.work().join(from), scene.sandbox.directory(to));
    for file in ["Chart.yaml", "Chart.lock"] {
        fs_err::copy(from.join(file), to.join(file)).expect("because there is a lock file");
    }
}

/// Makes the lock file with one program and builds with the other; both have the same in `charts/`.
#[track_caller]
fn check_lock(scene: &Scene, (locks, builds): (&Program, &Program), chart: &str, copy: &str) {
    let _updated = scene.run(locks, &["dependency", "update", chart]).success();
    copy_locked(scene, chart, copy);
    let _built = scene.run(builds, &["dependency", "build", copy]).success();
    let archives = vendored(scene, copy);
    assert_eq!(archives.len(), 2);
    assert!(
        archives == vendored(scene, chart),
        "{} and {} fill charts/ differently",
        locks.name(),
        builds.name()
    );
    let lock = |chart: &str| scene.sandbox.read(format!("{chart}/Chart.lock"));
    assert_eq!(lock(chart), lock(copy), "building leaves the lock file alone");
}

#[test]
fn lock_files_go_both_ways() {
    let scene = Scene::new("locked");
    let Some(helm) = scene.peer("helm") else { return };
    let server = shelf(&scene, &helm);
    let _told = migrate(&scene, &server, &["--include", "build-metadata"]);
    let add = ["repo", "add", "shelf", server.base_url()];
    let _added = scene.sandbox.run(&helm, add).success();
    let remote = scene.remote();
    for repository in [server.base_url(), "'@shelf'"] {
        let dependencies = [
            ("minimal", "^0.1.0 || ^0.10.0", repository),
            ("build-metadata", ">=1", &remote),
        ];
        for (index, programs) in [(&scene.skeg, &helm), (&helm, &scene.skeg)]
            .into_iter()
            .enumerate()
        {
            let chart = format!("by-{index}-{}", repository.len());
            umbrella(&scene, &chart, &dependencies);
            check_lock(&scene, programs, &chart, &format!("copy-{chart}"));
        }
    }
}

#[test]
fn helm_builds_what_was_rewritten() {
    let scene = Scene::new("rewritten");
    let Some(helm) = scene.peer("helm") else { return };
    let server = shelf(&scene, &helm);
    let dependencies = [
        ("minimal", "~0.10", server.base_url()),
        ("build-metadata", "1.2.4+build.5", server.base_url()),
    ];
    umbrella(&scene, "shop", &dependencies);
    let _updated = scene.run(&helm, &["dependency", "update", "shop"]).success();
    let before = vendored(&scene, "shop");
    let told = migrate(&scene, &server, &["--rewrite-dependencies", "shop"]);
    assert!(told.contains("the lock file of `shop` is of before"), "{told}");
    let text = scene.sandbox.read("shop/Chart.yaml");
    let text = String::from_utf8_lossy(&text);
    assert!(
        !text.contains(server.base_url()) && text.contains("# minimal"),
        "{text}"
    );
    drop(server);
    check_lock(&scene, (&scene.skeg, &helm), "shop", "shop-by-helm");
    // The archives are those of the classic repository; only helm's name of the one with build metadata differs.
    let contents = |archives: Vec<(String, Vec<u8>)>| {
        let mut contents: Vec<_> = archives.into_iter().map(|(_, content)| content).collect();
        contents.sort();
        contents
    };
    assert!(contents(before) == contents(vendored(&scene, "shop")));
}

/// Back again: people who need a classic repository get an index of what is in the registry.
#[test]
fn helm_uses_an_index_that_was_made_from_the_registry() {
    let scene = Scene::new("index-from");
    let Some(helm) = scene.peer("helm") else { return };
    let shelf = shelf(&scene, &helm);
    let _told = migrate(&scene, &shelf, &[]);
    drop(shelf);
    scene.sandbox.directory("site");
    let words = ["repo", "index", "site", "--from", &scene.remote()];
    let told = scene.run(&scene.skeg, &words).success().stderr();
    assert!(told.contains("4 versions of 2 charts"), "{told}");
    let server = serve(&scene.sandbox.work().join("site"));
    let add = ["repo", "add", "site", server.base_url()];
    let _added = scene.sandbox.run(&helm, add).success();
    let search = ["search", "repo", "site", "--versions", "--devel", "-o", "json"];
    let by_helm = scene.sandbox.run(&helm, search).success();
    assert_eq!(by_helm.stdout().matches("\"site/").count(), 4, "{by_helm}");
    for (chart, version) in CHARTS {
        check_pulled(&scene, &helm, &format!("site/{chart}"), (chart, version));
    }
    // As a dependency, too.
    let dependencies = [
        ("minimal", "^0.10.0", "'@site'"),
        ("build-metadata", ">=1", "'@site'"),
    ];
    umbrella(&scene, "from-site", &dependencies);
    check_lock(&scene, (&scene.skeg, &helm), "from-site", "from-site-by-helm");
}
