//! `skeg copy` and `skeg sync`.

use serde_json::{Value, json};
use skeg_test_support::{CommandOutput, FakeRegistry, Fault, TestContext, TokenServer};

use crate::support::{CONFIG, INDEX, MANIFEST, context, descriptor, publish};

const DEMO: &str = "charts/demo";
const MIRROR: &str = "mirror/demo";

fn registry(versions: &[&str]) -> FakeRegistry {
    let registry = FakeRegistry::start();
    for version in versions {
        publish(&registry, DEMO, version);
    }
    registry
}

fn copy(context: &TestContext, from: &str, to: &str, flags: &[&str]) -> CommandOutput {
    context.run(["copy", from, to].iter().chain(flags))
}

#[track_caller]
fn json_of(output: &CommandOutput) -> Value {
    serde_json::from_str(&output.stdout()).expect("because `-o json` prints JSON")
}

/// Puts a manifest that refers to another one into a repository.
fn put_referrer(registry: &FakeRegistry, repository: &str, subject: &str) -> String {
    let (media_type, bytes) = registry
        .manifest(repository, subject)
        .expect("because the test put it there");
    let config = "{}";
    registry.put_blob(repository, config);
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": "application/x.sbom",
        "config": descriptor("application/vnd.oci.empty.v1+json", config.as_bytes()),
        "layers": [],
        "subject": descriptor(&media_type, &bytes),
    });
    let manifest = manifest.to_string();
    let digest = skeg_test_support::sha256_digest(manifest.as_bytes());
    registry.put_manifest(repository, &digest, MANIFEST, manifest)
}

#[test]
fn one_version_byte_for_byte() {
    let (one, two) = (registry(&["1.2.3"]), FakeRegistry::start());
    let context = context();
    let (from, to) = (one.oci("charts/demo:1.2.3"), two.oci(MIRROR));
    let output = copy(&context, &from, &to, &[]).success();
    let digest = one.resolve(DEMO, "1.2.3").unwrap();
    assert_eq!(
        output.stdout(),
        format!("Copied: {}/{MIRROR}:1.2.3\nDigest: {digest}\n", two.host())
    );
    assert!(output.stderr().contains("sent, 1 manifest"), "{output}");
    assert_eq!(one.manifest(DEMO, "1.2.3"), two.manifest(MIRROR, "1.2.3"));
    two.clear_requests();
    let output = copy(&context, &from, &to, &[]).success();
    assert!(output.stdout().starts_with("Unchanged: "), "{output}");
    assert_eq!(two.requests().len(), 1, "{}", two.requests());
}

#[test]
fn the_version_may_be_left_out_or_be_a_digest_or_get_another_tag() {
    let (one, two) = (
        registry(&["1.2.3", "1.10.0", "2.0.0-rc.1"]),
        FakeRegistry::start(),
    );
    let context = context();
    copy(&context, &one.oci(DEMO), &two.oci(MIRROR), &[]).success();
    assert_eq!(two.tags(MIRROR), ["1.10.0"]);
    let digest = one.resolve(DEMO, "1.2.3").unwrap();
    let by_digest = one.oci(&format!("{DEMO}@{digest}"));
    copy(&context, &by_digest, &two.oci(MIRROR), &[]).success();
    assert!(two.manifest(MIRROR, &digest).is_some());
    assert_eq!(two.tags(MIRROR), ["1.10.0"]);
    copy(&context, &by_digest, &two.oci("mirror/demo:old"), &[]).success();
    assert_eq!(two.resolve(MIRROR, "old").unwrap(), digest);
    copy(&context, &one.oci("charts/demo:v1.2.3"), &two.oci("a/b"), &[]).success();
    assert_eq!(two.tags("a/b"), ["1.2.3"]);
}

