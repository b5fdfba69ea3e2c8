//! What is fetched once is not fetched again, and `skeg cache` shows it.

use skeg_test_support::{FakeRegistry, Fault, TestCommand, TestContext, skeg_snapshot};

use crate::support::{context_with, demo, descriptor, publish, publish_as};

struct Scene {
    registry: FakeRegistry,
    context: TestContext,
    digest: String,
}

impl Scene {
    /// A registry with `charts/demo:1.2.3`, and nothing in the cache.
    fn new() -> Self {
        let registry = FakeRegistry::start();
        let context = context_with(&registry).with_filter(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[TIME]");
        let digest = publish(&registry, "charts/demo", "1.2.3");
        registry.clear_requests();
        Self {
            registry,
            context,
            digest,
        }
    }

    fn command(&self, arguments: &[&str]) -> TestCommand {
        let arguments = arguments.iter().map(|argument| {
            argument
                .replace("OCI", &self.registry.oci("charts/demo"))
                .replace("DIGEST", &self.digest)
        });
        self.context.command(arguments).arg("--plain-http")
    }

    /// Runs a command that succeeds, and compares how its requests begin.
    #[track_caller]
    fn check(&self, arguments: &[&str], expected: &[&str]) {
        self.registry.clear_requests();
        self.command(arguments).run().success();
        let requests = self.registry.requests();
        let requests: Vec<String> = requests
            .iter()
            .map(|request| {
                let path = request.path().replace(&self.digest, "DIGEST");
                let path = path.trim_start_matches("/v2/charts/demo/");
                let path = path.split("sha256:").next().unwrap_or_default();
                format!("{} {path}", request.method)
            })
            .collect();
        assert_eq!(requests, expected, "{arguments:?}");
    }

    fn cache(&self, arguments: &[&str]) -> TestCommand {
        self.context.command([&["cache"], arguments].concat())
    }

    /// The files of content in the cache.
    fn blobs(&self) -> Vec<std::path::PathBuf> {
        let directory = self.context.home().join(".cache/helm/skeg/store/v1/blobs/sha256");
        let entries = fs_err::read_dir(directory).expect("because something was stored");
        entries.flatten().map(|entry| entry.path()).collect()
    }
}

#[test]
fn a_cold_cache_costs_no_request() {
    let requests = ["GET manifests/1.2.3", "GET blobs/"];
    for arguments in [
        &["pull", "OCI:1.2.3"][..],
        &["template", "OCI:1.2.3"],
        &["show", "values", "OCI:1.2.3"],
        &["show", "chart", "OCI:1.2.3"],
    ] {
        Scene::new().check(arguments, &requests);
    }
    Scene::new().check(&["pull", "OCI@DIGEST"], &["GET manifests/DIGEST", "GET blobs/"]);
}

#[test]
fn a_warm_cache_asks_what_a_tag_is_and_nothing_about_a_digest() {
    let scene = Scene::new();
    scene.check(&["pull", "OCI:1.2.3"], &["GET manifests/1.2.3", "GET blobs/"]);
    for arguments in [
        &["pull", "OCI:1.2.3"][..],
        &["template", "OCI:1.2.3"],
        &["show", "all", "OCI:1.2.3"],
        &["show", "crds", "OCI", "--version", "1.2.3"],
        &["pull", "OCI:1.2.3", "--untar"],
    ] {
        scene.check(arguments, &["HEAD manifests/1.2.3"]);
    }
    for arguments in [
        &["pull", "OCI@DIGEST"][..],
        &["template", "OCI@DIGEST"],
        &["show", "all", "OCI@DIGEST"],
        &["resolve", "OCI@DIGEST"],
    ] {
        scene.check(arguments, &[]);
    }
    scene.check(&["template", "OCI"], &["GET tags/list", "HEAD manifests/1.2.3"]);
    scene.check(
        &["template", "OCI:1.2.3", "--no-cache"],
        &["GET manifests/1.2.3", "GET blobs/"],
    );
    let output = scene.context.read("demo-1.2.3.tgz");
    assert_eq!(output, demo("1.2.3").archive().bytes());
}

#[test]
fn what_is_pulled_is_not_the_cache_itself() {
    let scene = Scene::new();
    scene.command(&["pull", "OCI:1.2.3"]).run().success();
    scene.context.write("demo-1.2.3.tgz", "mine now");
    scene
        .command(&["template", "OCI:1.2.3", "--offline"])
        .run()
        .success();
    scene.cache(&["verify"]).run().success();
}

#[test]
fn a_tag_that_moved_is_followed() {
    let scene = Scene::new();
    scene.command(&["pull", "OCI:1.2.3"]).run().success();
    let other = demo("1.2.3").file("values.yaml", "moved: true\n");
    publish_as(&scene.registry, "charts/demo", "1.2.3", &other);
    let output = scene.command(&["show", "values", "OCI:1.2.3"]).run().success();
    assert!(output.stdout().contains("moved: true"), "{output}");
    let output = scene
        .command(&["show", "values", "OCI:1.2.3", "--offline"])
        .run()
        .success();
    assert!(output.stdout().contains("moved: true"), "{output}");
}

#[test]
fn offline_what_was_fetched_is_there() {
    let scene = Scene::new();
    scene.command(&["pull", "OCI:1.2.3"]).run().success();
    scene.command(&["show", "chart", "OCI:1.2.3"]).run().success();
    // Any request would be an error.
    scene.registry.add_fault(Fault::status(500));
    for arguments in [
        &["pull", "OCI:1.2.3"][..],
        &["pull", "OCI@DIGEST"],
        &["pull", "OCI"],
        &["pull", "OCI", "--version", "^1"],
        &["pull", "OCI", "--version", "v1.2.3"],
        &["template", "OCI:1.2.3"],
        &["show", "chart", "OCI:1.2.3"],
        &["show", "values", "OCI@DIGEST"],
        &["resolve", "OCI:1.2.3"],
        &["tags", "OCI"],
    ] {
        scene.check(&[arguments, &["--offline"]].concat(), &[]);
    }
    scene.registry.clear_requests();
    let by_variable = scene.command(&["pull", "OCI:1.2.3"]).env("SKEG_OFFLINE", "true");
    by_variable.run().success();
    assert!(scene.registry.requests().is_empty());
}

#[test]
fn offline_what_was_not_fetched_is_missing_by_name() {
    let scene = Scene::new();
    let run = |arguments: &[&str]| scene.command(arguments).arg("--offline");
    skeg_snapshot!(run(&["pull", "OCI:1.2.3"]), @"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `1.2.3` is not in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    skeg_snapshot!(run(&["template", "OCI@DIGEST"]), @"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo@[DIGEST]: `[DIGEST]` is not in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    skeg_snapshot!(run(&["show", "values", "OCI"]), @"
    ----- stderr -----
    Error: cannot list the versions of oci://[REGISTRY]/charts/demo: no tag of it is in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    skeg_snapshot!(run(&["tags", "OCI"]), @"
    ----- stderr -----
    Error: cannot list the versions of oci://[REGISTRY]/charts/demo: no tag of it is in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    skeg_snapshot!(run(&["resolve", "OCI:1.2.3"]), @"
    ----- stderr -----
    Error: cannot resolve [REGISTRY]/charts/demo:1.2.3: `1.2.3` is not in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    scene.command(&["show", "chart", "OCI:1.2.3"]).run().success();
    skeg_snapshot!(run(&["pull", "OCI:1.2.3"]), @"
    ----- stderr -----
    Error: cannot fetch the chart's archive: blob `[DIGEST]` is not in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    skeg_snapshot!(run(&["pull", "OCI:1.2.4"]), @"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.4: `1.2.4` is not in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    assert_eq!(
        scene.registry.requests().len(),
        2,
        "{}",
        scene.registry.requests()
    );
}

#[test]
fn offline_no_other_request_is_sent_either() {
    let scene = Scene::new();
    scene
        .context
        .write("chart/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n");
    let values = scene.registry.oci("values/prod:1");
    skeg_snapshot!(scene.context.command(["template", "chart", "-f", &values, "--offline"]), @"
    ----- stderr -----
    Error: cannot read values from oci://[REGISTRY]/values/prod:1: `1` is not in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    ");
    let values = format!("{}/values.yaml", scene.registry.base_url());
    skeg_snapshot!(scene.context.command(["template", "chart", "-f", &values, "--offline"]), @r#"
    ----- stderr -----
    Error: Get "http://[REGISTRY]/values.yaml": GET "http://[REGISTRY]/values.yaml": not sent, since this is offline
    hint: leave `--offline` out
    [exit status: 1]
    "#);
    skeg_snapshot!(scene.context.command(["registry", "ping", scene.registry.host(), "--offline"]), @r#"
    ----- stderr -----
    Error: cannot speak to [REGISTRY]: GET "https://[REGISTRY]/v2/": not sent, since this is offline
    hint: leave `--offline` out
    [exit status: 1]
    "#);
    assert!(scene.registry.requests().is_empty());
}

#[test]
fn offline_values_come_from_the_cache() {
    let scene = Scene::new();
    let values = b"replicas: 7\n".to_vec();
    let layer = descriptor("application/yaml", &values);
    let config = descriptor("application/vnd.oci.empty.v1+json", b"{}");
    scene.registry.put_blob("values/prod", values);
    scene.registry.put_blob("values/prod", "{}");
    let manifest = serde_json::json!({"schemaVersion": 2, "config": config, "layers": [layer]});
    let media_type = "application/vnd.oci.image.manifest.v1+json";
    scene
        .registry
        .put_manifest("values/prod", "1", media_type, manifest.to_string().into_bytes());
    scene
        .context
        .write("chart/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n");
    scene
        .context
        .write("chart/templates/a.yaml", "a: {{ .Values.replicas }}\n");
    let reference = scene.registry.oci("values/prod:1");
    let arguments = ["template", "chart", "-f", &reference];
    scene.command(&arguments).run().success();
    scene.registry.add_fault(Fault::status(500));
    scene.registry.clear_requests();
    let output = scene.command(&arguments).arg("--offline").run().success();
    assert!(output.stdout().contains("a: 7"), "{output}");
    assert!(scene.registry.requests().is_empty());
}

#[test]
fn offline_nothing_is_left_without_a_cache() {
    let scene = Scene::new();
    skeg_snapshot!(scene.command(&["pull", "OCI:1.2.3", "--offline", "--no-cache"]), @"
    ----- stderr -----
    Error: offline there is nothing but the cache
    hint: give either `--offline` or `--no-cache`
    [exit status: 1]
    ");
}

/// Helm takes whatever lies in its cache under a digest.
#[test]
fn a_poisoned_cache_is_not_used() {
    let scene = Scene::new();
    scene.command(&["pull", "OCI@DIGEST"]).run().success();
    let archive = demo("1.2.3").archive().bytes();
    let evil = demo("6.6.6").archive().bytes();
    for blob in scene.blobs() {
        if fs_err::read(&blob).expect("because it was stored") == archive {
            fs_err::remove_file(&blob).expect("because it is ours");
            fs_err::write(&blob, &evil).expect("because the directory is ours");
        }
    }
    skeg_snapshot!(scene.command(&["template", "OCI@DIGEST", "--offline"]), @r#"
    ----- stderr -----
    Pulled: [REGISTRY]/charts/demo@[DIGEST]
    Digest: [DIGEST]
    level=WARN msg="`[DIGEST]` was damaged in the cache and is removed from it"
    Error: cannot fetch the chart's archive: blob `[DIGEST]` is not in the cache, and offline nothing else is asked
    hint: leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache
    [exit status: 1]
    "#);
    scene.check(&["pull", "OCI@DIGEST"], &["GET blobs/"]);
    let name = format!("demo@{}.tgz", scene.digest.replace(':', "-"));
    assert_eq!(scene.context.read(name), archive);
}

#[test]
fn the_cache_shows_what_is_in_it() {
    let scene = Scene::new();
    skeg_snapshot!(scene.cache(&["list"]), @"
    ----- stderr -----
    the cache is empty
    [exit status: 0]
    ");
    skeg_snapshot!(scene.cache(&["list", "-o", "json"]), @"
    []
    [exit status: 0]
    ");
    scene.command(&["pull", "OCI:1.2.3"]).run().success();
    let output = scene.cache(&["list"]).run().success();
    let name = format!("{}/charts/demo:1.2.3", scene.registry.host());
    assert_eq!(output.stdout().matches(&name).count(), 2, "{output}");
    assert!(output.stdout().starts_with("DIGEST"), "{output}");
    let json = scene.cache(&["list", "-o", "json"]).run().success().stdout();
    let entries: serde_json::Value = serde_json::from_str(&json).expect("because it is JSON");
    let keys = |entry: &serde_json::Value| -> Vec<String> {
        let object = entry.as_object().cloned().unwrap_or_default();
        object.keys().cloned().collect()
    };
    assert_eq!(entries.as_array().map(Vec::len), Some(2));
    assert_eq!(
        keys(&entries[0]),
        ["digest", "size", "mediaType", "lastUsed", "references"]
    );
    let yaml = scene.cache(&["info", "-o", "yaml"]).run().success().stdout();
    assert!(
        yaml.contains("entries: 2\n") && yaml.contains("tags: 1\n"),
        "{yaml}"
    );
}

#[test]
fn the_commands_of_the_cache() {
    let scene = Scene::new();
    scene.command(&["pull", "OCI:1.2.3"]).run().success();
    let scene = Scene {
        context: scene.context.with_filter(r"\d+(\.\d+)? (B|KiB)", "[SIZE]"),
        ..scene
    };
    skeg_snapshot!(scene.cache(&["info"]), @"
    Directory: [TMP]/home/.cache/helm/skeg/store
    Format:    v1
    Content:   2 entries, [SIZE]
    Partial:   0 entries, [SIZE]
    Tags:      1
    Limit:     10.00 GiB
    [exit status: 0]
    ");
    skeg_snapshot!(scene.cache(&["verify"]), @"
    Checked 2 entries, [SIZE]
    [exit status: 0]
    ");
    skeg_snapshot!(scene.cache(&["prune"]), @"
    Removed 0 entries, [SIZE]; [SIZE] left
    [exit status: 0]
    ");
    skeg_snapshot!(scene.cache(&["prune", "--older-than", "1d"]), @"
    Removed 0 entries, [SIZE]; [SIZE] left
    [exit status: 0]
    ");
    skeg_snapshot!(scene.cache(&["prune", "--max-size", "0", "--dry-run"]), @"
    Would remove 2 entries, [SIZE]; [SIZE] left
    [exit status: 0]
    ");
    let blob = scene.blobs().remove(0);
    fs_err::remove_file(&blob).expect("because it is ours");
    fs_err::write(&blob, "damage").expect("because the directory is ours");
    skeg_snapshot!(scene.cache(&["verify"]), @"
    Damaged, removed: [DIGEST]
    Checked 2 entries, [SIZE]
    ----- stderr -----
    Error: 1 entry of the cache damaged, and removed
    hint: what was removed is fetched again when it is needed; check the disk
    [exit status: 1]
    ");
    skeg_snapshot!(scene.cache(&["prune", "--max-size", "0"]), @"
    Removed 1 entry, [SIZE]; [SIZE] left
    [exit status: 0]
    ");
    scene.command(&["pull", "OCI:1.2.3"]).run().success();
    skeg_snapshot!(scene.cache(&["clean"]), @"
    Removed 2 entries, [SIZE]
    [exit status: 0]
    ");
    skeg_snapshot!(scene.cache(&["clean"]), @"
    Removed 0 entries, [SIZE]
    [exit status: 0]
    ");
}

#[test]
fn bad_flags_of_the_cache() {
    let scene = Scene::new();
    skeg_snapshot!(scene.cache(&["prune", "--max-size", "lots"]), @r#"
    ----- stderr -----
    Error: invalid argument "lots" for "--max-size" flag: must be a size such as 64MiB
    hint: run `skeg cache prune --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(scene.cache(&["prune", "--older-than", "1x"]), @r#"
    ----- stderr -----
    Error: invalid argument "1x" for "--older-than" flag: time: unknown unit "x" in duration "1x"
    hint: run `skeg cache prune --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(scene.cache(&["info"]).env("SKEG_CACHE_MAX_SIZE", "big"), @"
    ----- stderr -----
    Error: `SKEG_CACHE_MAX_SIZE` is `big`, and must be a size such as 64MiB
    [exit status: 1]
    ");
}

#[test]
fn the_cache_has_a_place_of_its_own() {
    let scene = Scene::new();
    let place = scene.context.path("place");
    let pull = |scene: &Scene| scene.command(&["pull", "OCI:1.2.3"]).env("SKEG_CACHE", &place);
    pull(&scene).run().success();
    assert!(place.join("CACHEDIR.TAG").is_file());
    assert!(!scene.context.home().join(".cache/helm/skeg").exists());
    scene.registry.clear_requests();
    pull(&scene).run().success();
    assert_eq!(scene.registry.requests().len(), 1);
}

#[test]
fn the_cache_is_kept_within_its_limit() {
    let scene = Scene::new();
    let place = scene.context.path("place");
    let pull = || {
        let pull = scene.command(&["pull", "OCI:1.2.3"]);
        pull.env("SKEG_CACHE", &place).env("SKEG_CACHE_MAX_SIZE", "1KiB")
    };
    pull().run().success();
    // An hour later.
    let marker = std::fs::OpenOptions::new()
        .write(true)
        .open(place.join("v1/last-prune"));
    let marker = marker.expect("because something was stored");
    let past = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    marker.set_modified(past).expect("because the file is ours");
    let other = demo("1.2.3").big_random_file(5000, 1);
    publish_as(&scene.registry, "charts/demo", "1.2.3", &other);
    pull().run().success();
    let info = scene
        .context
        .command(["cache", "info", "-o", "json"])
        .env("SKEG_CACHE", &place);
    let info: serde_json::Value =
        serde_json::from_str(&info.run().success().stdout()).expect("because it is JSON");
    assert!(info["size"].as_u64() < Some(1024), "{info}");
}

#[test]
fn a_cache_that_is_of_no_use_is_done_without() {
    let scene = Scene::new();
    let file = scene.context.write("file", "no directory");
    let newer = scene.context.write("newer/v2/x", "");
    let newer = newer
        .parent()
        .and_then(std::path::Path::parent)
        .expect("because it has two");
    let broken = scene.context.write("broken/v1", "no directory");
    let broken = broken.parent().expect("because it has one");
    let run = |place: &std::path::Path, flag: &str| {
        let command = scene.command(&["pull", "OCI:1.2.3"]).env("SKEG_CACHE", place);
        if flag.is_empty() {
            command
        } else {
            command.arg(flag)
        }
    };
    skeg_snapshot!(run(&file, ""), @r#"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    level=WARN msg="going on without the cache `[TMP]/work/file`: the cache `[TMP]/work/file` cannot be read: failed to read directory `[TMP]/work/file`: Not a directory"
    [exit status: 0]
    "#);
    skeg_snapshot!(run(newer, ""), @r#"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    level=WARN msg="going on without the cache `[TMP]/work/newer`: the cache `[TMP]/work/newer` has the format `v2` of a newer version; this one knows `v1`"
    [exit status: 0]
    "#);
    skeg_snapshot!(run(broken, ""), @r#"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    level=WARN msg="going on without the cache `[TMP]/work/broken`: the cache cannot be written: not a directory"
    [exit status: 0]
    "#);
    skeg_snapshot!(run(newer, "--offline"), @"
    ----- stderr -----
    Error: the cache `[TMP]/work/newer` has the format `v2` of a newer version; this one knows `v1`
    hint: use the newer version, or name another directory by `SKEG_CACHE`
    [exit status: 1]
    ");
    skeg_snapshot!(scene.cache(&["info"]).env("SKEG_CACHE", newer), @"
    ----- stderr -----
    Error: the cache `[TMP]/work/newer` has the format `v2` of a newer version; this one knows `v1`
    hint: use the newer version, or name another directory by `SKEG_CACHE`
    [exit status: 1]
    ");
}

#[cfg(unix)]
#[test]
fn a_cache_that_may_not_be_written_is_still_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::new();
    scene.command(&["pull", "OCI:1.2.3"]).run().success();
    let root = scene.context.home().join(".cache/helm/skeg/store");
    let set = |mode| {
        let mut directories = vec![root.clone()];
        while let Some(directory) = directories.pop() {
            let entries = fs_err::read_dir(&directory).expect("because we may read it");
            directories.extend(
                entries
                    .flatten()
                    .map(|entry| entry.path())
                    .filter(|path| path.is_dir()),
            );
            fs_err::set_permissions(&directory, std::fs::Permissions::from_mode(mode))
                .expect("because it is ours");
        }
    };
    set(0o555);
    scene.check(&["pull", "OCI:1.2.3"], &["HEAD manifests/1.2.3"]);
    scene.check(&["pull", "OCI:1.2.3", "--offline"], &[]);
    publish(&scene.registry, "charts/demo", "1.2.4");
    let output = scene.command(&["pull", "OCI:1.2.4"]).run().success();
    set(0o755);
    let warnings = output.stderr().matches("going on without the cache").count();
    // Nothing is forbidden to the superuser.
    let is_superuser = fs_err::read_dir(root.join("v1/blobs/sha256"))
        .expect("because we may read it")
        .count()
        > 2;
    assert_eq!(warnings, usize::from(!is_superuser), "{output}");
}
