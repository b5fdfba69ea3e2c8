//! What copies and the other commands for registries take out of the cache, and what they say offline. Offline no request is made.

use skeg_test_support::{CommandOutput, FakeRegistry, TestContext};

use crate::support::{context, demo, publish, publish_as};

const DEMO: &str = "charts/demo";

/// A registry with `charts/demo:1.2.3`, and a context.
fn setting() -> (FakeRegistry, TestContext) {
    let registry = FakeRegistry::start();
    publish(&registry, DEMO, "1.2.3");
    (registry, context())
}

fn run(context: &TestContext, registry: &FakeRegistry, line: &str) -> CommandOutput {
    let line = line
        .replace("OCI", &registry.oci(DEMO))
        .replace("HOST", registry.host());
    context.run(line.split(' '))
}

/// Fills the cache with all that 1.2.3 consists of.
fn fill(context: &TestContext, registry: &FakeRegistry) {
    for line in ["pull OCI:1.2.3", "show chart OCI:1.2.3"] {
        run(context, registry, line).success();
    }
    registry.clear_requests();
}

#[test]
fn every_command_says_what_is_missing_offline() {
    let (registry, context) = setting();
    context.write("sbom.json", "{}");
    context.write(
        "sync.yaml",
        format!("destination: oci-layout://m\ncharts:\n- {}\n", registry.oci(DEMO)),
    );
    context.write(
        "tags.yaml",
        format!(
            "destination: oci-layout://m\ncharts:\n- source: {}\n  tags: 1.2.3\n",
            registry.oci(DEMO)
        ),
    );
    let missing = "is not in the cache, and offline nothing else is asked\nhint: leave `--offline` out once";
    let no_tag =
        "no tag of it is in the cache, and offline nothing else is asked\nhint: leave `--offline` out once";
    let not_sent = "not sent, since this is offline\nhint: leave `--offline` out\n";
    for (line, expected) in [
        ("copy OCI:1.2.3 oci-layout://layout/demo", missing),
        ("copy OCI oci-layout://layout/demo", no_tag),
        ("copy OCI oci-layout://layout/demo --all", no_tag),
        ("copy OCI oci-layout://layout/demo --version ^1", no_tag),
        ("copy OCI:1.2.3 oci://HOST/mirror/demo", missing),
        ("sync sync.yaml", no_tag),
        ("sync tags.yaml", missing),
        ("attach OCI:1.2.3 sbom.json --type a/b", not_sent),
        ("tag OCI:1.2.3 stable", not_sent),
        ("untag OCI:1.2.3 --yes", not_sent),
        ("delete OCI:1.2.3 --yes", not_sent),
        ("diff OCI:1.2.3 OCI:1.2.4", missing),
        ("diff OCI OCI:1.2.4", no_tag),
        ("tags OCI", no_tag),
        ("tags OCI --long", no_tag),
        ("search oci://HOST/charts", not_sent),
        ("discover OCI:1.2.3", missing),
        ("inspect OCI:1.2.3", missing),
        ("resolve OCI:1.2.3", missing),
        ("resolve OCI", no_tag),
        ("registry ping HOST", not_sent),
        ("registry capabilities HOST", not_sent),
    ] {
        let output = run(&context, &registry, &format!("{line} --offline")).failure();
        assert!(output.stderr().contains(expected), "{line}: {output}");
    }
    let log = registry.requests();
    assert!(log.is_empty(), "{log}");
    assert!(!context.work().join("layout").exists());
}

#[test]
fn what_is_in_the_cache_serves_every_command_that_reads() {
    let (registry, context) = setting();
    fill(&context, &registry);
    let digest = registry.resolve(DEMO, "1.2.3").unwrap();
    context.write(
        "sync.yaml",
        format!("destination: oci-layout://m\ncharts:\n- {}\n", registry.oci(DEMO)),
    );
    for (line, expected) in [
        ("copy OCI:1.2.3 oci-layout://layout/one", "Copied: "),
        ("copy OCI oci-layout://layout/two", "Copied: "),
        ("copy OCI oci-layout://layout/three --all", "copied\t"),
        ("copy OCI@DIGEST oci-layout://layout/four", "Copied: "),
        ("copy OCI:1.2.3 oci-layout://layout/one", "Unchanged: "),
        ("sync sync.yaml", "copied\t"),
        ("diff OCI:1.2.3 oci-layout://layout/one:1.2.3 --stat", "0 files"),
        ("tags OCI", "1.2.3"),
        ("tags OCI --long", "7.1"),
        ("inspect OCI:1.2.3", "demo"),
        ("resolve OCI", &digest),
    ] {
        let line = line.replace("DIGEST", &digest);
        let output = run(&context, &registry, &format!("{line} --offline")).success();
        assert!(output.stdout().contains(expected), "{line}: {output}");
    }
    // What only a registry knows.
    for line in [
        "copy OCI:1.2.3 oci-layout://layout/five --referrers",
        "discover OCI:1.2.3",
    ] {
        let output = run(&context, &registry, &format!("{line} --offline")).failure();
        assert!(
            output.stderr().contains("not sent, since this is offline"),
            "{line}: {output}"
        );
    }
    let output = run(
        &context,
        &registry,
        "copy OCI:1.2.3 oci://HOST/mirror/demo --offline",
    )
    .failure();
    assert!(
        output.stderr().contains("not sent, since this is offline"),
        "{output}"
    );
    let log = registry.requests();
    assert!(log.is_empty(), "{log}");
    // What was copied is whole.
    let output = run(
        &context,
        &registry,
        "show values oci-layout://layout/one:1.2.3 --offline",
    )
    .success();
    assert!(output.stdout().contains("replicas: 1"), "{output}");
}