#[test]
fn ranges_and_whole_repositories() {
    let one = registry(&["0.9.0", "1.0.0", "2.0.0", "3.0.0", "latest"]);
    let (two, context) = (FakeRegistry::start(), context());
    let output = copy(
        &context,
        &one.oci(DEMO),
        &two.oci(MIRROR),
        &["--version", ">=1 <3"],
    )
    .success();
    assert_eq!(two.tags(MIRROR), ["1.0.0", "2.0.0"]);
    assert_eq!(output.stdout().lines().count(), 3, "{output}");
    let report = json_of(&copy(
        &context,
        &one.oci(DEMO),
        &two.oci(MIRROR),
        &["--all", "-o", "json"],
    ));
    assert_eq!(two.tags(MIRROR), one.tags(DEMO));
    let status = |tag: &str| {
        let artifacts = report["artifacts"].as_array().unwrap();
        let found = artifacts.iter().find(|artifact| artifact["tag"] == tag);
        found.unwrap()["status"].clone()
    };
    assert_eq!(
        (status("1.0.0"), status("latest")),
        (json!("unchanged"), json!("copied"))
    );
    assert_eq!(report["totals"]["manifests"], 3);
    two.clear_requests();
    copy(&context, &one.oci(DEMO), &two.oci(MIRROR), &["-a"]).success();
    let log = two.requests();
    assert_eq!((log.len(), log.count("HEAD", "/manifests/")), (5, 5), "{log}");
    let output = copy(&context, &one.oci(DEMO), &two.oci(MIRROR), &["--version", ">7"]).failure();
    assert!(
        output.stderr().contains("has no version in the range `>7`"),
        "{output}"
    );
}

#[test]
fn a_huge_list_of_versions_is_followed_page_by_page() {
    let one = FakeRegistry::builder().tags_page_size(100).start();
    publish(&one, DEMO, "1.0.0");
    let (media_type, bytes) = one.manifest(DEMO, "1.0.0").unwrap();
    for minor in 1..2500 {
        one.put_manifest(DEMO, &format!("1.{minor}.0"), &media_type, bytes.clone());
    }
    let (two, context) = (FakeRegistry::start(), context());
    let flags = ["--version", ">=1.2400", "--dry-run", "-o", "json"];
    let report = json_of(&copy(&context, &one.oci(DEMO), &two.oci(MIRROR), &flags));
    assert_eq!(report["artifacts"].as_array().unwrap().len(), 100);
    assert_eq!(one.requests().count("GET", "/tags/list"), 25);
}

#[test]
fn with_everything_that_refers_to_it() {
    let (one, two, context) = (registry(&["1.2.3"]), FakeRegistry::start(), context());
    let subject = one.resolve(DEMO, "1.2.3").unwrap();
    let referrer = put_referrer(&one, DEMO, &subject);
    let referrer_of_referrer = put_referrer(&one, DEMO, &referrer);
    let (from, to) = (one.oci("charts/demo:1.2.3"), two.oci(MIRROR));
    copy(&context, &from, &to, &[]).success();
    assert!(two.manifest(MIRROR, &referrer).is_none());
    let output = copy(&context, &from, &to, &["--referrers"]).success();
    assert!(output.stdout().starts_with("Unchanged: "), "{output}");
    assert!(output.stderr().contains("2 of them referrers"), "{output}");
    for digest in [&referrer, &referrer_of_referrer] {
        assert_eq!(two.manifest(MIRROR, digest), one.manifest(DEMO, digest));
    }
}

#[test]
fn an_index_with_its_platforms() {
    let (one, two, context) = (registry(&["1.2.3", "1.2.4"]), FakeRegistry::start(), context());
    let children: Vec<Value> = ["1.2.3", "1.2.4"]
        .iter()
        .map(|tag| {
            let (media_type, bytes) = one.manifest(DEMO, tag).unwrap();
            descriptor(&media_type, &bytes)
        })
        .collect();
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": children});
    one.put_manifest(DEMO, "both", INDEX, index.to_string());
    copy(&context, &one.oci("charts/demo:both"), &two.oci(MIRROR), &[]).success();
    assert_eq!(two.tags(MIRROR), ["both"]);
    assert_eq!(two.manifest(MIRROR, "both"), one.manifest(DEMO, "both"));
    for child in &children {
        assert!(two.manifest(MIRROR, child["digest"].as_str().unwrap()).is_some());
    }
}

#[test]
fn to_a_directory_and_back() {
    let (one, two, context) = (registry(&["1.2.3"]), FakeRegistry::start(), context());
    copy(&context, &one.oci(DEMO), "oci-layout://layouts/demo", &[]).success();
    copy(&context, "oci-layout://layouts/demo:1.2.3", &two.oci(MIRROR), &[]).success();
    assert_eq!(one.manifest(DEMO, "1.2.3"), two.manifest(MIRROR, "1.2.3"));
    copy(
        &context,
        "oci-layout://layouts/demo",
        "oci-layout://layouts/other",
        &[],
    )
    .success();
    context
        .run(["pull", "oci-layout://layouts/other:1.2.3"])
        .success();
}

/// What an index lists is reachable through it, as other tools expect it of a layout.
#[test]
fn an_index_in_a_directory_stands_there_alone() {
    let (one, two, context) = (registry(&["1.2.3", "1.2.4"]), FakeRegistry::start(), context());
    let child = one.resolve(DEMO, "1.2.3").unwrap();
    let referrer = put_referrer(&one, DEMO, &child);
    let (media_type, bytes) = one.manifest(DEMO, &referrer).unwrap();
    // The attestation is part of the index, as some builders write it.
    let inner =
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor(&media_type, &bytes)]})
            .to_string();
    one.put_manifest(DEMO, "inner", INDEX, inner.clone());
    let (media_type, bytes) = one.manifest(DEMO, "1.2.3").unwrap();
    let children = [
        descriptor(&media_type, &bytes),
        descriptor(INDEX, inner.as_bytes()),
    ];
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": children});
    one.put_manifest(DEMO, "both", INDEX, index.to_string());
    let listed = |directory: &str| {
        let index: Value = serde_json::from_slice(&context.read(format!("{directory}/index.json"))).unwrap();
        let entries = index["manifests"].as_array().unwrap().iter();
        let names = entries.map(|entry| entry["annotations"]["org.opencontainers.image.ref.name"].clone());
        names.collect::<Vec<_>>()
    };
    copy(&context, &one.oci("charts/demo:both"), "oci-layout://a/demo", &[]).success();
    assert_eq!(listed("a/demo"), [json!("both")]);
    // One that has a tag as well keeps it.
    copy(
        &context,
        &one.oci("charts/demo:1.2.3"),
        "oci-layout://b/demo",
        &[],
    )
    .success();
    copy(&context, &one.oci("charts/demo:both"), "oci-layout://b/demo", &[]).success();
    assert_eq!(listed("b/demo"), [json!("1.2.3"), json!("both")]);
    // What is reachable through the index only is found all the same.
    let by_digest = format!("oci-layout://a/demo@{child}");
    let output = context.run(["discover", &by_digest]).success();
    assert!(output.stdout().contains(&referrer), "{output}");
    copy(&context, &by_digest, &two.oci("single"), &["--referrers"]).success();
    assert!(two.manifest("single", &referrer).is_some());
    copy(&context, "oci-layout://a/demo:both", &two.oci(MIRROR), &[]).success();
    assert_eq!(two.manifest(MIRROR, "both"), one.manifest(DEMO, "both"));
    assert!(two.manifest(MIRROR, &referrer).is_some());
    // A referrer that no index lists has an entry without a tag.
    copy(
        &context,
        &one.oci("charts/demo:1.2.3"),
        "oci-layout://c/demo",
        &["--referrers"],
    )
    .success();
    assert_eq!(listed("c/demo"), [json!("1.2.3"), json!(null)]);
}

#[test]
fn on_one_registry_blobs_are_mounted() {
    let (one, context) = (registry(&["1.2.3"]), context());
    let output = copy(&context, &one.oci(DEMO), &one.oci(MIRROR), &[]).success();
    assert!(
        output.stderr().contains("0 blobs (0 B) sent, 2 mounted"),
        "{output}"
    );
    assert_eq!(one.requests().count("GET", "/blobs/"), 0, "{}", one.requests());
}

#[test]
fn tags_that_name_something_else() {
    let (one, two, context) = (registry(&["1.2.3"]), FakeRegistry::start(), context());
    let digest = one.resolve(DEMO, "1.2.3").unwrap();
    let other = two.put_manifest(
        MIRROR,
        "1.2.3",
        MANIFEST,
        json!({"config": {"mediaType": CONFIG}}).to_string(),
    );
    let (from, to) = (one.oci("charts/demo:1.2.3"), two.oci(MIRROR));
    let output = copy(&context, &from, &to, &["--no-overwrite"]).failure();
    assert!(
        output
            .stderr()
            .contains(&format!("exists already with digest {other}")),
        "{output}"
    );
    assert!(
        output.stderr().contains("hint: leave `--no-overwrite` out"),
        "{output}"
    );
    let output = copy(&context, &from, &to, &["--if-absent"]).success();
    assert!(output.stdout().starts_with("Exists: "), "{output}");
    let output = copy(&context, &from, &to, &["--dry-run"]).success();
    assert!(output.stdout().starts_with("Would copy: "), "{output}");
    assert_eq!(two.resolve(MIRROR, "1.2.3").unwrap(), other);
    let output = copy(&context, &from, &to, &[]).success();
    assert!(
        output
            .stderr()
            .contains(&format!("was {other} and is {digest} now")),
        "{output}"
    );
}