#[test]
fn a_blob_that_is_missing_offline_is_named() {
    let (registry, context) = setting();
    // The config is not part of what a pull needs.
    run(&context, &registry, "pull OCI:1.2.3").success();
    registry.clear_requests();
    let output = run(
        &context,
        &registry,
        "copy OCI:1.2.3 oci-layout://layout/demo --offline",
    )
    .failure();
    let expected = "is not in the cache, and offline nothing else is asked";
    assert!(output.stderr().contains("cannot copy blob `sha256:"), "{output}");
    assert!(output.stderr().contains(expected), "{output}");
    assert!(registry.requests().is_empty());
}

#[test]
fn a_copy_reads_what_the_cache_has_and_adds_nothing_to_it() {
    let (registry, context) = setting();
    let two = FakeRegistry::start();
    fill(&context, &registry);
    publish_as(&registry, DEMO, "2.0.0", &demo("2.0.0").file("more.txt", "more"));
    let before = run(&context, &registry, "cache list -o json").success().stdout();
    let to = two.oci("mirror/demo");
    run(&context, &registry, &format!("copy OCI:1.2.3 {to}")).success();
    let log = registry.requests();
    assert_eq!(
        (log.len(), log.count("HEAD", "/manifests/1.2.3")),
        (1, 1),
        "{log}"
    );
    assert_eq!(
        registry.manifest(DEMO, "1.2.3"),
        two.manifest("mirror/demo", "1.2.3")
    );
    run(&context, &registry, &format!("copy OCI {to} --all")).success();
    assert_eq!(two.tags("mirror/demo"), ["1.2.3", "2.0.0"]);
    assert_eq!(
        registry.requests().count("GET", "/blobs/"),
        2,
        "{}",
        registry.requests()
    );
    let digests = |text: &str| {
        let entries: serde_json::Value = serde_json::from_str(text).unwrap();
        let entries = entries.as_array().unwrap().iter();
        entries
            .map(|entry| entry["digest"].to_string())
            .collect::<std::collections::BTreeSet<_>>()
    };
    let after = run(&context, &registry, "cache list -o json").success().stdout();
    assert_eq!(digests(&after), digests(&before));
    // Not even with a cache that is bypassed.
    registry.clear_requests();
    run(&context, &registry, &format!("copy OCI:1.2.3 {to}x --no-cache")).success();
    assert_eq!(registry.requests().count("GET", "/blobs/"), 2);
}

#[test]
fn large_and_damaged_content_of_the_cache() {
    let (registry, two) = (FakeRegistry::start(), FakeRegistry::start());
    let context = context();
    let bytes: Vec<u8> = (0..3_000_000_u32)
        .map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect();
    publish_as(&registry, DEMO, "1.2.3", &demo("1.2.3").file("large.bin", bytes));
    fill(&context, &registry);
    run(&context, &registry, &format!("copy OCI:1.2.3 {}", two.oci("one"))).success();
    assert_eq!(registry.requests().count("GET", ""), 0, "{}", registry.requests());
    let directory = context.home().join(".cache/helm/skeg/store/v1/blobs/sha256");
    for entry in fs_err::read_dir(directory).unwrap().flatten() {
        fs_err::remove_file(entry.path()).unwrap();
        fs_err::write(entry.path(), "damaged").unwrap();
    }
    let output = run(&context, &registry, &format!("copy OCI:1.2.3 {}", two.oci("two"))).success();
    assert!(output.stderr().contains("WARN"), "{output}");
    assert_eq!(two.manifest("two", "1.2.3"), registry.manifest(DEMO, "1.2.3"));
    assert_eq!(two.blobs("two"), registry.blobs(DEMO));
}