#[test]
fn failures_say_which_side_and_what_to_do() {
    let (one, context) = (registry(&["1.2.3", "1.2.4"]), context());
    let two = FakeRegistry::builder().basic_auth("ada", "secret").start();
    let (from, to) = (one.oci("charts/demo:1.2.3"), two.oci(MIRROR));
    let output = copy(&context, &from, &to, &[]).failure();
    let hint = format!("hint: log in with `skeg registry login {}`", two.host());
    assert!(output.stderr().contains(&hint), "{output}");
    let output = copy(&context, &one.oci("charts/demo:9.9.9"), &to, &[]).failure();
    assert!(output.stderr().contains("not found"), "{output}");
    assert!(
        output.stderr().contains("1.2.4"),
        "neighbours are named: {output}"
    );
    let closed = FakeRegistry::builder().closed_namespace().start();
    let output = copy(&context, &from, &closed.oci(MIRROR), &[]).failure();
    assert!(output.stderr().contains("create the repository"), "{output}");
    let output = copy(&context, &from, &to, &["--username", "ada", "--password", "x"]).failure();
    assert!(
        output
            .stderr()
            .contains("are for one registry, and there are more"),
        "{output}"
    );
    // One of several fails: the others are copied.
    let two = FakeRegistry::start();
    two.add_fault(Fault::status(400).on("PUT", "/manifests/1.2.4"));
    let output = copy(
        &context,
        &one.oci(DEMO),
        &two.oci(MIRROR),
        &["--all", "-o", "json"],
    )
    .failure();
    let report = json_of(&output);
    assert_eq!(report["failed"][0]["ref"], one.oci("charts/demo:1.2.4"));
    assert_eq!(two.tags(MIRROR), ["1.2.3"]);
}

#[test]
fn what_cannot_be_copied_is_refused_before_anything_is_asked() {
    let (one, context) = (registry(&["1.2.3"]), context());
    let demo = one.oci(DEMO);
    let check = |from: &str, to: &str, flags: &[&str], expected: &str| {
        let output = copy(&context, from, to, flags).failure();
        assert!(output.stderr().contains(expected), "{output}");
    };
    let tagged = one.oci("charts/demo:1.2.3");
    check(&tagged, &one.oci(MIRROR), &["--all"], "names one version");
    check(&demo, &tagged, &["--version", "^1"], "names one version");
    check(&demo, &demo, &[], "source and destination are the same");
    check(&demo, "charts/demo", &[], "scheme prefix missing");
    check(
        &demo,
        &one.oci(MIRROR),
        &["--version", "one"],
        "improper constraint",
    );
    check(&demo, &one.oci(MIRROR), &["--concurrency", "0"], "concurrency");
    assert_eq!(one.requests().len(), 0, "{}", one.requests());
}

/// A file that mirrors the charts of one registry to another.
fn sync_file(context: &TestContext, one: &FakeRegistry, two: &FakeRegistry) {
    let text = format!(
        "destination: {}\ncharts:\n- source: {}\n  versions: '>=1'\n- source: {}\n  tags: [latest]\n  destination: {}\n  referrers: true\n",
        two.oci("mirror"),
        one.oci(DEMO),
        one.oci("other/web"),
        two.oci("elsewhere/web"),
    );
    context.write("sync.yaml", text);
}

#[test]
fn a_file_says_what_to_mirror_and_the_second_run_does_nothing() {
    let (one, two, context) = (
        registry(&["0.9.0", "1.0.0", "1.1.0"]),
        FakeRegistry::start(),
        context(),
    );
    publish(&one, "other/web", "latest");
    let digest = one.resolve("other/web", "latest").unwrap();
    let referrer = put_referrer(&one, "other/web", &digest);
    sync_file(&context, &one, &two);
    let output = context.run(["sync", "sync.yaml", "--dry-run"]).success();
    assert!(
        output.stderr().contains("3 to change, 0 unchanged, 0 failed"),
        "{output}"
    );
    assert_eq!(two.repositories(), Vec::<String>::new());
    let output = context.run(["sync", "sync.yaml"]).success();
    assert_eq!(output.stdout().lines().count(), 4, "{output}");
    assert_eq!(two.tags(MIRROR), ["1.0.0", "1.1.0"]);
    assert_eq!(two.tags("elsewhere/web"), ["latest"]);
    assert!(two.manifest("elsewhere/web", &referrer).is_some());
    one.clear_requests();
    two.clear_requests();
    let output = context.run(["sync", "sync.yaml", "-o", "json"]).success();
    let report = json_of(&output);
    assert_eq!(report["summary"]["changed"], 0);
    assert_eq!(report["summary"]["unchanged"], 3);
    let log = two.requests();
    assert_eq!(
        log.count("HEAD", "/manifests/") + log.count("GET", "/referrers/"),
        log.len(),
        "{log}"
    );
    assert!(
        log.len() <= 5 && one.requests().len() <= 8,
        "{log}\n{}",
        one.requests()
    );
    publish(&one, DEMO, "1.2.0");
    let output = context.run(["sync", "sync.yaml", "-o", "json"]).success();
    let report = json_of(&output);
    assert_eq!(
        report["repositories"][0]["changed"][0]["ref"],
        two.oci("mirror/demo:1.2.0")
    );
}

#[test]
fn an_entry_that_fails_does_not_keep_the_others() {
    let (one, two, context) = (registry(&["1.0.0"]), FakeRegistry::start(), context());
    sync_file(&context, &one, &two);
    let output = context.run(["sync", "sync.yaml", "-o", "json"]).failure();
    let report = json_of(&output);
    assert_eq!(report["summary"]["failed"], 1);
    assert_eq!(report["summary"]["changed"], 1);
    assert_eq!(two.tags(MIRROR), ["1.0.0"]);
    assert!(output.stderr().contains("other/web:latest"), "{output}");
}

#[test]
fn shares_together_are_the_whole() {
    let (one, two, context) = (FakeRegistry::start(), FakeRegistry::start(), context());
    let names: Vec<String> = (0..20).map(|number| format!("charts/c{number}")).collect();
    let mut text = format!("destination: {}\ncharts:\n", two.oci("mirror"));
    for name in &names {
        publish(&one, name, "1.0.0");
        text.extend(["- ", &one.oci(name), "\n"]);
    }
    context.write("sync.yaml", text);
    let mut repositories = 0;
    for index in 0..3 {
        let shard = format!("{index}/3");
        let report = json_of(
            &context
                .run(["sync", "sync.yaml", "--shard", &shard, "-o", "json"])
                .success(),
        );
        let summary = &report["summary"];
        let (mine, others) = (summary["repositories"].as_u64(), summary["skipped"].as_u64());
        repositories += mine.unwrap();
        assert_eq!(mine.unwrap() + others.unwrap(), 20);
    }
    assert_eq!((repositories, two.repositories().len()), (20, 20));
    let output = context.run(["sync", "sync.yaml", "--shard", "3/3"]).failure();
    assert!(output.stderr().contains("shares are counted from 0"), "{output}");
}

#[test]
fn mistakes_in_the_file_are_pointed_at() {
    let context = context();
    let check = |text: &str, expected: &str| {
        context.write("sync.yaml", text);
        let output = context.run(["sync", "sync.yaml"]).failure();
        assert!(output.stderr().contains(expected), "{output}");
    };
    check("chart: []\n", "sync.yaml:1: `chart` is no field");
    check("charts:\n- 7\n", "sync.yaml:2: `source`: scheme prefix missing");
    let output = context.run(["sync", "missing.yaml"]).failure();
    assert!(output.stderr().contains("cannot read `missing.yaml`"), "{output}");
}

#[test]
fn tokens_faults_and_limits_on_the_way() {
    let start = || FakeRegistry::builder().bearer_auth(TokenServer::new()).start();
    let (one, two, context) = (start(), start(), context());
    publish(&one, DEMO, "1.0.0");
    publish(&one, DEMO, "1.1.0");
    one.add_fault(Fault::token_expired().after(3).once().on("GET", ""));
    one.add_fault(Fault::truncate(20).once().on("GET", "/blobs/"));
    two.add_fault(Fault::token_expired().once().on("PUT", "/manifests/"));
    two.add_fault(
        Fault::status(429)
            .header("retry-after", "0")
            .once()
            .on("POST", ""),
    );
    two.add_fault(Fault::status(503).once().on("PUT", "/uploads/"));
    copy(&context, &one.oci(DEMO), &two.oci(MIRROR), &["--all"]).success();
    assert_eq!(two.tags(MIRROR), ["1.0.0", "1.1.0"]);
}
